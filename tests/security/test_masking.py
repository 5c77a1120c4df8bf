"""More than 500 planted numbers, and every place where one could come out (S6)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from casework import access
from casework.access import Actor
from casework.demo.fiction import Fiction
from casework.lifecycle import Registry
from casework.models import Case, Person
from casework.services import casefile, cases
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import WAYS, Way
from tests.hardship_aid.files import FILE_KIND, opened
from tests.security.planted import MOST, Planted, household
from tests.web.pages import browse

pytestmark = pytest.mark.django_db

#: Where the planted applications stand; each state has pages of its own.
STATES = (
    *("submitted", "correcting", "station_review", "home_visit", "county_review"),
    *("info_check", "publicity", "objection", "city_review", "approved", "rejected"),
    *("terminated", "archived"),
)
TABS = ("story", "panels", "papers", "materials", "clocks", "proof")
#: Who looks at every case: its team, its neighbours, those above and those beside.
READERS = (
    *("xiaobo", "station_head", "amin", "chendi", "lanyun", "heshi", "fangzheng"),
    *("mediator", "helper", "dinglan", "gaojing", "xitong", "anquan"),
)


@dataclass
class Watch:
    """Reads pages as people do, and notes which of them give a number away."""

    office: Cast
    planted: Planted
    leaks: list[str] = field(default_factory=list)
    pages: int = 0
    opened: int = 0

    def read(
        self, client: Client, actor: Actor, address: str, case: Case | None
    ) -> Any:
        """Ask for a page; telephones are for the team of the open case only."""
        answer = client.get(address)
        self.pages += 1
        self.opened += answer.status_code == 200
        where = f"{address} ({actor.person}, {answer.status_code})"
        assert answer.status_code < 500, where
        for part in self.parts(answer):
            self.look(part, where)
            if case is None or not access.is_of_the_team(actor, case):
                self.look_for_phones(part, where)
        return answer

    def parts(self, answer: Any) -> Iterator[str | bytes]:
        """Yield what the answer consists of: its head, its text, a workbook's parts."""
        yield str(answer.headers)
        if answer.content[:2] != b"PK":
            yield answer.content.decode()
            return
        with ZipFile(BytesIO(answer.content)) as book:
            for name in book.namelist():
                yield book.read(name).decode()

    def look(self, content: str | bytes, where: str) -> None:
        found = self.planted.found_in(content)
        if found:
            self.leaks.append(f"{where}: {len(found)} numbers")

    def look_for_phones(self, content: str | bytes, where: str) -> None:
        found = self.planted.phones_in(content)
        if found:
            self.leaks.append(f"{where}: {len(found)} telephones")


@pytest.fixture
def watch(office: Cast) -> Watch:
    """Somebody who knows what was planted."""
    return Watch(office, Planted())


def plant(watch: Watch, clock: DatabaseClock, *, members: int = MOST) -> list[Case]:
    """Register a household in every state, and open the file of the approved one."""
    fiction, found = Fiction(5), []
    for state in STATES:
        clock.set("2026-09-24 10:00")
        way = Way(watch.office, clock)
        said = household(fiction, watch.planted, members=members)
        said["works_since"] = "2026-01-05"  # whoever it is, of age by then
        way.to(state, submit=said)
        found.append(Case.objects.get(pk=way.case.pk))
        if state == "approved":
            file = opened(watch.office.amin, way.case)
            found.append(cases.claim(file.pk, by=watch.office.amin))
    return found


def test_none_of_500_numbers_comes_out_of_a_page(
    watch: Watch, clock: DatabaseClock
) -> None:
    planted = plant(watch, clock)
    assert len(watch.planted.numbers) > 500
    assert len(watch.planted.phones) > 500
    assert len(STATES) == len(set(STATES) & set(WAYS))

    for who in READERS:
        actor = getattr(watch.office, who)
        client = browse(actor)
        for address in everybodys_pages():
            watch.read(client, actor, address, None)
        for text in ("320599", "工帮"):
            asked = client.post("/search/", {"text": text})
            if asked.status_code == 302:
                watch.read(client, actor, asked["Location"], None)
        for number, case in enumerate(planted):
            audits = who == "fangzheng" and number % 2 == 0
            if audits or is_first_of_the_team(case, who, watch.office):
                addresses = pages_of(case, actor)
            else:
                addresses = a_glance_at(case) if number % 5 == 0 else iter(())
            for address in addresses:
                watch.read(client, actor, address, case)
    for where, kept in everything_kept().items():
        watch.look(kept, where)
        watch.look_for_phones(kept, where)

    assert watch.leaks == []
    assert watch.opened > 400


def is_first_of_the_team(case: Case, who: str, office: Cast) -> bool:
    """Whether this reader looks at every page of the case for its team."""
    team = (one for one in READERS if access.is_of_the_team(getattr(office, one), case))
    return who == next(team, None)


def everybodys_pages() -> Iterator[str]:
    """Yield the addresses that belong to no case."""
    yield from ("/", "/people/", "/network/", "/system/", "/cases/new/hardship_aid/")
    for tab in ("todo", "unassigned", "upcoming", "done", "started"):
        yield f"/queue/?scope=unit&tab={tab}"
    for roll in ("publicity", "meeting"):
        yield f"/rolls/hardship_aid/{roll}/"
        yield f"/rolls/hardship_aid/{roll}/print/"
    for person in Person.objects.all()[:2]:
        yield f"/people/{person.pk}/"


def a_glance_at(case: Case) -> Iterator[str]:
    """Yield the addresses of a case that say most of its people."""
    here = f"/cases/{case.pk}/"
    yield from (f"{here}?tab=panels", f"{here}peek/", f"{here}steps/amend/")


def pages_of(case: Case, actor: Actor) -> Iterator[str]:
    """Yield every address of a case, and one of each sort that is refused."""
    here, kind = f"/cases/{case.pk}/", Registry.get(case.kind)
    yield from (f"{here}?tab={tab}" for tab in TABS)
    for part in ("peek/", "print/", "reveal/", "mending/correct/", "hands/assign/"):
        yield f"{here}{part}"
    file = casefile.look(case.pk, by=actor)
    ready = [each for each in kind.papers if each.is_ready(file.case)]
    yield from (f"{here}papers/{each.code}/" for each in ready)
    yield f"{here}papers/{_sheet(case)}.xlsx"
    for step in kind.steps.values():
        if case.state in step.sources and step.form.base_fields:
            yield f"{here}steps/{step.name}/"
    for target in case.clocks.values_list("target", flat=True)[:1]:
        yield f"{here}clocks/{target}/"
    yield f"{here}?tab=proof&event=2"


def _sheet(case: Case) -> str:
    return "file_record" if case.kind == FILE_KIND else "file_sheet"


def everything_kept() -> dict[str, str]:
    """Return all rows of every table as text, bytes as they are; sessions opened."""
    kept = {"sessions": str([row.get_decoded() for row in Session.objects.all()])}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            kept[table] = "\n".join(
                bytes(value).decode("latin-1")
                if isinstance(value, bytes | memoryview)
                else str(value)
                for row in cursor.fetchall()
                for value in row
            )
    return kept
