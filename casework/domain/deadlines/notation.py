"""The written form of a deadline: start, period, unit and rule notes (4.10).

The notation is strict where the measure is lenient: it refuses overlapping pauses,
because a person who writes them has made a mistake; the measure merges them (I5).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeVar

from casework.domain.deadlines.calendar import Calendar
from casework.domain.deadlines.civil import ZONE, ticks_of
from casework.domain.deadlines.errors import DeadlineError, InvalidNotation
from casework.domain.deadlines.hours import STANDARD_HOURS, SUMMER_HOURS, HoursProfile
from casework.domain.deadlines.reckoning import Reckoning
from casework.domain.deadlines.schedule import Overlay, Season, overlaid
from casework.domain.deadlines.terms import (
    End,
    LateReceipt,
    Pause,
    Period,
    Roll,
    Terms,
    Unit,
)

OVERRIDE_REFERENCE: Final = "override"
_PROFILES: Final = {"std": STANDARD_HOURS, "alt": SUMMER_HOURS}
_ROUND_THE_CLOCK: Final = "24x7"

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNotes:
    """What a list of rule notes says; every note that is absent has its default."""

    end: End = End.COB
    roll: Roll = Roll.NONE
    late_receipt: LateReceipt = LateReceipt.SAME_DAY
    hours: str = "std"
    pauses: tuple[Pause, ...] = ()
    closed: Mapping[date, str] = field(default_factory=dict)
    open: Mapping[date, str] = field(default_factory=dict)


def read_reckoning(
    *, start: str, period: str, unit: str, rule_notes: str, calendar: Calendar
) -> Reckoning:
    """Read the written form into a reckoning on a calendar of standard hours.

    Raises InvalidNotation for text that cannot be read, InvalidTerms for a period or
    rule that no clock can have, InvalidInstant for a start without a zone,
    CalendarHorizon for an override outside the calendar.
    """
    notes = read_rule_notes(rule_notes)
    counted_unit = _counted_unit(_chosen(Unit, unit, name="unit"), notes.hours)
    terms = Terms(
        period=Period(_amount(period), counted_unit),
        end=notes.end,
        roll=notes.roll,
        late_receipt=notes.late_receipt,
    )
    return Reckoning(
        start=_start(start),
        terms=terms,
        calendar=_local_calendar(calendar, notes),
        pauses=notes.pauses,
    )


def read_rule_notes(text: str) -> RuleNotes:
    """Read `end=…;roll=…;late=…;hours=…;pause=…;override=…;note=…` (4.10).

    Raises InvalidNotation for an unknown, repeated or unreadable note.
    """
    notes, seen = RuleNotes(), set[str]()
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in _READERS:
            raise _unreadable(
                "rule_notes",
                zh=f"没有 {name!r} 这一条，可以写 {', '.join(_READERS)}",
                en=f"there is no note {name!r}; use {', '.join(_READERS)}",
            )
        if name in seen:
            raise _unreadable(
                "rule_notes",
                zh=f"{name} 写了两遍，请只留一条",
                en=f"{name} is written twice; keep one",
            )
        seen.add(name)
        notes = _READERS[name](notes, value)
    return notes


def _read_end(notes: RuleNotes, text: str) -> RuleNotes:
    return replace(notes, end=_chosen(End, text, name="end"))


def _read_roll(notes: RuleNotes, text: str) -> RuleNotes:
    return replace(notes, roll=_chosen(Roll, text, name="roll"))


def _read_late(notes: RuleNotes, text: str) -> RuleNotes:
    return replace(notes, late_receipt=_chosen(LateReceipt, text, name="late"))


def _read_hours(notes: RuleNotes, text: str) -> RuleNotes:
    allowed = (*_PROFILES, _ROUND_THE_CLOCK)
    if text not in allowed:
        raise _unknown("hours", text, allowed)
    return replace(notes, hours=text)


def _read_pauses(notes: RuleNotes, text: str) -> RuleNotes:
    pauses = sorted(
        (_pause(span) for span in text.split(",")), key=lambda pause: pause.start
    )
    for left, right in pairwise(pauses):
        if left.end is not None and right.start < left.end:
            raise _unreadable(
                "pause",
                zh=(
                    f"从 {_local(right.start)} 开始的暂停和前一段重叠了，"
                    "请合成一段或改正时间"
                ),
                en=(
                    f"the pause from {_local(right.start)} overlaps the one before; "
                    "join them or correct the times"
                ),
            )
    return replace(notes, pauses=tuple(pauses))


def _read_overrides(notes: RuleNotes, text: str) -> RuleNotes:
    days: dict[str, dict[date, str]] = {"closed": {}, "open": {}}
    for item in text.split(","):
        day_text, _, kind = (piece.strip() for piece in item.partition(":"))
        try:
            days[kind][date.fromisoformat(day_text)] = ""
        except (KeyError, ValueError):
            raise _unreadable(
                "override",
                zh=f"看不懂 {item!r}，请写成 2025-09-24:closed 或 2025-09-24:open",
                en=f"cannot read {item!r}; write 2025-09-24:closed or 2025-09-24:open",
            ) from None
    return replace(notes, closed=days["closed"], open=days["open"])


def _read_note(notes: RuleNotes, text: str) -> RuleNotes:
    return notes


_Reader = Callable[[RuleNotes, str], RuleNotes]
_READERS: Final[Mapping[str, _Reader]] = {
    "end": _read_end,
    "roll": _read_roll,
    "late": _read_late,
    "hours": _read_hours,
    "pause": _read_pauses,
    "override": _read_overrides,
    "note": _read_note,
}


def _pause(span: str) -> Pause:
    start, _, end = span.partition("/")
    try:
        start_at = datetime.fromisoformat(start.strip())
        end_at = datetime.fromisoformat(end.strip())
        is_local = start_at.tzinfo is None and end_at.tzinfo is None
    except ValueError:
        is_local = False
    if not is_local:
        raise _unreadable(
            "pause",
            zh=(
                f"看不懂 {span!r}，请写成 开始/结束 的当地时间，例如 "
                "2025-09-24T15:00:00/2025-10-09T10:00:00"
            ),
            en=(
                f"cannot read {span!r}; write start/end in local time, for example "
                "2025-09-24T15:00:00/2025-10-09T10:00:00"
            ),
        )
    return Pause(start_at.replace(tzinfo=ZONE), end_at.replace(tzinfo=ZONE))


def _counted_unit(unit: Unit, hours: str) -> Unit:
    if hours != _ROUND_THE_CLOCK:
        return unit
    if not unit.is_hours:
        raise _unreadable(
            "hours",
            zh=f"hours=24x7 只用于 working_hour，不用于 {unit}，请去掉或换单位",
            en=f"hours=24x7 is for working_hour, not {unit}; drop it or change the unit",
        )
    return Unit.CLOCK_HOUR


def _local_calendar(calendar: Calendar, notes: RuleNotes) -> Calendar:
    profile = _PROFILES.get(notes.hours, STANDARD_HOURS)
    if profile is STANDARD_HOURS and not notes.closed and not notes.open:
        return calendar
    return overlaid(calendar, [_overlay(calendar, notes, profile)])


def _overlay(calendar: Calendar, notes: RuleNotes, profile: HoursProfile) -> Overlay:
    whole = Season(calendar.covers_from, calendar.covers_to, profile)
    return Overlay(
        reference=OVERRIDE_REFERENCE,
        closed=notes.closed,
        open=notes.open,
        seasons=() if profile is STANDARD_HOURS else (whole,),
    )


def _amount(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()):
        raise _unreadable(
            "period",
            zh=f"{text!r} 不是整数，请写例如 15",
            en=f"{text!r} is not a whole number; write for example 15",
        )
    return int(text)


def _start(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _unreadable(
            "start",
            zh=f"看不懂时间 {text!r}，请写例如 2026-09-16T09:42:00+08:00",
            en=f"cannot read {text!r}; write for example 2026-09-16T09:42:00+08:00",
        ) from None
    ticks_of(start, field="start")
    return start


def _chosen(choices: type[Choice], text: str, *, name: str) -> Choice:
    try:
        return choices(text.strip())
    except ValueError:
        raise _unknown(name, text, tuple(choices)) from None


def _unknown(name: str, text: str, allowed: tuple[str, ...]) -> DeadlineError:
    return _unreadable(
        name,
        zh=f"没有 {text!r} 这个写法，可以写 {', '.join(allowed)}",
        en=f"there is no {text!r}; use {', '.join(allowed)}",
    )


def _unreadable(field: str, *, zh: str, en: str) -> DeadlineError:
    return InvalidNotation(
        field=field, zh=f"{zh}（规则 4.10）。", en=f"{en} (rule 4.10)."
    )


def _local(instant: datetime) -> str:
    return instant.replace(tzinfo=None).isoformat()
