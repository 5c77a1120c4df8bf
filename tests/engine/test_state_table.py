"""The state table of the inquiry: every state, every step, everybody, executed.

What `choices` allows, `act` does with the form's own example; what it refuses, `act`
refuses with the same words, and nothing of it stays.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from casework.access import Actor
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.vocabulary import Act as ActWord
from casework.domain.vocabulary import Role
from casework.models import Act, Case, Event
from casework.services import cases
from tests.cast import Cast, MembershipFactory
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

    offered = cases.choices(case.pk, by=cast.actors[who])

    allowed = {choice.step.name for choice in offered if choice.is_allowed}
    assert allowed == ALLOWED.get((state, who), set())
    assert [choice.step.name for choice in offered] == list(STEPS)
    for choice in offered:
        assert choice.is_allowed or (choice.refusal and choice.refusal.reason)


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("state", STATES)
def test_act_agrees_with_choices_in_every_cell(
    cast: Cast, in_state: Callable[[str], Case], state: str, who: str
) -> None:
    case = in_state(state)
    actor = cast.actors[who]
    for choice in cases.choices(case.pk, by=actor):
        before = _traces(case)
        data = choice.step.form.example(case)
        savepoint = transaction.savepoint()
        taken = _taken(case, choice.step.name, actor, data)

        if choice.refusal is None:
            assert isinstance(taken, Case), taken
            assert taken.state == str(choice.step.target or state)
        else:
            assert isinstance(taken, CaseworkError), choice.step.name
            assert choice.refusal.reason in taken.message
            assert _traces(case) == before
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("state", STATES)
def test_a_case_changes_hands_as_it_offers_to(
    cast: Cast, in_state: Callable[[str], Case], state: str, who: str
) -> None:
    case, actor = in_state(state), cast.actors[who]
    colleague = MembershipFactory(unit=case.holder, role=Role.CASEWORKER).person
    acts: dict[ActWord, Callable[[], Case]] = {
        ActWord.CLAIM: lambda: cases.claim(case.pk, by=actor),
        ActWord.RELEASE: lambda: cases.release(case.pk, by=actor),
        ActWord.ASSIGN: lambda: cases.assign(case.pk, to=colleague.pk, by=actor),
    }

    offered = {offer.act: offer.refusal for offer in cases.hands(case, by=actor)}

    assert bool(offered) == (case.closed_at is None)
    for word, act in acts.items():
        before = _traces(case)
        savepoint = transaction.savepoint()
        if word in offered and offered[word] is None:
            act()
            assert _traces(case) != before
        else:
            with pytest.raises(CaseworkError) as said:
                act()
            refusal = cases.hand_refused(case, word, by=actor)
            assert refusal is not None
            assert said.value.message == refusal.error.message
            assert type(said.value) is refusal.kind
            assert _traces(case) == before
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("who", SEES_NOTHING)
def test_for_others_the_case_does_not_exist(
    cast: Cast, in_state: Callable[[str], Case], who: str
) -> None:
    case = in_state("registered")
    actor = cast.actors[who]
    before = _traces(case)

    with pytest.raises(NotFound):
        cases.choices(case.pk, by=actor)
    for step in STEPS:
        with pytest.raises(NotFound):
            cases.act(case.pk, step, by=actor, version=case.version)
    for act in (cases.claim, cases.release):
        with pytest.raises(NotFound):
            act(case.pk, by=actor)

    assert _traces(case) == before


def _taken(
    case: Case, step: str, actor: Actor, data: dict[str, Any]
) -> Case | CaseworkError:
    try:
        return cases.act(case.pk, step, by=actor, version=case.version, data=data)
    except CaseworkError as refusal:
        return refusal


def _traces(case: Case) -> tuple[object, ...]:
    row = Case.objects.filter(pk=case.pk).values_list(
        "state", "version", "event_count", "next_due_at", "assignee_id", "holder_id"
    )
    return (
        *row.get(),
        Act.objects.filter(case=case).count(),
        Event.objects.filter(case=case).count(),
    )
