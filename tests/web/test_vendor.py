"""What comes from other projects is what the lock says, and nothing is asked elsewhere."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from casework.web.frame import DOORS

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "casework" / "web" / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = ROOT / "templates"
OURS = [
    *(STATIC / "casework").rglob("*.css"),
    *(STATIC / "casework").rglob("*.js"),
    *TEMPLATES.rglob("*.html"),
]
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())


def test_every_vendored_file_is_in_the_lock_with_its_digest() -> None:
    locked = {path: digest for entry in LOCK for path, digest in entry["files"].items()}

    here = {
        str(path.relative_to(VENDOR)): hashlib.sha512(path.read_bytes()).hexdigest()
        for path in VENDOR.glob("*/*/*")
    }

    assert here == locked


@pytest.mark.parametrize("entry", LOCK, ids=lambda entry: entry["name"])
def test_every_vendored_package_brings_its_licence(
    entry: dict[str, dict[str, str]],
) -> None:
    assert any(path.endswith("/LICENSE.txt") for path in entry["files"])


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_nothing_of_ours_names_another_host(path: Path) -> None:
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", path.read_text()) == []


def test_no_style_sheet_of_others_loads_from_another_host() -> None:
    for path in VENDOR.rglob("*.css"):
        css = path.read_text()
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", css) == []
        assert "@import" not in css


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name
)
def test_templates_hold_no_inline_style_or_script(path: Path) -> None:
    html = path.read_text()

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:", html) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []


def test_the_sprite_holds_the_icons_in_use_and_no_others() -> None:
    (sprite,) = VENDOR.rglob("icons.svg")
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite.read_text()))
    named = re.compile(r'(?:% icon |action_icon=|icon_name=)"([a-z0-9-]+)"')
    used = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in named.findall(path.read_text())
    }

    assert drawn == used | {door.icon for door in DOORS}


def test_templates_use_the_classes_of_the_style_sheets_and_all_of_them() -> None:
    sheets = set((STATIC / "casework").rglob("*.css"))
    ours = re.compile(r"cw-[a-z0-9-]+")
    styled = {f"cw-{name}" for path in sheets for name in _classes(path)}
    used = {
        name
        for path in [
            *TEMPLATES.rglob("*.html"),
            *(ROOT / "casework/web").rglob("*.py"),
            *(STATIC / "casework").rglob("*.js"),
        ]
        for name in ours.findall(path.read_text())
    }

    assert used <= styled
    assert styled <= used


def test_production_collects_every_file_that_is_referred_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "STATIC_ROOT", tmp_path)
    monkeypatch.setitem(
        settings.STORAGES,
        "staticfiles",
        {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    )

    call_command("collectstatic", interactive=False, verbosity=0)

    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert size < 15 * 1024 * 1024


def _classes(path: Path) -> set[str]:
    return set(re.findall(r"\.cw-([a-z0-9-]+)", path.read_text()))
