"""Tell where each rule of the manual is enforced, and which are not built and why.

    .venv/bin/python -m tools.rulebook

`docs/rules.toml` lists the rules. Evidence is looked for, never written down: a period
that a step starts, a figure or paper that code asks for, the basis of a step, the
docstring of a guard, of a class or of a function, the name of a test (`test_H27_…`).
"""

import ast
import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import django

from casework.domain.rules import RuleSet, read_rule_set
from casework.domain.vocabulary import ClockVerb

if TYPE_CHECKING:
    from casework.lifecycle import CaseType

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / "workflows"
#: Where code says which rule it carries out.
ROOMS = ("casework/access.py", "casework/models", "casework/services", "workflows")
LISTED = ROOT / "docs" / "rules.toml"
_BEGINS = frozenset({ClockVerb.START, ClockVerb.RESTART})
_ID = re.compile(r"\b([HFNEP])-(\d{2}[a-z]?)\b")
_TESTED = re.compile(r"_([HFNEP])(\d{2}[a-z]?)(?=_)")


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule of the manual as `docs/rules.toml` has it."""

    id: str
    says: str
    not_built: str = ""
    left: str = ""
    rungs: tuple[str, ...] = ()


def listed() -> list[Listed]:
    """Return the rules of the manual, in its order."""
    rows = tomllib.loads(LISTED.read_text("utf-8"))["rule"]
    return [Listed(**{**row, "rungs": tuple(row.get("rungs", ()))}) for row in rows]


def evidence(rules: Iterable[Listed]) -> dict[str, list[str]]:
    """Return for each rule id the places that enforce it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for kind in procedures():
        for rule_id, place in (*_rows(kind), *_rungs(rules, kind), *_declared(kind)):
            found[rule_id][place] = None
    for rule_id, place in (*_documented(), *_tested()):
        found[rule_id][place] = None
    return {rule_id: list(places) for rule_id, places in found.items()}


def procedures() -> "list[CaseType]":
    """Return the case types that ship: those the tests have besides prove nothing."""
    from casework.lifecycle import Registry

    return [
        kind
        for kind in Registry.all()
        if kind.model.__module__.split(".")[0] == WORKFLOWS.name
    ]


def faults(rules: Iterable[Listed], found: Mapping[str, list[str]]) -> list[str]:
    """Return a sentence for each rule that is unaccounted for or listed wrongly."""
    return [fault for rule in rules for fault in _faults(rule, found.get(rule.id, []))]


def _faults(rule: Listed, places: list[str]) -> Iterator[str]:
    if rule.not_built and places:
        yield (
            f"{rule.id} is enforced now ({places[0]}): take 'not_built' out of "
            "docs/rules.toml, or say under 'left' what is still to come."
        )
    if rule.not_built and rule.left:
        yield f"{rule.id} has both 'not_built' and 'left': one of them is wrong."
    if not rule.not_built and not places:
        yield (
            f"{rule.id} ({rule.says}) is enforced nowhere: name it in a rules row, the "
            "basis of a step, a guard or a test, or say in docs/rules.toml why it is "
            "'not_built'."
        )


def table(rules: Iterable[Listed], found: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the lines of the report as Markdown."""
    yield "| Rule | Says | Enforced in | Not built, or still to come |"
    yield "|---|---|---|---|"
    for rule in rules:
        places = "; ".join(found.get(rule.id, [])) or "–"
        yield f"| {rule.id} | {rule.says} | {places} | {rule.not_built or rule.left} |"


def _given(kind: "CaseType") -> tuple[str, RuleSet]:
    name = str(kind.rules.relative_to(ROOT))
    return name, read_rule_set(kind.rules.read_text("utf-8"), file=name)


def _rows(kind: "CaseType") -> Iterator[tuple[str, str]]:
    """The rows that something uses: a period that starts, a figure that code names."""
    file, given = _given(kind)
    steps = kind.steps.values()
    directives = [*kind.opening.clocks, *(d for step in steps for d in step.clocks)]
    begun = {d.target for d in directives if d.verb in _BEGINS}
    for rule in given.rules:
        if rule.target in begun:
            yield rule.id, f"{file}: period {rule.target}"
    for threshold in given.thresholds:
        if is_named(threshold.name):
            yield threshold.id, f"{file}: figure {threshold.name}"
    for paper in given.papers:
        if is_named("required_papers") or is_named(paper.code):
            yield paper.id, f"{file}: paper {paper.code}"


def is_named(name: str) -> bool:
    """Whether code of the procedures names it, whole or by the beginning of an f-string."""
    return any(
        text == name or (text.endswith("_") and name.startswith(text))
        for text in _names()
    )


@cache
def _names() -> frozenset[str]:
    """Every text and every name that a call uses in the procedures' code."""
    found = set()
    for file in WORKFLOWS.rglob("*.py"):
        # A vocabulary has every word of its field, whether anything asks for it or not.
        if not file.name.endswith("vocabulary.py") and "migrations" not in file.parts:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
                elif isinstance(node, ast.Attribute):
                    found.add(node.attr)
    return frozenset(found - {""})


def _rungs(rules: Iterable[Listed], kind: "CaseType") -> Iterator[tuple[str, str]]:
    file, given = _given(kind)
    codes = {rung.code for period in given.rules for rung in period.ladder}
    for rule in rules:
        for code in rule.rungs:
            if code in codes:
                yield rule.id, f"{file}: rung {code}"


def _declared(kind: "CaseType") -> Iterator[tuple[str, str]]:
    """What the procedure declares: the bases of its steps, and its guards."""
    for rule_id in _ids(kind.opening.basis):
        yield rule_id, f"{kind.code}: opening"
    for step in kind.steps.values():
        for rule_id in _ids(step.basis):
            yield rule_id, f"{kind.code}: step {step.name}"
        for guard in (*step.guards, *([step.barred] if step.barred else [])):
            for rule_id in _ids(guard.__doc__):
                yield rule_id, f"{kind.code}: guard {guard.__name__}"


def _documented() -> Iterator[tuple[str, str]]:
    """What says in its docstring which rule it carries out: a class or a function."""
    for room in ROOMS:
        place = ROOT / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            # A word enforces nothing, and a guard counts where a step has it.
            if file.stem.endswith(("vocabulary", "guards")):
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    for rule_id in _ids(ast.get_docstring(node)):
                        yield rule_id, f"{file.relative_to(ROOT)}: {node.name}"


def _tested() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for letter, number in _TESTED.findall(node.name):
                    place = f"{file.relative_to(ROOT)}::{node.name}"
                    yield f"{letter}-{number}", place


def _ids(text: str | None) -> Iterator[str]:
    for letter, number in _ID.findall(text or ""):
        yield f"{letter}-{number}"


def main() -> None:
    """Print the report; fail when a rule is unaccounted for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.conf.settings")
    django.setup()
    rules = listed()
    found = evidence(rules)
    print("\n".join(table(rules, found)))
    if wrong := faults(rules, found):
        raise SystemExit("\n".join(["", *wrong]))


if __name__ == "__main__":
    main()
