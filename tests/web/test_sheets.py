"""Papers as they come out of the browser: how many pages, and what a phone shows."""

import pytest
from playwright.sync_api import Page

from casework.domain import materials
from casework.domain.idnumber import check_character
from tests.cast import Cast
from tests.hardship_aid.conftest import CHILD, SPOUSE, STANDARD, Way, publish_standard
from tests.web.test_frame_accessibility import violations
from tests.web.visits import PHONE, Visits

pytestmark = pytest.mark.django_db


#: A household of seven; fictional.
DIGITS = [f"32050820{year:02d}0101003" for year in range(7, 12)]
MEMBERS = [
    {**SPOUSE, "has_authorised": True},
    *({**CHILD, "id_number": each + check_character(each)} for each in DIGITS),
]


@pytest.fixture
def way(cast: Cast) -> Way:
    """An application of 小博's for a household of seven."""
    publish_standard(cast.gusu, STANDARD)
    way = Way(cast, None)  # type: ignore[arg-type]
    way.take("submit", "xiaobo", members=MEMBERS)
    return way


def _pages(page: Page) -> int:
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    return materials.read("文书.pdf", printed).pages


def test_the_file_sheet_is_two_pages(visits: Visits, way: Way) -> None:
    page = visits.begin(way.office.xiaobo)

    page.goto(f"/cases/{way.case.pk}/papers/file_sheet/")

    assert _pages(page) == 2
    assert not visits.complaints


def test_papers_fit_a_phone(visits: Visits, way: Way) -> None:
    page = visits.begin(way.office.xiaobo, screen=PHONE)

    for code in ("receipt", "application", "authorisation", "file_sheet"):
        page.goto(f"/cases/{way.case.pk}/papers/{code}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, code

    # The table of the members is pushed sideways, with the keyboard too.
    members = page.get_by_role("region", name="家庭成员")
    assert members.evaluate("it => it.scrollWidth > it.clientWidth")
    assert violations(page) == []
