"""Every procedure is sound, and each way of being unsound is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from casework.domain.rules import RuleTerms
from casework.domain.vocabulary import Level, Role, Word
from casework.lifecycle import CaseType, Registry, Sequel, pause, start, stop
from casework.services.definitions import example_faults, faults, rules_of
from tests.engine.conftest import on
from tests.inquiry.forms import MissingPapers
from tests.inquiry.lifecycle import INQUIRY, S

AT = on("2026-09-24 10:00")


class Other(Word):
    LOST = "lost", "遗失", "Lost"


class Wider(Word):
    REGISTERED = "registered", "已登记", "Registered"
    CORRECTING = "correcting", "待补正", "Correcting"
    ACCEPTED = "accepted", "已受理", "Accepted"
    ANSWERED = "answered", "已答复", "Answered"
    WITHDRAWN = "withdrawn", "视为撤回", "Deemed withdrawn"
    SHELVED = "shelved", "搁置", "Shelved"


class Refused(MissingPapers):
    @classmethod
    def example(cls, case: Any) -> dict[str, Any]:
        return {"items": '"身份证"'}


def silent(case: Any, actor: Any, at: datetime) -> None:
    return None


def vague(case: Any, actor: Any, at: datetime) -> None:
    """What is missing is said once."""


def step(name: str, **changes: Any) -> CaseType:
    """Return the inquiry with one step declared otherwise."""
    changed = replace(INQUIRY.steps[name], **changes)
    return replace(INQUIRY, steps={**INQUIRY.steps, name: changed})


def rule(target: str, **changes: Any) -> tuple[RuleTerms, ...]:
    """Return the inquiry's rules with one changed."""
    return tuple(
        replace(rule, **changes) if rule.target == target else rule
        for rule in rules_of(INQUIRY)
    )


def leading_to(kind: str, field: str) -> Sequel:
    return Sequel(
        label="续办",
        kind=kind,
        field=field,
        states=frozenset({S.ANSWERED}),
        is_due=lambda case: True,
    )


@pytest.mark.parametrize("kind", Registry.all(), ids=lambda kind: kind.code)
def test_a_registered_procedure_is_sound(kind: CaseType) -> None:
    assert faults(kind, rules_of(kind)) == []


def test_every_form_takes_its_own_example(db: None) -> None:
    """A form that looks at its case is sent its example by the kind's state table."""
    assert example_faults(INQUIRY, at=AT) == []


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (
            lambda: replace(INQUIRY, sequels=(leading_to("pension", "refers_to"),)),
            "'续办' leads to 'pension', which is no kind.",
        ),
        (
            lambda: replace(INQUIRY, sequels=(leading_to("inquiry", "number"),)),
            "'续办' fills in 'number', which inquiry does not ask for.",
        ),
        (
            lambda: replace(
                INQUIRY,
                states=Wider,
                closed=frozenset({*INQUIRY.closed, Wider.SHELVED}),
            ),
            "no way leads to the state 'shelved'.",
        ),
        (
            lambda: step("ask_for_papers", target=S.ACCEPTED),
            "no way leads to the state 'correcting'.",
        ),
        (
            lambda: replace(INQUIRY, closed=frozenset({S.WITHDRAWN})),
            "no way leads out of the state 'answered', and it does not close.",
        ),
        (
            lambda: step("answer", sources=frozenset({S.ACCEPTED, Other.LOST})),
            "answer begins in 'lost', which is no state.",
        ),
        (
            lambda: replace(INQUIRY, resting=frozenset({Other.LOST})),
            "a case rests in 'lost', which is no state.",
        ),
        (
            lambda: step("answer", beside=("matter", "weather")),
            "answer shows 'weather' beside its form, which is no panel.",
        ),
        (
            lambda: step("answer", target=Other.LOST),
            "answer leads to 'lost', which is no state.",
        ),
        (
            lambda: step("answer", clocks=(stop("handling"), start("filing"))),
            "answer starts the clock 'filing', for which there is no rule.",
        ),
        (
            lambda: step("accept", clocks=(stop("acceptance"),)),
            "answer stops the clock 'handling', which nothing starts.",
        ),
        (
            lambda: step("accept", clocks=(stop("acceptance"),)),
            "Q-03 gives the period of 'handling', which nothing starts.",
        ),
        (
            lambda: step(
                "ask_for_papers",
                clocks=(pause("acceptance", "leave"), start("correction")),
            ),
            "ask_for_papers pauses 'acceptance' for 'leave', which Q-01 does not allow.",
        ),
        (
            lambda: step("deem_withdrawn", roles=frozenset({Role.CASEWORKER})),
            "Q-02 expires into deem_withdrawn, which the system does not take.",
        ),
        (
            lambda: step("supply", roles=frozenset({Role.SYSTEM})),
            "supply is taken by the system, but no rule expires into it.",
        ),
        (
            lambda: step("supply", form=MissingPapers),
            "supply takes papers, but its form asks for items.",
        ),
        (
            lambda: step(
                "lengthen",
                clocks=(replace(INQUIRY.steps["lengthen"].clocks[0], amount="weeks"),),
            ),
            "lengthen extends 'handling' by 'weeks', which its form does not ask for.",
        ),
        (
            lambda: step("accept", guards=(silent,)),
            "the guard silent of accept has no docstring.",
        ),
        (
            lambda: step("accept", guards=(vague,)),
            "the guard vague of accept names no rule.",
        ),
        (lambda: step("accept", basis=" "), "accept has no basis."),
        (
            lambda: step("accept", hand_to=Level.PROVINCE),
            "accept hands to the province, where no case is handled.",
        ),
        (
            lambda: step("answer", label="受理"),
            "accept and answer are both called '受理'.",
        ),
    ],
)
def test_a_defect_is_found(kind: Callable[[], CaseType], sentence: str) -> None:
    assert f"inquiry: {sentence}" in faults(kind(), rules_of(INQUIRY))


def test_a_level_at_which_nobody_goes_on_is_found() -> None:
    at_county = {
        name: replace(step, levels=frozenset({Level.COUNTY}))
        if S.ACCEPTED in step.sources
        else step
        for name, step in INQUIRY.steps.items()
    }
    at_county["accept"] = replace(INQUIRY.steps["accept"], hand_to=Level.CITY)

    found = faults(replace(INQUIRY, steps=at_county), rules_of(INQUIRY))

    assert found == ["inquiry: accept hands to the city, where no step goes on."]


def test_an_expiry_into_nothing_is_found() -> None:
    found = faults(INQUIRY, rule("correction", expiry="withdraw"))

    assert "inquiry: Q-02 expires into 'withdraw', which is no step." in found


def test_an_example_that_its_form_refuses_is_found(db: None) -> None:
    found = example_faults(step("ask_for_papers", form=Refused), at=AT)

    assert found == [
        "inquiry: the example of ask_for_papers is refused: items: 缺的材料至少写一样。"
    ]
