"""What an application is about follows what it asks for, wherever it is read."""

import json

import pytest

from casework.models import Case, Event
from casework.services import casefile, mending, verification
from tests.hardship_aid.conftest import Way
from tests.web.pages import browse, read

pytestmark = pytest.mark.django_db

FILE, BOTH = "申请建档", "申请建档和救助"
AID = {"wish": "file_and_aid", "aid_item": "living"}


def _subject(way: Way) -> str:
    return str(Case.objects.get(pk=way.case.pk).subject)


def test_the_subject_is_that_of_the_wish_that_was_stated_last(way: Way) -> None:
    assert _subject(way) == FILE

    way.take("submit", "xiaobo", **AID)
    assert _subject(way) == BOTH

    way.take("amend", "xiaobo")
    assert _subject(way) == FILE


def test_titles_queue_and_papers_say_what_is_asked_for_now(way: Way) -> None:
    way.take("submit", "xiaobo", **AID)
    client = browse(way.office.xiaobo)

    for address in (
        f"/cases/{way.case.pk}/",
        "/queue/",
        f"/cases/{way.case.pk}/papers/receipt/",
    ):
        assert BOTH in read(client, address), address


def test_the_event_says_the_change_and_proves_what_it_proved(way: Way) -> None:
    way.take("submit", "xiaobo", **AID)

    event = Event.objects.get(case=way.case, verb="step.submit")
    told = json.loads(bytes(event.body))["diff"]
    assert told["subject"] == [FILE, BOTH]
    assert "subject" not in casefile.PROVED
    assert told["state"] == ["draft", "submitted"]
    harms: list[verification.Harm] = []
    verification.verify(cases=[way.case.pk], tell=harms.append)
    assert harms == []


def test_what_is_taken_back_takes_its_subject_back(way: Way) -> None:
    way.take("submit", "xiaobo", **AID)

    mending.take_back(way.case.pk, by=way.office.xiaobo, reason="登记错了")

    assert _subject(way) == FILE


def test_the_story_says_what_was_asked_for_first_and_what_became_of_it(
    way: Way,
) -> None:
    way.take("submit", "xiaobo", **AID)

    html = read(browse(way.office.xiaobo), f"/cases/{way.case.pk}/")

    assert f"事项：{FILE}；收件方式" in html


def test_declined_urgent_relief_leaves_an_application_for_a_file(way: Way) -> None:
    way.take("submit", "xiaobo", wish="urgent")
    assert _subject(way) == "申请临时救助"

    way.take("ask_urgent_relief", "xiaobo")
    way.take("decline_urgent_relief", "chendi")

    assert _subject(way) == FILE
