"""The state table of the file: every state, every step, everybody, executed."""

from typing import Any

import pytest

from casework.domain.errors import NotFound
from casework.services import cases
from casework.services.definitions import faults, rules_of
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.engine.statetable import allowed, check_that_act_agrees
from tests.hardship_aid.files import WAYS, FileWay, approved
from workflows.hardship_aid.file_lifecycle import HARDSHIP_FILE
from workflows.hardship_aid.vocabulary import FileState

pytestmark = pytest.mark.django_db

PEOPLE = ("xiaobo", "amin", "lanyun", "chendi", "heshi", "fangzheng", "mediator")
COUNTY = ("amin", "lanyun", "chendi")
DAILY = {"notice_removal", "report_change", "enter_national_system"}
NOTICED = {"object_removal", "enter_national_system"}
REMOVED = {"restore", "enter_national_system"}

#: Who may take which step in which state. The county centre keeps the file, whoever of
#: it acts; the station sees it, the city sees it, and neither acts. 丁岚 has it while it
#: moves to 昆山.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "active": {
        **dict.fromkeys(COUNTY, DAILY | {"review", "observe"}),
        "chendi": DAILY | {"review", "observe", "move_out"},
    },
    "review_due": dict.fromkeys(COUNTY, DAILY | {"review", "observe"}),
    "observing": dict.fromkeys(COUNTY, DAILY | {"relapse"}),
    "removal_noticed": dict.fromkeys(COUNTY, NOTICED),
    "deregistered": dict.fromkeys(COUNTY, REMOVED),
    "moving": {"dinglan": {"decline_move"}},
    "moved": {},
}


def test_the_procedure_is_sound(db: None) -> None:
    assert faults(HARDSHIP_FILE, rules_of(HARDSHIP_FILE)) == []


def test_every_state_has_its_way() -> None:
    assert set(WAYS) == {str(state) for state in FileState}


@pytest.mark.parametrize("state", WAYS)
def test_choices_say_what_the_table_says_and_act_agrees(
    office: Cast, clock: DatabaseClock, state: str
) -> None:
    way = FileWay(office, clock)
    case = way.to(state)
    people = (*PEOPLE, *(["dinglan"] if case.holder_id == office.kunshan.pk else []))
    data: dict[str, dict[str, Any]] = {}
    if state == "deregistered":
        data["restore"] = {"application": approved(office.amin).number}

    found = {who: s for who in people if (s := allowed(case, getattr(office, who)))}

    assert (case.state, found) == (state, ALLOWED[state])
    for who in people:
        check_that_act_agrees(case, getattr(office, who), data=data)


def test_for_others_a_file_does_not_exist(office: Cast, clock: DatabaseClock) -> None:
    case = FileWay(office, clock).case

    for who in ("dinglan", "gaojing", "xitong", "anquan", "helper"):
        with pytest.raises(NotFound):
            cases.choices(case.pk, by=getattr(office, who))
        with pytest.raises(NotFound):
            cases.act(case.pk, "review", by=getattr(office, who), version=None)
