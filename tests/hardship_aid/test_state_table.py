"""The state table of the application: every state, every step, everybody, executed."""

from collections.abc import Callable

import pytest

from casework.domain.errors import NotFound
from casework.models import Case
from casework.services import cases
from casework.services.definitions import faults, rules_of
from tests.cast import Cast
from tests.engine.statetable import allowed, check_that_act_agrees, traces
from tests.hardship_aid.conftest import WAYS
from tests.hardship_aid.test_bad_input import RECEIPT
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.forms.application import ApplicationForm
from workflows.hardship_aid.vocabulary import S

pytestmark = pytest.mark.django_db

SEES = ("xiaobo", "station_head", "amin", "lanyun", "chendi", "heshi", "fangzheng")
SEES_NOTHING = ("dinglan", "gaojing", "xitong", "anquan", "helper")


def _each(*people: str, may: set[str]) -> dict[str, set[str]]:
    return {person: set(may) for person in people}


_OWN = {"add_material", "withdraw"}
_HELD = {"withdraw", "terminate"}
#: A unit ends a case of its own, but a station only a lost one; so does the unit above.
_ABOVE = {"terminate"}
#: Who may take which step in which state. 小博 has the case at the station, 阿敏 at the
#: county; 苏站长 and 陈迪 head them, 蓝云 is 阿敏's colleague, 何市 heads the city's.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "draft": {
        "xiaobo": {"submit", "ask_urgent_relief", *_OWN},
        "station_head": {"withdraw"},
        "chendi": _ABOVE,
    },
    "submitted": {
        "xiaobo": {
            *("amend", "ask_for_papers", "refuse_acceptance", "accept"),
            *("ask_urgent_relief", *_OWN),
        },
        "station_head": {"withdraw"},
        "chendi": _ABOVE,
    },
    "correcting": {
        "xiaobo": {"remind", "supply", *_OWN},
        "station_head": {"withdraw"},
        "chendi": _ABOVE,
    },
    "not_accepted": {"station_head": {"close"}},
    "station_review": {
        "xiaobo": {"amend", "arrange_visit", *_OWN},
        "station_head": {"withdraw", "report_up"},
        "chendi": _ABOVE,
    },
    "home_visit": {
        "xiaobo": {
            *("arrange_visit", "nobody_home", "seek_contact", "record_visit"),
            *_OWN,
        },
        "station_head": {"withdraw"},
        "chendi": _ABOVE,
    },
    "county_review": {
        "amin": {"amend", "send_back", "request_check", "publish", *_OWN},
        "lanyun": {"withdraw"},
        "chendi": {*_HELD, "reject"},
        "heshi": _ABOVE,
    },
    "info_check": {
        "amin": {"remind_check", "receive_check", *_OWN},
        "lanyun": {"withdraw"},
        "chendi": _HELD,
        "heshi": _ABOVE,
    },
    "publicity": {
        "amin": {"object", *_OWN},
        "lanyun": {"object", "withdraw"},
        "chendi": {*_HELD, "object"},
        "heshi": _ABOVE,
    },
    # 阿敏 reviewed and does not check what is said against it (H-28).
    "objection": {
        "amin": _OWN,
        "lanyun": {"dismiss_objection", "repost", "uphold_objection", "withdraw"},
        "chendi": {*_HELD, "dismiss_objection", "repost", "uphold_objection"},
        "heshi": _ABOVE,
    },
    "approval": {
        "xiaobo": {"take_down"},
        "station_head": {"take_down"},
        "amin": {"object", "take_down", *_OWN},
        "lanyun": {"object", "take_down", "withdraw"},
        "chendi": {*_HELD, "object", "take_down", "approve", "reject"},
        "heshi": {"take_down", *_ABOVE},
    },
    "city_review": {
        **_each(
            "xiaobo", "station_head", "amin", "lanyun", "chendi", may={"take_down"}
        ),
        "heshi": {*_HELD, "take_down", "city_approve", "city_return", "reject"},
    },
    "approved": {
        **_each("xiaobo", "station_head", "lanyun", may={"take_down"}),
        "amin": {"take_down", "add_material"},
        **_each("chendi", "heshi", may={"take_down", "terminate"}),
    },
    "rejected": _each("amin", "lanyun", "chendi", may={"serve", "ask_reconsideration"}),
    "reconsideration": {
        "heshi": {"uphold_rejection", "reverse_rejection", "terminate"}
    },
    "withdrawn": {"station_head": {"close"}},
    "terminated": {"station_head": {"close"}},
    "closed": {"xiaobo": {"archive"}},
    "archived": {},
}


def test_the_procedure_is_sound(db: None) -> None:
    assert faults(HARDSHIP_AID, rules_of(HARDSHIP_AID)) == []


def test_the_table_has_every_state() -> None:
    assert set(ALLOWED) == set(WAYS) == {str(state) for state in S}


@pytest.mark.parametrize("state", WAYS)
def test_choices_say_what_the_table_says_and_act_does_it(
    office: Cast, in_state: Callable[[str], Case], state: str
) -> None:
    case = in_state(state)
    assert case.state == state

    for who in SEES:
        actor = getattr(office, who)
        assert allowed(case, actor) == ALLOWED[state].get(who, set()), who
        check_that_act_agrees(case, actor)


@pytest.mark.parametrize("who", SEES_NOTHING)
def test_for_others_the_application_does_not_exist(
    office: Cast, in_state: Callable[[str], Case], who: str
) -> None:
    case = in_state("county_review")
    before = traces(case)

    with pytest.raises(NotFound):
        cases.choices(case.pk, by=getattr(office, who))
    for step in HARDSHIP_AID.steps:
        with pytest.raises(NotFound):
            cases.act(case.pk, step, by=getattr(office, who), version=None)

    assert traces(case) == before


@pytest.mark.parametrize(
    ("state", "step"), [("draft", "submit"), ("submitted", "amend")]
)
def test_E_11_looking_a_receipt_up_keeps_an_act_within_its_statements(
    office: Cast, in_state: Callable[[str], Case], state: str, step: str
) -> None:
    case = in_state(state)
    said = {**ApplicationForm.example(case), "expenses": [RECEIPT]}

    check_that_act_agrees(case, office.xiaobo, data={step: said})
