"""The 困难职工档案表 of a file as a workbook: whole, masked, and no formula."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.lifecycle import View
from casework.models import Case
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, on
from tests.hardship_aid.files import ONE, FileWay, approved, opened
from workflows.hardship_aid.file_lifecycle import HardshipFile
from workflows.hardship_aid.file_workbook import workbook
from workflows.hardship_aid.models import HardshipFileDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> FileWay:
    """A file just opened."""
    return FileWay(office, clock)


def cells(case: Case, **view: bool) -> list[Any]:
    """Return the cells of the workbook that say something."""
    seen = View(actor=None, at=on("2026-09-24 10:00"), **{"in_clear": False, **view})
    sheet: Any = load_workbook(BytesIO(workbook(case, seen))).active
    return [cell for row in sheet.iter_rows() for cell in row if cell.value]


def texts(case: Case, **view: bool) -> list[str]:
    """Return what the cells say."""
    return [cell.value for cell in cells(case, **view)]


def test_the_workbook_has_every_part_of_the_form(way: FileWay) -> None:
    said = texts(way.case, in_clear=True, is_revealed=True)

    headings = ("职工本人", "工作单位", "收入和困难情况", "家庭成员", "家庭年收入")
    more = ("近一年刚性支出", "附件", "意见", "救助记录", "档案变动")
    assert [each for each in (*headings, *more) if each not in said] == []
    assert f"困难职工档案表（{way.case.number}）" == said[0]
    assert {"周雅琴", "陆志远", *ONE, "12900006204", "深度困难职工"} <= set(said)
    assert "身份证" in "".join(said)
    assert {"建立档案", "姑苏区帮扶中心", "阿敏"} <= set(said)


def test_every_number_is_a_text(way: FileWay) -> None:
    for cell in cells(way.case, in_clear=True, is_revealed=True):
        assert (cell.data_type, cell.number_format) == ("s", "@"), cell.value


def test_names_are_masked_for_others_and_numbers_until_they_are_revealed(
    way: FileWay,
) -> None:
    team, others = texts(way.case, in_clear=True), texts(way.case)

    assert "周雅琴" in team
    assert "3205**********0027" in team
    assert not [n for n in ONE if n in "".join(team)]
    told = "".join(others)
    clear = ("周雅琴", "陆志远", "12900006204", "云溪新村", "一般疾病", *ONE)
    assert not [each for each in clear if each in told]


def test_P02_a_review_tells_others_on_which_side_of_the_line_it_came_out(
    way: FileWay,
) -> None:
    way.take("review", "amin", category="relative")

    team, others = texts(way.case, in_clear=True), texts(way.case)

    assert "月人均 400.00 元" in "".join(team)
    assert "月人均低于低保标准" in "".join(others)
    for figure in ("400.00", "9,600.00"):
        assert figure not in "".join(others)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_stays_a_text(
    office: Cast, clock: DatabaseClock, sign: str
) -> None:
    employer = f'{sign}HYPERLINK("//x","y")'
    file = opened(office.amin, approved(office.amin, employer_name=employer))
    case: Any = HardshipFile.objects.get(pk=file.pk)
    case.details = HardshipFileDetails.objects.get(case=case)

    found = [c for c in cells(case, in_clear=True) if "HYPERLINK" in str(c.value)]

    assert found
    assert {(c.data_type, c.value[:2]) for c in found} == {("s", f"'{sign}")}


def test_the_life_of_a_file_that_moved_begins_where_it_began(way: FileWay) -> None:
    way.take("review", "amin", category="relative")
    way.to("moving")
    new = way.read(way.go_on_at_kunshan().pk)

    said = texts(new, in_clear=True)

    told = said[said.index("档案变动") :]
    assert [t for t in told if t in ("建立档案", "年度复核", "转出")] == [
        "建立档案",
        "年度复核",
        "转出",
        "建立档案",
    ]
    assert any(t.startswith("调整类别，相对困难职工，月人均 400.00 元") for t in told)
    assert "昆山市帮扶中心" in told
