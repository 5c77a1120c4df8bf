"""When a unit has no second person, the next level lends one, and the page says so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from casework import access
from casework.access import Actor
from casework.domain.errors import Forbidden
from casework.domain.vocabulary import Level, Relation, Role, Tab
from casework.models import Act, Case, Party, Unit
from casework.reports import caseload
from casework.reports.caseload import Scope
from casework.services import cases
from casework.services.definitions import faults, rules_of
from tests.cast import Cast, MembershipFactory, UserFactory
from tests.engine.conftest import on
from tests.inquiry.lifecycle import INQUIRY

NOW = on("2026-09-24 10:00")
OWN_REASON = "这件案件是您受理的，答复要由另一个人办。"
LENT = "本单位没有第二个人能办，由苏州市帮扶中心借人办理，岗位是负责人。"


def who_lengthened(case: Any) -> dict[int | None, str]:
    """Q-03: who lengthened the period does not answer."""
    acts = Act.objects.filter(case=case, step="step.lengthen")
    return {None: "谁也不是", **{act.person_id: OWN_REASON for act in acts}}


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the answer be a supervisor's, barred for who lengthened it, and lent."""
    answer = replace(
        INQUIRY.steps["answer"],
        roles=frozenset({Role.SUPERVISOR}),
        relation=Relation.HOLDER,
        barred=who_lengthened,
        is_lent=True,
    )
    monkeypatch.setitem(INQUIRY.steps, "answer", answer)


@pytest.fixture
def lengthened(
    cast: Cast, in_state: Callable[[str], Case], lent: None
) -> Callable[[], Case]:
    """Make an inquiry at the county centre whose period 陈迪 has lengthened."""

    def make() -> Case:
        case = in_state("accepted")
        return cases.act(
            case.pk, "lengthen", by=cast.chendi, version=None, data={"days": 5}
        )

    return make


def second(unit: Unit, role: Role = Role.SUPERVISOR) -> Actor:
    """Return one more person with the role in the unit."""
    user = UserFactory()
    hat = MembershipFactory(person=user.person, unit=unit, role=role)
    return Actor(user, user.person, hat)


def refusal(case: Case, actor: Actor) -> str:
    """Return why the actor may not answer; empty when he may."""
    offered = cases.choices(case.pk, by=actor)
    choice = next(choice for choice in offered if choice.step.name == "answer")
    return choice.refusal.reason if choice.refusal else ""


def test_with_a_second_person_nobody_is_lent(
    cast: Cast, lengthened: Callable[[], Case]
) -> None:
    colleague = second(cast.gusu)
    case = lengthened()

    assert refusal(case, colleague) == ""
    assert refusal(case, cast.chendi) == OWN_REASON
    assert "案件现在不在您的单位" in refusal(case, cast.heshi)


def test_without_one_the_next_level_takes_it_and_the_unit_reads_so(
    cast: Cast, lengthened: Callable[[], Case]
) -> None:
    case = lengthened()

    assert refusal(case, cast.chendi) == LENT
    assert refusal(case, cast.amin) == LENT
    assert refusal(case, cast.heshi) == ""
    with pytest.raises(Forbidden, match="本单位没有第二个人能办"):
        cases.act(
            case.pk, "answer", by=cast.chendi, version=None, data={"answer": "补发。"}
        )

    answered = cases.act(
        case.pk, "answer", by=cast.heshi, version=None, data={"answer": "补发。"}
    )

    assert answered.state == "answered"
    act = Act.objects.get(case=case, step="step.answer")
    assert (act.unit_id, act.role) == (cast.city.pk, Role.SUPERVISOR)
    assert answered.holder_id == cast.gusu.pk


def test_the_case_is_listed_for_who_lends(
    cast: Cast, lengthened: Callable[[], Case]
) -> None:
    case = lengthened()

    assert case in caseload.queue(
        cast.heshi, Tab.TODO, Scope.COUNTIES, now=timezone.now()
    )


def test_before_anybody_is_barred_nobody_is_lent(
    cast: Cast, in_state: Callable[[str], Case], lent: None
) -> None:
    case = in_state("accepted")

    assert refusal(case, cast.chendi) == ""
    assert "案件现在不在您的单位" in refusal(case, cast.heshi)


def test_a_vacancy_is_lent_too(
    cast: Cast, in_state: Callable[[str], Case], lent: None
) -> None:
    case = in_state("accepted")
    hat = cast.chendi.membership
    assert hat is not None
    type(hat).objects.filter(pk=hat.pk).update(role=Role.FINANCE)

    assert refusal(case, cast.amin) == LENT
    assert refusal(case, cast.heshi) == ""


def test_the_lender_is_no_other_role_no_other_unit_and_nobody_barred(
    cast: Cast, lengthened: Callable[[], Case]
) -> None:
    case = lengthened()
    assert "不办这一步" in refusal(case, second(cast.city, Role.CASEWORKER))
    # 陈迪 heads the city centre too: two hats, one person.
    hat = MembershipFactory(
        person=cast.chendi.person, unit=cast.city, role=Role.SUPERVISOR
    )

    other_hat = replace(cast.chendi, membership=hat)

    assert refusal(case, other_hat) != ""
    assert refusal(case, cast.heshi) == ""


def test_a_party_of_the_case_neither_lends_nor_counts_as_a_second_person(
    cast: Cast, lengthened: Callable[[], Case]
) -> None:
    case = lengthened()
    colleague = second(cast.gusu)
    assert refusal(case, cast.chendi) == OWN_REASON

    Party.objects.filter(case=case).update(ended_by=None)
    party = Party(
        case_id=case.pk, version=1, part="agent", name="甲", person=colleague.person
    )
    party.save()

    assert refusal(case, cast.chendi) == LENT
    assert refusal(case, colleague) == LENT
    assert refusal(case, cast.heshi) == ""


def test_a_hat_that_is_over_counts_no_more(
    cast: Cast, lengthened: Callable[[], Case]
) -> None:
    case, step = lengthened(), INQUIRY.steps["answer"]
    second(cast.gusu)

    assert not access.is_lent(case, step, on=NOW.date())
    assert access.is_lent(case, step, on=NOW.date().replace(year=2024))


def test_the_station_borrows_from_its_county_and_the_city_from_nobody(
    cast: Cast, in_state: Callable[[str], Case]
) -> None:
    case = in_state("registered")
    assert access.lending_unit_id(case) == cast.gusu.pk
    case.county_id = None
    assert access.lending_unit_id(case) == cast.city.pk
    case.level = Level.CITY
    assert access.lending_unit_id(case) is None
    assert not access.is_lent(case, INQUIRY.steps["answer"], on=NOW.date())


def test_a_step_that_is_not_lent_stays_the_units_own(
    cast: Cast, lengthened: Callable[[], Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = lengthened()
    step = replace(INQUIRY.steps["answer"], is_lent=False)
    monkeypatch.setitem(INQUIRY.steps, "answer", step)

    assert refusal(case, cast.chendi) == OWN_REASON
    assert "案件现在不在您的单位" in refusal(case, cast.heshi)


def test_whom_a_step_bars_is_named_by_a_rule() -> None:
    def silent(case: Any) -> dict[int | None, str]:
        return {}

    step = replace(INQUIRY.steps["answer"], barred=silent)
    kind = replace(INQUIRY, steps={**INQUIRY.steps, "answer": step})

    assert faults(kind, rules_of(kind)) == [
        "inquiry: the guard silent of answer has no docstring."
    ]
