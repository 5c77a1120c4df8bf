"""When the steps of a clock fire: by the same measure as its due instant (4.2, B5)."""

from dataclasses import dataclass
from datetime import datetime

from casework.domain.deadlines.civil import HOUR, instant_of, ticks_of
from casework.domain.deadlines.course import Course, lay_course
from casework.domain.deadlines.measure import standstills
from casework.domain.deadlines.reckoning import (
    Answer,
    Reckoning,
    course_of,
    looking_ahead,
)
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

    def fires(asked: Reckoning) -> int:
        match step:
            case Percent():
                return _at_share(course_of(asked), step)
            case Before():
                return _before_due(asked, answer, step)
            case AtDue():
                return ticks_of(answer.due_at, field="due_at")
            case After():
                return _after_due(asked, answer, step)

    tick, is_beyond = looking_ahead(fires, answer.reckoning, strict=strict)
    return StepTime(instant_of(tick), answer.provisional or is_beyond)


def _at_share(course: Course, step: Percent) -> int:
    return course.moved_back(course.raw(-(-step.share * course.amount // 100)))


def _before_due(asked: Reckoning, answer: Answer, step: Before) -> int:
    own, period = course_of(asked), step.period
    course = lay_course(
        (period,),
        calendar=asked.calendar,
        start=own.start,
        first_day=own.first_day,
        end=asked.terms.end,
        roll=asked.terms.roll,
        pauses=own.pauses,
    )
    counted = course.counted(ticks_of(answer.due_at, field="due_at"))
    amount = (
        counted - period.amount * HOUR
        if period.unit.is_hours
        else (counted - period.amount + 1)
    )
    return course.moved_back(course.raw(amount)) if amount > 0 else course.start


def _after_due(asked: Reckoning, answer: Answer, step: After) -> int:
    due_at = ticks_of(answer.due_at, field="due_at")
    course = lay_course(
        (step.period,),
        calendar=asked.calendar,
        start=due_at,
        first_day=answer.due_on.toordinal(),
        end=asked.terms.end,
        roll=asked.terms.roll,
        pauses=standstills(asked.pauses, since=due_at),
    )
    return course.rolled(course.raw(course.amount))
