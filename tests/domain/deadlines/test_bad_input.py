"""Bad input is answered by one sentence that names the field and what to do."""

from datetime import UTC, datetime

import pytest

from casework.domain.deadlines import (
    Before,
    CalendarHorizon,
    CaseRowInvalid,
    DeadlineError,
    InvalidInstant,
    InvalidNotation,
    InvalidPause,
    InvalidTerms,
    Pause,
    Percent,
    Period,
    Reckoning,
    Roll,
    Terms,
    Unit,
    due,
    due_lines,
    elapsed,
    read_reckoning,
    read_rule_notes,
)
from casework.domain.deadlines.terms import LONGEST
from tests.domain.deadlines.questions import CALENDAR, at, pause, reckon

GOOD = {
    "start": "2026-09-16T09:42:00+08:00",
    "period": "15",
    "unit": "working_day",
    "rule_notes": "",
}
HEADER = "id,start_iso,period,unit,rule_notes,expected_due_iso,why\n"

WRITTEN = [
    ("start", "", "start", InvalidNotation),
    ("start", "yesterday", "start", InvalidNotation),
    ("start", "2026-02-30T10:00:00+08:00", "start", InvalidNotation),
    ("start", "2026-09-16", "start", InvalidInstant),
    ("start", "2026-09-16T09:42:00", "start", InvalidInstant),
    ("start", "0001-01-01T00:00:00+14:00", "start", InvalidInstant),
    ("start", "9999-12-31T23:59:59-12:00", "start", InvalidInstant),
    ("start", "2027-03-01T09:00:00+08:00", "calendar", CalendarHorizon),
    ("period", "0", "period", InvalidTerms),
    ("period", "-1", "period", InvalidTerms),
    ("period", "1000000000", "period", InvalidTerms),
    ("period", "1" * 5_000, "period", InvalidNotation),
    ("period", "1.5", "period", InvalidNotation),
    ("period", "十五", "period", InvalidNotation),
    ("period", "", "period", InvalidNotation),
    ("unit", "fortnight", "unit", InvalidNotation),
    ("unit", "", "unit", InvalidNotation),
    ("rule_notes", "grace=1", "rule_notes", InvalidNotation),
    ("rule_notes", "end", "end", InvalidNotation),
    ("rule_notes", "end=noon", "end", InvalidNotation),
    ("rule_notes", "end=cob;end=cob", "rule_notes", InvalidNotation),
    ("rule_notes", "roll=previous", "roll", InvalidNotation),
    ("rule_notes", "late=never", "late", InvalidNotation),
    ("rule_notes", "hours=9-5", "hours", InvalidNotation),
    ("rule_notes", "hours=24x7", "hours", InvalidNotation),
    ("rule_notes", "pause=", "pause", InvalidNotation),
    ("rule_notes", "pause=2026-09-17T10:00", "pause", InvalidNotation),
    (
        "rule_notes",
        "pause=2026-09-17T10:00+08:00/2026-09-18T10:00+08:00",
        "pause",
        InvalidNotation,
    ),
    (
        "rule_notes",
        "pause=2026-09-18T10:00:00/2026-09-17T10:00:00",
        "pause",
        InvalidPause,
    ),
    (
        "rule_notes",
        "pause=2026-09-17T10:00/2026-09-19T10:00,2026-09-18T10:00/2026-09-20T10:00",
        "pause",
        InvalidNotation,
    ),
    ("rule_notes", "override=2026-09-31:closed", "override", InvalidNotation),
    ("rule_notes", "override=2026-09-30:half", "override", InvalidNotation),
    ("rule_notes", "override=2027-09-30:closed", "calendar", CalendarHorizon),
]


@pytest.mark.parametrize(("argument", "value", "field", "kind"), WRITTEN)
def test_what_is_written_wrongly_is_named_with_its_field_in_both_languages(
    argument: str, value: str, field: str, kind: type[DeadlineError]
) -> None:
    with pytest.raises(kind) as refused:
        due(read_reckoning(**(GOOD | {argument: value}), calendar=CALENDAR))

    sentence = refused.value.sentence
    assert refused.value.field == field
    assert sentence.zh.startswith(f"{field}：")
    assert "规则" in sentence.zh
    assert sentence.zh.endswith("。")
    assert sentence.en.startswith(f"{field}: ")
    assert "rule" in sentence.en
    assert sentence.en.endswith(".")
    assert str(refused.value) == sentence.zh == refused.value.message


def test_rule_notes_have_the_defaults_of_the_specification() -> None:
    notes = read_rule_notes(" ; note=anything; ")

    assert (notes.end, notes.roll, notes.late_receipt, notes.hours) == (
        "cob",
        "none",
        "same_day",
        "std",
    )


def test_pauses_that_touch_are_no_overlap() -> None:
    notes = read_rule_notes(
        "pause=2026-09-18T10:00/2026-09-19T10:00,2026-09-17T10:00/2026-09-18T10:00"
    )

    assert [piece.start for piece in notes.pauses] == [
        at("2026-09-17T10:00"),
        at("2026-09-18T10:00"),
    ]


def test_I5_the_measure_merges_the_overlap_that_the_notation_refuses() -> None:
    overlapping = (
        pause("2026-03-03T10:00", "2026-03-04T20:00"),
        pause("2026-03-04T10:00", "2026-03-05T20:00"),
    )

    answer = due(reckon("2026-03-02T10:00", 1, Unit.WORKING_DAY, pauses=overlapping))

    assert answer.due_at == at("2026-03-06T17:30")


def test_I11_a_naive_instant_is_refused_wherever_it_enters() -> None:
    naive = datetime(2026, 3, 2, 10)
    question = reckon("2026-03-02T10:00", 1, Unit.WORKING_DAY)
    enter = {
        "start": lambda: Reckoning(
            start=naive, terms=question.terms, calendar=CALENDAR
        ),
        "pause": lambda: Pause(naive),
        "at": lambda: elapsed(question, at=naive),
        "received_at": lambda: due(question).is_met_by(naive),
    }

    for field, act in enter.items():
        with pytest.raises(InvalidInstant, match="没有写时区") as refused:
            act()
        assert refused.value.field == field


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidPause, match="早于开始"):
        pause("2026-03-03T10:00", "2026-03-03T09:59")


def test_terms_that_no_clock_can_have_are_refused() -> None:
    fifteen_days = Terms(period=Period(15, Unit.CALENDAR_DAY))

    with pytest.raises(InvalidTerms, match="extension"):
        fifteen_days.extended(Period(5, Unit.WORKING_DAY))
    with pytest.raises(InvalidTerms, match="T-03"):
        Terms(period=Period(2, Unit.CLOCK_HOUR), roll=Roll.NEXT_WORKING)
    with pytest.raises(InvalidTerms, match="step"):
        Before(Period(1, Unit.MONTH))
    for share in (0, 100):
        with pytest.raises(InvalidTerms, match="step"):
            Percent(share)


@pytest.mark.parametrize("unit", list(Unit))
def test_no_period_of_the_longest_kind_breaks_the_arithmetic(unit: Unit) -> None:
    question = Reckoning(
        start=datetime(2026, 3, 2, 2, tzinfo=UTC),
        terms=Terms(period=Period(LONGEST[unit], unit)),
        calendar=CALENDAR,
    )

    assert due(question, strict=False).due_at.year > 2044


def test_a_row_that_cannot_be_computed_is_named_by_line_and_id() -> None:
    text = HEADER + (
        "A1,2026-09-16T09:42:00+08:00,5,working_day,,,\n"
        "A2,2026-09-16T09:42:00+08:00,five,working_day,,,\n"
    )

    lines = due_lines(text, calendar=CALENDAR)

    assert next(lines) == "A1,2026-09-22T17:30:00+08:00"
    with pytest.raises(CaseRowInvalid, match=r"line 3 \(A2\)：period：'five'"):
        next(lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "缺少列 id"),
        ("id,start_iso,period,unit\n", "缺少列 rule_notes"),
        (HEADER + 'A1,"2026', "不是正确的 CSV"),
        (HEADER + "A1,2026-09-16T09:42:00+08:00\n", "unit"),
        (HEADER + "A1,2026-09-16T09:42:00+08:00,5,working_day,,,,x\n", "列太多"),
    ],
)
def test_a_file_that_is_no_case_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(DeadlineError, match=said):
        list(due_lines(text, calendar=CALENDAR))
