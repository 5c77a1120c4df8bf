"""axe finds nothing on any page: both themes, both languages, desk and phone."""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.cast import Cast
from tests.web.visits import DESK, PHONE, Visits

WAYS = [
    pytest.param(theme, language, screen, id=f"{theme}-{language}-{screen['width']}")
    for theme, language, screen in product(
        ("light", "dark"), ("zh-hans", "en"), (DESK, PHONE)
    )
]
STAFF_PAGES = (
    "/",
    "/queue/",
    "/search/",
    "/queue/?tab=copied",
    "/network/",
    "/password/",
    "/no/",
)
MENU = "details[data-closes] > summary:visible"


@pytest.mark.parametrize(("theme", "language", "screen"), WAYS)
def test_axe_finds_nothing(
    visits: Visits, cast: Cast, theme: str, language: str, screen: ViewportSize
) -> None:
    found: dict[str, list[str]] = {}

    nobody = visits.begin(theme=theme, language=language, screen=screen)
    nobody.goto("/log-in/")
    found["log-in"] = violations(nobody)
    _send_with_mistakes(nobody, "main button")
    found["log-in with mistakes"] = violations(nobody)

    amin = visits.begin(cast.amin, theme=theme, language=language, screen=screen)
    for address in STAFF_PAGES:
        _open(amin, address)
        found[address] = violations(amin)
    amin.goto("/password/")
    _send_with_mistakes(amin, "main .btn-primary")
    found["password with mistakes"] = violations(amin)
    amin.click(MENU)
    found["menu"] = violations(amin)
    amin.goto("/")
    amin.keyboard.press("?")
    found["shortcuts"] = violations(amin)

    assert {page: problems for page, problems in found.items() if problems} == {}


@pytest.mark.parametrize(("theme", "language", "screen"), WAYS)
def test_axe_finds_nothing_in_the_administration(
    visits: Visits, cast: Cast, theme: str, language: str, screen: ViewportSize
) -> None:
    found: dict[str, list[str]] = {}
    assert cast.amin.person is not None
    amin = f"/people/{cast.amin.person.pk}/"

    anquan = visits.begin(cast.anquan, theme=theme, language=language, screen=screen)
    for address in (
        "/network/320508/",
        "/people/",
        "/people/new/",
        amin,
        f"{amin}appoint/",
        "/queue/",
    ):
        _open(anquan, address)
        found[address] = violations(anquan)
    xitong = visits.begin(cast.xitong, theme=theme, language=language, screen=screen)
    _open(xitong, "/system/")
    found["/system/"] = violations(xitong)

    assert {page: problems for page, problems in found.items() if problems} == {}


def _open(page: Page, address: str) -> None:
    answer = page.goto(address)
    # A page that broke would have few mistakes to find.
    assert answer is not None
    assert answer.status in (200, 403, 404), address


def _send_with_mistakes(page: Page, button: str) -> None:
    """Press it and wait for the answer: a click returns before the next page stands."""
    page.click(button)
    page.wait_for_selector("main .cw-errors")


def violations(page: Page) -> list[str]:
    page.wait_for_load_state()
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
