"""The queue without a mouse: j and k, x, a, o and Enter; the preview comes by itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.web.pages import register
from tests.web.visits import PHONE, Visits


def test_j_and_k_move_from_row_to_row_and_preview_each(
    visits: Visits, cast: Cast
) -> None:
    first, second = register(cast.amin), register(cast.amin)
    page = visits.begin(cast.amin)
    page.goto("/queue/?scope=unit")

    page.keyboard.press("j")
    expect(page.locator("#peek")).to_contain_text(str(first.number))
    page.keyboard.press("j")
    expect(page.locator("#peek")).to_contain_text(str(second.number))
    page.keyboard.press("k")
    expect(page.locator("[data-row].is-open a")).to_have_text(str(first.number))
    expect(page.locator("[data-row].is-open a")).to_be_focused()

    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{first.pk}/")
    assert visits.complaints == []


def test_rows_are_picked_and_taken_on_together(visits: Visits, cast: Cast) -> None:
    register(cast.amin), register(cast.amin), register(cast.amin)
    page = visits.begin(cast.amin)
    page.goto("/queue/?scope=unit")
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_hidden()

    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(bar.locator("[data-picked]")).to_contain_text("2")
    page.keyboard.press("a")

    expect(page.locator(".cw-messages")).to_contain_text("已签收 2 件")
    expect(page.locator('input[name="case"]')).to_have_count(1)


def test_all_of_the_page_are_picked_and_let_go(visits: Visits, cast: Cast) -> None:
    register(cast.amin), register(cast.amin)
    page = visits.begin(cast.amin)
    page.goto("/queue/?scope=unit")

    page.check("[data-picks-all]")
    expect(page.locator('input[name="case"]:checked')).to_have_count(2)
    page.click("[data-unpick]")
    expect(page.locator('input[name="case"]:checked')).to_have_count(0)
    expect(page.locator("[data-bulk]")).to_be_hidden()


def test_a_tab_swaps_the_list_and_keeps_its_address(visits: Visits, cast: Cast) -> None:
    register(cast.amin)
    page = visits.begin(cast.amin)
    page.goto("/queue/")
    page.evaluate("window.stays = true")

    page.click("text=待签收")
    expect(page.locator("[data-row]")).to_have_count(1)

    page.wait_for_url(re.compile("tab=unassigned"))
    assert page.evaluate("window.stays") is True
    page.keyboard.press("j")
    expect(page.locator("[data-row].is-open")).to_have_count(1)
    page.go_back()
    page.wait_for_url("**/queue/")
    expect(page.locator('.cw-tabs [aria-current="page"]')).to_contain_text("待办")
    assert visits.complaints == []


@pytest.mark.parametrize("width", [1280, 1440], ids=["no preview", "preview"])
def test_o_opens_the_case_of_the_row(visits: Visits, cast: Cast, width: int) -> None:
    case = register(cast.amin)
    page = visits.begin(cast.amin, screen={"width": width, "height": 900})
    page.goto("/queue/?scope=unit")

    page.keyboard.press("j")
    page.keyboard.press("o")

    page.wait_for_url(f"**/cases/{case.pk}/")


def test_a_phone_loads_no_preview(visits: Visits, cast: Cast) -> None:
    case = register(cast.amin)
    page = visits.begin(cast.amin, screen=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/queue/?scope=unit")

    page.locator("[data-row] a").focus()

    expect(page.locator("#peek")).to_be_hidden()
    assert not [url for url in asked if f"/cases/{case.pk}/" in url]
