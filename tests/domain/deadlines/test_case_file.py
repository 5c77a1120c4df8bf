"""The worked cases: deadline_cases.csv and the vectors of the domain rules (1.5)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from casework.domain.deadlines import End, Roll, Unit, due, due_lines
from tests.domain.deadlines.questions import CALENDAR, reckon

TEXT = Path(__file__).with_name("deadline_cases.csv").read_text("utf-8")
ROWS = list(csv.DictReader(TEXT.splitlines()))
LINES = list(due_lines(TEXT, calendar=CALENDAR))

VECTORS = [
    ("2026-02-12", 3, Unit.WORKING_DAY, "2026-02-24"),
    ("2026-02-13", 7, Unit.WORKING_DAY, "2026-03-02"),
    ("2026-04-30", 3, Unit.WORKING_DAY, "2026-05-08"),
    ("2026-09-18", 3, Unit.WORKING_DAY, "2026-09-22"),
    ("2026-09-29", 5, Unit.WORKING_DAY, "2026-10-12"),
    ("2026-01-26", 15, Unit.CALENDAR_DAY, "2026-02-10"),
    ("2026-02-01", 15, Unit.CALENDAR_DAY, "2026-02-24"),
    ("2026-02-05", 15, Unit.CALENDAR_DAY, "2026-02-24"),
    ("2026-04-20", 15, Unit.CALENDAR_DAY, "2026-05-06"),
    ("2026-09-16", 15, Unit.CALENDAR_DAY, "2026-10-08"),
    ("2026-02-13", 15, Unit.CALENDAR_DAY, "2026-02-28"),
    ("2026-09-05", 15, Unit.CALENDAR_DAY, "2026-09-20"),
    ("2024-02-29", 1, Unit.YEAR, "2025-02-28"),
    ("2025-08-31", 6, Unit.MONTH, "2026-02-28"),
]


def test_the_file_has_its_fifty_cases_and_each_is_answered_in_order() -> None:
    assert len(ROWS) == 50
    assert [line.split(",")[0] for line in LINES] == [row["id"] for row in ROWS]


@pytest.mark.parametrize(
    ("row", "line"), list(zip(ROWS, LINES, strict=True)), ids=[r["id"] for r in ROWS]
)
def test_WD_CD_WH_PA_a_worked_case_is_due_when_the_file_says(
    row: dict[str, str], line: str
) -> None:
    assert line == f"{row['id']},{row['expected_due_iso']}", row["why"]


@pytest.mark.parametrize(("start", "amount", "unit", "last_day"), VECTORS)
def test_T02_T04_T05_T08_a_vector_of_the_domain_rules_ends_on_its_day(
    start: str, amount: int, unit: Unit, last_day: str
) -> None:
    roll = Roll.NEXT_WORKING if unit.is_calendar else Roll.NONE

    answer = due(reckon(f"{start}T10:00", amount, unit, end=End.MIDNIGHT, roll=roll))

    assert answer.due_on == date.fromisoformat(last_day)
