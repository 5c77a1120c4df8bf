"""Nothing is cut and nothing scrolls sideways, however long a name or a subject is."""

import pytest
from playwright.sync_api import Page, ViewportSize

from casework.models import Case
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import register
from tests.web.visits import DESK, PHONE, Visits

LONG_NAME = "Ann" * 33 + "A"
LONG_SUBJECT = "overtime" * 25
SCREENS = (
    "/",
    "/queue/",
    "/cases/{case}/",
    "/cases/{case}/?tab=panels",
    "/cases/{case}/?tab=clocks",
    "/cases/{case}/?tab=proof",
    "/cases/{case}/print/",
    "/cases/{case}/steps/accept/",
    "/cases/{case}/hands/release/",
    "/cases/{case}/clocks/acceptance/",
)
#: The text of what sticks out of its own box, or out of the table's.
CUT = """() => [...document.querySelectorAll('.is-queue tr[data-row] > *')]
    .filter((cell) => cell.scrollWidth > cell.clientWidth
        || cell.getBoundingClientRect().right
            > cell.closest('.cw-card').getBoundingClientRect().right + 1)
    .map((cell) => cell.innerText)"""
#: How far the last cell of every row is from the edge of the table.
GAPS = """() => [...document.querySelectorAll('.is-queue tr')].map((row) => Math.round(
    row.closest('.cw-card').getBoundingClientRect().right
    - [...row.children].at(-1).getBoundingClientRect().right))"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_long_latin_name_scrolls_no_page_sideways(
    visits: Visits, cast: Cast, language: str, screen: ViewportSize
) -> None:
    case = register(cast.xiaobo, name=LONG_NAME, question=LONG_SUBJECT)
    cases.claim(case.pk, by=cast.xiaobo)
    page = visits.begin(cast.xiaobo, language=language, screen=screen)
    wide = {}

    for screen_address in SCREENS:
        address = screen_address.format(case=case.pk)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        wide[address] = _sideways(page)
    page.goto("/search/")
    page.fill("main [name=text]", case.number or "")
    page.click("main .btn-primary")
    page.wait_for_selector("main tbody tr")
    assert page.locator("main tbody tr").count() == 1
    wide["search"] = _sideways(page)

    assert {address: much for address, much in wide.items() if much} == {}


def test_the_preview_holds_a_long_name(visits: Visits, cast: Cast) -> None:
    case = register(cast.xiaobo, name=LONG_NAME, question=LONG_SUBJECT)
    cases.claim(case.pk, by=cast.xiaobo)
    page = visits.begin(cast.xiaobo)
    page.goto("/queue/")

    page.keyboard.press("j")
    page.wait_for_selector("#peek h2")

    peek = page.locator("#peek")
    assert peek.evaluate("peek => peek.scrollWidth <= peek.clientWidth")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_queue_shows_its_rows_whole(
    visits: Visits, cast: Cast, language: str
) -> None:
    for number in range(3):
        case = register(cast.amin)
        long = f"苏州工业园工帮〔2026〕{number:04}"  # the longest sign of a county
        Case.objects.filter(pk=case.pk).update(number=long)
        cases.claim(case.pk, by=cast.amin)
    page = visits.begin(cast.amin, language=language)

    page.goto("/queue/?scope=unit")

    assert page.locator(".is-queue tr[data-row]").count() == 3
    assert page.evaluate(CUT) == []
    assert set(page.evaluate(GAPS)) == {1}
    header = page.locator(".is-queue thead th").all()
    assert all(head.is_visible() for head in header)


def _sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
