"""Due dates: the question, the answer, and what is used and left at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from casework.domain.deadlines.calendar import Calendar
from casework.domain.deadlines.civil import DAY, SECOND, date_of, instant_of, ticks_of
from casework.domain.deadlines.course import (
    Course,
    day_ending,
    day_of_receipt,
    lay_course,
)
from casework.domain.deadlines.errors import InvalidInstant
from casework.domain.deadlines.horizon import looking_ahead
from casework.domain.deadlines.measure import DayEnds, OpenTime, counted, standstills
from casework.domain.deadlines.terms import End, Pause, RuleReference, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What is to be computed: terms that start at an instant, on a calendar.

    Raises InvalidInstant for a naive start.
    """

    start: datetime
    terms: Terms
    calendar: Calendar
    pauses: tuple[Pause, ...] = ()
    rule: RuleReference | None = None

    def __post_init__(self) -> None:
        ticks_of(self.start, field="start")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """When a clock is due, and how it came to that.

    `raw_due_*` is before the roll. `total` is the whole period in days for day units
    and seconds for hour units. `calendar` is the one that was used: continued beyond
    the notices when the answer is `provisional` (4.4.4), else the one asked for;
    `course` is the reckoning laid out on it.
    """

    reckoning: Reckoning
    calendar: Calendar
    course: Course = field(repr=False, compare=False)
    first_day: date
    total: int
    raw_due_at: datetime
    raw_due_on: date
    due_at: datetime
    due_on: date
    provisional: bool = False

    def is_met_by(self, received_at: datetime) -> bool:
        """Whether an act received at an aware instant is in time (T-06, D4).

        Raises InvalidInstant for a naive datetime.
        """
        return ticks_of(received_at, field="received_at") <= ticks_of(
            self.due_at, field="due_at"
        )


def due(reckoning: Reckoning, *, strict: bool = True) -> Answer:
    """Return when the period ends (T-02 to T-06, 4.2).

    Raises CalendarHorizon when a needed day has no published schedule, unless
    `strict` is false: then the answer is provisional (T-20) and raises only when the
    calendar begins after the start. Raises ClockStandsStill in an open pause.
    """

    def answered(calendar: Calendar) -> Answer:
        return _due(reckoning, calendar)

    answer, is_provisional = looking_ahead(answered, reckoning.calendar, strict=strict)
    return replace(answer, provisional=True) if is_provisional else answer


def elapsed(reckoning: Reckoning, *, at: datetime, strict: bool = True) -> int:
    """Return what is used of the period at an instant, that instant included.

    Whole days for day units, whole seconds for hour units; it does not stop at the
    end of the period. Raises InvalidInstant for a naive `at`, CalendarHorizon like
    `due`.
    """
    return _used(reckoning, at=at, strict=strict)[0]


def remaining(reckoning: Reckoning, *, at: datetime, strict: bool = True) -> int:
    """Return what is left of the period at an instant: days or seconds, never below 0.

    It stands still in a pause, and needs no due date, so an open pause is no obstacle.
    Raises like `elapsed`.
    """
    used, total = _used(reckoning, at=at, strict=strict)
    return max(total - used, 0)


def open_seconds_between(
    calendar: Calendar,
    *,
    start: datetime,
    end: datetime,
    pauses: Iterable[Pause] = (),
    strict: bool = True,
) -> int:
    """Return the open time from one instant to another, pauses left out, in seconds.

    Raises InvalidInstant for naive times and an end before the start, CalendarHorizon
    outside the published schedule when `strict`.
    """
    first, last = ticks_of(start, field="start"), ticks_of(end, field="end")
    if last < first:
        raise InvalidInstant(
            field="end",
            zh=(
                f"结束时间 {end.isoformat()} 早于开始时间 {start.isoformat()}"
                "（规则 4.2）。请把两个时间调过来。"
            ),
            en=(
                f"the end {end.isoformat()} is before the start {start.isoformat()} "
                "(rule 4.2). Swap the two times."
            ),
        )
    still = standstills(pauses, since=first)

    def open_ticks(calendar: Calendar) -> int:
        time = OpenTime(calendar)
        return counted(time, origin=time.before(first), until=last, pauses=still)

    return looking_ahead(open_ticks, calendar, strict=strict)[0] // SECOND


def days_between(
    calendar: Calendar, *, today: date, last_day: date, strict: bool = True
) -> tuple[int, int]:
    """Return the days left, today not counted, and the working days among them.

    Both are 0 once the last day has come. Raises CalendarHorizon outside the published
    schedule when `strict`.
    """
    if last_day <= today:
        return 0, 0
    first, last = today.toordinal(), last_day.toordinal()

    def worked(calendar: Calendar) -> int:
        return calendar.worked_through(last) - calendar.worked_through(first)

    return last - first, looking_ahead(worked, calendar, strict=strict)[0]


def working_end_after(calendar: Calendar, *, at: datetime, end: End) -> datetime:
    """Return the first end of a working day later than an aware instant (4.4.3).

    Where a new calendar would put a due date into the past, it moves here. Raises
    InvalidInstant for a naive `at`, CalendarHorizon outside the calendar.
    """
    ends = DayEnds(calendar, end, is_working=True)
    counted_until_now = ends.before(ticks_of(at, field="at") + 1)
    return instant_of(ends.reach(counted_until_now + 1))


def course_of(reckoning: Reckoning, calendar: Calendar) -> Course:
    """Return the reckoning in ticks on a calendar, its own or a continued one.

    Raises CalendarHorizon outside the calendar.
    """
    terms = reckoning.terms
    start = ticks_of(reckoning.start, field="start")
    first_day = start // DAY
    if not terms.unit.is_hours:
        first_day = day_of_receipt(start, terms.late_receipt, calendar)
    return lay_course(
        terms.periods,
        calendar=calendar,
        start=start,
        first_day=first_day,
        end=terms.end,
        roll=terms.roll,
        pauses=standstills(reckoning.pauses, since=start),
    )


def _used(reckoning: Reckoning, *, at: datetime, strict: bool) -> tuple[int, int]:
    """Return what is used at an instant and the whole period, in units of `elapsed`."""
    tick = ticks_of(at, field="at")

    def used_and_total(calendar: Calendar) -> tuple[int, int]:
        course = course_of(reckoning, calendar)
        total = _total(reckoning, course)
        if reckoning.terms.unit.is_hours:
            return course.counted(tick) // SECOND, total
        # A day that ends exactly at the instant is already used.
        return course.counted(tick + 1), total

    return looking_ahead(used_and_total, reckoning.calendar, strict=strict)[0]


def _due(reckoning: Reckoning, calendar: Calendar) -> Answer:
    course = course_of(reckoning, calendar)
    raw = course.raw(course.amount)
    last = course.rolled(raw)
    return Answer(
        reckoning=reckoning,
        calendar=calendar,
        course=course,
        first_day=date_of(course.first_day),
        total=_total(reckoning, course),
        raw_due_at=instant_of(raw),
        raw_due_on=date_of(day_ending(raw)),
        due_at=instant_of(last),
        due_on=date_of(day_ending(last)),
    )


def _total(reckoning: Reckoning, course: Course) -> int:
    return course.amount // SECOND if reckoning.terms.unit.is_hours else course.amount
