"""Rules of the network (E) and of personal data (P) that an application keeps."""

from typing import Any

import pytest

from casework.domain.errors import InvalidForm, NotNow
from casework.models import Act, Event
from tests.engine.conftest import verify_whole
from tests.hardship_aid.conftest import Way
from workflows.hardship_aid import privacy
from workflows.hardship_aid.models import Consent
from workflows.hardship_aid.vocabulary import ConsentKind

pytestmark = pytest.mark.django_db


def money(yuan: str) -> dict[str, Any]:
    """What the county posts: aid of this sum from its own money."""
    return {"aid_item": "medical", "aid_sum": yuan, "fund_level": "county"}


def test_E12_aid_of_exactly_the_countys_limit_is_the_countys(way: Way) -> None:
    way.to("approval", publish=money("20000"))

    with pytest.raises(NotNow, match="没有要报市级的情形"):
        way.take("report_to_city", "chendi")
    assert way.take("approve", "chendi").state == "approved"


def test_E12_aid_of_one_fen_more_goes_to_the_city(way: Way) -> None:
    way.to("approval", publish=money("20000.01"))

    with pytest.raises(NotNow, match="金额超过县级上限"):
        way.take("approve", "chendi", aid_sum="20000.01")
    assert way.take("report_to_city", "chendi").state == "city_review"


def test_E10_a_relative_of_staff_is_decided_by_the_next_level(way: Way) -> None:
    way.to("approval", submit={"is_staff_relative": "on"})

    with pytest.raises(NotNow, match="工作人员亲属"):
        way.take("approve", "chendi")
    way.take("report_to_city", "chendi", city_grounds=["staff_relative"])
    assert way.take("city_approve", "heshi").state == "approved"


@pytest.mark.parametrize("asked", ["notice_read", "consents_sensitive"])
def test_P01_P03_P04_nothing_is_registered_without_notice_and_consent(
    way: Way, asked: str
) -> None:
    with pytest.raises(InvalidForm) as refusal:
        way.take("submit", "xiaobo", **{asked: ""})

    assert set(refusal.value.mistakes) == {asked}
    assert not Consent.objects.filter(case_id=way.case.pk).exists()


def test_P03_the_version_of_the_notice_that_was_shown_is_kept(way: Way) -> None:
    way.take("submit", "xiaobo")

    given = Consent.objects.in_force().filter(case_id=way.case.pk)
    kinds = {consent.kind for consent in given}
    assert {ConsentKind.NOTICE, ConsentKind.SENSITIVE} <= kinds
    assert {consent.notice_version for consent in given} == {privacy.notice().version}


def test_P14_every_act_of_an_application_stands_in_its_chain(way: Way) -> None:
    case = way.to("approved")

    verify_whole(case)
    acts = Act.objects.filter(case_id=case.pk).values_list("step", flat=True)
    told = Event.objects.filter(case_id=case.pk).values_list("verb", flat=True)
    assert {"step.submit", "step.publish", "step.approve"} <= set(acts)
    assert [verb for verb in told.order_by("sequence") if verb in set(acts)] == list(
        acts.order_by("version")
    )
