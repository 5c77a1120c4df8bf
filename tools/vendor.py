"""Fetch what the browser loads from other projects into the tree, pinned and digested.

    python tools/vendor.py

There is no build step: the files are committed under `static/vendor/<name>/<version>/`
with their licences, and `vendor.lock.json` keeps a SHA-512 of each (a test compares).
Run it after changing a version or the list of icons, then commit what changed.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "casework" / "web" / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the npm registry and the folder it fills here."""

    name: str
    version: str
    origin: str
    licence: str = "MIT"

    @property
    def folder(self) -> Path:
        return VENDOR / self.name / self.version


TABLER = Package("tabler", "1.6.1", "@tabler/core")
ICONS = Package("tabler-icons", "3.51.0", "@tabler/icons")

# In the order of the alphabet; a template draws one with `{% icon "home" %}`.
ICON_NAMES = (
    "activity",
    "alert-triangle",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "clock",
    "git-compare",
    "home",
    "inbox",
    "info-circle",
    "key",
    "keyboard",
    "lock",
    "logout",
    "map-pin",
    "menu-2",
    "pencil",
    "player-pause",
    "plus",
    "printer",
    "search",
    "shield-check",
    "sitemap",
    "user-plus",
    "users",
    "x",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        take_tabler(open_package(TABLER, Path(place)))
        take_icons(open_package(ICONS, Path(place)))
    write_lock(TABLER, ICONS)


def open_package(package: Package, place: Path) -> tarfile.TarFile:
    """Download the package with npm, which checks the registry's own digest."""
    wanted = f"{package.origin}@{package.version}"
    answer = subprocess.run(
        ["npm", "pack", "--json", "--pack-destination", str(place), wanted],
        check=True,
        capture_output=True,
        text=True,
    )
    return tarfile.open(place / json.loads(answer.stdout)[0]["filename"])


def take_tabler(package: tarfile.TarFile) -> None:
    """Keep the one style sheet; the package carries no licence file, ours is by hand."""
    css = read(package, "package/dist/css/tabler.min.css")
    # The map is not shipped, and collectstatic refuses a reference to a missing file.
    css = re.sub(r"\n?/\*# sourceMappingURL=.*?\*/", "\n", css)
    write(TABLER.folder / "tabler.min.css", css)


def take_icons(package: tarfile.TarFile) -> None:
    """Draw the icons in use into one sprite, each a symbol under its own name."""
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">{drawing(package, name)}</symbol>'
        for name in ICON_NAMES
    ]
    sprite = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]
    write(ICONS.folder / "icons.svg", "\n".join(sprite))
    write(ICONS.folder / "LICENSE.txt", read(package, "package/LICENSE"))


def drawing(package: tarfile.TarFile, name: str) -> str:
    """Return the strokes of one icon, without its frame and the invisible square."""
    svg = read(package, f"package/icons/outline/{name}.svg")
    inside = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    return "".join(
        line.strip().replace('" />', '"/>')
        for line in inside.splitlines()
        if 'd="M0 0h24v24H0z"' not in line
    )


def read(package: tarfile.TarFile, path: str) -> str:
    file = package.extractfile(path)
    if file is None:
        raise FileNotFoundError(path)
    return file.read().decode()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_lock(*packages: Package) -> None:
    """Note what is here: name, version, licence, origin and a digest of every file."""
    entries = [
        {
            "name": package.name,
            "version": package.version,
            "licence": package.licence,
            "origin": f"npm:{package.origin}",
            "files": {
                str(path.relative_to(VENDOR)): sha512(path)
                for path in sorted(package.folder.iterdir())
            },
        }
        for package in packages
    ]
    LOCK.write_text(json.dumps(entries, indent=2) + "\n")


def sha512(path: Path) -> str:
    return hashlib.sha512(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
