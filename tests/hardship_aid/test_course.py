"""Whole applications: to the archive, by urgent relief, by a rejection reversed."""

import pytest

from casework.domain.errors import Forbidden, InvalidForm, NotNow
from casework.models import Act, Case, Clock, Employer, Party
from casework.services import cases, mending
from tests.cast import Cast
from tests.engine.conftest import clock_of, on, verbs_of, verify_whole
from tests.hardship_aid.conftest import Way
from tests.hardship_aid.files import opened
from workflows.hardship_aid.forms.application import ALWAYS_ASKED
from workflows.hardship_aid.forms.receipt import ReceiptForm
from workflows.hardship_aid.lifecycle import HardshipAid
from workflows.hardship_aid.models import (
    Decision,
    HouseholdMember,
    Posting,
    ReceiptUse,
)

pytestmark = pytest.mark.django_db


def test_from_the_receipt_to_the_archive_by_six_people(way: Way, office: Cast) -> None:
    way.take("submit", "xiaobo", is_staff_relative="on")
    way.take("ask_for_papers", "xiaobo")
    way.take("supply", "xiaobo")
    way.take("accept", "xiaobo")
    way.take("arrange_visit", "xiaobo")
    way.take("record_visit", "xiaobo")
    way.take("report_up", "station_head")
    way.take("send_back", "amin")
    way.take("report_up", "station_head")
    way.take("request_check", "amin")
    way.take("receive_check", "amin")
    way.take("publish", "amin")
    way.take("object", "amin")
    way.take("dismiss_objection", "lanyun")
    way.wait("2026-10-10 09:00")
    way.take("take_down", "amin")
    way.take("report_to_city", "chendi")
    way.take("city_approve", "heshi")
    opened(office.amin, way.case)
    way.take("file_built", "amin")
    way.take("archive", "amin")

    assert way.case.state == "archived"
    assert way.case.closed_at is not None
    taken = Act.objects.filter(case=way.case, person__isnull=False)
    assert len(set(taken.values_list("person", flat=True))) == 6
    decisions = Decision.objects.in_force().filter(case=way.case)
    assert list(decisions.values_list("kind", flat=True)) == [
        *("opinion", "returned", "opinion", "review", "objection_dismissed"),
        *("reported", "approved"),
    ]
    going = Clock.objects.filter(case=way.case, state__in=["running", "paused"])
    assert not going.exists()
    verify_whole(way.case)


def test_every_period_of_the_way_is_kept(way: Way) -> None:
    way.to("approved")

    for target in ("completion", "acceptance", "visit", "opinion", "review"):
        assert clock_of(way.case, target).outcome == "met", target
    assert clock_of(way.case, "publicity").state == "stopped"
    assert clock_of(way.case, "take_down").state == "running"


def test_a_rejection_is_reversed_by_the_next_level(way: Way) -> None:
    way.to("reconsideration")

    way.take("reverse_rejection", "heshi")

    assert way.case.state == "county_review"
    assert way.case.level == "county"
    assert clock_of(way.case, "review").cycle == 2
    way.take("publish", "amin")
    assert way.case.state == "publicity"


def test_what_was_reconsidered_is_final(way: Way) -> None:
    way.to("reconsideration")

    way.take("uphold_rejection", "heshi")

    assert way.case.state == "rejected"
    with pytest.raises(NotNow, match="最终决定"):
        way.take("ask_reconsideration", "amin")
    way.take("close", "chendi")
    assert clock_of(way.case, "archive").state == "running"


def test_urgent_relief_comes_first_and_the_papers_later(way: Way, office: Cast) -> None:
    way.take("ask_urgent_relief", "xiaobo")
    assert way.case.level == "county"
    assert clock_of(way.case, "urgent").due_at == on("2026-09-30 17:30")

    way.take("grant_urgent_relief", "chendi", granted_sum="3000")

    assert way.case.state == "approved"
    assert way.case.details.urgent_fen == 300_000
    assert clock_of(way.case, "papers_owed").state == "running"
    with pytest.raises(NotNow, match="F-02"):
        way.take("file_built", "amin")
    way.take("complete_papers", "amin")
    assert way.case.details.is_stated
    assert clock_of(way.case, "papers_owed").outcome == "met"
    verify_whole(way.case)


def test_H32_the_papers_owed_are_those_of_the_rules(way: Way) -> None:
    way.take("ask_urgent_relief", "xiaobo")
    way.take("grant_urgent_relief", "chendi")
    papers = [code for code in ALWAYS_ASKED if code != "income_proof"]

    with pytest.raises(InvalidForm, match="还缺材料：收入证明或一年银行流水（"):
        way.take("complete_papers", "amin", papers=papers)
    way.take("complete_papers", "amin", papers=papers, monthly_income="0")

    assert not way.case.details.owes_papers


def test_what_is_not_urgent_goes_on_as_an_application(way: Way) -> None:
    way.take("ask_urgent_relief", "xiaobo")

    way.take("decline_urgent_relief", "chendi")

    assert way.case.level == "station"
    with pytest.raises(NotNow, match="补充登记"):
        way.take("accept", "xiaobo")
    way.take("amend", "xiaobo")
    assert way.take("accept", "xiaobo").state == "station_review"


def test_a_withdrawal_frees_the_receipts_and_takes_the_list_down(way: Way) -> None:
    receipt = {
        "kind": "medical",
        "amount": "3600",
        "receipt_number": "YL20260001",
        "receipt_date": "2026-08-01",
    }
    way.to("publicity", submit={"expenses": [receipt]}, accept={})
    assert ReceiptUse.objects.in_force().filter(case=way.case).count() == 1

    way.take("withdraw", "amin")

    assert ReceiptUse.objects.in_force().filter(case=way.case).count() == 0
    down = Posting.objects.in_force().filter(case=way.case)
    assert {posting.taken_down_on for posting in down} == {
        on("2026-09-24 10:00").date()
    }
    assert clock_of(way.case, "publicity").state == "cancelled"


def test_a_case_of_the_county_does_the_stations_work(office: Cast) -> None:
    case = cases.open("hardship_aid", by=office.amin, data=ReceiptForm.example(Case()))
    case = cases.claim(case.pk, by=office.amin)
    assert case.station_id is None

    offered = {
        c.step.name for c in cases.choices(case.pk, by=office.amin) if c.is_allowed
    }

    assert "submit" in offered


def test_a_step_of_the_system_is_nobodys(way: Way) -> None:
    way.to("publicity")

    with pytest.raises(Forbidden, match="系统"):
        way.take("end_publicity", "chendi")
    assert "step.end_publicity" not in verbs_of(way.case)


def test_the_employer_is_found_or_registered(way: Way) -> None:
    code = "91320500MA1NYE6B30"
    way.take("submit", "xiaobo", employer_code=code)
    way.take("amend", "xiaobo", employer_code=code)

    worker = Party.objects.in_force().get(case=way.case)
    assert worker.employer is not None
    assert (worker.employer.name, worker.employer.uscc) == ("云溪丝织厂", code)
    assert Employer.objects.count() == 1


def test_a_registration_that_is_taken_back_leaves_the_receipt(
    way: Way, office: Cast
) -> None:
    receipt = {
        "kind": "medical",
        "amount": "3600",
        "receipt_number": "YL20260001",
        "receipt_date": "2026-08-01",
    }
    way.take("submit", "xiaobo", expenses=[receipt])

    mending.take_back(way.case.pk, by=office.xiaobo, reason="填错了人。")

    case = HardshipAid.objects.get(pk=way.case.pk)
    worker = Party.objects.in_force().get(case=case)
    assert (case.state, worker.name, worker.id_number) == ("draft", "周雅琴", "")
    assert not ReceiptUse.objects.in_force().filter(case=case).exists()
    assert not HouseholdMember.objects.in_force().filter(case=case).exists()
    verify_whole(case)


def test_a_deemed_withdrawal_can_be_reversed(way: Way, office: Cast) -> None:
    way.to("correcting")
    way.take("remind", "xiaobo", channel="phone")
    way.take("remind", "xiaobo", channel="post")
    way.wait("2026-10-10 00:02")
    assert way.case.state == "withdrawn"
    way.clock.set("2026-10-12 10:00")

    mending.reverse_deemed(
        way.case.pk, by=office.station_head, reason="材料昨天已寄到。"
    )

    assert way.take("supply", "xiaobo").state == "submitted"
    assert clock_of(way.case, "acceptance").state == "running"
