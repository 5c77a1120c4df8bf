"""The page of a file and its papers, as the office opens them in a browser."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from casework.models import Event
from casework.services import cases
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.files import ONE, FileWay
from workflows.hardship_aid.file_lifecycle import HARDSHIP_FILE

pytestmark = pytest.mark.django_db

NOW = ("file_record",)
#: Which papers are there in a state, beside the file's own.
PAPERS = {
    "active": NOW,
    "observing": (*NOW, "review_form"),
    "removal_noticed": (*NOW, "removal_notice", "removal_form"),
    "deregistered": (*NOW, "removal_notice", "removal_form"),
    "moving": (*NOW, "transfer_letter"),
}


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> FileWay:
    """A file that 阿敏 has taken on."""
    way = FileWay(office, clock)
    cases.claim(way.case.pk, by=office.amin)
    return way


def browser(way: FileWay, who: str) -> Client:
    """Return a browser in which the person is logged in."""
    client = Client()
    client.force_login(getattr(way.office, who).user)
    return client


@pytest.mark.parametrize("state", PAPERS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_paper_is_printed_when_it_is_ready(
    way: FileWay, state: str, language: str
) -> None:
    way.to(state)
    office = browser(way, "chendi")
    office.cookies["django_language"] = language

    for paper in HARDSHIP_FILE.papers:
        answer = office.get(f"/cases/{way.case.pk}/papers/{paper.code}/")
        assert (answer.status_code == 200) == (paper.code in PAPERS[state]), paper.code
        if answer.status_code == 200:
            told = answer.content.decode()
            assert str(way.case.number) in told
            assert not [n for n in ONE if n in told]


@pytest.mark.parametrize("who", ["amin", "chendi", "xiaobo", "heshi", "fangzheng"])
def test_the_page_shows_the_files_parts(way: FileWay, who: str) -> None:
    way.take("review", "amin", category="relative")

    answer = browser(way, who).get(f"/cases/{way.case.pk}/?tab=panels")

    told = answer.content.decode()
    assert answer.status_code == 200
    parts = (
        "档案情况",
        "家庭情况",
        "类别测算",
        "调整类别",
        str(way.application.number),
    )
    assert [part for part in parts if part not in told] == []
    assert not [n for n in ONE if n in told]
    assert ("周雅琴" in told) == (who in ("amin", "chendi"))


def test_a_download_is_logged_and_masked(way: FileWay) -> None:
    answer = browser(way, "amin").get(f"/cases/{way.case.pk}/papers/file_record.xlsx")

    sheet: Any = load_workbook(BytesIO(answer.content)).active
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert {"周雅琴", "档案变动", "3205**********0027"} <= set(said)
    assert Event.objects.filter(verb="paper.downloaded").count() == 1


def test_the_form_of_every_step_opens(way: FileWay) -> None:
    office = browser(way, "chendi")
    for step in ("review", "observe", "notice_removal", "report_change", "move_out"):
        answer = office.get(f"/cases/{way.case.pk}/steps/{step}/")
        assert answer.status_code == 200, step
    assert office.get("/cases/new/hardship_file/").status_code == 200
