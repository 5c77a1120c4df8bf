"""Removal after notice, window and payment; ten years of keeping; back in hardship."""

from datetime import date
from typing import Any

import pytest

from casework.domain.errors import Conflict, Forbidden, InvalidForm, NotNow
from casework.domain.vocabulary import ClockState, Role
from casework.models import Case, Clock, Party
from casework.services.mending import take_back
from tests.cast import Cast, MembershipFactory, UserFactory
from tests.engine.conftest import DatabaseClock, clock_of, on, verify_whole
from tests.hardship_aid.files import (
    ONE,
    OTHER,
    FileWay,
    approved,
    opened,
)
from workflows.hardship_aid.models import FiledMember, HardshipAidDetails

pytestmark = pytest.mark.django_db

ANNOUNCER = "撤档是您告知的，要由另一个人核查和审批（规则 H-37）。"


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> FileWay:
    """A file whose removal 阿敏 has announced on 24 September 2026."""
    way = FileWay(office, clock)
    way.to("removal_noticed")
    return way


def test_H37_the_window_is_ten_working_days_to_midnight(way: FileWay) -> None:
    # 28 to 30 September, 8 to 10 and 12 to 15 October: the tenth is Thursday.
    assert clock_of(way.case, "removal_objection").due_at == on("2026-10-16 00:00")
    way.clock.set("2026-10-15 23:59")
    with pytest.raises(NotNow, match="异议期满以后才能撤档"):
        way.take("deregister", "chendi")

    way.clock.set("2026-10-16 00:00")
    way.take("deregister", "chendi")

    assert way.case.state == "deregistered"
    assert way.case.details.removed_on == date(2026, 10, 16)
    assert way.case.closed_at is None
    assert FiledMember.objects.in_force().count() == 0
    verify_whole(way.case)


def test_H37_who_announced_does_not_decide_and_the_city_lends(
    office: Cast, clock: DatabaseClock
) -> None:
    way = FileWay(office, clock)
    way.take("notice_removal", "chendi")
    way.clock.set("2026-10-20 10:00")
    with pytest.raises(Forbidden, match="本单位没有第二个人能办，由苏州市帮扶中心借人"):
        way.take("deregister", "chendi")
    way.take("deregister", "heshi")
    assert way.case.state == "deregistered"


def test_H37_with_a_second_supervisor_the_announcer_reads_why_not(
    office: Cast, clock: DatabaseClock
) -> None:
    user = UserFactory()
    MembershipFactory(person=user.person, unit=office.gusu, role=Role.SUPERVISOR)
    way = FileWay(office, clock)
    way.take("notice_removal", "chendi")
    way.clock.set("2026-10-20 10:00")

    with pytest.raises(Forbidden, match=ANNOUNCER[:12]):
        way.take("deregister", "chendi")
    with pytest.raises(Forbidden):
        way.take("deregister", "heshi")


def test_H37_an_objection_of_the_last_minute_stops_the_window(way: FileWay) -> None:
    way.clock.set("2026-10-15 23:59")
    way.take("object_removal", "lanyun")
    way.clock.set("2026-10-20 10:00")
    with pytest.raises(NotNow, match="还有异议没有核查答复"):
        way.take("deregister", "chendi")
    with pytest.raises(Forbidden, match=ANNOUNCER[:12]):
        way.take("dismiss_objection", "amin")

    way.take("dismiss_objection", "lanyun")

    assert clock_of(way.case, "removal_objection").due_at == on("2026-10-21 00:00")
    with pytest.raises(NotNow, match="异议期满以后才能撤档"):
        way.take("deregister", "chendi")
    way.clock.set("2026-10-21 00:00")
    way.take("deregister", "chendi")


def test_H37_after_the_window_nobody_objects(way: FileWay) -> None:
    way.clock.set("2026-10-16 00:00")

    with pytest.raises(NotNow, match="撤档异议期已经过了"):
        way.take("object_removal", "amin")


def test_H37_an_upheld_objection_keeps_the_file_and_its_review(way: FileWay) -> None:
    way.take("object_removal", "amin")
    way.take("uphold_objection", "lanyun")

    assert way.case.state == "active"
    assert way.case.details.removal_reason == ""
    assert clock_of(way.case, "yearly_review").due_at == on("2027-09-25 00:00")
    window = clock_of(way.case, "removal_objection")
    assert window.state == ClockState.CANCELLED


def test_H37_no_removal_while_money_waits(way: FileWay) -> None:
    details = HardshipAidDetails.objects.filter(case=way.application)
    details.update(aid_fen=200_000)
    way.clock.set("2026-10-20 10:00")
    with pytest.raises(NotNow, match="的救助款还没有发放完"):
        way.take("deregister", "chendi")

    Case.objects.filter(pk=way.application.pk).update(state="closed")
    way.take("deregister", "chendi")


def test_H40_ten_years_from_a_29_February_end_on_the_28th(way: FileWay) -> None:
    way.clock.set("2028-02-29 10:00")

    way.take("deregister", "chendi")

    retention = clock_of(way.case, "retention")
    assert retention.due_at == on("2038-03-01 00:00")
    assert retention.raw_due_on == date(2038, 2, 28)


class Removed(FileWay):
    """A file that was removed on 20 October 2026."""

    def __init__(self, office: Cast, clock: DatabaseClock) -> None:
        super().__init__(office, clock)
        self.to("deregistered")
        Case.objects.filter(pk=self.application.pk).update(state="closed")

    def back(self, **changes: Any) -> Case:
        """Restore the file from a new application of the worker."""
        application = approved(self.office.xiaobo, **changes)
        return self.take("restore", "amin", application=application.number)


@pytest.fixture
def removed(office: Cast, clock: DatabaseClock) -> Removed:
    """A removed file."""
    return Removed(office, clock)


def test_H38_back_in_hardship_reopens_the_same_file(removed: Removed) -> None:
    number = removed.case.number
    removed.clock.set("2027-05-10 10:00")
    removed.back(numbers=(ONE[0], OTHER[1]))

    file = removed.case
    assert (file.number, file.state) == (number, "active")
    assert (file.details.period, file.details.filed_on) == (2, date(2027, 5, 10))
    assert (file.details.removal_reason, file.details.removed_on) == ("", None)
    assert clock_of(file, "retention").state == ClockState.CANCELLED
    assert clock_of(file, "yearly_review").due_at == on("2028-05-11 00:00")
    parties = Party.objects.in_force().filter(case=file)
    assert {party.id_number for party in parties} == {ONE[0], OTHER[1]}
    assert FiledMember.objects.in_force().filter(case=file).count() == 2
    verify_whole(file)


def test_H38_a_removed_file_is_reopened_not_doubled(removed: Removed) -> None:
    application = approved(removed.office.xiaobo)

    with pytest.raises(InvalidForm, match="办“返困恢复”（规则 H-38）"):
        opened(removed.office.amin, application)


def test_H38_it_is_the_same_workers(removed: Removed) -> None:
    with pytest.raises(InvalidForm, match="申请人不是这份档案的职工"):
        removed.back(numbers=OTHER)
    with pytest.raises(InvalidForm, match="申请人不是这份档案的职工"):
        removed.back(numbers=(ONE[1], ONE[0]))


def test_H38_who_is_filed_elsewhere_meanwhile_is_not_free(removed: Removed) -> None:
    # Back at 昆山, where the spouse works.
    opened(removed.office.dinglan, approved(removed.office.dinglan, numbers=ONE[::-1]))

    with pytest.raises(InvalidForm, match="昆山市帮扶中心的昆山市帮档〔2026〕0001"):
        removed.back()

    assert removed.read(removed.case.pk).state == "deregistered"
    assert Clock.objects.filter(
        case=removed.case, target="retention", state=ClockState.RUNNING
    ).exists()


def test_H01_a_removal_is_not_taken_back_over_another_file(removed: Removed) -> None:
    opened(removed.office.dinglan, approved(removed.office.dinglan, numbers=ONE[::-1]))

    with pytest.raises(Conflict, match="一户只有一份档案（规则 H-01）"):
        take_back(removed.case.pk, by=removed.office.chendi, reason="办错了")


def test_a_removal_that_is_taken_back_has_its_members_again(removed: Removed) -> None:
    take_back(removed.case.pk, by=removed.office.chendi, reason="办错了")

    assert removed.read(removed.case.pk).state == "removal_noticed"
    assert FiledMember.objects.in_force().filter(case=removed.case).count() == 2
