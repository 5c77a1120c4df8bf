"""Every reason why a step of the station cannot be taken yet, met as a person meets it."""

import pytest

from casework.services import cases
from tests.cast import Cast
from tests.engine.conftest import clock_of
from tests.hardship_aid.conftest import CHILD, SPOUSE, Way, application_at, refusal
from workflows.hardship_aid import duplicates

pytestmark = pytest.mark.django_db


# Acceptance


def test_H_21_papers_are_asked_for_once(way: Way) -> None:
    way.to("correcting")
    way.take("supply", "xiaobo")

    assert "一次性告知" in refusal(way, "ask_for_papers", "xiaobo")


def test_H_21_a_missing_paper_is_named(way: Way) -> None:
    way.take("submit", "xiaobo", papers=["application", "id_card", "authorisation"])

    told = refusal(way, "accept", "xiaobo")

    assert "户口簿" in told
    assert "工会会员证明" in told
    assert "身份证" not in told


def test_H_21_papers_are_asked_for_by_what_the_household_is(way: Way) -> None:
    way.take(
        "submit",
        "xiaobo",
        members=[{**SPOUSE, "health": "cancer", "has_authorised": True}],
    )

    assert "诊断证明" in refusal(way, "accept", "xiaobo")


def test_H_22_an_adult_without_authorisation_is_named_masked(way: Way) -> None:
    way.take("submit", "xiaobo", members=[SPOUSE, {**CHILD}], consents_children="on")

    told = refusal(way, "accept", "xiaobo")

    assert "陆*远" in told
    assert "周" not in told  # the worker has signed, the child need not


def test_H_20_another_countys_worker_is_sent_to_his_own_unit(
    way: Way, office: Cast
) -> None:
    way.take("submit", "xiaobo", lives_in=str(office.yushan.pk))

    assert "玉山镇帮扶站" in refusal(way, "accept", "xiaobo")


def test_H_20_the_place_of_work_is_enough(way: Way, office: Cast) -> None:
    way.take(
        "submit",
        "xiaobo",
        lives_in=str(office.yushan.pk),
        works_in=str(office.gusu.pk),
    )

    assert way.take("accept", "xiaobo").state == "station_review"


def test_H_01_a_household_known_in_another_county_is_told_and_not_opened(
    way: Way, office: Cast
) -> None:
    theirs = application_at(office, office.dinglan, office.yushan.pk)
    way.take("submit", "xiaobo")

    told = refusal(way, "accept", "xiaobo")

    assert "昆山市帮扶中心" in told
    assert str(theirs.number) in told
    assert "周雅琴" not in told
    assert _hints(way, "xiaobo") == [("昆山市帮扶中心", None)]


def test_H_01_a_member_in_two_households_is_refused(way: Way, office: Cast) -> None:
    application_at(office, office.dinglan, office.kunshan.pk)
    other = {
        **SPOUSE,
        "name": "周雅琴",
        "id_number": "320508198503070027",
        "has_authorised": True,
    }
    way.take("submit", "xiaobo", id_number="32050819830412001X", members=[other])

    assert "H-01" in refusal(way, "accept", "xiaobo")


def test_H_01_what_is_over_does_not_count(way: Way, office: Cast) -> None:
    theirs = application_at(office, office.dinglan, office.yushan.pk)
    cases.act(
        theirs.pk, "withdraw", by=office.dinglan, version=None, data={"is_signed": "on"}
    )
    way.take("submit", "xiaobo")

    assert way.take("accept", "xiaobo").state == "station_review"


def test_H_21_nothing_is_deemed_withdrawn_without_two_attempts(way: Way) -> None:
    way.to("correcting")

    way.wait("2026-10-20 09:00")
    assert way.case.state == "correcting"

    way.take("remind", "xiaobo", channel="phone")
    way.take("remind", "xiaobo", channel="phone")
    assert way.wait("2026-10-20 10:00").state == "correcting"

    way.take("remind", "xiaobo", channel="message")
    assert way.wait("2026-10-20 11:00").state == "withdrawn"


def test_H_21_who_was_reminded_in_time_is_withdrawn_at_the_end(way: Way) -> None:
    way.to("correcting")
    way.take("remind", "xiaobo", channel="phone")
    way.take("remind", "xiaobo", channel="post")

    # 15 calendar days after Thursday 24 September: Friday 9 October, 24:00.
    assert way.wait("2026-10-09 23:00").state == "correcting"
    assert way.wait("2026-10-10 00:02").state == "withdrawn"
    assert clock_of(way.case, "acceptance").state == "cancelled"


# The home visit


def test_H_23_after_two_absences_the_supervisor_decides(way: Way) -> None:
    way.to("home_visit")
    assert "再次" not in refusal(way, "nobody_home_again", "xiaobo")
    way.take("nobody_home", "xiaobo")
    assert clock_of(way.case, "visit").state == "paused"

    way.clock.set("2026-09-28 16:00")
    way.take("arrange_visit", "xiaobo", planned_at="2026-09-28 16:00")
    assert clock_of(way.case, "visit").state == "running"
    way.take("nobody_home_again", "xiaobo")
    assert clock_of(way.case, "contact").state == "running"
    way.clock.set("2026-09-29 10:00")
    assert "第三次入户" in refusal(way, "arrange_visit", "xiaobo")
    assert "另一种方式" in refusal(way, "decide_absence", "station_head")

    way.take("seek_contact", "xiaobo", channel="phone")
    way.take("decide_absence", "station_head")
    assert clock_of(way.case, "contact").state == "stopped"
    way.take("arrange_visit", "xiaobo")
    assert way.take("record_visit", "xiaobo").state == "station_review"


def test_H_23_a_family_that_was_reached_needs_no_decision(way: Way) -> None:
    way.to("home_visit")
    way.take("nobody_home", "xiaobo")
    way.clock.set("2026-09-28 16:00")
    way.take("nobody_home_again", "xiaobo", tried_at="2026-09-28 16:00")

    way.take("seek_contact", "xiaobo", channel="phone", outcome="reached")

    way.take("arrange_visit", "xiaobo")
    assert clock_of(way.case, "contact").state == "stopped"


def test_H_23_a_first_absence_is_not_a_second(way: Way) -> None:
    way.to("home_visit")
    assert "家里没人" in refusal(way, "nobody_home_again", "xiaobo")

    way.take("nobody_home", "xiaobo")

    assert "再次入户无人" in refusal(way, "nobody_home", "xiaobo")


def test_H_23_no_opinion_without_a_visit(way: Way) -> None:
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")
    assert "入户核查" in refusal(way, "report_up", "station_head")

    way.take("arrange_visit", "xiaobo")
    way.take("record_visit", "xiaobo", outcome="refused")

    assert "入户核查" in refusal(way, "report_up", "station_head")


def test_H_08_no_opinion_without_a_living_standard(way: Way, office: Cast) -> None:
    before = Way.at_moment(office, way.clock, "2025-09-24 10:00")
    before.take("submit", "xiaobo")
    before.take("accept", "xiaobo")
    before.take("arrange_visit", "xiaobo")
    before.take("record_visit", "xiaobo")

    assert "低保标准" in refusal(before, "report_up", "station_head")


def _hints(way: Way, who: str) -> list[tuple[str, int | None]]:
    data = {"id_number": "３２０５０８198503070027"}
    found = duplicates.hints(data, getattr(way.office, who)) or []
    return [
        (hint.text.split("：")[1].split("的")[0], hint.case_id)
        for hint in found
        if str(way.case.number) not in hint.text
    ]
