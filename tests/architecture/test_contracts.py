"""The import contracts bite: each catches an import that it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("casework", "workflows", "notifications")

FORBIDDEN = [
    # where, what it imports, which contract says no
    ("casework/domain/vocabulary.py", "import django", "The domain is pure"),
    ("casework/domain/vocabulary.py", "import casework.models", "Layers"),
    ("casework/models/units.py", "import casework.services.units", "Layers"),
    ("casework/services/people.py", "import casework.web.desk.home", "Layers"),
    ("casework/services/people.py", "import workflows", "Layers"),
    ("casework/web/session.py", "import casework.conf.settings", "Layers"),
    ("casework/web/session.py", "import casework.management", "Layers"),
    ("notifications/__init__.py", "import workflows", "Layers"),
    ("casework/services/people.py", "import viewflow", "Viewflow stays"),
    ("casework/web/session.py", "import celery", "Celery stays"),
    ("casework/services/people.py", "import celery", "Celery stays"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room,
            copy / room,
            ignore=lambda _folder, names: [n for n in names if _is_no_code(n)],
        )
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def _is_no_code(name: str) -> bool:
    return "." in name and not name.endswith(".py")


def test_the_tree_as_it_is_keeps_every_contract(tree: Path) -> None:
    answer = _lint(tree)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("where", "line", "contract"), FORBIDDEN)
def test_a_forbidden_import_is_caught(
    tree: Path, where: str, line: str, contract: str
) -> None:
    file = tree / where
    before = file.read_text()
    file.write_text(f"{before}\n{line}\n")
    try:
        answer = _lint(tree)
    finally:
        file.write_text(before)

    assert answer.returncode == 1, answer.stdout
    broken = [ln for ln in answer.stdout.splitlines() if ln.endswith("BROKEN")]
    assert any(ln.startswith(contract) for ln in broken), answer.stdout


def _lint(tree: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
