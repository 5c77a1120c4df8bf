"""I1 to I12 of the specification (4.8), for any question hypothesis finds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from casework.domain.deadlines import (
    Answer,
    Calendar,
    End,
    LateReceipt,
    Overlay,
    Pause,
    Period,
    Reckoning,
    Roll,
    Unit,
    due,
    elapsed,
    overlaid,
)
from casework.domain.deadlines.civil import ZONE
from tests.domain.deadlines.questions import CALENDAR, LONGEST, pause, reckon

SECOND = timedelta(seconds=1)
# A shared machine is slow at times; no law here speaks of speed.
law = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
FIRST, LAST = datetime(2015, 2, 1), datetime(2023, 6, 30)

starts = st.one_of(
    st.datetimes(FIRST, LAST),
    st.builds(
        lambda day, minute: (
            datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        ),
        st.dates(FIRST.date(), LAST.date()),
        st.sampled_from([0, 540, 720, 810, 1050]),
    ),
).map(lambda moment: moment.replace(tzinfo=ZONE))


@st.composite
def pauses_near(draw: st.DrawFn, start: datetime) -> Pause:
    first = start + timedelta(
        days=draw(st.integers(-2, 30)), minutes=draw(st.integers(-700, 700))
    )
    if draw(st.booleans()):
        first = first.replace(hour=17, minute=30, second=0, microsecond=0)
    return Pause(first, first + timedelta(minutes=draw(st.integers(0, 20_000))))


@st.composite
def questions(draw: st.DrawFn, units: tuple[Unit, ...] = tuple(Unit)) -> Reckoning:
    unit = draw(st.sampled_from(units))
    start = draw(starts)
    roll = draw(st.sampled_from(Roll)) if unit.is_calendar else Roll.NONE
    return reckon(
        start,
        draw(st.integers(1, LONGEST[unit])),
        unit,
        end=draw(st.sampled_from(End)),
        roll=roll,
        late=draw(st.sampled_from(LateReceipt)),
        pauses=tuple(draw(st.lists(pauses_near(start), max_size=3))),
    )


WORKING = (Unit.WORKING_DAY, Unit.WORKING_HOUR)


def changed(reckoning: Reckoning, amount: int) -> Reckoning:
    terms = reckoning.terms
    period = replace(terms.period, amount=amount)
    return replace(reckoning, terms=replace(terms, period=period))


def on(reckoning: Reckoning, calendar: Calendar) -> Reckoning:
    return replace(reckoning, calendar=calendar)


def without_days(*days: date) -> Calendar:
    return overlaid(CALENDAR, [Overlay(reference="市", closed=dict.fromkeys(days, ""))])


@law
@given(questions(), st.integers(1, 5))
def test_I1_a_larger_amount_is_never_earlier_and_later_in_working_units(
    question: Reckoning, more: int
) -> None:
    amount = question.terms.period.amount
    longer = changed(question, min(amount + more, LONGEST[question.terms.unit] + 1))

    if question.terms.unit in WORKING:
        assert due(longer).due_at > due(question).due_at
    else:
        assert due(longer).due_at >= due(question).due_at


@law
@given(questions(), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_I2_a_later_start_is_never_due_earlier(
    question: Reckoning, later: timedelta
) -> None:
    # A month is as many days as from its start (Civil Code 202): paused over both
    # starts, a month of 30 days ends before one of 31 that began earlier.
    assume(question.terms.unit not in (Unit.MONTH, Unit.YEAR) or not question.pauses)
    moved = replace(question, start=question.start + later)

    assert due(moved).due_at >= due(question).due_at


def test_I2_does_not_hold_for_months_paused_over_both_starts() -> None:
    standing = Pause(_at(2015, 3, 25), _at(2015, 4, 1))
    early, late = (
        reckon(_at(2015, 3, day), 1, Unit.MONTH, pauses=(standing,)) for day in (26, 31)
    )

    assert due(early).due_on == date(2015, 5, 1)
    assert due(late).due_on == date(2015, 4, 30)


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=ZONE)


@law
@given(questions())
def test_I3_working_units_and_rolled_periods_end_on_a_working_day(
    question: Reckoning,
) -> None:
    assume(question.terms.unit in WORKING or question.terms.roll is Roll.NEXT_WORKING)

    assert CALENDAR.is_working(due(question).due_on.toordinal())


@law
@given(questions())
def test_I4_the_whole_period_is_used_at_the_due_instant_and_not_before(
    question: Reckoning,
) -> None:
    answer = due(question)

    if question.terms.roll is Roll.NEXT_WORKING:
        assert elapsed(question, at=answer.due_at) >= answer.total
    else:
        assert elapsed(question, at=answer.due_at) == answer.total
    assert elapsed(question, at=answer.raw_due_at) == answer.total
    assert elapsed(question, at=answer.raw_due_at - SECOND) < answer.total


@law
@given(questions(), st.data())
def test_I5_split_joined_repeated_and_shuffled_pauses_change_nothing(
    question: Reckoning, data: st.DataObject
) -> None:
    pieces: list[Pause] = []
    for piece in question.pauses:
        assert piece.end is not None
        cut = data.draw(
            st.datetimes(
                piece.start.replace(tzinfo=None), piece.end.replace(tzinfo=None)
            )
        ).replace(tzinfo=ZONE)
        pieces += [Pause(cut, piece.end), Pause(piece.start, cut), piece]
    shuffled = data.draw(st.permutations(pieces))

    other = replace(question, pauses=tuple(shuffled))

    assert due(other).due_at == due(question).due_at


@law
@given(questions(), st.data())
def test_I6_one_more_pause_is_never_earlier(
    question: Reckoning, data: st.DataObject
) -> None:
    added = data.draw(pauses_near(question.start))

    more = replace(question, pauses=(*question.pauses, added))

    assert due(more).due_at >= due(question).due_at


@law
@given(questions(), st.timedeltas(timedelta(microseconds=1), timedelta(days=9_000)))
def test_I7_a_pause_after_the_due_instant_changes_nothing(
    question: Reckoning, after: timedelta
) -> None:
    answer = due(question)
    late = Pause(answer.due_at + after, answer.due_at + after + timedelta(days=9))

    other = due(replace(question, pauses=(*question.pauses, late)))

    assert moments(other) == moments(answer)


@law
@given(questions(WORKING), st.integers(1, 20))
def test_I8_a_period_after_a_period_is_their_sum(
    question: Reckoning, more: int
) -> None:
    question = replace(question, terms=replace(question.terms, end=End.COB))
    first = due(question)

    second = due(replace(changed(question, more), start=first.due_at))

    assert (
        second.due_at
        == due(changed(question, question.terms.period.amount + more)).due_at
    )


@law
@given(questions(), st.integers(0, 60))
def test_I9_closing_a_day_is_never_earlier(question: Reckoning, days: int) -> None:
    closed = without_days(question.start.date() + timedelta(days=days))

    assert due(on(question, closed)).due_at >= due(question).due_at


@law
@given(questions(), st.integers(1, 300))
def test_I9_closing_a_day_after_the_due_day_changes_nothing(
    question: Reckoning, days: int
) -> None:
    answer = due(question)

    closed = without_days(answer.due_on + timedelta(days=days))

    assert moments(due(on(question, closed))) == moments(answer)


@law
@given(questions(), st.integers(0, 60))
def test_I10_opening_a_day_is_never_later(question: Reckoning, days: int) -> None:
    day = question.start.date() + timedelta(days=days)
    opened = overlaid(CALENDAR, [Overlay(reference="市", open={day: ""})])

    assert due(on(question, opened)).due_at <= due(question).due_at


@law
@given(questions(), st.integers(-12 * 60, 14 * 60))
def test_I11_the_same_instant_in_any_zone_is_due_at_the_same_instant(
    question: Reckoning, offset: int
) -> None:
    elsewhere = timezone(timedelta(minutes=offset))
    moved = replace(
        question,
        start=question.start.astimezone(elsewhere),
        pauses=tuple(
            Pause(
                piece.start.astimezone(UTC),
                piece.end and piece.end.astimezone(elsewhere),
            )
            for piece in question.pauses
        ),
    )

    answer = due(moved)

    assert moments(answer) == moments(due(question))
    assert answer.due_at.utcoffset() == timedelta(hours=8)


@law
@given(
    starts,
    st.integers(1, 30),
    st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY]),
    st.sampled_from(End),
    st.timedeltas(timedelta(minutes=1), timedelta(hours=8)),
)
def test_I12_a_pause_that_ends_exactly_at_the_cut_off_suppresses_nothing(
    start: datetime, amount: int, unit: Unit, end: End, length: timedelta
) -> None:
    question = reckon(start, amount, unit, end=end)
    answer = due(question)
    until = Pause(answer.due_at - length, answer.due_at)
    across = Pause(answer.due_at - length, answer.due_at + SECOND)

    assert due(replace(question, pauses=(until,))).due_at == answer.due_at
    assert due(replace(question, pauses=(across,))).due_at > answer.due_at


def moments(answer: Answer) -> tuple[datetime, datetime, date]:
    return answer.raw_due_at, answer.due_at, answer.first_day


def test_CD09_an_extension_counts_from_the_raw_last_day_not_from_the_rolled_one() -> (
    None
):
    question = reckon("2025-08-18T10:00", 45, Unit.CALENDAR_DAY, roll=Roll.NEXT_WORKING)
    assert due(question).due_on == date(2025, 10, 9)

    terms = question.terms.extended(Period(15, Unit.CALENDAR_DAY))

    assert due(replace(question, terms=terms)).due_on == date(2025, 10, 17)


def test_T04_an_extension_of_a_month_by_days_and_by_months() -> None:
    question = reckon("2025-08-31T10:00", 6, Unit.MONTH)
    by_days = question.terms.extended(Period(3, Unit.CALENDAR_DAY))
    by_months = question.terms.extended(Period(1, Unit.MONTH))

    assert due(replace(question, terms=by_days)).due_on == date(2026, 3, 3)
    assert due(replace(question, terms=by_months)).due_on == date(2026, 3, 31)


def test_I12_a_pause_from_exactly_the_cut_off_suppresses_that_day() -> None:
    from_close = reckon(
        "2026-03-02T10:00",
        1,
        Unit.WORKING_DAY,
        pauses=(pause("2026-03-03T17:30", "2026-03-03T18:00"),),
    )

    assert due(from_close).due_on == date(2026, 3, 4)
