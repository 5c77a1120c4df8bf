"""Visits to the live site: who comes, in which theme and language, on which screen."""

import shutil
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from casework.access import Actor

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK: ViewportSize = {"width": 1440, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
BACKEND = "django.contrib.auth.backends.ModelBackend"


def find_chromium() -> str:
    """Return where Debian's chromium is; `make test` installs it when it may."""
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("chromium is missing: apt-get install chromium")
    return found


@dataclass
class Visits:
    """Opens browser windows and keeps what went wrong in any of them."""

    browser: Browser
    site: str
    asked_elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _open: list[BrowserContext] = field(default_factory=list)

    def begin(
        self,
        actor: Actor | None = None,
        *,
        theme: str = "light",
        language: str = "zh-hans",
        screen: ViewportSize = DESK,
    ) -> Page:
        """Open a window; with an actor it is already logged in."""
        window = self.browser.new_context(
            base_url=self.site, viewport=screen, reduced_motion="reduce"
        )
        self._open.append(window)
        self._give(window, "theme", theme)
        self._give(window, settings.LANGUAGE_COOKIE_NAME, language)
        if actor is not None:
            assert actor.user is not None
            actor.user.language = language
            actor.user.save(update_fields=["language"])
            self._give(window, settings.SESSION_COOKIE_NAME, _log_in(actor))
        page = window.new_page()
        page.on("request", lambda request: self._watch(request.url))
        page.on("console", lambda line: self._note(line.type, line.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def end(self) -> None:
        for window in self._open:
            window.close()

    def _give(self, window: BrowserContext, name: str, value: str) -> None:
        window.add_cookies([{"name": name, "value": value, "url": self.site}])

    def _watch(self, url: str) -> None:
        if not url.startswith((self.site, "data:", "about:")):
            self.asked_elsewhere.append(url)

    def _note(self, kind: str, text: str) -> None:
        # A page that says 403 or 404 is asked for on purpose.
        if kind == "error" and "server responded with a status" not in text:
            self.complaints.append(text)


def _log_in(actor: Actor) -> str:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
