"""Half an hour of silence ends a session; the page warns before and loses nothing."""

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.web.visits import Visits

MINUTE = 60_000


def test_it_asks_two_minutes_before_the_end(visits: Visits, cast: Cast) -> None:
    page = _typing(visits, cast)

    page.clock.run_for(27 * MINUTE)
    expect(page.locator("#session-warning")).not_to_be_visible()
    page.clock.run_for(2 * MINUTE)

    expect(page.locator("#session-warning")).to_be_visible()
    expect(page.locator("[data-left]")).to_have_text("01:00")


def test_whoever_stays_keeps_the_session_and_what_was_typed(
    visits: Visits, cast: Cast
) -> None:
    page = _typing(visits, cast)
    page.clock.run_for(29 * MINUTE)

    with page.expect_response("**/session/") as answer:
        page.locator("[data-state=ending] [data-stay]").click()

    assert answer.value.status == 204
    expect(page.locator("#session-warning")).not_to_be_visible()
    expect(page.locator("#id_old_password")).to_have_value("half a sentence")
    page.clock.run_for(20 * MINUTE)
    expect(page.locator("#session-warning")).not_to_be_visible()


def test_after_the_end_it_says_so_and_keeps_what_was_typed(
    visits: Visits, cast: Cast
) -> None:
    page = _typing(visits, cast)

    page.clock.run_for(31 * MINUTE)
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-state=ended] [data-stay]").click()

    expect(page.locator("[data-state=ended]")).to_be_visible()
    expect(page.locator("#id_old_password")).to_have_value("half a sentence")


def test_another_window_that_works_keeps_this_one_quiet(
    visits: Visits, cast: Cast
) -> None:
    page = _typing(visits, cast)
    page.clock.run_for(20 * MINUTE)

    page.evaluate("() => localStorage.setItem('casework.seen', Date.now() / 1000)")
    page.clock.run_for(9 * MINUTE)

    expect(page.locator("#session-warning")).not_to_be_visible()


def test_without_a_network_it_says_that_it_could_not_stay(
    visits: Visits, cast: Cast
) -> None:
    page = _typing(visits, cast)
    page.clock.run_for(29 * MINUTE)

    page.context.set_offline(True)
    page.locator("[data-state=ending] [data-stay]").click()

    expect(page.locator("[data-state=unreachable]")).to_be_visible()


def _typing(visits: Visits, cast: Cast) -> Page:
    page = visits.begin(cast.amin)
    page.clock.install()
    page.goto("/password/")
    page.fill("#id_old_password", "half a sentence")
    return page
