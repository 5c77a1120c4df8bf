"""What is used, what is left, and what stands still."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.data.holidays import load_notices
from casework.domain.deadlines import (
    CalendarHorizon,
    ClockStandsStill,
    End,
    InvalidInstant,
    LateReceipt,
    Reckoning,
    Roll,
    Unit,
    build_calendar,
    days_between,
    due,
    elapsed,
    open_seconds_between,
    open_time_words,
    remaining,
    working_end_after,
)
from tests.domain.deadlines.questions import CALENDAR, at, pause, reckon
from tests.domain.deadlines.test_invariants import law, questions

HOUR = 3600


def test_D4_a_stop_at_exactly_the_due_instant_is_in_time() -> None:
    answer = due(reckon("2026-03-02T10:00", 1, Unit.WORKING_DAY))

    assert answer.is_met_by(at("2026-03-03T17:30:00"))
    assert not answer.is_met_by(at("2026-03-03T17:30:00.000001"))


def test_D7_a_shorter_period_keeps_its_pauses_and_what_is_used() -> None:
    paused = (pause("2026-03-04T10:00", "2026-03-06T10:00"),)
    five = reckon("2026-03-02T10:00", 5, Unit.WORKING_DAY, pauses=paused)
    three = reckon("2026-03-02T10:00", 3, Unit.WORKING_DAY, pauses=paused)
    now = at("2026-03-05T12:00")

    assert elapsed(five, at=now) == elapsed(three, at=now) == 1
    assert remaining(three, at=now) == 2
    assert due(three).due_on == date(2026, 3, 9)


def test_PA01_what_is_left_is_the_same_when_a_pause_begins_and_when_it_ends() -> None:
    question = reckon(
        "2025-09-22T10:00",
        5,
        Unit.WORKING_DAY,
        pauses=(pause("2025-09-24T15:00", "2025-10-09T10:00"),),
    )

    left = [
        remaining(question, at=at(moment))
        for moment in ("2025-09-24T15:00", "2025-09-29T09:00", "2025-10-09T10:00")
    ]
    assert left == [4, 4, 4]


def test_4_2_an_open_pause_has_no_due_date_but_a_remaining_period() -> None:
    question = reckon(
        "2025-09-22T10:00",
        5,
        Unit.WORKING_DAY,
        pauses=(pause("2025-09-24T15:00", None),),
    )

    with pytest.raises(ClockStandsStill, match="先恢复计时"):
        due(question)
    assert remaining(question, at=at("2026-01-05T09:00")) == 4


def test_4_2_an_open_pause_of_an_hour_clock_says_what_is_left_in_seconds() -> None:
    question = reckon(
        "2026-03-02T13:30",
        5,
        Unit.WORKING_HOUR,
        pauses=(pause("2026-03-02T15:30", None),),
    )

    with pytest.raises(ClockStandsStill):
        due(question)
    assert remaining(question, at=at("2026-03-09T09:00")) == 3 * HOUR


def test_4_2_a_roll_does_not_end_on_a_day_inside_a_pause() -> None:
    question = reckon(
        "2026-03-02T10:00",
        5,
        Unit.CALENDAR_DAY,
        roll=Roll.NEXT_WORKING,
        pauses=(pause("2026-03-09T10:00", "2026-03-10T10:00"),),
    )

    answer = due(question)

    assert (answer.raw_due_on, answer.due_on) == (date(2026, 3, 7), date(2026, 3, 10))
    still = replace(question, pauses=(pause("2026-03-09T10:00", None),))
    with pytest.raises(ClockStandsStill):
        due(still)


def test_WD34_beyond_2026_is_refused_and_provisional_on_request() -> None:
    question = reckon("2026-12-30T10:00", 5, Unit.WORKING_DAY)

    with pytest.raises(CalendarHorizon):
        due(question)
    answer = due(question, strict=False)
    assert (answer.due_at, answer.provisional) == (at("2027-01-07T17:30"), True)
    assert remaining(question, at=at("2027-01-05T09:00"), strict=False) == 3
    assert question.calendar is answer.reckoning.calendar is not answer.calendar
    assert due(answer.reckoning, strict=False) == answer


def test_4_4_what_is_left_until_a_provisional_date_is_said_on_request() -> None:
    friday, monday = date(2027, 1, 1), date(2027, 1, 4)

    with pytest.raises(CalendarHorizon):
        days_between(CALENDAR, today=friday, last_day=monday)
    assert days_between(CALENDAR, today=friday, last_day=monday, strict=False) == (3, 1)
    assert (
        open_seconds_between(
            CALENDAR,
            start=at("2026-12-31T16:30"),
            end=at("2027-01-04T10:00"),
            strict=False,
        )
        == 2 * HOUR
    )


def test_WD19_a_provisional_answer_knows_no_swapped_days() -> None:
    until_2025 = build_calendar(n for n in load_notices() if n.year <= 2025)
    question = reckon("2025-12-31T10:00", 1, Unit.WORKING_DAY, calendar=until_2025)

    assert due(question, strict=False).due_on == date(2026, 1, 2)
    assert due(replace(question, calendar=CALENDAR)).due_on == date(2026, 1, 4)


def test_4_4_an_answer_within_the_published_schedule_is_not_provisional() -> None:
    question = reckon("2026-12-29T10:00", 2, Unit.WORKING_DAY)

    assert due(question, strict=False) == due(question)


def test_4_4_a_start_before_the_calendar_is_refused_even_provisionally() -> None:
    question = reckon("2014-12-30T10:00", 5, Unit.WORKING_DAY)

    with pytest.raises(CalendarHorizon, match="2015-01-01 到 2026-12-31"):
        due(question, strict=False)


def test_CD11_plain_days_to_24_00_need_no_holiday_schedule() -> None:
    question = reckon("2027-03-01T10:00", 7, Unit.CALENDAR_DAY, end=End.MIDNIGHT)

    assert due(question).due_at == at("2027-03-09T00:00")


@pytest.mark.parametrize(
    ("start", "first_day"),
    [
        ("2025-09-26T17:30:00", "2025-09-26"),
        ("2025-09-26T17:30:01", "2025-09-28"),
        ("2025-09-27T10:00", "2025-09-28"),
        ("2025-09-29T07:00", "2025-09-29"),
        ("2025-09-30T21:00", "2025-10-09"),
    ],
)
def test_1_4_after_hours_and_on_rest_days_receipt_is_the_next_working_day(
    start: str, first_day: str
) -> None:
    question = reckon(start, 3, Unit.WORKING_DAY, late=LateReceipt.NEXT_WORKING_DAY)

    assert due(question).first_day == date.fromisoformat(first_day)


@pytest.mark.parametrize(
    ("moment", "end", "expected"),
    [
        ("2026-09-30T17:29", End.COB, "2026-09-30T17:30"),
        ("2026-09-30T17:30", End.COB, "2026-10-08T17:30"),
        ("2026-10-01T00:00", End.MIDNIGHT, "2026-10-09T00:00"),
        ("2026-09-30T23:59", End.MIDNIGHT, "2026-10-01T00:00"),
    ],
)
def test_D6_a_date_that_would_lie_in_the_past_moves_to_the_next_working_end(
    moment: str, end: End, expected: str
) -> None:
    assert working_end_after(CALENDAR, at=at(moment), end=end) == at(expected)


@law
@given(questions(), st.integers(0, 60 * 24 * 60))
def test_I4_used_and_left_add_up_to_the_whole_until_it_is_used_up(
    question: Reckoning, minutes: int
) -> None:
    moment = question.start + timedelta(minutes=minutes)
    total = due(question).total

    left = remaining(question, at=moment)

    assert left == max(total - elapsed(question, at=moment), 0)
    assert (left == 0) == (moment >= due(question).raw_due_at)


def test_open_time_between_two_instants_leaves_out_nights_and_pauses() -> None:
    start, end = at("2026-09-29T10:24"), at("2026-10-08T17:30")

    whole = open_seconds_between(CALENDAR, start=start, end=end)
    paused = open_seconds_between(
        CALENDAR,
        start=start,
        end=end,
        pauses=[pause("2026-09-30T09:00", "2026-10-08T09:00")],
    )

    assert whole == (5 * 60 + 36 + 2 * 7 * 60) * 60
    assert paused == whole - 7 * HOUR
    assert open_time_words(whole) == "2 天 5 时"


def test_open_time_that_runs_backwards_is_refused() -> None:
    with pytest.raises(InvalidInstant, match="早于开始时间") as refused:
        open_seconds_between(
            CALENDAR, start=at("2026-03-03T10:00"), end=at("2026-03-02T10:00")
        )
    assert refused.value.field == "end"


def test_M16_days_left_and_the_working_days_among_them() -> None:
    nine_days = days_between(
        CALENDAR, today=date(2026, 9, 29), last_day=date(2026, 10, 8)
    )

    assert nine_days == (9, 2)
    assert days_between(
        CALENDAR, today=date(2026, 10, 9), last_day=date(2026, 10, 8)
    ) == (0, 0)


@pytest.mark.parametrize(
    ("seconds", "short", "long", "english"),
    [
        (0, "0 分", "0 分钟", "0 min"),
        (59, "0 分", "0 分钟", "0 min"),
        (5 * HOUR + 36 * 60, "5 时 36 分", "5 小时 36 分钟", "5 h 36 min"),
        (7 * HOUR, "1 天", "1 个工作日", "1 d"),
        (8 * HOUR + 59 * 60, "1 天 1 时", "1 个工作日 1 小时", "1 d 1 h"),
    ],
)
def test_working_time_is_said_in_days_of_seven_hours(
    seconds: int, short: str, long: str, english: str
) -> None:
    assert open_time_words(seconds) == short
    assert open_time_words(seconds, is_long=True) == long
    assert open_time_words(seconds, lang="en") == english
