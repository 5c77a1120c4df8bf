"""On a phone: what can be done, the facts, then what cannot be done, behind one line."""

from playwright.sync_api import Page

from casework.services import cases
from tests.cast import Cast
from tests.web.pages import accepted
from tests.web.visits import DESK, PHONE, Visits

ORDER = ("#acts", ".cw-clocks", ".cw-parties", "#refused", "#record")


def test_what_cannot_be_done_stands_behind_the_facts(
    visits: Visits, cast: Cast
) -> None:
    page = _case(visits, cast, is_phone=True)

    tops = [page.locator(part).first.bounding_box() for part in ORDER]

    assert tops == sorted(tops, key=lambda box: box["y"] if box else 0)
    assert page.is_visible("#refused summary")
    assert not page.is_visible("#refused li")
    page.click("#refused summary")
    assert page.is_visible("#refused li")


def test_beside_the_case_it_stands_open(visits: Visits, cast: Cast) -> None:
    page = _case(visits, cast, is_phone=False)

    assert page.is_visible("#refused li")


def _case(visits: Visits, cast: Cast, *, is_phone: bool) -> Page:
    case = accepted(cast)
    cases.claim(case.pk, by=cast.amin)
    page = visits.begin(cast.amin, screen=PHONE if is_phone else DESK)
    page.goto(f"/cases/{case.pk}/")
    return page
