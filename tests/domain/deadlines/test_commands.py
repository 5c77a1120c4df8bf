"""The two commands: no database, one sentence on bad input."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.data.holidays import load_notices
from casework.domain.deadlines import build_calendar, due_lines

HEADER = "id,start_iso,period,unit,rule_notes"
CALENDAR = build_calendar(load_notices())
CASES = Path(__file__).with_name("deadline_cases.csv")
M16 = ("2026-09-16T09:42:00+08:00", "15", "calendar_day")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_deadlines_prints_id_and_due_of_every_row_in_file_order() -> None:
    printed = run("deadlines", str(CASES)).splitlines()

    assert printed == list(due_lines(CASES.read_text("utf-8"), calendar=CALENDAR))
    assert printed[0] == "WD01,2024-02-05T17:30:00+08:00"
    assert printed[-1] == "PA07,2026-03-23T17:30:00+08:00"


def test_deadlines_prints_the_horizon_where_no_schedule_is_published(
    tmp_path: Path,
) -> None:
    cases = tmp_path / "cases.csv"
    last_days = f"{CALENDAR.covers_to.year}-12-30T10:00:00+08:00"
    cases.write_text(f"{HEADER}\nX,{last_days},5,working_day,\n", "utf-8")

    assert run("deadlines", str(cases)) == "X,ERROR:CALENDAR_HORIZON\n"


def test_deadline_prints_the_due_instant_alone() -> None:
    printed = run("deadline", *M16, "end=midnight;roll=next_working")

    assert printed == "2026-10-09T00:00:00+08:00\n"


def test_deadline_explains_in_both_languages() -> None:
    notes = "end=midnight;roll=next_working"

    chinese = run("deadline", *M16, notes, "--explain")
    english = run("deadline", *M16, notes, "--explain", "--lang", "en")

    assert "最后一天是 10月8日 周四，到当天 24:00。" in chinese
    assert "your last day is Thu 8 October, until 24:00." in english


def test_deadline_goes_on_provisionally_when_it_is_asked_to() -> None:
    year = CALENDAR.covers_to.year
    question = ("deadline", f"{year}-12-30T10:00:00+08:00", "5", "working_day")

    with pytest.raises(CommandError, match="T-24"):
        run(*question)
    printed = run(*question, "--provisional", "--explain")
    assert printed.startswith(f"{year + 1}-01-")
    assert "暂定" in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2026-09-16T09:42:00", "15", "calendar_day"), "^start：.*没有写时区"),
        ((M16[0], "-1", "calendar_day"), "^period：期限 -1 不行"),
        ((M16[0], "15", "week"), "^unit：没有 'week'"),
        ((*M16, "pause=x"), "^pause：看不懂 'x'"),
    ],
)
def test_deadline_refuses_bad_input_with_a_sentence(
    arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        run("deadline", *arguments)


def test_deadline_refuses_in_english_when_asked_in_english() -> None:
    with pytest.raises(CommandError, match=r"^unit: there is no 'week'; use"):
        run("deadline", M16[0], "15", "week", "--lang", "en")


def test_deadlines_refuses_a_file_that_it_cannot_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes("id,é".encode("latin-1"))

    with pytest.raises(CommandError, match="打不开"):
        run("deadlines", str(tmp_path / "absent.csv"))
    with pytest.raises(CommandError, match="打不开"):
        run("deadlines", str(tmp_path))
    with pytest.raises(CommandError, match="UTF-8"):
        run("deadlines", str(latin))


def test_deadlines_reads_a_file_that_a_spreadsheet_saved(tmp_path: Path) -> None:
    saved = tmp_path / "saved.csv"
    saved.write_text(CASES.read_text("utf-8"), "utf-8-sig", newline="\r\n")

    assert run("deadlines", str(saved)) == run("deadlines", str(CASES))


def test_deadlines_prints_nothing_when_one_row_is_bad(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(
        CASES.read_text("utf-8") + "X,2026-01-05,1,working_day,,,\n", "utf-8"
    )
    out = StringIO()

    with pytest.raises(CommandError, match=r"line 52 \(X\)：start"):
        call_command("deadlines", str(bad), stdout=out)
    assert out.getvalue() == ""
