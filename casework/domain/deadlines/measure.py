"""The one definition of a deadline (4.2): a measure, and the first moment it reaches N.

A measure assigns to a stretch of time how much of a unit lies in it: open or plain
time for hours, one atom at the end of each counted day for days. With m the measure,

    raw_due = inf { t : m((s, t] minus pauses) >= N }

Everything here is a difference or an inverse of cumulative lookups; nothing walks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from casework.domain.deadlines.calendar import Calendar
from casework.domain.deadlines.civil import DAY, ticks_of
from casework.domain.deadlines.errors import CalendarHorizon, ClockStandsStill
from casework.domain.deadlines.terms import End, Pause, Unit

_FOREVER: Final = 10_000 * 366 * DAY


class Measure(Protocol):
    """How much of a unit lies before an instant, and when an amount is reached."""

    def before(self, tick: int) -> int:
        """Return the amount strictly before an instant."""

    def reach(self, amount: int) -> int:
        """Return the first instant by which `amount` is reached."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """Plain elapsed time, in ticks (T-03)."""

    def before(self, tick: int) -> int:
        """Return the instant itself: every tick counts."""
        return tick

    def reach(self, amount: int) -> int:
        """Return the amount itself: every tick counts."""
        return amount


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Open time of working days, in ticks. Raises CalendarHorizon outside."""

    calendar: Calendar

    def before(self, tick: int) -> int:
        """Return the open time before an instant."""
        return self.calendar.open_before(tick)

    def reach(self, amount: int) -> int:
        """Return the first instant with this much open time before it."""
        return self.calendar.open_reached(amount)


@dataclass(frozen=True, slots=True)
class DayEnds:
    """One atom at the cut-off of each counted day (T-02, T-06).

    The amounts are day numbers for calendar days and ordinals for working days.
    Raises CalendarHorizon when the calendar does not cover a day it must look up; a
    calendar day that ends at 24:00 needs no look-up.
    """

    calendar: Calendar
    end: End
    is_working: bool

    def through(self, day: int) -> int:
        """Return the number of atoms on days up to and including this one."""
        return self.calendar.worked_through(day) if self.is_working else day

    def day(self, number: int) -> int:
        """Return the day of the atom with this number."""
        return self.calendar.working_day(number) if self.is_working else number

    def cutoff(self, day: int) -> int:
        """Return the instant at which a day ends (T-06)."""
        if self.end is End.MIDNIGHT:
            return (day + 1) * DAY
        return self.calendar.close_of(day)

    def before(self, tick: int) -> int:
        """Return the number of atoms strictly before an instant."""
        day, moment = divmod(tick, DAY)
        if not moment:
            # 00:00 is the 24:00 of the day before, whose end may fall exactly here.
            day -= 1
        return self.through(day if self.cutoff(day) < tick else day - 1)

    def reach(self, amount: int) -> int:
        """Return the instant of the atom with this number."""
        return self.cutoff(self.day(amount))


@dataclass(frozen=True, slots=True)
class Standstill:
    """A merged pause in ticks, `[start, end)`; no end means that it is open."""

    start: int
    end: int | None

    def holds(self, tick: int) -> bool:
        """Whether the clock stands still at an instant."""
        return self.start <= tick and (self.end is None or tick < self.end)


def measure_of(unit: Unit, *, calendar: Calendar, end: End) -> Measure:
    """Return the measure of a unit; months and years are calendar days by then."""
    if unit is Unit.CLOCK_HOUR:
        return ClockTime()
    if unit is Unit.WORKING_HOUR:
        return OpenTime(calendar)
    return DayEnds(calendar, end, is_working=unit is Unit.WORKING_DAY)


def standstills(pauses: Iterable[Pause], *, since: int) -> tuple[Standstill, ...]:
    """Return the union of the pauses after a tick, in order and apart (I5)."""
    spans = sorted(
        (
            (
                max(ticks_of(pause.start, field="pause"), since),
                _FOREVER if pause.end is None else ticks_of(pause.end, field="pause"),
            )
            for pause in pauses
        ),
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        elif start < end:
            merged.append((start, end))
    return tuple(
        Standstill(start, None if end == _FOREVER else end) for start, end in merged
    )


def reach_through_pauses(
    measure: Measure, *, origin: int, amount: int, pauses: Iterable[Standstill]
) -> int:
    """Return the first instant with `amount` counted after `origin`, pauses left out.

    Raises ClockStandsStill when an open pause comes first, CalendarHorizon when the
    calendar ends first.
    """
    target = origin + amount
    for pause in pauses:
        try:
            reached = max(measure.before(pause.start), origin)
        except CalendarHorizon:
            # The pause begins beyond the calendar: either the amount is reached
            # before it, or `reach` says that the calendar is too short.
            break
        if target <= reached:
            break
        if pause.end is None:
            raise ClockStandsStill
        target += max(measure.before(pause.end), origin) - reached
    return measure.reach(target)


def counted(
    measure: Measure, *, origin: int, until: int, pauses: Iterable[Standstill]
) -> int:
    """Return what is counted after `origin` strictly before `until`, without pauses."""
    total = max(measure.before(until) - origin, 0)
    for pause in pauses:
        if pause.start >= until:
            break
        stop = until if pause.end is None else min(pause.end, until)
        total -= max(measure.before(stop), origin) - max(
            measure.before(pause.start), origin
        )
    return total
