"""A browser for the tests that look at pages as people do."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.cast import Cast
from tests.engine.conftest import clock, head, in_state, inquiry  # noqa: F401
from tests.web.visits import FLAGS, Visits, find_chromium

#: What a page is expected to show, it may show late: a machine may be busy.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, started once; it may ask no host but ours."""
    # Playwright keeps a loop running in this thread, which Django takes for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium: Browser, live_site: str, cast: Cast) -> Iterator[Visits]:
    """Opens pages of the live site, as nobody or as one of the cast."""
    visits = Visits(chromium, live_site)
    yield visits
    visits.end()
