"""A whole application in the browser: people log in, fill in what is asked, send it.

Nothing here calls a service for what a person does; the test only moves the database's
clock, and lets the system do what fell due.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, ViewportSize, expect
from time_machine import TimeMachineFixture

from casework.access import Actor
from casework.domain.vocabulary import Role
from casework.models import Act, Case, Unit
from casework.services import sweep
from tests.cast import Cast, MembershipFactory, UserFactory
from tests.domain.test_materials import located
from tests.engine.conftest import DatabaseClock, on
from tests.engine.threads import set_time_of_all
from tests.hardship_aid.conftest import STANDARD, publish_standard
from tests.web.visits import DESK, PHONE, Visits

#: Where the screenshots go; none are made without it.
SHOTS = os.environ.get("CASEWORK_SCREENSHOTS", "")
FORM = "main form[method=post]"
SCAN = FilePayload(name="扫描件.jpg", mimeType="image/jpeg", buffer=located())


@dataclass
class Network:
    """The cast, the colleagues that a whole application needs, and the time."""

    cast: Cast
    visits: Visits
    database: str
    traveller: TimeMachineFixture
    #: Who logged in to do something.
    came: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for key, name, role, unit in (
            ("miaoqing", "苗青", Role.CASEWORKER, self.cast.pingjiang),
            ("suzhan", "苏站长", Role.SUPERVISOR, self.cast.pingjiang),
            ("lanyun", "蓝云", Role.CASEWORKER, self.cast.gusu),
            ("guoping", "郭平", Role.SUPERVISOR, self.cast.gusu),
        ):
            user = UserFactory(username=key, person__name=name)
            self.cast.actors[key] = self.enter(user, role, unit)
        for county in (self.cast.gusu, self.cast.kunshan):
            publish_standard(county, STANDARD)

    def enter(self, user: Any, role: Role, unit: Unit) -> Actor:
        """Give somebody a hat."""
        hat = MembershipFactory(person=user.person, unit=unit, role=role)
        return Actor(user=user, person=user.person, membership=hat)

    def at(self, moment: str) -> None:
        """Let it be this time in Shanghai, for every log-in that follows."""
        self.visits.end()
        set_time_of_all(self.database, moment)
        DatabaseClock().set(moment)
        self.traveller.move_to(on(moment), tick=False)

    def pass_until(self, moment: str) -> None:
        """Let time pass and the system do what falls due."""
        self.at(moment)
        sweep.sweep()

    def desk(
        self, who: str, *, screen: ViewportSize = DESK, language: str = "zh-hans"
    ) -> "Desk":
        """Let somebody log in."""
        self.came.add(who)
        page = self.visits.begin(
            self.cast.actors[who], screen=screen, language=language
        )
        return Desk(self, who, page)


@dataclass
class Desk:
    """Somebody at his screen."""

    network: Network
    who: str
    page: Page

    def receive(self, kind: str, **said: Any) -> Case:
        """Register a new case."""
        self.page.goto("/")
        self.page.click(".btn-primary >> visible=true")
        self.page.wait_for_url("**/cases/new/**")
        if self.page.url.endswith("/cases/new/"):
            self.page.click(f"main a[href='/cases/new/{kind}/']")
        self.shoot(f"{kind}-new")
        fill(self.page, said)
        self.send()
        self.page.wait_for_url(lambda url: "/new/" not in url)
        return Case.objects.latest("id")

    def open(self, case: Case, tab: str = "") -> None:
        """Open the page of a case."""
        self.page.goto(f"/cases/{case.pk}/{tab and f'?tab={tab}'}")

    def begin(self, case: Case, step: str) -> None:
        """Take the case on if nobody has, and open the form of a step by its button."""
        self.open(case)
        button = self.page.locator(f"#acts a[href$='/steps/{step}/']").first
        claim = self.page.locator("#acts form[action$='/hands/claim/'] button")
        if not button.is_visible() and claim.is_visible():
            claim.click()
        button.click()
        self.page.wait_for_url(f"**/steps/{step}/")

    def take(self, case: Case, step: str, *, shot: str = "", **said: Any) -> None:
        """Take a step: fill in what the form asks, send it, and read that it is done."""
        self.begin(case, step)
        self.shoot(shot or step)
        fill(self.page, said)
        self.send()
        self.expect_done(step)

    def refused(self, case: Case, step: str, **said: Any) -> Locator:
        """Fill in a form with a mistake; return what the page says against it."""
        self.begin(case, step)
        fill(self.page, said)
        self.send()
        mistakes = self.page.locator("main .cw-errors")
        expect(mistakes).to_be_visible()
        self.shoot(f"{step}-refused", ways=1)
        return mistakes

    def send(self) -> None:
        """Press the one button that stands out."""
        self.page.click(".cw-actions .btn-primary")

    def expect_done(self, step: str) -> None:
        """Wait until the step is taken: the case's page says so."""
        expect(self.page.locator(".cw-errors")).to_have_count(0)
        self.page.wait_for_url(lambda url: "/steps/" not in url)
        assert Act.objects.latest("id").step == f"step.{step}"

    def shoot(self, name: str, *, ways: int = 3) -> None:
        """Save the screen; the ways: as it is, then also in English, then on a phone."""
        if not SHOTS or name == "-":
            return
        place = Path(SHOTS) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        self.page.screenshot(path=f"{place}-zh-{width}.png", full_page=True)
        if ways < 3:
            return
        for language, screen in (("en", DESK), ("zh-hans", PHONE), ("en", PHONE)):
            other = self.network.desk(self.who, screen=screen, language=language)
            other.page.goto(self.page.url)
            other.page.screenshot(
                path=f"{place}-{language[:2]}-{screen['width']}.png", full_page=True
            )
            other.page.context.close()
        user = self.network.cast.actors[self.who].user
        assert user is not None
        user.language = "zh-hans"
        user.save(update_fields=["language"])


def fill(page: Page, said: dict[str, Any]) -> None:
    """Fill in controls by their names: texts, choices, ticks, files, rows."""
    for name, value in said.items():
        if isinstance(value, dict):
            page.set_input_files(f"{FORM} [name='{name}']", value)  # type: ignore[arg-type]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            _fill_rows(page, name, value)
        elif isinstance(value, list):
            for each in value:
                page.check(f"{FORM} [name='{name}'][value='{each}']")
        else:
            _fill_one(page, name, value)


def _fill_rows(page: Page, name: str, rows: list[dict[str, Any]]) -> None:
    for number, row in enumerate(rows):
        first = next(iter(row))
        control = page.locator(f"{FORM} [name='{name}-{number}-{first}']")
        if not control.count():
            page.click(f"button[name='{name}-add']")
            control.wait_for()
        fill(page, {f"{name}-{number}-{key}": said for key, said in row.items()})


def _fill_one(page: Page, name: str, value: Any) -> None:
    control = page.locator(f"{FORM} [name='{name}']")
    kind = control.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind == "select":
        control.select_option(str(value))
    elif kind == "radio":
        page.check(f"{FORM} [name='{name}'][value='{value}']", force=True)
    elif kind == "checkbox":
        control.set_checked(bool(value))
    else:
        control.fill(str(value))


def sign(page: Page, name: str) -> None:
    """Draw a signature with the finger."""
    pen = page.locator(f".cw-sign:has([name={name}]) canvas")
    pen.scroll_into_view_if_needed()
    box = pen.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    for step in range(14):
        page.mouse.move(box["x"] + 40 + step * 12, box["y"] + 30 + (step % 4) * 14)
    page.mouse.up()
