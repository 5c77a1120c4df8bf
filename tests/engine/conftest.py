"""A case of the tests' own procedure, somebody to work on it, and a clock to set."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from casework.domain import chain
from casework.domain.vocabulary import Role
from casework.models import Case, Clock, Event, Outbox
from casework.services import cases
from casework.services.audit import chain_of
from tests.cast import Cast, MembershipFactory, UserFactory
from tests.inquiry.forms import InquiryForm

SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(text: str) -> datetime:
    """Return the moment in Shanghai: `on("2026-09-24 10:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class DatabaseClock:
    """The database's time, which only a demo's log lets a test set."""

    def set(self, text: str) -> datetime:
        """Let it be this time in Shanghai from now on."""
        moment = on(text)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('casework.recorded_at', %s, false)",
                [moment.isoformat()],
            )
        return moment


@pytest.fixture
def clock(cast: Cast) -> Iterator[DatabaseClock]:
    """The database's clock, set to Thursday 2026-09-24 10:00."""
    database = DatabaseClock()
    database.set("2026-09-24 10:00")
    yield database
    with connection.cursor() as cursor:
        cursor.execute("RESET casework.recorded_at")


@pytest.fixture
def inquiry(cast: Cast, clock: DatabaseClock) -> Case:
    """An inquiry just registered at 平江街道 by 小博, whose case it is."""
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    return cases.claim(case.pk, by=cast.xiaobo)


@pytest.fixture
def head(cast: Cast) -> Cast:
    """The cast with `station_head`, who heads 平江街道帮扶站."""
    user = UserFactory(username="zhanzhang", person__name="苏站长")
    hat = MembershipFactory(
        person=user.person, unit=cast.pingjiang, role=Role.SUPERVISOR
    )
    cast.actors["station_head"] = type(cast.amin)(user, user.person, hat)
    return cast


@pytest.fixture
def in_state(cast: Cast, clock: DatabaseClock) -> Callable[[str], Case]:
    """Take a new inquiry to a state by its own steps."""

    def take(state: str) -> Case:
        case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
        case = cases.claim(case.pk, by=cast.xiaobo)
        for step, actor, data in PATHS[state]:
            if actor == "amin" and case.assignee_id is None:
                cases.claim(case.pk, by=cast.amin)
            case = cases.act(
                case.pk, step, by=getattr(cast, actor), version=None, data=data
            )
        return case

    return take


PATHS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "registered": [],
    "correcting": [("ask_for_papers", "xiaobo", {"items": '["身份证"]'})],
    "accepted": [("accept", "xiaobo", {})],
    "answered": [
        ("accept", "xiaobo", {}),
        ("answer", "amin", {"answer": "应当补发。"}),
    ],
}


def clock_of(case: Case, target: str) -> Clock:
    """Return the newest clock of the target."""
    return Clock.objects.filter(case=case, target=target).latest("cycle")


def verbs_of(case: Case) -> list[str]:
    """Return what the chain of the case tells, in order."""
    return [event.verb for event in _events(case)]


def verify_whole(case: Case) -> None:
    """Fail unless the chain is whole and every event waits in the outbox."""
    row = Case.objects.get(pk=case.pk)
    links = [
        chain.Link(event.sequence, bytes(event.body), bytes(event.hash))
        for event in _events(case)
    ]
    findings = chain.verify(
        chain_of(case.pk), links, head=bytes(row.head), count=row.event_count
    )
    assert list(findings) == []
    assert Outbox.objects.filter(event__case=case).count() == len(links)


def _events(case: Case) -> list[Event]:
    return list(Event.objects.filter(case=case).order_by("sequence"))
