"""An application for hardship aid, the office that works on it, and its way so far."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from casework.access import Actor
from casework.domain.rules import Threshold, read_threshold
from casework.domain.vocabulary import Role
from casework.models import Case, Unit
from casework.services import cases, rules
from tests.cast import Cast, MembershipFactory, UserFactory
from tests.engine.conftest import DatabaseClock, clock
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.forms.receipt import ReceiptForm
from workflows.hardship_aid.lifecycle import HardshipAid
from workflows.hardship_aid.models import HardshipAidDetails

__all__ = ["clock"]

KIND = HARDSHIP_AID.code
#: Members of a household, as a form sends them; fictional.
CHILD = {
    "name": "周小雨",
    "relation": "child",
    "id_number": "320508201501010033",
    "monthly_income": "0",
    "health": "good",
    "insurance": "resident",
    "status": "preschool",
}
SPOUSE = {
    "name": "陆志远",
    "relation": "spouse",
    "id_number": "32050819830412001X",
    "monthly_income": "0",
    "health": "good",
    "insurance": "resident",
    "status": "unemployed",
}
#: The living standard of the tests, in fen a month.
STANDARD = 100_000


@pytest.fixture
def office(cast: Cast, clock: DatabaseClock) -> Cast:
    """The cast with a head of the station and a second caseworker of the county."""
    _enter(cast, "station_head", "苏站长", Role.SUPERVISOR, cast.pingjiang)
    _enter(cast, "lanyun", "蓝云", Role.CASEWORKER, cast.gusu)
    publish_standard(cast.gusu, STANDARD)
    return cast


def publish_standard(unit: Unit, fen: int, *, since: date = date(2026, 1, 1)) -> None:
    """Publish the living standard of a county."""
    rules.publish(kind=KIND, thresholds=(_standard(fen),), from_day=since, unit=unit)


def _standard(fen: int) -> Threshold:
    row = {
        "id": "H-08",
        "name": "living_standard",
        "zh": "城市低保标准（每月）",
        "en": "Urban living standard (a month)",
        "value": fen,
        "unit": "fen",
        "basis": "测试用",
        "mark": "P",
    }
    return read_threshold(row, file="tests")


def _enter(cast: Cast, key: str, name: str, role: Role, unit: Unit) -> None:
    user = UserFactory(username=key, person__name=name)
    hat = MembershipFactory(person=user.person, unit=unit, role=role)
    cast.actors[key] = Actor(user=user, person=user.person, membership=hat)


class Way:
    """Takes one application along, step by step, each by whose it is."""

    def __init__(self, office: Cast, clock: DatabaseClock) -> None:
        self.office, self.clock = office, clock
        by = office.xiaobo
        case = cases.open(KIND, by=by, data=ReceiptForm.example(Case()))
        cases.claim(case.pk, by=by)
        self.case: Any = self._read(case.pk)

    @classmethod
    def at_moment(cls, office: Cast, clock: DatabaseClock, moment: str) -> "Way":
        """Begin an application at another time."""
        clock.set(moment)
        return cls(office, clock)

    def follow(self, case_id: int) -> None:
        """Go on with another application."""
        self.case = self._read(case_id)

    def take(self, step: str, who: str, **changes: Any) -> Any:
        """Take a step with its form's example, changed in these fields."""
        actor = getattr(self.office, who)
        declared = HARDSHIP_AID.steps[step]
        if declared.relation == "assignee" and not self._is_taken_on():
            cases.claim(self.case.pk, by=actor)
        data = {**declared.form.example(self.case), **changes}
        files = declared.form.example_files(self.case)
        self.case = cases.act(
            self.case.pk, step, by=actor, version=None, data=data, files=files
        )
        return self.case

    def wait(self, until: str) -> Any:
        """Let it be this time, and let the system do what fell due."""
        self.clock.set(until)
        cases.expire(self.case.pk)
        self.case = self._read(self.case.pk)
        return self.case

    def to(self, state: str, **changes: dict[str, Any]) -> Any:
        """Take the application to a state; `changes` to what is filled in, by step."""
        for each in WAYS[state]:
            if each.startswith("@"):
                self.wait(each.removeprefix("@"))
            else:
                step, _colon, who = each.partition(":")
                self.take(
                    step,
                    who,
                    **{**CHANGES.get((state, step), {}), **changes.get(step, {})},
                )
        return self.case

    def _is_taken_on(self) -> bool:
        return Case.objects.get(pk=self.case.pk).assignee_id is not None

    def _read(self, case_id: int) -> HardshipAid:
        case = HardshipAid.objects.get(pk=case_id)
        case.details = HardshipAidDetails.objects.get(case=case)
        return case


_SUBMITTED = ("submit:xiaobo",)
_ACCEPTED = (*_SUBMITTED, "accept:xiaobo")
_AWAY = (*_ACCEPTED, "arrange_visit:xiaobo")
_VISITED = (*_AWAY, "record_visit:xiaobo")
_REPORTED = (*_VISITED, "report_up:station_head")
_SENT = (*_REPORTED, "request_check:amin")
_CHECKED = (*_SENT, "receive_check:amin")
_POSTED = (*_CHECKED, "publish:amin")
_OVER = (*_POSTED, "@2026-10-10 09:00")
_REJECTED = (*_CHECKED, "reject:chendi")

#: How an application comes to each state: step:who, and moments to wait for.
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": _SUBMITTED,
    "correcting": (*_SUBMITTED, "ask_for_papers:xiaobo"),
    "not_accepted": (*_SUBMITTED, "refuse_acceptance:xiaobo"),
    "station_review": _VISITED,
    "home_visit": _AWAY,
    "county_review": _CHECKED,
    "info_check": _SENT,
    "publicity": _POSTED,
    "objection": (*_POSTED, "object:amin"),
    "approval": _OVER,
    "city_review": (*_OVER, "report_to_city:chendi"),
    "approved": (*_OVER, "approve:chendi"),
    "rejected": _REJECTED,
    "reconsideration": (*_REJECTED, "serve:amin", "ask_reconsideration:amin"),
    "withdrawn": (*_SUBMITTED, "withdraw:xiaobo"),
    "terminated": (*_AWAY, "terminate:chendi"),
    "closed": (*_SUBMITTED, "withdraw:xiaobo", "close:station_head"),
    "archived": (
        *_SUBMITTED,
        "withdraw:xiaobo",
        "close:station_head",
        "archive:xiaobo",
    ),
}


#: What is filled in otherwise than in the example, on the way to a state.
CHANGES: dict[tuple[str, str], dict[str, Any]] = {
    ("city_review", "publish"): {
        "aid_item": "living",
        "aid_sum": "2000",
        "fund_level": "central",
    }
}


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> Way:
    """A new application at 平江街道, 小博's own."""
    return Way(office, clock)


@pytest.fixture
def in_state(way: Way) -> Callable[[str], Case]:
    """Take a new application to a state by its own steps."""
    return way.to


def refusal(way: Way, step: str, who: str) -> str:
    """Return why the step is refused; fail when it is offered."""
    offered = cases.choices(way.case.pk, by=getattr(way.office, who))
    choice = next(each for each in offered if each.step.name == step)
    assert choice.refusal is not None
    return choice.refusal.reason


def application_at(office: Cast, by: Actor, home: int) -> Case:
    """Return an application that another has registered, of the same worker."""
    case = cases.open(KIND, by=by, data=ReceiptForm.example(Case()))
    cases.claim(case.pk, by=by)
    form = HARDSHIP_AID.steps["submit"].form
    data = {**form.example(case), "lives_in": str(home)}
    return cases.act(case.pk, "submit", by=by, version=None, data=data)
