"""A file of cases: one row asks for one due date (4.10)."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from casework.domain.deadlines.calendar import Calendar
from casework.domain.deadlines.errors import (
    CalendarHorizon,
    DeadlineError,
    InvalidNotation,
)
from casework.domain.deadlines.notation import read_reckoning
from casework.domain.deadlines.reckoning import due

COLUMNS: Final = ("id", "start_iso", "period", "unit", "rule_notes")
HORIZON: Final = "ERROR:CALENDAR_HORIZON"


class CaseRowInvalid(DeadlineError):
    """A row of a case file that cannot be computed, named by line and id."""

    def __init__(self, *, line: int, case: str, fault: DeadlineError) -> None:
        super().__init__(
            field=f"line {line} ({case})",
            zh=fault.sentence.zh,
            en=fault.sentence.en,
        )


def due_lines(text: str, *, calendar: Calendar) -> Iterator[str]:
    """Yield `id,due_iso` for each row of a case file, in file order.

    A strict answer beyond the published schedules reads `ERROR:CALENDAR_HORIZON`.
    Raises InvalidNotation for a file without the columns of 4.10 and CaseRowInvalid
    for a row that cannot be computed.
    """
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise InvalidNotation(
                field="file",
                zh=f"第一行缺少列 {', '.join(missing)}（规则 4.10）。请补上列名。",
                en=(
                    f"the first line lacks {', '.join(missing)} (rule 4.10). "
                    "Add the column names."
                ),
            )
        for row in rows:
            yield _due_line(row, line=rows.line_num, calendar=calendar)
    except csv.Error as fault:
        raise InvalidNotation(
            field="file",
            zh=f"第 {rows.line_num} 行不是正确的 CSV：{fault}（规则 4.10）。请改正引号和逗号。",
            en=(
                f"line {rows.line_num} is not proper CSV: {fault} (rule 4.10). "
                "Correct its quotes and commas."
            ),
        ) from fault


def _due_line(row: dict[str | None, str], *, line: int, calendar: Calendar) -> str:
    case = row["id"] or "?"
    try:
        if None in row:
            raise InvalidNotation(
                field="rule_notes",
                zh="这一行的列太多（规则 4.10）。含逗号的内容请加引号。",
                en="the row has too many columns (rule 4.10). Quote what has commas.",
            )
        reckoning = read_reckoning(
            start=row["start_iso"] or "",
            period=row["period"] or "",
            unit=row["unit"] or "",
            rule_notes=row["rule_notes"] or "",
            calendar=calendar,
        )
        return f"{case},{due(reckoning).due_at.isoformat()}"
    except CalendarHorizon:
        return f"{case},{HORIZON}"
    except DeadlineError as fault:
        raise CaseRowInvalid(line=line, case=case, fault=fault) from fault
