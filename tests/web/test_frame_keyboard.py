"""Everything works from the keyboard, and no key acts while somebody is typing."""

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.cast import Cast
from tests.web.visits import DESK, PHONE, Visits

CONTROLS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((control) => control.checkVisibility() && !control.closest('dialog'))
  .map((control) => control.outerHTML)"""
FOCUSED = "() => document.activeElement.outerHTML"


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["/", "/queue/", "/password/"])
def test_tab_reaches_every_control_in_order(
    visits: Visits, cast: Cast, screen: ViewportSize, address: str
) -> None:
    page = visits.begin(cast.amin, screen=screen)
    page.goto(address)
    page.click("details[data-closes] > summary:visible")
    controls = page.evaluate(CONTROLS)

    page.focus(".cw-skip")
    reached = [page.evaluate(FOCUSED)]
    for _ in controls[1:]:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))

    assert reached == controls


def test_the_first_tab_offers_to_skip_the_navigation(
    visits: Visits, cast: Cast
) -> None:
    page = visits.begin(cast.amin)
    page.goto("/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_focus_is_always_drawn(visits: Visits, cast: Cast) -> None:
    page = visits.begin(cast.amin)
    page.goto("/password/")
    drawn = "() => getComputedStyle(document.activeElement).outlineStyle"

    page.focus(".cw-skip")
    for _ in page.evaluate(CONTROLS)[1:]:
        page.keyboard.press("Tab")
        assert page.evaluate(drawn) == "solid", page.evaluate(FOCUSED)


def test_two_keys_lead_to_the_queue_and_home(visits: Visits, cast: Cast) -> None:
    page = visits.begin(cast.amin)
    page.goto("/")

    page.keyboard.type("gi")
    page.wait_for_url("**/queue/")
    page.keyboard.type("gh")
    page.wait_for_url(visits.site + "/")


def test_keys_rest_while_somebody_types(visits: Visits, cast: Cast) -> None:
    page = visits.begin(cast.amin)
    page.goto("/password/")

    page.locator("#id_old_password").press_sequentially("gi?")

    expect(page.locator("#id_old_password")).to_have_value("gi?")
    expect(page.locator("#shortcuts")).not_to_be_visible()


def test_keys_rest_while_an_input_method_composes(visits: Visits, cast: Cast) -> None:
    page = visits.begin(cast.amin)
    page.goto("/")

    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent(
            'keydown', {key: '?', bubbles: true, isComposing: true}))"""
    )

    expect(page.locator("#shortcuts")).not_to_be_visible()


def test_keys_can_be_switched_off_and_on_again(visits: Visits, cast: Cast) -> None:
    page = visits.begin(cast.amin)
    page.goto("/")

    page.keyboard.press("?")
    page.locator("[data-shortcuts-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).not_to_be_visible()

    page.goto("/queue/")
    page.click("details.cw-me > summary")
    page.click("[data-opens=shortcuts]:visible")
    page.locator("[data-shortcuts-switch]").check()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).not_to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_escape_closes_the_menu_and_gives_focus_back(
    visits: Visits, cast: Cast
) -> None:
    page = visits.begin(cast.amin)
    page.goto("/")
    summary = page.locator("details.cw-me > summary")

    summary.click()
    expect(page.locator("details.cw-me .cw-menu")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.locator("details.cw-me .cw-menu")).not_to_be_visible()
    expect(summary).to_be_focused()


def test_a_mistake_takes_the_focus_and_leads_to_its_field(
    visits: Visits, cast: Cast
) -> None:
    page = visits.begin(cast.amin)
    page.goto("/password/")

    page.click("main .btn-primary")
    expect(page.locator(".cw-errors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_old_password")).to_be_focused()


@pytest.mark.parametrize(("who", "has_queue"), [("amin", True), ("fangzheng", False)])
def test_the_sheet_of_shortcuts_names_the_queues_keys(
    visits: Visits, cast: Cast, who: str, has_queue: bool
) -> None:
    page = visits.begin(cast.actors[who])
    page.goto("/")

    page.keyboard.press("?")

    keys = page.locator("#shortcuts dt kbd").all_inner_texts()
    assert ({*"jkoxa"} <= {*keys}) is has_queue
