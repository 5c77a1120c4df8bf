"""Every page of hardship aid in English: no Chinese but what people are called and typed."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import pytest

from casework.access import Actor
from casework.domain import masking
from casework.models import Act, CalendarVersion, Case, Party, Person, Rule, Unit
from casework.services import cases
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import WAYS, Way
from tests.hardship_aid.files import WAYS as FILE_WAYS
from tests.hardship_aid.files import FileWay
from tests.test_messages import CHINESE, Page, without
from tests.web.pages import browse, read
from workflows.hardship_aid.case_type import HARDSHIP_AID

pytestmark = pytest.mark.django_db

SHARED = (
    *("/", "/queue/?scope=unit", "/queue/?scope=below", "/search/?text=周雅琴"),
    *("/cases/new/hardship_aid/", "/cases/new/hardship_file/"),
    *("/rolls/hardship_aid/publicity/", "/rolls/hardship_aid/meeting/"),
)
TABS = ("", "?tab=panels", "?tab=papers", "?tab=materials", "?tab=clocks", "?tab=proof")
#: What is Chinese in an English page and rightly so, beside what is somebody's own.
KEPT = ("苏州市", "简体中文", "姑苏", "纪要.png")


def pages(case: Case) -> Iterator[str]:
    """Yield the addresses of a case's pages: its tabs, its paper, its clocks."""
    here = f"/cases/{case.pk}/"
    yield from (f"{here}{tab}" for tab in (*TABS, "peek/", "print/"))
    for target in case.clocks.values_list("target", flat=True).distinct():
        yield f"{here}clocks/{target}/"


def steps(case: Case, who: Actor) -> Iterator[str]:
    """Yield the addresses of the forms that somebody may fill in."""
    for choice in cases.choices(case.pk, by=who):
        if choice.is_allowed:
            yield f"/cases/{case.pk}/steps/{choice.step.name}/"


def typed() -> set[str]:
    """Return what people are called, and what they typed."""
    names = set(KEPT)
    for row in chain(Unit.objects.all(), Person.objects.all()):
        names |= {str(row), getattr(row, "short_name", str(row))}
    names |= {str(each) for each in Case.objects.all()}
    for party in Party.objects.all():
        names |= {
            party.name,
            masking.name(party.name),
            masking.surname_only(party.name),
        }
        names |= {party.address, masking.address(party.address)}
    names |= {version.source for version in CalendarVersion.objects.all()}
    for rule in Rule.objects.all():
        names.add(rule.code)
    for act in Act.objects.all():
        for field in act.data:
            # The story ends a text without its full stop.
            said = set(_texts(act.value(field)))
            names |= said | {text.rstrip("。") for text in said}
    return {name for name in names if CHINESE.search(name)}


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)


def chinese(who: Actor, addresses: Iterable[str]) -> dict[str, list[str]]:
    """Return what pages say in Chinese, by address."""
    client, names = browse(who, language="en"), typed()
    found: dict[str, list[str]] = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        said = map(_whole, Page(response.content.decode()).said)
        left = [text for text in said if CHINESE.search(without(names, text))]
        if left:
            found[address] = left
    return found


def _whole(text: str) -> str:
    """Return the text without what the story broke off, which somebody typed."""
    return text.rpartition(": ")[0] if text.endswith("…") else text


@pytest.mark.parametrize("state", WAYS)
def test_the_pages_of_an_application_are_english(way: Way, state: str) -> None:
    way.to(state)

    assert chinese(way.office.amin, pages(way.case)) == {}
    for who in (way.office.amin, way.office.chendi, way.office.xiaobo):
        assert chinese(who, steps(way.case, who)) == {}


def test_the_lists_and_the_registration_are_english(way: Way) -> None:
    way.to("publicity")

    assert chinese(way.office.amin, SHARED) == {}


@pytest.mark.parametrize("state", FILE_WAYS)
def test_the_pages_of_a_file_are_english(
    office: Cast, clock: DatabaseClock, state: str
) -> None:
    way = FileWay(office, clock)
    way.to(state)

    assert chinese(office.amin, pages(way.case)) == {}
    for who in (office.amin, office.chendi):
        assert chinese(who, steps(way.case, who)) == {}


def test_a_subject_of_words_is_told_in_the_readers_language(way: Way) -> None:
    address = f"/cases/{way.case.pk}/"

    assert "申请建档" in read(browse(way.office.xiaobo), address)
    assert "A hardship file" in read(browse(way.office.xiaobo, language="en"), address)


def test_a_subject_that_was_typed_stays_as_typed(way: Way) -> None:
    way.case.subject = "周雅琴家的事"

    assert HARDSHIP_AID.told(way.case.subject) == "周雅琴家的事"
