"""Every reason why a step cannot be taken yet, met as a person meets it.

Those of the station, until it has reported, are met in `test_station`.
"""

from typing import Any

import pytest

from casework.access import SYSTEM, Actor
from casework.domain.errors import Forbidden
from casework.domain.vocabulary import Role
from casework.models import Case
from casework.services import cases
from tests.cast import Cast, MembershipFactory
from tests.engine.conftest import clock_of, on
from tests.hardship_aid.conftest import KIND, Way, refusal
from workflows.hardship_aid import guards
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.forms.receipt import ReceiptForm

pytestmark = pytest.mark.django_db


# County review


def test_H_25_a_case_is_returned_twice_at_most(way: Way) -> None:
    way.to("county_review")
    for _return in range(2):
        way.take("send_back", "amin")
        assert clock_of(way.case, "review").state == "paused"
        assert clock_of(way.case, "station_return").due_at
        way.take("report_up", "station_head")
        assert clock_of(way.case, "review").state == "running"
        cases.claim(way.case.pk, by=way.office.amin)

    assert "2 次" in refusal(way, "send_back", "amin")


def test_P_05_no_check_without_consent(way: Way) -> None:
    _reviewed(way, submit={"consents_sharing": ""})
    cases.claim(way.case.pk, by=way.office.amin)

    assert "P-05" in refusal(way, "request_check", "amin")


def test_H_26_no_publicity_without_a_check(way: Way) -> None:
    _reviewed(way)
    cases.claim(way.case.pk, by=way.office.amin)

    assert "核对还没有完成" in refusal(way, "publish", "amin")


def test_H_26_what_does_not_agree_is_not_published(way: Way) -> None:
    way.to("info_check")
    way.take("receive_check", "amin", result="differs", note="名下另有一套住房。")

    assert "不符" in refusal(way, "publish", "amin")


def test_H_26_other_facts_need_another_check(way: Way) -> None:
    way.to("county_review")

    way.take("amend", "amin", monthly_income="950")

    assert "核对还没有完成" in refusal(way, "publish", "amin")


def test_H_07_who_is_excluded_is_not_published(way: Way) -> None:
    way.to("info_check")
    way.take("receive_check", "amin", exclusions=["dwellings"])

    assert way.case.details.proposed_category == "none"
    assert "H-07" in refusal(way, "publish", "amin")


def test_P_06_nothing_is_posted_without_consent(way: Way) -> None:
    way.to("county_review", submit={"consents_publication": ""})

    assert "P-06" in refusal(way, "publish", "amin")


def test_H_25_who_visited_does_not_review(way: Way, office: Cast) -> None:
    way.to("home_visit")
    way.take(
        "record_visit",
        "xiaobo",
        second_visitor=str(office.amin.person.pk),  # type: ignore[union-attr]
        outsider_name="",
        outsider_body="",
    )
    way.take("report_up", "station_head")
    way.take("request_check", "amin")
    way.take("receive_check", "amin")

    assert "入户核查人" in refusal(way, "publish", "amin")


# Publicity


def test_H_27_publicity_ends_after_five_full_working_days(way: Way) -> None:
    way.to("publicity")

    # Posted on Thursday 24 September: 28, 29, 30 September, 8 and 9 October count.
    assert clock_of(way.case, "publicity").due_at == on("2026-10-10 00:00")
    assert way.wait("2026-10-09 23:59").state == "publicity"
    assert way.wait("2026-10-10 00:02").state == "approval"


def test_H_27_the_system_itself_ends_no_publicity_early(way: Way) -> None:
    way.to("publicity")
    now = way.case.effective_at

    assert "没有满期" in str(guards.publicity_is_over(way.case, SYSTEM, now))
    way.take("object", "amin")
    assert "没有核查" in str(guards.no_open_objection(way.case, SYSTEM, now))


def test_H_27_an_objection_of_the_last_minute_counts(way: Way) -> None:
    way.to("publicity")
    way.wait("2026-10-09 23:58")

    way.take("object", "amin", received_at="2026-10-09 23:58")

    assert way.wait("2026-10-12 09:00").state == "objection"
    way.take("dismiss_objection", "lanyun")
    # What was left, two minutes, is left.
    assert way.wait("2026-10-12 09:01").state == "publicity"
    assert way.wait("2026-10-13 00:05").state == "approval"


def test_H_28_an_objection_registered_after_the_end_goes_back_to_approval(
    way: Way,
) -> None:
    way.to("approval")

    way.take("object", "amin", received_at="2026-10-09 23:58")

    assert clock_of(way.case, "approval").state == "paused"
    assert "期满后异议不成立" in refusal(way, "dismiss_objection", "lanyun")
    way.take("dismiss_late_objection", "lanyun")
    assert way.case.state == "approval"
    assert clock_of(way.case, "approval").state == "running"


def test_H_28_an_objection_within_the_period_goes_back_to_publicity(way: Way) -> None:
    way.to("objection")

    assert "异议不成立" in refusal(way, "dismiss_late_objection", "lanyun")


def test_H_28_the_reviewer_does_not_check_what_is_said_against_him(way: Way) -> None:
    way.to("objection")

    with pytest.raises(Forbidden, match="H-28"):
        way.take("dismiss_objection", "amin")


def test_H_27_a_changed_text_is_posted_for_the_whole_period(way: Way) -> None:
    way.to("objection")
    way.wait("2026-09-28 10:00")

    way.take("repost", "lanyun")

    # 29, 30 September, 8, 9 October, and Saturday the 10th, when work is made up.
    clock = clock_of(way.case, "publicity")
    assert (clock.cycle, clock.due_at) == (2, on("2026-10-11 00:00"))


def test_P_10_only_what_hangs_comes_down(way: Way) -> None:
    way.to("approval")
    way.take("take_down", "xiaobo")
    assert clock_of(way.case, "take_down").outcome == "met"

    assert "没有张贴" in refusal(way, "take_down", "xiaobo")


# Decision


def test_H_29_the_reviewer_does_not_approve_and_the_city_lends(
    way: Way, office: Cast
) -> None:
    """陈迪 wears both hats of a small centre: she reviewed, so 何市 approves."""
    hat = MembershipFactory(
        person=office.chendi.person, unit=office.gusu, role=Role.CASEWORKER
    )
    office.actors["both"] = Actor(office.chendi.user, office.chendi.person, hat)
    _reviewed(way)
    cases.claim(way.case.pk, by=office.both)
    for step in ("request_check", "receive_check", "publish"):
        way.take(step, "both")
    way.wait("2026-10-10 09:00")

    assert "没有第二个人" in refusal(way, "approve", "chendi")
    assert way.take("approve", "heshi").state == "approved"


def test_H_30_what_goes_to_the_city_is_not_approved_here(way: Way) -> None:
    way.to(
        "approval",
        publish={"aid_sum": "20001", "aid_item": "medical", "fund_level": "county"},
    )

    assert "金额超过县级上限" in refusal(way, "approve", "chendi")
    assert way.take("report_to_city", "chendi").level == "city"


def test_H_30_exactly_the_limit_is_the_countys(way: Way) -> None:
    way.to(
        "approval",
        publish={"aid_sum": "20000", "aid_item": "medical", "fund_level": "county"},
    )

    assert "没有要报市级" in refusal(way, "report_to_city", "chendi")
    assert way.take("approve", "chendi").state == "approved"


def test_E_10_a_relative_of_staff_goes_to_the_city(way: Way) -> None:
    way.to("approval", submit={"is_staff_relative": "on"})

    assert "工作人员亲属" in refusal(way, "approve", "chendi")


# Rejection


def test_H_31_reconsideration_is_asked_for_within_fifteen_days(way: Way) -> None:
    way.to("rejected")
    way.take("serve", "amin")
    assert clock_of(way.case, "reconsideration_window").due_at == on("2026-10-10 00:00")

    way.wait("2026-10-09 23:30")
    assert "期限过后" in refusal(way, "close", "chendi")
    way.wait("2026-10-10 00:30")

    assert "期限已经过了" in refusal(way, "ask_reconsideration", "amin")
    assert way.take("close", "chendi").state == "closed"


def test_H_31_a_rejection_is_served_once_and_before_it_is_closed(way: Way) -> None:
    way.to("rejected")
    assert "送达" in refusal(way, "close", "chendi")

    way.take("serve", "amin")

    assert "已经送达" in refusal(way, "serve", "amin")


def test_H_31_who_rejected_does_not_reconsider(way: Way, office: Cast) -> None:
    way.to("city_review")
    way.take("reject", "heshi")
    way.take("serve", "amin")
    way.take("ask_reconsideration", "amin")

    assert "H-31" in refusal(way, "uphold_rejection", "heshi")


# Urgent relief


def test_H_32_urgent_relief_is_asked_for_once(way: Way, office: Cast) -> None:
    way.take("submit", "xiaobo")
    way.take("ask_urgent_relief", "xiaobo")
    cases.claim(way.case.pk, by=office.amin)

    assert "已经报过" in refusal(way, "ask_urgent_relief", "amin")
    for step in ("accept", "ask_for_papers", "refuse_acceptance"):
        assert "等县级决定" in refusal(way, step, "amin")


def test_H_32_only_what_was_asked_for_is_decided(way: Way, office: Cast) -> None:
    case = cases.open(KIND, by=office.amin, data=ReceiptForm.example(Case()))
    cases.claim(case.pk, by=office.amin)
    way.follow(case.pk)
    way.take("submit", "amin")

    for step in ("grant_urgent_relief", "decline_urgent_relief"):
        assert "没有报临时救助" in refusal(way, step, "chendi")


def test_H_32_papers_are_completed_where_they_are_owed(way: Way) -> None:
    way.to("approved")

    assert "没有欠补" in refusal(way, "complete_papers", "amin")


# The end


def test_H_33_no_end_without_the_file(way: Way) -> None:
    way.to("approved")
    way.take("take_down", "amin")

    assert "请先建档" in refusal(way, "file_built", "amin")


def test_F_02_money_is_waited_for(way: Way) -> None:
    way.to(
        "approved",
        publish={"aid_sum": "500", "aid_item": "living", "fund_level": "county"},
    )

    assert "救助款" in refusal(way, "file_built", "amin")


def test_P_10_no_case_is_closed_while_its_list_hangs(way: Way) -> None:
    way.to("approval")
    way.take("reject", "chendi")
    way.take("serve", "amin")
    way.wait("2026-11-02 09:00")

    assert "名单还没有撤下" in refusal(way, "close", "chendi")


def test_R_01_what_was_approved_and_terminated_is_closed(way: Way) -> None:
    way.to("approved")
    way.take("terminate", "chendi", ground="death")

    assert way.take("close", "chendi").state == "closed"


def test_H_23_a_station_ends_only_what_is_lost(way: Way) -> None:
    way.to("home_visit")
    assert "只能以失去联系终止" in refusal(way, "terminate", "station_head")

    way.take("seek_contact", "xiaobo", channel="phone", outcome="no_answer")
    way.take("seek_contact", "xiaobo", channel="post", outcome="no_answer")
    assert way.take("terminate", "station_head", ground="not_found").closed_at is None
    assert way.case.state == "terminated"


def test_H_23_a_case_ends_where_it_is_or_one_level_above(way: Way) -> None:
    way.to("home_visit")
    assert "上一级终止" in refusal(way, "terminate", "heshi")

    assert way.take("terminate", "chendi", ground="death").state == "terminated"


def test_every_guard_and_bar_of_the_procedure_is_met_here() -> None:
    """Each guard refuses in some test: its rule's id is in the test's name."""
    used = {
        guard.__name__
        for step in HARDSHIP_AID.steps.values()
        for guard in (*step.guards, *((step.barred,) if step.barred else ()))
    }
    assert used == MET


#: The guards of the procedure, each refused in a test above, in the state table, in
#: `test_station` or in `test_reconsideration`.
MET = {
    *("not_asked_before", "was_looked_for", "is_stated", "papers_are_there"),
    *("all_have_authorised", "is_ours", "is_known_nowhere_else"),
    *("nobody_missed_yet", "missed_before", "may_go_again", "was_missed_and_sought"),
    *("was_visited", "is_computed", "may_be_returned", "may_be_shared", "is_checked"),
    *("qualifies", "may_be_published", "visitors", "publicity_is_over"),
    *("no_open_objection", "is_in_publicity", "is_after_publicity", "is_posted"),
    *("reviewer_and_visitors", "whoever_prepared", "is_the_countys", "is_the_citys"),
    *("is_not_served", "is_not_final", "is_in_window", "whoever_rejected"),
    *("whoever_rejected_below", "city_reconsiders", "is_reconsidered_above"),
    *("is_not_urgent_yet", "is_nothing_urgent", "is_urgent", "owes_papers"),
    *("file_is_active", "no_money_waits", "lists_are_down", "is_over", "ends_here"),
}


def _reviewed(way: Way, **changes: dict[str, Any]) -> None:
    for step, who in (
        *(("submit", "xiaobo"), ("accept", "xiaobo"), ("arrange_visit", "xiaobo")),
        *(("record_visit", "xiaobo"), ("report_up", "station_head")),
    ):
        way.take(step, who, **changes.get(step, {}))


def test_who_may_not_himself_reads_that_another_of_his_role_may(way: Way) -> None:
    way.to("objection")

    def who(actor: Actor) -> dict[str, str]:
        offered = cases.choices(way.case.pk, by=actor)
        return {c.step.name: c.refusal.who for c in offered if c.refusal}

    assert who(way.office.amin)["dismiss_objection"] == "另一名办案员、负责人"
    assert who(way.office.station_head)["dismiss_objection"] == "办案员、负责人"
