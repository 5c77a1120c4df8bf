"""Warnings and rungs fall by the same measure as the due instant (4.2, B5)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.deadlines import (
    After,
    AtDue,
    Before,
    CalendarHorizon,
    End,
    Percent,
    Period,
    Reckoning,
    Roll,
    Step,
    Unit,
    due,
    elapsed,
    step_at,
)
from tests.domain.deadlines.questions import at, pause, reckon
from tests.domain.deadlines.test_invariants import law, questions

WORKING_DAY, CALENDAR_DAY = Unit.WORKING_DAY, Unit.CALENDAR_DAY
WD16 = due(reckon("2025-09-26T10:00", 5, WORKING_DAY))
CD01 = due(reckon("2025-09-22T10:00", 15, CALENDAR_DAY, roll=Roll.NEXT_WORKING))


def before(amount: int, unit: Unit) -> Before:
    return Before(Period(amount, unit))


def after(amount: int, unit: Unit) -> After:
    return After(Period(amount, unit))


@pytest.mark.parametrize(
    ("step", "moment"),
    [
        (Percent(50), "2025-09-30T17:30"),
        (Percent(80), "2025-10-09T17:30"),
        (before(1, WORKING_DAY), "2025-10-09T17:30"),
        (AtDue(), "2025-10-10T17:30"),
        (after(1, WORKING_DAY), "2025-10-11T17:30"),
        (after(3, WORKING_DAY), "2025-10-14T17:30"),
    ],
)
def test_WD16_its_steps_fall_where_the_specification_says(
    step: Step, moment: str
) -> None:
    assert step_at(WD16, step).at == at(moment)


def test_CD01_a_warning_on_a_rest_day_moves_back_to_the_working_close() -> None:
    assert step_at(CD01, Percent(80)).at == at("2025-09-30T17:30")


def test_CD01_days_before_a_rolled_date_count_from_the_rolled_date() -> None:
    assert step_at(CD01, before(1, CALENDAR_DAY)).at == at("2025-09-30T17:30")
    assert step_at(CD01, before(1, WORKING_DAY)).at == at("2025-09-30T17:30")
    assert step_at(CD01, before(2, WORKING_DAY)).at == at("2025-09-29T17:30")


def test_4_2_a_warning_moved_back_does_not_fall_into_a_pause() -> None:
    answer = due(
        reckon(
            "2025-09-22T10:00",
            15,
            CALENDAR_DAY,
            roll=Roll.NEXT_WORKING,
            pauses=(pause("2025-09-30T12:00", "2025-10-01T12:00"),),
        )
    )

    assert step_at(answer, Percent(80)).at == at("2025-09-29T17:30")


def test_4_2_a_warning_never_precedes_the_start() -> None:
    friday_evening = reckon("2026-03-06T20:00", 3, CALENDAR_DAY)

    assert step_at(due(friday_evening), Percent(50)).at == at("2026-03-06T20:00")
    assert step_at(WD16, before(5, WORKING_DAY)).at == at("2025-09-26T10:00")


def test_WH_steps_of_hours_fall_at_the_very_moment() -> None:
    answer = due(reckon("2026-03-02T13:30", 5, Unit.WORKING_HOUR))

    assert answer.due_at == at("2026-03-03T10:00")
    assert step_at(answer, Percent(50)).at == at("2026-03-02T16:00")
    assert step_at(answer, before(1, Unit.WORKING_HOUR)).at == at("2026-03-02T17:30")
    assert step_at(answer, after(2, Unit.WORKING_HOUR)).at == at("2026-03-03T12:00")
    assert step_at(answer, before(9, Unit.WORKING_HOUR)).at == at("2026-03-02T13:30")


def test_T03_a_warning_of_clock_hours_stays_on_its_rest_day() -> None:
    saturday = due(reckon("2026-03-07T10:00", 24, Unit.CLOCK_HOUR))

    assert step_at(saturday, Percent(50)).at == at("2026-03-07T22:00")


def test_4_2_hours_before_the_end_of_a_day_clock() -> None:
    assert step_at(WD16, before(4, Unit.WORKING_HOUR)).at == at("2025-10-10T12:00")
    assert step_at(WD16, before(5, Unit.WORKING_HOUR)).at == at("2025-10-10T11:00")


def test_T06_after_a_last_day_that_ends_at_24_00_the_next_day_is_the_first() -> None:
    answer = due(reckon("2026-03-02T10:00", 3, WORKING_DAY, end=End.MIDNIGHT))

    assert answer.due_at == at("2026-03-06T00:00")
    assert step_at(answer, after(1, WORKING_DAY)).at == at("2026-03-07T00:00")


def test_4_4_a_step_beyond_the_published_schedule_is_refused_or_provisional() -> None:
    answer = due(reckon("2026-12-29T10:00", 2, WORKING_DAY))

    with pytest.raises(CalendarHorizon):
        step_at(answer, after(1, WORKING_DAY))
    step = step_at(answer, after(1, WORKING_DAY), strict=False)
    assert (step.at, step.provisional) == (at("2027-01-04T17:30"), True)


@law
@given(questions(), st.integers(1, 99))
def test_B5_a_percent_step_has_that_share_used_unless_it_was_moved_back(
    question: Reckoning, percent: int
) -> None:
    answer = due(question)

    fires_at = step_at(answer, Percent(percent)).at

    used = elapsed(question, at=fires_at)
    assert question.start <= fires_at <= answer.due_at
    if question.terms.unit.is_hours:
        assert used == answer.total * percent // 100
    elif question.terms.unit is WORKING_DAY:
        assert used == -(-answer.total * percent // 100)
    else:
        assert used <= -(-answer.total * percent // 100)


@law
@given(questions(), st.integers(1, 99), st.integers(1, 30))
def test_4_1_steps_keep_their_order(
    question: Reckoning, percent: int, days: int
) -> None:
    answer = due(question)

    warning = step_at(answer, Percent(percent)).at
    one_before = step_at(answer, before(days, WORKING_DAY)).at
    two_before = step_at(answer, before(days + 1, WORKING_DAY)).at
    one_after = step_at(answer, after(days, WORKING_DAY)).at

    assert warning <= answer.due_at
    assert two_before <= one_before < answer.due_at < one_after


@law
@given(questions((WORKING_DAY, Unit.WORKING_HOUR)), st.integers(1, 20))
def test_I8_after_the_due_is_the_longer_period(question: Reckoning, more: int) -> None:
    unit = question.terms.unit
    terms = question.terms.extended(Period(more, unit))
    longer = due(
        reckon(
            question.start,
            terms.period.amount + more,
            unit,
            end=terms.end,
            late=terms.late_receipt,
            pauses=question.pauses,
        )
    )

    assert step_at(due(question), after(more, unit)).at == longer.due_at


def test_the_ladder_of_a_working_clock_has_an_hour_after_every_day_boundary() -> None:
    moments = [step_at(WD16, after(days, WORKING_DAY)).at for days in range(1, 6)]

    assert all(moment - at("2025-01-01T17:30") > timedelta(0) for moment in moments)
    assert {moment.strftime("%H:%M") for moment in moments} == {"17:30"}
    assert moments == sorted(set(moments), key=datetime.timestamp)
