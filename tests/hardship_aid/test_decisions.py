"""What waits for a head, and what waits for time alone: declared, and in the queue."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import TimeMachineFixture

from casework.domain.vocabulary import Level, Role, Tab
from casework.reports import caseload
from casework.reports.caseload import Scope
from casework.reports.decisions import awaited_of
from tests.cast import Cast, MembershipFactory
from tests.engine.conftest import DatabaseClock, clock_of, on
from tests.hardship_aid.conftest import WAYS, Way
from tests.hardship_aid.files import FileWay
from tests.hardship_aid.test_rolls import WORKERS
from tests.web.pages import browse, read
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.file_lifecycle import HARDSHIP_FILE

pytestmark = pytest.mark.django_db

#: In which state a case waits for which head; in every other it waits for nobody's.
DECIDED_BY = {
    "station_review": "station_head",
    "not_accepted": "station_head",
    "withdrawn": "station_head",
    "terminated": "station_head",
    "approval": "chendi",
    "city_review": "heshi",
    "reconsideration": "heshi",
}
HEADS = ("station_head", "chendi", "heshi")


def waiting(office: Cast, who: str) -> list[int]:
    found = caseload.queue(
        office.actors[who], Tab.DECIDE, Scope.MINE, now=timezone.now()
    )
    return list(found.values_list("pk", flat=True))


def test_what_waits_is_worked_out_from_the_steps() -> None:
    county = awaited_of(HARDSHIP_AID, Role.SUPERVISOR, Level.COUNTY)
    city = awaited_of(HARDSHIP_AID, Role.SUPERVISOR, Level.CITY)

    assert {"approval", "opinion", "urgent"} <= county.periods
    assert "review" not in county.periods  # it is the caseworker's to publish
    assert "approval" in county.timed
    assert {"city_review", "reconsideration"} <= city.timed | city.states
    assert not awaited_of(HARDSHIP_AID, Role.HELPER, Level.COUNTY).periods


def test_a_file_waits_for_its_head_only_when_it_is_to_be_removed() -> None:
    found = awaited_of(HARDSHIP_FILE, Role.SUPERVISOR, Level.COUNTY)

    assert found.timed | found.states == {"removal_noticed"}


@pytest.mark.parametrize("state", [state for state in WAYS if state != "archived"])
def test_a_case_waits_for_the_head_whose_turn_it_is(way: Way, state: str) -> None:
    way.to(state)

    found = [who for who in HEADS if waiting(way.office, who) == [way.case.pk]]

    assert found == ([DECIDED_BY[state]] if state in DECIDED_BY else [])


def test_before_the_visit_nothing_waits_for_the_head_of_the_station(way: Way) -> None:
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")

    assert way.case.state == "station_review"
    assert waiting(way.office, "station_head") == []


def test_urgent_relief_waits_for_the_head_of_the_county(way: Way) -> None:
    way.take("ask_urgent_relief", "xiaobo")

    assert waiting(way.office, "chendi") == [way.case.pk]
    assert waiting(way.office, "station_head") == []


def test_what_another_head_has_taken_on_is_his(way: Way) -> None:
    way.to("approval")
    second = way.office.lanyun
    MembershipFactory(person=second.person, unit=way.office.gusu, role=Role.SUPERVISOR)
    assert waiting(way.office, "chendi") == [way.case.pk]

    way.case.assignee_id = second.person.pk  # type: ignore[union-attr]
    way.case.save(update_fields=["assignee"])

    assert waiting(way.office, "chendi") == []


def test_a_caseworker_has_no_such_tab(way: Way) -> None:
    way.to("approval")

    html = read(browse(way.office.amin), "/queue/?tab=decide&scope=unit")

    assert "待审批</a>" not in html
    assert waiting(way.office, "amin") == []


def test_the_head_finds_on_his_desk_what_waits_and_what_is_late(
    way: Way, clock: DatabaseClock
) -> None:
    way.to("approval")

    html = read(browse(way.office.chendi), "/")

    assert "<b>1 件</b> 等您审批" in html
    assert "tab=decide" in html
    assert "本单位最近到期" in html
    assert html.count(str(way.case.number)) >= 2
    assert "周雅琴" not in html
    listed = read(browse(way.office.chendi), "/queue/?tab=decide")
    assert str(way.case.number) in listed


def test_a_head_comes_to_what_waits_for_him(way: Way) -> None:
    way.to("approval")

    html = read(browse(way.office.chendi), "/queue/")

    assert re.search(r'aria-current="page"[^>]*>待审批', html)
    # The list is overdue to come down; what the head decides has its own date.
    due = clock_of(way.case, "approval").due_at
    assert due is not None
    assert f"审批 {timezone.localdate(due):%m-%d}" in html


def test_a_removal_waits_for_the_head_once_the_household_has_had_its_time(
    office: Cast, clock: DatabaseClock, time_machine: TimeMachineFixture
) -> None:
    file = FileWay(office, clock)
    file.to("removal_noticed")
    window = clock_of(file.case, "removal_objection")
    assert window.due_at is not None

    time_machine.move_to(window.due_at - timedelta(minutes=1), tick=False)
    assert waiting(office, "chendi") == []
    time_machine.move_to(window.due_at, tick=False)
    assert waiting(office, "chendi") == [file.case.pk]

    html = read(browse(office.chendi), "/")
    assert 'title="撤档异议期"' in html


@pytest.mark.parametrize("state", ["withdrawn", "not_accepted", "terminated"])
def test_what_only_the_head_ends_is_no_work_of_the_caseworkers(
    way: Way, state: str
) -> None:
    way.to(state)
    mine = caseload.queue(way.office.xiaobo, Tab.TODO, Scope.MINE, now=timezone.now())
    unit = caseload.queue(way.office.xiaobo, Tab.TODO, Scope.UNIT, now=timezone.now())

    assert way.case.assignee == way.office.xiaobo.person
    assert (list(mine), [case.pk for case in unit]) == ([], [way.case.pk])


def test_more_decisions_cost_no_more_statements(
    office: Cast, clock: DatabaseClock
) -> None:
    client = browse(office.chendi)
    costs = []
    for worker in WORKERS[:4]:
        clock.set("2026-09-24 10:00")
        way = Way(office, clock)
        way.to("approval", submit={"id_number": worker})
        read(client, "/")
        with CaptureQueriesContext(connection) as captured:
            read(client, "/")
        costs.append(len(captured))

    assert len(set(costs)) == 1
    assert costs[0] <= 16


def test_a_file_that_waits_for_its_date_is_no_unclaimed_work(
    office: Cast, clock: DatabaseClock, time_machine: TimeMachineFixture
) -> None:
    file = FileWay(office, clock)
    number = str(file.case.number)

    def unclaimed() -> bool:
        html = read(browse(office.amin), "/queue/?scope=unit&tab=unassigned")
        counted = caseload.counts(office.amin, scope=Scope.UNIT, now=timezone.now())[0]
        load = caseload.load(office.amin, now=timezone.now())
        assert counted[Tab.UNASSIGNED] == load.unassigned == int(number in html)
        return number in html

    assert unclaimed()  # the national system waits for the entry
    file.take("enter_national_system", "amin")
    assert not unclaimed()
    assert number in read(browse(office.amin), "/queue/?scope=unit")
    time_machine.move_to(on("2027-08-20 09:00"), tick=False)
    assert unclaimed()  # the yearly review comes near
