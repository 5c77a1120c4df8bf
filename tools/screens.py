"""Photograph the demo city's pages, in both languages, wide and narrow, for `docs/screens`.

Run `python -m tools.screens http://127.0.0.1:8000` beside `make demo`, in the same folder.
Of the cases that somebody with an account handles, each page shows the newest in its
state, so the pictures are made anew without choosing.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
AID = "hardship_aid"
DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
LANGUAGES = {"zh": "zh-hans", "en": "en"}

#: Goes from the desk to the page that is photographed.
Way = Callable[[Page], object]


@dataclass(frozen=True)
class Screen:
    """A page worth a picture: who reads it, and how he comes there."""

    name: str
    who: str
    way: Way
    sizes: tuple[ViewportSize, ...] = (DESK, PHONE)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.conf.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver has a loop
    django.setup()
    site = sys.argv[1].rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as drivers:
        browser = drivers.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"],
        )
        for screen in SCREENS:
            for short, language in LANGUAGES.items():
                for size in screen.sizes:
                    _shoot(browser, site, screen, short, language, size)
        browser.close()


def _shoot(
    browser: Browser,
    site: str,
    screen: Screen,
    short: str,
    language: str,
    size: ViewportSize,
) -> None:
    from casework.demo.staff import PASSWORD

    context = browser.new_context(viewport=size, base_url=site)
    page = context.new_page()
    page.goto("/log-in/")
    page.fill("input[name=username]", screen.who)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/(?!log-in)"))
    _speak(page, language)
    screen.way(page)
    page.wait_for_load_state("networkidle")
    target = FOLDER / f"{screen.name}-{short}-{size['width']}.png"
    shot = Image.open(BytesIO(page.screenshot(full_page=size is PHONE)))
    shot.convert("RGB").quantize(256).save(target, optimize=True)
    print(target.relative_to(FOLDER.parent.parent))
    context.close()


def _speak(page: Page, language: str) -> None:
    if page.get_attribute("html", "lang") == language:
        return
    button = page.locator(f"button[name=language][value={language}]").first
    button.evaluate("button => button.form.requestSubmit(button)")
    page.wait_for_selector(f"html[lang={language}]")


def _at(address: str) -> Way:
    return lambda page: page.goto(address)


def _of_case(state: str, then: str = "", *, who: str = "", kind: str = AID) -> Way:
    def way(page: Page) -> None:
        page.goto(f"/cases/{_newest(kind, state, who)}/{then}")

    return way


def _newest(kind: str, state: str, who: str) -> int:
    """Return the newest case in the state: this person's, or one of the shown street."""
    from casework.demo.staff import PINGJIANG
    from casework.models import Case

    found = Case.objects.filter(kind=kind, state=state).order_by("-pk")
    if who:
        found = found.filter(assignee__accounts__username=who)
    else:
        found = found.filter(station__code=PINGJIANG)
    return found.values_list("pk", flat=True)[0]


def _search(typed: str) -> Way:
    def way(page: Page) -> None:
        page.goto("/search/")
        box = page.locator("main input[name=text]")
        box.fill(typed)
        box.press("Enter")
        page.wait_for_selector("main table")

    return way


WIDE = (DESK,)
SCREENS = (
    Screen("desk", "amin", _at("/")),
    Screen("queue", "amin", _at("/queue/?scope=unit")),
    Screen("receipt", "xiaobo", _at("/cases/new/hardship_aid/")),
    Screen("case", "amin", _of_case("publicity", who="amin")),
    Screen(
        "household", "amin", _of_case("publicity", "?tab=panels#record", who="amin")
    ),
    Screen("proof", "fangzheng", _of_case("approved", "?tab=proof#record")),
    Screen("visit", "xiaobo", _of_case("home_visit", "steps/record_visit/")),
    Screen("approve", "chendi", _of_case("approval", "steps/approve/")),
    Screen("publicity", "amin", _at("/rolls/hardship_aid/publicity/"), WIDE),
    Screen("meeting", "chendi", _at("/rolls/hardship_aid/meeting/"), WIDE),
    Screen("file", "amin", _of_case("active", kind="hardship_file")),
    Screen("deadline", "xiaobo", _of_case("home_visit", "clocks/visit/"), WIDE),
    Screen("paper", "amin", _of_case("approved", "papers/approval_notice/"), WIDE),
    Screen("search", "amin", _search("2026"), WIDE),
)


if __name__ == "__main__":
    main()
