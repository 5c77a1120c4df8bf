"""What the city knows of a household is told at intake, in general terms, and logged."""

import json

import pytest
from django.utils import translation

from casework.access import Actor
from casework.domain.vocabulary import Channel
from casework.lifecycle import Hint
from casework.models import Event
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.files import ONE, OTHER, FileWay, approved
from workflows.hardship_aid import duplicates

pytestmark = pytest.mark.django_db

LOOKED = "household.found"


def hints(data: dict[str, str], reader: Actor) -> list[Hint]:
    """Return what the reader is told of whom the data name; nothing for nobody."""
    return duplicates.hints(data, reader) or []


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> FileWay:
    """A file of 姑苏, whose application is over."""
    way = FileWay(office, clock)
    type(way.application).objects.filter(pk=way.application.pk).update(state="closed")
    return way


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("active", "已建档。"),
        ("observing", "已建档。"),
        ("moving", "档案正在转移。"),
        ("deregistered", "档案已撤，返困的办“返困恢复”。"),
    ],
)
def test_another_county_reads_unit_number_standing_and_since_when(
    way: FileWay, state: str, said: str
) -> None:
    way.to(state)
    reader = way.office.dinglan if state != "moving" else way.office.heshi

    (hint,) = hints({"id_number": ONE[1]}, reader)

    assert hint.text == (
        "这个家庭里有人已经登记过：姑苏区帮扶中心的姑苏区帮档〔2026〕0001"
        f"（2026年9月24日起），{said}"
    )
    opens = way.case.pk if state == "moving" else None
    assert hint.case_id == opens


def test_a_hint_in_english_says_the_day_in_english(way: FileWay) -> None:
    way.to("active")

    with translation.override("en"):
        (hint,) = hints({"id_number": ONE[1]}, way.office.dinglan)

    assert "(since 24 September 2026)" in hint.text


def test_name_and_phone_find_as_well_as_the_number(way: FileWay) -> None:
    dinglan = way.office.dinglan

    assert hints({"name": "周雅琴", "phone": "１２９ 0000 6204"}, dinglan)
    assert not hints({"name": "周雅", "phone": "129 0000 6204"}, dinglan)
    assert not hints({"name": "周雅琴", "phone": "129 0000 6205"}, dinglan)
    assert not hints({"name": "周雅琴"}, dinglan)
    assert not hints({"id_number": OTHER[0]}, dinglan)
    assert not hints({}, dinglan)


def test_who_may_open_the_file_gets_the_way_to_it(way: FileWay) -> None:
    (hint,) = hints({"id_number": ONE[0]}, way.office.amin)

    assert hint.case_id == way.case.pk


def test_an_application_under_way_is_told_and_one_that_is_over_is_not(
    way: FileWay,
) -> None:
    approved(way.office.dinglan, numbers=OTHER)

    (hint,) = hints({"id_number": OTHER[1]}, way.office.amin)

    assert "昆山市工帮〔2026〕0001（2026年9月24日起），申请正在办理。" in hint.text


def test_what_was_found_is_logged_without_anything_personal(way: FileWay) -> None:
    hints({"id_number": ONE[0]}, way.office.dinglan)

    event = Event.objects.get(verb=LOOKED)
    body = json.loads(bytes(event.body))
    assert (body["cases"], event.chain) == ([way.case.pk], "sys:320583")
    assert body["actor"]["channel"] == str(Channel.WEB)
    assert ONE[0] not in bytes(event.body).decode()
    hints({"id_number": OTHER[0]}, way.office.dinglan)
    assert Event.objects.filter(verb=LOOKED).count() == 1
