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
    whose = "office"               # or "party": the time is a party's own
    basis = "令17号 22"
    mark = "V"                     # V read in the law, L local, M from memory, P ours

One `[[threshold]]` gives one figure, one `[[paper]]` one paper that has to be there:

    [[threshold]]
    id = "H-03"
    name = "line_relative"         # the name by which code asks for it
    zh = "相对困难职工标准线"
    en = "Line of relative hardship"
    value = 200                    # a whole number, never a fraction
    unit = "times_hundredths"      # see `Measure`
    basis = "平顶山市总工会 困难职工家庭认定标准"
    mark = "L"

    [[paper]]
    id = "H-21"
    code = "diagnosis"
    zh = "诊断证明"
    en = "Medical certificate"
    required = "illness"           # "always", or the procedure's own word for when
    basis = "困难职工档案表填表说明"
    mark = "L"

A unit's overlay may consist of thresholds alone.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
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
from casework.domain.deadlines.terms import LONGEST
from casework.domain.errors import Invalid
from casework.domain.vocabulary import ClockKind, Mark, Whose, Word

DUE = "due"
ALWAYS = "always"
WordType = TypeVar("WordType", bound=Word)
Row = TypeVar("Row")

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TABLES = ("rule", "threshold", "paper")
_THRESHOLD = ("id", "name", "zh", "en", "value", "unit", "basis", "mark")
_PAPER = ("id", "code", "zh", "en", "required", "basis", "mark")
_REQUIRED = ("id", "target", "zh", "en", "kind", "period", "unit", "basis", "mark")
_DEFAULTS: dict[str, Any] = {
    "end": "cob",
    "roll": "none",
    "late": "same_day",
    "pauses": [],
    "ladder": ["due"],
    "expiry": "",
}
#: What stands in a stored row only where it is said: editions without it keep their digest.
_UNSAID = {"whose": str(Whose.OFFICE)}


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
    whose: Whose = Whose.OFFICE

    @property
    def reference(self) -> RuleReference:
        """What an explanation names as its ground."""
        return RuleReference(self.id, self.basis)


class Measure(Word):
    """What the figure of a threshold counts."""

    FEN = "fen", "分", "fen"
    PERCENT = "percent", "%", "per cent"
    TIMES_HUNDREDTHS = "times_hundredths", "倍（百分之一）", "hundredths of a multiple"
    COUNT = "count", "个", "in number"
    BYTE = "byte", "字节", "bytes"
    WORKING_DAY = "working_day", "工作日", "working days"
    CALENDAR_DAY = "calendar_day", "天", "days"
    MONTH = "month", "个月", "months"
    YEAR = "year", "年", "years"
    SWITCH = "switch", "开关", "switch"


_LARGEST = {
    Measure.PERCENT: 100,
    Measure.SWITCH: 1,
    **{
        Measure(str(unit)): LONGEST[unit] for unit in Unit if str(unit) in list(Measure)
    },
}
#: A hundred thousand million yuan: more than any sum here, less than a bigint.
_LARGEST_OF_ALL = 10**13


@dataclass(frozen=True, slots=True)
class Threshold:
    """One figure that a procedure asks for by name."""

    id: str
    name: str
    zh: str
    en: str
    value: int
    unit: Measure
    basis: str
    mark: Mark
    row: Mapping[str, Any]
    #: The unit whose edition gives it (empty: the nation), and the edition's first day.
    place: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class RequiredPaper:
    """One paper that has to be there: always, or when its condition is met."""

    id: str
    code: str
    zh: str
    en: str
    required: str
    basis: str
    mark: Mark
    row: Mapping[str, Any]
    place: str = ""
    since: date | None = None

    @property
    def is_always_required(self) -> bool:
        """Whether it has to be there whatever the case."""
        return self.required == ALWAYS


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All that one file gives: periods, figures and papers, each in its order."""

    rules: tuple[RuleTerms, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    papers: tuple[RequiredPaper, ...] = ()


def read_rules(text: str, *, file: str) -> tuple[RuleTerms, ...]:
    """Return the periods of a file in its order; raises Invalid as `read_rule_set`."""
    return read_rule_set(text, file=file).rules


def read_rule_set(text: str, *, file: str) -> RuleSet:
    """Return what a file gives.

    Raises Invalid, naming the file, the row and the key, for a missing or unknown key,
    a period without unit, an unknown unit or mark, a ladder that cannot be read, a
    figure that its unit does not take, and two rows for the same target or name.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise Invalid(f"{file}: not TOML: {problem}") from problem
    unknown = set(document) - set(_TABLES)
    if unknown or not document:
        told = ", ".join(sorted(unknown)) or "nothing"
        raise Invalid(
            f"{file}: holds {told}; it takes one [[rule]] after another, "
            "and [[threshold]] and [[paper]]."
        )
    return RuleSet(
        rules=_each(document, "rule", "target", read_rule, file),
        thresholds=_each(document, "threshold", "name", read_threshold, file),
        papers=_each(document, "paper", "code", read_paper, file),
    )


def _each(
    document: Mapping[str, Any],
    table: str,
    key: str,
    read: Callable[..., Row],
    file: str,
) -> tuple[Row, ...]:
    """Read the rows of a table; one `key` has one row."""
    rows: dict[str, Row] = {}
    for raw in _tables(document.get(table, []), table, file):
        row: Any = read(raw, file=file)
        name = getattr(row, key)
        if name in rows:
            first: Any = rows[name]
            raise Invalid(
                f"{file}: {row.id} and {first.id} are both the [[{table}]] of the "
                f"'{key}' {name}. One {key} has one row.",
                field=key,
            )
        rows[name] = row
    return tuple(rows.values())


def _tables(found: Any, table: str, file: str) -> list[dict[str, Any]]:
    is_right = isinstance(found, list) and all(isinstance(row, dict) for row in found)
    if not is_right:
        raise Invalid(f"{file}: '{table}' is written [[{table}]], with two brackets.")
    return list(found)


def read_rule(row: Mapping[str, Any], *, file: str) -> RuleTerms:
    """Return one rule of a file; raises Invalid as `read_rule_set` does."""
    place = f"{file}: rule {row.get('id', '(without id)')}"
    _check_keys(row, place, "rule", _REQUIRED)
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
            whose=_word(Whose, {**_UNSAID, **row}, "whose", place),
        )
    except DeadlineError as problem:
        raise Invalid(f"{place}: {problem}", field=problem.field) from problem


def read_threshold(row: Mapping[str, Any], *, file: str) -> Threshold:
    """Return one figure of a file; raises Invalid as `read_rule_set` does."""
    place = f"{file}: threshold {row.get('id', '(without id)')}"
    _check_keys(row, place, "threshold", _THRESHOLD)
    _check_name(row, "name", place)
    unit = _word(Measure, row, "unit", place)
    largest = _LARGEST.get(unit, _LARGEST_OF_ALL)
    if not 0 <= row["value"] <= largest:
        raise Invalid(
            f"{place}: 'value' in {unit} is between 0 and {largest}, "
            f"not {row['value']}.",
            field="value",
        )
    mark = _word(Mark, row, "mark", place)
    return Threshold(**{**row, "unit": unit, "mark": mark, "row": dict(row)})


def read_paper(row: Mapping[str, Any], *, file: str) -> RequiredPaper:
    """Return one paper of a file; raises Invalid as `read_rule_set` does."""
    place = f"{file}: paper {row.get('id', '(without id)')}"
    _check_keys(row, place, "paper", _PAPER)
    for key in ("code", "required"):
        _check_name(row, key, place)
    mark = _word(Mark, row, "mark", place)
    return RequiredPaper(**{**row, "mark": mark, "row": dict(row)})


def digest(given: RuleSet) -> str:
    """Return the hex digest by which an edition is recognised."""
    said = {"rules": [dict(rule.row) for rule in given.rules]}
    # Left out where there are none: an edition of periods alone keeps its digest.
    if given.thresholds:
        said["thresholds"] = [dict(threshold.row) for threshold in given.thresholds]
    if given.papers:
        said["papers"] = [dict(paper.row) for paper in given.papers]
    return sha256(canonical(said)).hexdigest()


def _check_keys(
    row: Mapping[str, Any], place: str, table: str, required: tuple[str, ...]
) -> None:
    known = (*required, *((*_DEFAULTS, *_UNSAID) if table == "rule" else ()))
    for key in required:
        if row.get(key) in (None, ""):
            raise Invalid(f"{place}: '{key}' is missing.", field=key)
    for key in row:
        if key not in known:
            raise Invalid(f"{place}: '{key}' is no key of a {table}.", field=key)
        _check_type(key, row[key], place)


def _check_type(key: str, value: Any, place: str) -> None:
    if key in ("period", "value"):
        is_right = isinstance(value, int) and not isinstance(value, bool)
        wanted = "a whole number"
    elif isinstance(_DEFAULTS.get(key), list):
        is_right = isinstance(value, list) and all(isinstance(v, str) for v in value)
        wanted = "a list of texts"
    else:
        is_right, wanted = isinstance(value, str), "a text"
    if not is_right:
        raise Invalid(f"{place}: '{key}' is {wanted}, not {value!r}.", field=key)


def _check_name(row: Mapping[str, Any], key: str, place: str) -> None:
    if not _NAME.fullmatch(row[key]):
        raise Invalid(
            f"{place}: '{key}' is a word like line_deep, not '{row[key]}'.", field=key
        )


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
