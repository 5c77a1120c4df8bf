"""Photograph the demo city's pages, in both languages, wide and narrow, for `docs/screens`.

Run `python -m tools.screens http://127.0.0.1:8000` beside `make demo`. Each page is the
first of its kind that its reader finds, so the pictures are made anew without choosing.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from casework.demo.staff import PASSWORD

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
LANGUAGES = {"zh": "zh-hans", "en": "en"}

#: Goes from the desk to the page that is photographed.
Way = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """A page worth a picture: who reads it, and how he comes there."""

    name: str
    who: str
    way: Way
    sizes: tuple[ViewportSize, ...] = (DESK, PHONE)


def main() -> None:
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
    page.screenshot(path=target, full_page=size is PHONE)
    print(target.relative_to(FOLDER.parent.parent))
    context.close()


def _speak(page: Page, language: str) -> None:
    if page.get_attribute("html", "lang") == language:
        return
    button = page.locator(f"button[name=language][value={language}]").first
    button.evaluate("button => button.form.requestSubmit(button)")
    page.wait_for_selector(f"html[lang={language}]")


def _at(address: str) -> Way:
    def way(page: Page) -> None:
        page.goto(address)

    return way


def _case_in(state: str, *, tab: str = "", kind: str = "hardship_aid") -> Way:
    def way(page: Page) -> None:
        page.goto(f"/queue/?kind={kind}&state={state}")
        link = page.locator("main a[href^='/cases/']").first
        address = link.get_attribute("href") or ""
        page.goto(address + (f"?tab={tab}" if tab else ""))

    return way


SCREENS = (
    Screen("desk", "amin", _at("/")),
    Screen("queue", "amin", _at("/queue/")),
)


if __name__ == "__main__":
    main()
