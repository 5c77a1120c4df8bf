"""How an answer came about, as plain data (derivation.py).

The answer itself is a lookup; only its explanation visits days, those it tells of.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from casework.domain.deadlines.calendar import Calendar, DayKind
from casework.domain.deadlines.civil import DAY, SECOND, date_of, instant_of, ticks_of
from casework.domain.deadlines.course import Course
from casework.domain.deadlines.derivation import (
    FORM,
    Derivation,
    RestDays,
    Stretch,
    Why,
)
from casework.domain.deadlines.hours import clock_text
from casework.domain.deadlines.measure import DayEnds, OpenTime
from casework.domain.deadlines.reckoning import Answer, course_of
from casework.domain.deadlines.terms import RuleReference


def explain(answer: Answer) -> Derivation:
    """Return the derivation of an answer: every stretch from the start to the due.

    Raises nothing that the answer did not raise.
    """
    reckoning, terms = answer.reckoning, answer.reckoning.terms
    course = course_of(reckoning, answer.calendar)
    rule = reckoning.rule or RuleReference("")
    return Derivation(
        form=FORM,
        rule=rule.id,
        basis=rule.basis,
        start=instant_of(course.start).isoformat(),
        first_day=answer.first_day.isoformat(),
        periods=[
            {"amount": period.amount, "unit": period.unit.value}
            for period in terms.periods
        ],
        total=answer.total,
        end=terms.end.value,
        roll=terms.roll.value,
        late_receipt=terms.late_receipt.value,
        pauses=[
            {
                "start": pause.start.isoformat(),
                "end": None if pause.end is None else pause.end.isoformat(),
                "reason": pause.reason,
            }
            for pause in sorted(reckoning.pauses, key=lambda pause: pause.start)
        ],
        stretches=list(
            _stretches_of_days(answer, course, course.measure)
            if isinstance(course.measure, DayEnds)
            else _stretches_of_hours(answer, course)
        ),
        raw_due_on=answer.raw_due_on.isoformat(),
        due_on=answer.due_on.isoformat(),
        due_at=answer.due_at.isoformat(),
        calendar=reckoning.calendar.code,
        published_to=reckoning.calendar.published_to.isoformat(),
        provisional=answer.provisional,
    )


@dataclass(frozen=True, slots=True)
class _Treatment:
    """How one day is treated; equal neighbours form a stretch."""

    why: Why
    kind: str = ""
    name: str = ""
    notice: str = ""
    cut_off: str = ""


def _stretches_of_days(
    answer: Answer, course: Course, ends: DayEnds
) -> Iterator[Stretch]:
    days = range(course.start // DAY, answer.due_on.toordinal() + 1)
    treated = ((day, _treatment(day, answer, course, ends)) for day in days)
    for treatment, run in groupby(treated, key=lambda entry: entry[1]):
        numbers = [day for day, _ in run]
        yield {
            "why": treatment.why,
            "first": date_of(numbers[0]).isoformat(),
            "last": date_of(numbers[-1]).isoformat(),
            "count": len(numbers) if treatment.why == "counted" else 0,
            "kind": treatment.kind,
            "name": treatment.name,
            "notice": treatment.notice,
            "cut_off": treatment.cut_off,
        }


def _treatment(day: int, answer: Answer, course: Course, ends: DayEnds) -> _Treatment:
    if day <= course.first_day:
        return _Treatment("first_day" if day == course.first_day else "late_receipt")
    calendar, raw_day = course.calendar, answer.raw_due_on.toordinal()
    # Inside a calendar period it does not matter what a day is, only at its end.
    is_looked_up = ends.is_working or (course.rolls and day >= raw_day)
    is_rest = is_looked_up and not calendar.is_working(day)
    if is_rest and day > raw_day:
        return _called("roll", day, calendar)
    if is_rest and ends.is_working:
        return _called("rest", day, calendar)
    tick = ends.cutoff(day)
    cut_off = clock_text((tick - day * DAY) // SECOND)
    if any(pause.holds(tick) for pause in course.pauses):
        return _Treatment("paused", cut_off=cut_off)
    if day > raw_day:
        return replace(_called("due", day, calendar), cut_off=cut_off)
    counted = _Treatment("counted", cut_off=cut_off)
    if not is_looked_up:
        return counted
    called = replace(_called("counted", day, calendar), cut_off=cut_off)
    is_plain = called.kind == DayKind.NORMAL and not ends.is_working
    return counted if is_plain else called


def _called(why: Why, day: int, calendar: Calendar) -> _Treatment:
    row = calendar.day(date_of(day))
    return _Treatment(why, row.kind.value, row.note.name, row.note.reference)


def _stretches_of_hours(answer: Answer, course: Course) -> Iterator[Stretch]:
    edges = sorted(_edges(answer, course))
    treated = ((span, _why_of(*span, course)) for span in pairwise(edges))
    for why, run in groupby(treated, key=lambda entry: entry[1]):
        spans = [span for span, _ in run]
        first, last = spans[0][0], spans[-1][1]
        stretch = Stretch(
            why=why,
            first=instant_of(first).isoformat(),
            last=instant_of(last).isoformat(),
        )
        if why == "closed":
            stretch["rest"] = list(_rest_days(first, last, course.calendar))
        yield stretch


def _edges(answer: Answer, course: Course) -> set[int]:
    """Return every instant at which the treatment may change."""
    start, due = course.start, ticks_of(answer.due_at, field="due_at")
    edges = {start, due}
    for pause in course.pauses:
        edges |= {pause.start, due if pause.end is None else pause.end}
    if isinstance(course.measure, OpenTime):
        for day in range(start // DAY, due // DAY + 1):
            if course.calendar.is_working(day):
                for segment in course.calendar.hours_of(day).segments:
                    edges |= {day * DAY + second * SECOND for second in segment}
    return {edge for edge in edges if start <= edge <= due}


def _why_of(first: int, last: int, course: Course) -> Why:
    if any(pause.holds(first) for pause in course.pauses):
        return "paused"
    is_open = course.measure.before(last) > course.measure.before(first)
    return "counted" if is_open else "closed"


def _rest_days(first: int, last: int, calendar: Calendar) -> Iterator[RestDays]:
    whole_days = range(-(-first // DAY), last // DAY)
    rest = (day for day in whole_days if not calendar.is_working(day))
    called = ((day, _called("rest", day, calendar)) for day in rest)
    for treatment, run in groupby(called, key=lambda entry: entry[1]):
        numbers = [day for day, _ in run]
        yield {
            "first": date_of(numbers[0]).isoformat(),
            "last": date_of(numbers[-1]).isoformat(),
            "kind": treatment.kind,
            "name": treatment.name,
            "notice": treatment.notice,
        }
