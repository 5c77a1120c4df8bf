"""A reckoning in ticks: where its measure begins, what it must reach, and the roll."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from casework.domain.deadlines.calendar import Calendar
from casework.domain.deadlines.civil import DAY, HOUR, date_of
from casework.domain.deadlines.errors import ClockStandsStill
from casework.domain.deadlines.measure import (
    DayEnds,
    Measure,
    Standstill,
    counted,
    measure_of,
    reach_through_pauses,
)
from casework.domain.deadlines.terms import End, LateReceipt, Period, Roll, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One unit counted from one start; `amount` is in the units of the measure."""

    calendar: Calendar
    measure: Measure
    start: int
    first_day: int
    origin: int
    amount: int
    rolls: bool
    pauses: tuple[Standstill, ...]

    def raw(self, amount: int) -> int:
        """Return the first instant by which an amount is counted; raise as 4.2."""
        return reach_through_pauses(
            self.measure, origin=self.origin, amount=amount, pauses=self.pauses
        )

    def counted(self, until: int) -> int:
        """Return what is counted strictly before an instant."""
        return counted(
            self.measure, origin=self.origin, until=until, pauses=self.pauses
        )

    def rolled(self, raw: int) -> int:
        """Return the due instant of a raw one (T-05, T-08).

        A roll ends on the first working day whose end lies in no pause. Raises
        ClockStandsStill in an open pause, CalendarHorizon outside the calendar.
        """
        if not self.rolls or not isinstance(self.measure, DayEnds):
            return raw
        day = self.calendar.working_day_from(day_ending(raw))
        working_ends = replace(self.measure, is_working=True)
        for pause in self.pauses:
            if pause.holds(self.measure.cutoff(day)):
                if pause.end is None:
                    raise ClockStandsStill
                day = working_ends.day(working_ends.before(pause.end) + 1)
        return self.measure.cutoff(day)

    def moved_back(self, tick: int) -> int:
        """Return a warning's instant, off a rest day to the working close before it.

        Never before the start: such a warning is given at once.
        """
        if isinstance(self.measure, DayEnds):
            day = day_ending(tick)
            if not self.calendar.is_working(day):
                tick = self._working_end_until(day, self.measure)
        return max(tick, self.start)

    def _working_end_until(self, day: int, ends: DayEnds) -> int:
        working_ends = replace(ends, is_working=True)
        day = self.calendar.working_day_until(day)
        for pause in reversed(self.pauses):
            if pause.holds(working_ends.cutoff(day)):
                day = working_ends.day(working_ends.before(pause.start))
        return working_ends.cutoff(day)


def lay_course(
    periods: Iterable[Period],
    *,
    calendar: Calendar,
    start: int,
    first_day: int,
    end: End,
    roll: Roll,
    pauses: tuple[Standstill, ...],
) -> Course:
    """Lay periods of compatible units out from a start and an uncounted first day.

    Raises CalendarHorizon outside the calendar.
    """
    periods = tuple(periods)
    unit = periods[0].unit
    measure = measure_of(unit, calendar=calendar, end=end)
    if isinstance(measure, DayEnds):
        origin = measure.through(first_day)
        amount = _days_of(periods, first_day=first_day)
    else:
        origin = measure.before(start)
        amount = sum(period.amount for period in periods) * HOUR
    return Course(
        calendar=calendar,
        measure=measure,
        start=start,
        first_day=first_day,
        origin=origin,
        amount=amount,
        rolls=roll is Roll.NEXT_WORKING and unit.is_calendar,
        pauses=pauses,
    )


def day_ending(tick: int) -> int:
    """Return the day that an instant ends or lies in: 00:00 is the 24:00 before it."""
    return (tick - 1) // DAY


def day_of_receipt(start: int, late_receipt: LateReceipt, calendar: Calendar) -> int:
    """Return the day on which something arrives, which is not counted (T-02, 1.4).

    After close of business and on a rest day it may be the next working day.
    """
    day = start // DAY
    if late_receipt is LateReceipt.SAME_DAY:
        return day
    if calendar.is_working(day) and start <= calendar.close_of(day):
        return day
    return calendar.working_day_from(day + 1)


def _days_of(periods: Iterable[Period], *, first_day: int) -> int:
    """Months and years run to the same day number of their month or to its last day
    (T-04, Civil Code 202), and are calendar days from then on."""
    months = days = 0
    for period in periods:
        if period.unit is Unit.YEAR:
            months += 12 * period.amount
        elif period.unit is Unit.MONTH:
            months += period.amount
        else:
            days += period.amount
    if not months:
        return days
    return _months_later(first_day, months) - first_day + days


def _months_later(day: int, months: int) -> int:
    start = date_of(day)
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, length)).toordinal()
