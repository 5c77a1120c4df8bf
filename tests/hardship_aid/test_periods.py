"""The periods of an application on days that try them (domain.md 9.8)."""

from datetime import date

import pytest

from casework.services import mending
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, clock_of, on
from tests.hardship_aid.conftest import Way, publish_standard
from workflows.hardship_aid.vocabulary import Category

pytestmark = pytest.mark.django_db


def test_a_receipt_on_a_make_up_saturday_counts_from_that_day(
    office: Cast, clock: DatabaseClock
) -> None:
    way = Way.at_moment(office, clock, "2026-10-10 09:00")

    # Sunday is off; 12 to 16 October are the five working days.
    assert clock_of(way.case, "acceptance").due_at == on("2026-10-16 17:30")


def test_the_reminder_to_complete_a_receipt_comes_the_same_day(way: Way) -> None:
    kept = clock_of(way.case, "completion")

    assert kept.next_step_at == on("2026-09-24 11:00")


def test_a_receipt_of_the_day_before_is_corrected_and_its_periods_follow(
    way: Way, office: Cast
) -> None:
    mending.correct(
        way.case.pk,
        field="opened_at",
        value="2026-09-23 10:00",
        reason="收件登记簿上是前一天",
        proof="收件登记簿第12页",
        by=office.xiaobo,
    )
    assert clock_of(way.case, "acceptance").due_at == on("2026-10-09 17:30")

    mending.confirm_correction(way.case.pk, by=office.station_head)

    assert clock_of(way.case, "acceptance").due_at == on("2026-10-08 17:30")
    assert clock_of(way.case, "completion").next_step_at == on("2026-09-23 11:00")


def test_a_supplement_over_the_spring_festival_pauses_acceptance(
    office: Cast, clock: DatabaseClock
) -> None:
    way = Way.at_moment(office, clock, "2026-02-11 10:00")
    way.take("submit", "xiaobo")
    clock.set("2026-02-12 10:00")
    way.take("ask_for_papers", "xiaobo")

    # 15 calendar days from Thursday 12 February end on Friday the 27th.
    assert clock_of(way.case, "correction").due_at == on("2026-02-28 00:00")

    # 12 February was used; the pause, festival and all, uses none. What is left is 27
    # February, Saturday the 28th (made up), 2 and 3 March.
    clock.set("2026-02-26 10:00")
    way.take("supply", "xiaobo")
    assert clock_of(way.case, "acceptance").due_at == on("2026-03-03 17:30")


def test_a_home_visit_that_nobody_opened_stands_still(way: Way) -> None:
    way.to("home_visit")
    before = clock_of(way.case, "visit").due_at
    assert before == on("2026-10-15 17:30")
    way.take("nobody_home", "xiaobo")
    assert clock_of(way.case, "visit").due_at is None

    way.wait("2026-09-29 09:00")
    way.take("arrange_visit", "xiaobo", planned_at="2026-09-29 18:00")

    assert clock_of(way.case, "visit").due_at == on("2026-10-16 17:30")


def test_an_economic_check_pauses_the_review(way: Way) -> None:
    way.to("info_check")

    assert clock_of(way.case, "review").state == "paused"
    assert clock_of(way.case, "info_check").due_at == on("2026-10-29 17:30")

    way.take("receive_check", "amin")
    assert clock_of(way.case, "review").state == "running"


def test_urgent_papers_are_owed_for_twenty_working_days(way: Way) -> None:
    way.take("ask_urgent_relief", "xiaobo")
    way.take("grant_urgent_relief", "chendi")

    assert clock_of(way.case, "papers_owed").due_at == on("2026-10-29 17:30")


@pytest.mark.parametrize(
    ("income", "category"),
    [
        ("999.99", Category.DEEP),
        ("1000", Category.RELATIVE),
        ("1999.99", Category.RELATIVE),
        ("2000", Category.NONE),
    ],
)
def test_H_08_equal_to_the_line_does_not_qualify(
    way: Way, income: str, category: Category
) -> None:
    way.take("submit", "xiaobo", monthly_income=income)

    assert way.case.details.proposed_category is category


def test_H_09_the_standard_of_the_application_date_counts(
    way: Way, office: Cast
) -> None:
    publish_standard(office.gusu, 80_000, since=date(2026, 9, 25))
    way.clock.set("2026-09-28 10:00")

    way.take("submit", "xiaobo", monthly_income="900")

    assert way.case.details.proposed_category is Category.DEEP
