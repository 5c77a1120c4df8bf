"""The state table of the inquiry: every state, every step, everybody, executed.

What `choices` allows, `act` does with the form's own example; what it refuses, `act`
refuses with the same words, and nothing of it stays.
"""

from collections.abc import Callable

import pytest

from casework.domain.errors import NotFound
from casework.models import Case
from casework.services import cases
from tests.cast import Cast
from tests.engine.statetable import allowed, check_that_act_agrees, traces
from tests.inquiry.lifecycle import INQUIRY

pytestmark = pytest.mark.django_db

STATES = ("registered", "correcting", "accepted", "answered")
STEPS = tuple(INQUIRY.steps)

#: Who may take which step in which state. 小博 has the case at the station; once it is
#: accepted it lies at the county centre, where nobody has taken it on.
ALLOWED = {
    ("registered", "xiaobo"): {"ask_for_papers", "accept"},
    ("correcting", "xiaobo"): {"supply"},
    ("accepted", "amin"): {"answer"},
    ("accepted", "chendi"): {"lengthen", "answer"},
}
SEES = ("xiaobo", "amin", "chendi", "heshi", "fangzheng", "mediator")
SEES_NOTHING = ("dinglan", "gaojing", "xitong", "anquan", "helper")


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("state", STATES)
def test_choices_say_what_the_table_says(
    cast: Cast, in_state: Callable[[str], Case], state: str, who: str
) -> None:
    case = in_state(state)

    assert allowed(case, cast.actors[who]) == ALLOWED.get((state, who), set())
    offered = cases.choices(case.pk, by=cast.actors[who])
    assert [choice.step.name for choice in offered] == list(STEPS)


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("state", STATES)
def test_act_agrees_with_choices_in_every_cell(
    cast: Cast, in_state: Callable[[str], Case], state: str, who: str
) -> None:
    check_that_act_agrees(in_state(state), cast.actors[who])


@pytest.mark.parametrize("who", SEES_NOTHING)
def test_for_others_the_case_does_not_exist(
    cast: Cast, in_state: Callable[[str], Case], who: str
) -> None:
    case = in_state("registered")
    actor = cast.actors[who]
    before = traces(case)

    with pytest.raises(NotFound):
        cases.choices(case.pk, by=actor)
    for step in STEPS:
        with pytest.raises(NotFound):
            cases.act(case.pk, step, by=actor, version=case.version)
    for act in (cases.claim, cases.release):
        with pytest.raises(NotFound):
            act(case.pk, by=actor)

    assert traces(case) == before
