"""A file goes to another union of the city; the household always has one."""

from typing import Any

import pytest

from casework.access import Actor
from casework.domain.errors import InvalidForm, NotFound, NotNow
from casework.domain.vocabulary import ClockState, Tab
from casework.models import Case, Party
from casework.reports import caseload, search
from casework.reports.caseload import Scope
from casework.services import cases
from casework.services.mending import take_back
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, clock_of, on, verify_whole
from tests.hardship_aid.files import (
    FILE_KIND,
    ONE,
    OTHER,
    FileWay,
    approved,
    member,
    opened,
)
from tests.web.pages import browse
from workflows.hardship_aid.models import FiledMember, HardshipFileDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> FileWay:
    """A file of 姑苏."""
    return FileWay(office, clock)


@pytest.fixture
def moving(way: FileWay) -> FileWay:
    """A file on its way from 姑苏 to 昆山."""
    way.to("moving")
    return way


def mistake(way: FileWay, step: str, who: str = "amin", **changes: Any) -> str:
    """Return what the step's form says against these data."""
    with pytest.raises(InvalidForm) as said:
        way.take(step, who, **changes)
    return said.value.message


def filed(file_id: int) -> list[bool]:
    """Return, for each member whom the file has, whether he is leaving it."""
    rows = FiledMember.objects.in_force().filter(case_id=file_id)
    return [row.is_leaving for row in rows]


def test_H39_the_receiving_union_goes_on_with_a_file_of_its_own(
    moving: FileWay,
) -> None:
    old, office = moving.case, moving.office
    assert (old.holder_id, old.county_id) == (office.kunshan.pk, office.gusu.pk)
    assert clock_of(old, "move").due_at == on("2026-10-15 17:30")
    assert filed(old.pk) == [True, True]

    new = moving.go_on_at_kunshan()

    details = HardshipFileDetails.objects.get(case=new)
    assert new.number == "昆山市帮档〔2026〕0001"
    assert (details.moved_from_id, details.category) == (old.pk, "deep")
    assert (filed(old.pk), filed(new.pk)) == ([True, True], [False, False])
    assert {p.id_number for p in Party.objects.filter(case=new)} == set(ONE)

    moving.take("confirm_move", "dinglan")

    assert (moving.case.state, filed(old.pk)) == ("moved", [])
    assert clock_of(old, "move").state == ClockState.STOPPED
    assert clock_of(old, "yearly_review").state == ClockState.CANCELLED
    verify_whole(old)
    verify_whole(new)
    # The union that it left still finds it; it does not see the new one.
    assert cases.choices(old.pk, by=office.amin)
    with pytest.raises(NotFound):
        cases.choices(new.pk, by=office.amin)


def test_H39_a_moving_file_stands_in_the_queue_of_who_has_it_now(
    moving: FileWay,
) -> None:
    file, office = moving.case, moving.office
    dinglan, amin, now = office.dinglan, office.amin, on("2026-09-24 10:00")

    def listed(who: Actor, tab: Tab, scope: Scope = Scope.UNIT) -> list[Case]:
        return list(caseload.queue(who, tab, scope, now=now))

    for tab in (Tab.TODO, Tab.UNASSIGNED):
        assert listed(dinglan, tab) == [file]
        assert file not in listed(amin, tab)
    tabs, scopes = caseload.counts(dinglan, scope=Scope.UNIT, now=now)
    assert (tabs[Tab.TODO], tabs[Tab.UNASSIGNED], scopes[Scope.UNIT]) == (1, 1, 1)
    assert caseload.load(dinglan, now=now).unassigned == 1
    assert file in listed(office.heshi, Tab.TODO, Scope.COUNTIES)
    page = browse(dinglan).get("/queue/?scope=unit&tab=unassigned").content.decode()
    assert str(file.number) in page
    assert 'data-label="来源">姑苏区<' in page
    for who, day in ((dinglan, file.opened_at.date()), (amin, file.opened_at.date())):
        hits = search.find(who, str(file.number), on=day).hits
        assert [hit.case.pk for hit in hits] == [file.pk]

    cases.claim(file.pk, by=dinglan)
    moving.take("decline_move", "dinglan")

    assert not listed(dinglan, Tab.TODO)
    assert file in listed(amin, Tab.TODO)
    assert not search.find(dinglan, str(file.number), on=file.opened_at.date()).hits


def test_H39_the_move_is_confirmed_once_the_household_has_its_new_file(
    moving: FileWay,
) -> None:
    with pytest.raises(NotNow, match="请先登记一份新档案"):
        moving.take("confirm_move", "dinglan")
    moving.go_on_at_kunshan()
    with pytest.raises(NotNow, match="请办“确认接收”"):
        moving.take("decline_move", "dinglan")
    with pytest.raises(InvalidForm):  # nobody takes over twice
        moving.go_on_at_kunshan()


def test_H39_a_file_that_is_declined_goes_back_whole(moving: FileWay) -> None:
    moving.take("decline_move", "dinglan")

    file = moving.case
    assert (file.state, file.holder_id) == ("active", moving.office.gusu.pk)
    assert filed(file.pk) == [False, False]
    assert clock_of(file, "move").state == ClockState.CANCELLED
    assert clock_of(file, "yearly_review").state == ClockState.RUNNING
    with pytest.raises(NotFound):
        cases.choices(file.pk, by=moving.office.dinglan)
    moving.take("review", "amin")


def test_H39_what_was_moved_out_by_mistake_is_taken_back(moving: FileWay) -> None:
    take_back(moving.case.pk, by=moving.office.chendi, reason="选错了单位")

    moving.case = moving.read(moving.case.pk)
    assert moving.case.state == "active"
    assert moving.case.holder_id == moving.office.gusu.pk
    assert filed(moving.case.pk) == [False, False]


def test_H01_while_a_file_moves_no_third_file_is_opened(moving: FileWay) -> None:
    application = approved(moving.office.dinglan, numbers=(ONE[1], OTHER[1]))

    with pytest.raises(InvalidForm, match="姑苏区帮扶中心的姑苏区帮档〔2026〕0001"):
        opened(moving.office.dinglan, application)


def test_H39_a_file_moves_within_the_city_to_another_county(way: FileWay) -> None:
    for unit in (way.office.gusu, way.office.city, way.office.yushan):
        assert "不在可选的范围里" in mistake(way, "move_out", "chendi", to=unit.pk)


def test_H39_what_does_not_move_here_is_not_taken_over(way: FileWay) -> None:
    with pytest.raises(InvalidForm):
        way.go_on_at_kunshan()
    with pytest.raises(InvalidForm):
        cases.open(FILE_KIND, by=way.office.amin, data={"moved_file": way.case.pk})


def test_H35_who_joins_is_filed_and_who_leaves_is_free(way: FileWay) -> None:
    spouse = Party.objects.get(case=way.case, part="member")
    child = member("320508201006010044", "周小禾", relation="child", status="student")

    way.take(
        "report_change",
        "amin",
        kind="members",
        joined=[{**child, "place": "平江小学", "insurance": "resident"}],
        left=[str(spouse.pk)],
    )

    parties = Party.objects.in_force().filter(case=way.case)
    assert {party.name for party in parties} == {"周雅琴", "周小禾"}
    assert FiledMember.objects.in_force().filter(case=way.case).count() == 2
    elsewhere = approved(way.office.dinglan, numbers=(ONE[1], OTHER[1]))
    assert opened(way.office.dinglan, elsewhere).number


def test_H01_a_member_of_another_household_does_not_join(way: FileWay) -> None:
    opened(way.office.dinglan, approved(way.office.dinglan, numbers=OTHER))
    said = mistake(way, "report_change", kind="members", joined=[member(OTHER[1])])

    assert "昆山市帮扶中心的昆山市帮档〔2026〕0001" in said
    assert OTHER[1] not in said
    assert Party.objects.in_force().filter(case=way.case).count() == 2


def test_H01_nobody_joins_the_household_twice(way: FileWay) -> None:
    row = member("320508201006010044", "周小禾", relation="child")
    for joined in ([member(ONE[1])], [row, row]):
        said = mistake(way, "report_change", kind="members", joined=joined)

        assert "已经是家庭成员" in said

    gone = Party.objects.get(case=way.case, part="member")
    way.take(
        "report_change",
        "amin",
        kind="members",
        left=[str(gone.pk)],
        joined=[member(ONE[1], "陆志沅")],
    )
    assert FiledMember.objects.in_force().filter(case=way.case).count() == 2


def test_members_change_under_their_own_word(way: FileWay) -> None:
    said = mistake(way, "report_change", joined=[member(OTHER[1])])

    assert "请选“家庭成员增减”" in said
