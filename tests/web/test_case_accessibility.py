"""axe finds nothing on the screens of cases, and none of them asks another host."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from casework.models import Case
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import accepted, register
from tests.web.test_frame_accessibility import WAYS, violations
from tests.web.visits import Visits

SCREENS: dict[str, str] = {
    "queue": "/queue/?scope=unit",
    "queue of a light": "/queue/?light=red",
    "case": "/cases/{case}/",
    "clocks": "/cases/{case}/?tab=clocks",
    "proof": "/cases/{case}/?tab=proof",
    "panels": "/cases/{case}/?tab=panels",
    "papers": "/cases/{case}/?tab=papers",
    "paper": "/cases/{case}/print/",
    "letter": "/cases/{case}/papers/letter/",
    "roll": "/rolls/inquiry/waiting/",
    "roll on paper": "/rolls/inquiry/waiting/print/",
    "roll decided": "/rolls/inquiry/waiting/step/?case={case}:4",
    "step": "/cases/{case}/steps/answer/",
    "release": "/cases/{case}/hands/release/",
    "what may be corrected": "/cases/{still}/mending/correct/",
    "correction": "/cases/{still}/mending/correct/opened_at/",
    "taking back": "/cases/{still}/mending/take_back/",
    "kinds": "/cases/new/",
    "registration": "/cases/new/inquiry/",
    "deadline": "/cases/{case}/clocks/handling/?suppose=extend&amount=3",
    "deadline that stands still": "/cases/{still}/clocks/acceptance/",
}


@pytest.mark.parametrize(("theme", "language", "screen"), WAYS)
def test_axe_finds_nothing_on_the_screens_of_cases(
    visits: Visits, cast: Cast, theme: str, language: str, screen: ViewportSize
) -> None:
    case, still = _cases(cast)
    page = visits.begin(cast.amin, theme=theme, language=language, screen=screen)
    found: dict[str, list[str]] = {}

    for name, address in SCREENS.items():
        _open(page, address.format(case=case.pk, still=still.pk))
        found[name] = violations(page)
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(wide), name
    _open(page, f"/cases/{case.pk}/steps/answer/")
    page.click("main .btn-primary")
    page.wait_for_selector("main .cw-errors")
    found["step with a mistake"] = violations(page)

    assert {name: said for name, said in found.items() if said} == {}
    assert visits.complaints == []
    assert visits.asked_elsewhere == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_black_on_white_and_tells_who_printed(
    visits: Visits, cast: Cast, theme: str
) -> None:
    case, _still = _cases(cast)
    page = visits.begin(cast.amin, theme=theme)
    page.goto(f"/cases/{case.pk}/print/")

    page.emulate_media(media="print")

    shown: Callable[[str], bool] = page.is_visible
    assert shown(".cw-print")
    assert not shown(".cw-nav")
    assert not shown("[data-print]")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def _cases(cast: Cast) -> tuple[Case, Case]:
    case = accepted(cast)
    cases.claim(case.pk, by=cast.amin)
    still = register(cast.amin)
    cases.claim(still.pk, by=cast.amin)
    data = {"items": '["身份证"]'}
    cases.act(still.pk, "ask_for_papers", by=cast.amin, version=None, data=data)
    register(cast.amin)
    return case, still


def _open(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
