"""A procedure's rules as data: reading `rules.toml`, and saying what is wrong with it.

One `[[rule]]` gives one period:

    [[rule]]
    id = "M-12"                    # the rule of the manual
    target = "acceptance"          # the name by which steps start and stop it
    zh = "受理期限"
    en = "Acceptance"
    kind = "statutory"             # or "internal": an administrator may change it
    period = 3
    unit = "working_day"
    end = "cob"                    # or "midnight"
    roll = "none"                  # or "next_working"
    late = "next_working_day"      # or "same_day"
    pauses = ["supplement"]        # for what reasons it may stand still
    ladder = ["50%", "80%", "due", "+1 working_day"]
    expiry = "deem_withdrawn"      # the step the system takes when it is over
    basis = "令17号 22"
    mark = "V"                     # V read in the law, L local, M from memory, P ours
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from casework.domain.chain import canonical
from casework.domain.deadlines import (
    After,
    AtDue,
    Before,
    DeadlineError,
    End,
    LateReceipt,
    Percent,
    Period,
    Roll,
    RuleReference,
    Step,
    Terms,
    Unit,
)
from casework.domain.errors import Invalid
from casework.domain.vocabulary import ClockKind, Mark, Word

DUE = "due"
WordType = TypeVar("WordType", bound=Word)

_REQUIRED = ("id", "target", "zh", "en", "kind", "period", "unit", "basis", "mark")
_DEFAULTS: dict[str, Any] = {
    "end": "cob",
    "roll": "none",
    "late": "same_day",
    "pauses": [],
    "ladder": ["due"],
    "expiry": "",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a ladder: its stable code, and when it fires."""

    code: str
    step: Step


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """One rule, ready to be reckoned with."""

    id: str
    target: str
    zh: str
    en: str
    kind: ClockKind
    terms: Terms
    pauses: frozenset[str]
    ladder: tuple[Rung, ...]
    expiry: str
    basis: str
    mark: Mark
    #: The row as it is stored: canonical, so that its digest is stable.
    row: Mapping[str, Any]

    @property
    def reference(self) -> RuleReference:
        """What an explanation names as its ground."""
        return RuleReference(self.id, self.basis)


def read_rules(text: str, *, file: str) -> tuple[RuleTerms, ...]:
    """Return the rules of a file in its order.

    Raises Invalid, naming the file, the rule and the key, for a missing or unknown key,
    a period without unit, an unknown unit or mark, a ladder that cannot be read, and
    two rules for the same target.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise Invalid(f"{file}: not TOML: {problem}") from problem
    rules: dict[str, RuleTerms] = {}
    for row in _tables(document.get("rule", []), file):
        rule = read_rule(row, file=file)
        if rule.target in rules:
            raise Invalid(
                f"{file}: {rule.id} and {rules[rule.target].id} both give the period "
                f"of the 'target' {rule.target}. One target has one rule.",
                field="target",
            )
        rules[rule.target] = rule
    unknown = set(document) - {"rule"}
    if unknown or not rules:
        told = ", ".join(sorted(unknown)) or "nothing"
        raise Invalid(f"{file}: holds {told}; it takes one [[rule]] after another.")
    return tuple(rules.values())


def _tables(found: Any, file: str) -> list[dict[str, Any]]:
    is_right = isinstance(found, list) and all(isinstance(row, dict) for row in found)
    if not is_right:
        raise Invalid(f"{file}: 'rule' is written [[rule]], with two brackets.")
    return list(found)


def read_rule(row: Mapping[str, Any], *, file: str) -> RuleTerms:
    """Return one rule of a file; raises Invalid as `read_rules` does."""
    place = f"{file}: rule {row.get('id', '(without id)')}"
    _check_keys(row, place)
    full = {**_DEFAULTS, **row}
    try:
        return RuleTerms(
            id=full["id"],
            target=full["target"],
            zh=full["zh"],
            en=full["en"],
            kind=_word(ClockKind, full, "kind", place),
            terms=Terms(
                period=Period(full["period"], _word(Unit, full, "unit", place)),
                end=_word(End, full, "end", place),
                roll=_word(Roll, full, "roll", place),
                late_receipt=_word(LateReceipt, full, "late", place),
            ),
            pauses=frozenset(full["pauses"]),
            ladder=tuple(_read_ladder(full["ladder"], place)),
            expiry=full["expiry"],
            basis=full["basis"],
            mark=_word(Mark, full, "mark", place),
            row=full,
        )
    except DeadlineError as problem:
        raise Invalid(f"{place}: {problem}", field=problem.field) from problem


def digest(rules: tuple[RuleTerms, ...]) -> str:
    """Return the hex digest by which an edition is recognised."""
    return sha256(canonical({"rules": [dict(rule.row) for rule in rules]})).hexdigest()


def _check_keys(row: Mapping[str, Any], place: str) -> None:
    for key in _REQUIRED:
        if row.get(key) in (None, ""):
            raise Invalid(f"{place}: '{key}' is missing.", field=key)
    for key in row:
        if key not in _REQUIRED and key not in _DEFAULTS:
            raise Invalid(f"{place}: '{key}' is no key of a rule.", field=key)
        _check_type(key, row[key], place)


def _check_type(key: str, value: Any, place: str) -> None:
    if key == "period":
        is_right = isinstance(value, int) and not isinstance(value, bool)
        wanted = "a whole number"
    elif isinstance(_DEFAULTS.get(key), list):
        is_right = isinstance(value, list) and all(isinstance(v, str) for v in value)
        wanted = "a list of texts"
    else:
        is_right, wanted = isinstance(value, str), "a text"
    if not is_right:
        raise Invalid(f"{place}: '{key}' is {wanted}, not {value!r}.", field=key)


def _word(
    vocabulary: type[WordType], row: Mapping[str, Any], key: str, place: str
) -> WordType:
    try:
        return vocabulary(row[key])
    except ValueError as problem:
        known = ", ".join(str(word) for word in vocabulary)
        raise Invalid(
            f"{place}: '{key}' is one of {known}, not '{row[key]}'.", field=key
        ) from problem


def _read_ladder(ladder: list[str], place: str) -> Iterator[Rung]:
    if len(set(ladder)) != len(ladder):
        raise Invalid(f"{place}: 'ladder' has a rung twice.", field="ladder")
    if DUE not in ladder:
        raise Invalid(f"{place}: 'ladder' has no rung 'due'.", field="ladder")
    for code in ladder:
        try:
            yield Rung(code, _read_step(code, place))
        except DeadlineError as problem:
            told = f"{place}: 'ladder' has the rung '{code}': {problem}"
            raise Invalid(told, field="ladder") from problem


def _read_step(code: str, place: str) -> Step:
    """Read `80%`, `-2 working_day` (before it is due) or `+1 working_day` (after)."""
    if code == DUE:
        return AtDue()
    if code.endswith("%") and code[:-1].isdecimal():
        return Percent(int(code[:-1]))
    number, _space, unit = code[1:].partition(" ")
    if code[:1] in {"-", "+"} and number.isdecimal() and unit in list(Unit):
        period = Period(int(number), Unit(unit))
        return Before(period) if code[0] == "-" else After(period)
    raise Invalid(
        f"{place}: 'ladder' has the rung '{code}', which is not read. Write 80%, due, -2 working_day or "
        "+1 working_day.",
        field="ladder",
    )
