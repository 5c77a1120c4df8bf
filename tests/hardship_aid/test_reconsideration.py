"""A rejection is reconsidered by the next higher level than who rejected (H-31)."""

from typing import Any

import pytest

from casework.access import Actor
from casework.domain.errors import Forbidden, InvalidForm, NotNow
from casework.domain.vocabulary import Level, Role
from casework.models import Material, Membership, Unit
from casework.services import cases
from tests.cast import Cast, MembershipFactory, UserFactory
from tests.engine.conftest import clock_of, verify_whole
from tests.engine.statetable import allowed, check_that_act_agrees
from tests.hardship_aid.conftest import Way
from tests.web.pages import browse
from workflows.hardship_aid.models import Decision
from workflows.hardship_aid.vocabulary import DecisionKind

pytestmark = pytest.mark.django_db

ABOVE = {"record_upheld_above", "record_reversed_above"}
OWN = {"uphold_rejection", "reverse_rejection"}
ASKED = (("serve", "amin"), ("ask_reconsideration", "amin"))


def entered(cast: Cast, key: str, role: Role, unit: Unit) -> Actor:
    """Let one more person work in the unit."""
    user = UserFactory(username=key, person__name=key)
    hat = MembershipFactory(person=user.person, unit=unit, role=role)
    cast.actors[key] = Actor(user=user, person=user.person, membership=hat)
    return cast.actors[key]


@pytest.fixture
def city_clerk(office: Cast) -> Actor:
    """A caseworker of the city centre, which has one head."""
    return entered(office, "city_clerk", Role.CASEWORKER, office.city)


@pytest.fixture
def citys(way: Way, city_clerk: Actor) -> Way:
    """An application that the city rejected and the household asks to reconsider."""
    way.to("city_review")
    way.take("take_down", "amin")
    way.take("reject", "heshi")
    for step, who in ASKED:
        way.take(step, who)
    return way


def told(way: Way, step: str, who: str) -> str:
    """Return why the step is refused to this person."""
    actor = getattr(way.office, who)
    for choice in cases.choices(way.case.pk, by=actor):
        if choice.step.name == step:
            return choice.refusal.reason if choice.refusal else ""
    raise AssertionError(step)


def test_H31_what_the_city_rejected_is_decided_above_it(citys: Way) -> None:
    office = citys.office
    entered(office, "second_head", Role.SUPERVISOR, office.city)
    table = {
        "heshi": {"terminate"},
        "second_head": {"terminate", *ABOVE},
        "city_clerk": ABOVE,
        **{who: set() for who in ("xiaobo", "amin", "lanyun", "chendi", "fangzheng")},
    }

    assert (citys.case.state, citys.case.level) == ("reconsideration", "city")
    for who, steps in table.items():
        assert allowed(citys.case, getattr(office, who)) == steps, who
        check_that_act_agrees(citys.case, getattr(office, who))


def test_H31_the_page_says_who_decides_and_who_records(citys: Way) -> None:
    said = told(citys, "uphold_rejection", "heshi")

    assert said.startswith("这是市级作出的不予批准，由江苏省总工会复核")
    assert "登记上级维持决定" in said
    assert "以外的人办" in told(citys, "record_upheld_above", "heshi")
    here = f"/cases/{citys.case.pk}/"
    assert said in browse(citys.office.heshi).get(here).content.decode()
    for paper in ("rejection_notice", "reconsideration_request"):
        printed = browse(citys.office.amin).get(f"{here}papers/{paper}/")
        assert "江苏省总工会" in printed.content.decode()
    page = browse(citys.office.city_clerk).get(f"{here}steps/record_upheld_above/")
    assert "江苏省总工会" in page.content.decode()


def test_H31_what_is_upheld_above_is_final_and_closed(citys: Way) -> None:
    citys.take("record_upheld_above", "city_clerk")

    case = citys.case
    assert (case.state, case.level, case.details.is_final) == (
        "rejected",
        "county",
        True,
    )
    assert clock_of(case, "reconsideration").outcome == "met"
    decided = Decision.objects.in_force().get(case=case, kind=DecisionKind.UPHELD)
    assert (decided.level, decided.person) == (Level.PROVINCE, None)
    assert decided.minutes_number == "苏工复〔2026〕3号"
    scans = Material.objects.in_force().filter(case=case, code="higher_decision")
    assert scans.count() == 1
    verify_whole(case)

    citys.take("close", "chendi")

    assert citys.case.state == "closed"


def test_H31_what_is_reversed_above_is_reviewed_anew(citys: Way) -> None:
    citys.take("record_reversed_above", "city_clerk")

    case = citys.case
    assert (case.state, case.level) == ("county_review", "county")
    assert (case.details.grounds, case.details.decided_on) == ([], None)
    assert clock_of(case, "review").state == "running"
    citys.take("publish", "amin")
    verify_whole(citys.case)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"number": ""}, "请填写这一项"),
        ({"dated": "2026-09-25"}, "不能早于不予批准的决定"),
        ({"dated": "2026-10-11"}, "晚于"),
    ],
)
def test_H31_the_paper_has_its_number_and_its_day(
    citys: Way, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidForm, match=told):
        citys.take("record_upheld_above", "city_clerk", **changes)


def test_H31_the_scan_of_the_paper_is_the_proof(citys: Way) -> None:
    case, by = citys.case, citys.office.city_clerk
    form = type(case).record_upheld_above.step.form

    with pytest.raises(InvalidForm, match="请选择文件"):
        cases.act(
            case.pk, "record_upheld_above", by=by, version=None, data=form.example(case)
        )


def test_H31_whoever_the_city_lent_to_reject_makes_it_the_citys(
    way: Way, city_clerk: Actor
) -> None:
    way.to("county_review")
    hat = way.office.chendi.membership
    Membership.objects.filter(pk=hat.pk).update(role=Role.FINANCE)  # type: ignore[union-attr]
    way.take("reject", "heshi")
    for step, who in ASKED:
        way.take(step, who)

    assert "江苏省总工会" in told(way, "reverse_rejection", "heshi")
    with pytest.raises(Forbidden, match="以外的人办"):
        way.take("record_reversed_above", "heshi")
    assert way.take("record_reversed_above", "city_clerk").state == "county_review"


def test_H31_the_city_reconsiders_what_the_county_rejected(
    way: Way, city_clerk: Actor
) -> None:
    way.to("reconsideration")

    assert allowed(way.case, city_clerk) == set()
    assert {*OWN} <= allowed(way.case, way.office.heshi)
    with pytest.raises(NotNow, match="由市级自己复核"):
        way.take("record_upheld_above", "city_clerk")


def test_H31_a_city_without_a_head_records_what_was_decided_above(
    way: Way, city_clerk: Actor
) -> None:
    way.to("reconsideration")
    hat = way.office.heshi.membership
    Membership.objects.filter(pk=hat.pk).update(role=Role.FINANCE)  # type: ignore[union-attr]

    assert way.take("record_upheld_above", "city_clerk").details.is_final
