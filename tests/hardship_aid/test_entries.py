"""What is entered contradicts neither the order of events nor itself, nor says nothing."""

import pytest

from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import Way
from tests.hardship_aid.test_bad_input import mistakes
from workflows.hardship_aid.models import Decision, InformationCheck

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "step", "who", "field", "value", "event"),
    [
        (
            "home_visit",
            "record_visit",
            "xiaobo",
            "visited_at",
            "2025-01-01 10:00",
            "收件",
        ),
        ("home_visit", "nobody_home", "xiaobo", "tried_at", "2020-01-01 10:00", "收件"),
        ("correcting", "remind", "xiaobo", "tried_at", "2020-01-01 10:00", "收件"),
        (
            "info_check",
            "receive_check",
            "amin",
            "received_on",
            "2020-01-01",
            "委托函发出",
        ),
        ("publicity", "object", "amin", "received_at", "2020-01-01 10:00", "名单张贴"),
        ("approval", "approve", "chendi", "met_on", "2020-01-01", "公示满期的时间"),
        ("approval", "take_down", "amin", "taken_down_on", "2020-01-01", "名单张贴"),
        ("publicity", "withdraw", "amin", "taken_down_on", "2020-01-01", "名单张贴"),
        (
            "city_review",
            "city_approve",
            "heshi",
            "met_on",
            "2026-10-01",
            "公示满期的时间",
        ),
    ],
)
def test_nothing_happens_before_what_it_follows(
    way: Way, state: str, step: str, who: str, field: str, value: str, event: str
) -> None:
    way.to(state)

    (said,) = mistakes(way, step, who, **{field: value})[field]

    assert f"不能早于{event}（" in said


@pytest.mark.parametrize(
    ("state", "step", "who", "field"),
    [
        ("correcting", "remind", "xiaobo", "tried_at"),
        ("home_visit", "nobody_home", "xiaobo", "tried_at"),
        ("home_visit", "record_visit", "xiaobo", "visited_at"),
        ("info_check", "remind_check", "amin", "reminded_at"),
        ("publicity", "object", "amin", "received_at"),
    ],
)
def test_nothing_that_was_done_lies_ahead(
    way: Way, state: str, step: str, who: str, field: str
) -> None:
    way.to(state)

    (said,) = mistakes(way, step, who, **{field: "2026-09-24 10:01"})[field]

    assert said == "时间不能晚于现在（2026年9月24日 10:00）。"


def test_what_happened_in_the_minute_of_the_receipt_is_not_before_it(
    office: Cast, clock: DatabaseClock
) -> None:
    """A form knows minutes only, and the case was received half a minute into one."""
    way = Way.at_moment(office, clock, "2026-09-24 10:00:30")
    way.to("correcting")

    assert way.take("remind", "xiaobo", tried_at="2026-09-24 10:00")


def test_H28_the_objector_is_answered_after_he_objected(way: Way) -> None:
    way.to("publicity")
    way.take("object", "amin", is_anonymous="", name="陆一鸣", phone="12900000001")

    said = mistakes(way, "dismiss_objection", "lanyun", told_on="2026-09-01")

    assert "不能早于收到异议" in said["told_on"][0]


def test_H32_the_event_of_urgent_relief_is_recent_and_a_sum_is_asked_for(
    way: Way,
) -> None:
    said = mistakes(way, "ask_urgent_relief", "xiaobo", happened_on="2026-06-25")
    assert "90天" in said["happened_on"][0]

    said = mistakes(way, "ask_urgent_relief", "xiaobo", asked_sum="0")
    assert "大于0" in said["asked_sum"][0]

    way.take("ask_urgent_relief", "xiaobo", happened_on="2026-06-26")


def test_H21_supplying_nothing_is_no_supplement(way: Way) -> None:
    way.to("correcting")

    said = mistakes(way, "supply", "xiaobo", papers=[])
    assert "至少勾选一样" in said["papers"][0]

    assert way.take("supply", "xiaobo", papers=[], note="口头说明").state == "submitted"


def test_H26_a_report_does_not_contradict_itself(way: Way) -> None:
    way.to("info_check")
    twice = [
        {"source": "vehicles", "finding": "differs"},
        {"source": "vehicles", "finding": "agrees"},
    ]

    said = mistakes(way, "receive_check", "amin", findings=twice, result="agrees")

    assert "填了两次" in said["findings"][0]
    assert "总的结果不能是相符" in said["result"][0]
    assert InformationCheck.objects.in_force().get(case=way.case).report_number == ""


def test_P11_who_departs_from_the_computed_category_says_why(way: Way) -> None:
    way.to("station_review")

    said = mistakes(way, "report_up", "station_head", category="relative")
    assert "P-11" in said["departs_because"][0]

    way.take(
        "report_up",
        "station_head",
        category="relative",
        departs_because="长子上月就业。",
    )
    kept = Decision.objects.in_force().get(case=way.case, kind="opinion")
    assert "测算为深度困难职工，认定为相对困难职工：长子上月就业。" in kept.reasons


def test_P11_the_countys_review_says_why_it_departs(way: Way) -> None:
    way.to("county_review")

    said = mistakes(
        way,
        "publish",
        "amin",
        category="relative",
        text="周**，云溪丝织厂，相对困难职工。",
    )

    assert "深度困难职工" in said["departs_because"][0]


@pytest.mark.parametrize(("yuan", "is_refused"), [("12000", False), ("12000.01", True)])
def test_F04_living_aid_is_twelve_months_of_the_standard_at_most(
    way: Way, yuan: str, is_refused: bool
) -> None:
    aid = {"aid_item": "living", "aid_sum": yuan, "fund_level": "county"}
    way.to("county_review")

    if is_refused:
        assert "F-04" in mistakes(way, "publish", "amin", **aid)["aid_sum"][0]
    else:
        assert way.take("publish", "amin", **aid).details.aid_fen == 1_200_000


def test_H23_who_signed_for_the_family_is_named(way: Way) -> None:
    way.to("home_visit")

    said = mistakes(way, "record_visit", "xiaobo", family_signer="")

    assert "H-23" in said["family_signer"][0]


def test_H27_an_empty_row_of_places_is_no_place(way: Way) -> None:
    way.to("county_review")
    places = [
        {"place": "workplace", "level": "county", "name": "云溪丝织厂公告栏"},
        {"place": "community", "level": "station", "name": "云溪社区公告栏"},
        {"place": "", "level": "", "name": ""},
    ]

    assert way.take("publish", "amin", places=places).state == "publicity"


def test_H23_who_keeps_an_appointment_to_the_minute_is_not_early(
    office: Cast, clock: DatabaseClock
) -> None:
    way = Way.at_moment(office, clock, "2026-09-24 10:00:30")
    way.to("home_visit")  # appointed a quarter of an hour ahead, to the second

    assert way.take("record_visit", "xiaobo", visited_at="2026-09-24 10:00")
