"""When the steps of a clock fire: by the same measure as its due instant (4.2, B5)."""

from dataclasses import dataclass
from datetime import datetime

from casework.domain.deadlines.calendar import Calendar
from casework.domain.deadlines.civil import HOUR, instant_of, ticks_of
from casework.domain.deadlines.course import Course, lay_course
from casework.domain.deadlines.horizon import looking_ahead
from casework.domain.deadlines.measure import standstills
from casework.domain.deadlines.reckoning import Answer, course_of
from casework.domain.deadlines.terms import After, AtDue, Before, Percent, Step


@dataclass(frozen=True, slots=True)
class StepTime:
    """When a step fires; provisional when it rests on a day that no notice covers."""

    at: datetime
    provisional: bool


def step_at(answer: Answer, step: Step, *, strict: bool = True) -> StepTime:
    """Return when a step of an answered clock fires (4.2, WD16, CD01).

    `Percent` p is the moment when ceil(p x N / 100) days, or p percent of the hours,
    are counted. `Before` k is the k-th end of a counted day strictly before the due
    instant, or the moment with k hours left. `After` k is a period of its own whose
    uncounted first day is the last day. Warnings in day units that fall on a rest day
    move back to the working close before it; none precedes the start.

    Raises CalendarHorizon when a needed day has no published schedule and `strict`.
    """

    def fires(calendar: Calendar) -> int:
        match step:
            case Percent():
                return _at_share(answer, calendar, step)
            case Before():
                return _before_due(answer, calendar, step)
            case AtDue():
                return ticks_of(answer.due_at, field="due_at")
            case After():
                return _after_due(answer, calendar, step)

    calendar = answer.reckoning.calendar
    tick, is_beyond = looking_ahead(fires, calendar, strict=strict)
    return StepTime(instant_of(tick), answer.provisional or is_beyond)


def _at_share(answer: Answer, calendar: Calendar, step: Percent) -> int:
    course = _own_course(answer, calendar)
    return course.moved_back(course.raw(-(-step.share * course.amount // 100)))


def _before_due(answer: Answer, calendar: Calendar, step: Before) -> int:
    own = _own_course(answer, calendar)
    course = _course_in_unit_of(
        step, answer, calendar, start=own.start, first_day=own.first_day
    )
    counted = course.counted(ticks_of(answer.due_at, field="due_at"))
    period = step.period
    if period.unit.is_hours:
        amount = counted - period.amount * HOUR
    else:
        amount = counted - period.amount + 1
    return course.moved_back(course.raw(amount)) if amount > 0 else course.start


def _after_due(answer: Answer, calendar: Calendar, step: After) -> int:
    course = _course_in_unit_of(
        step,
        answer,
        calendar,
        start=ticks_of(answer.due_at, field="due_at"),
        first_day=answer.due_on.toordinal(),
    )
    return course.rolled(course.raw(course.amount))


def _own_course(answer: Answer, calendar: Calendar) -> Course:
    if calendar is answer.calendar:
        return answer.course
    return course_of(answer.reckoning, calendar)


def _course_in_unit_of(
    step: Before | After,
    answer: Answer,
    calendar: Calendar,
    *,
    start: int,
    first_day: int,
) -> Course:
    terms = answer.reckoning.terms
    return lay_course(
        (step.period,),
        calendar=calendar,
        start=start,
        first_day=first_day,
        end=terms.end,
        roll=terms.roll,
        pauses=standstills(answer.reckoning.pauses, since=start),
    )
