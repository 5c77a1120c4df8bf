"""A household's file is opened once in the city, from an approved application."""

from typing import Any

import pytest

from casework.access import Actor
from casework.domain.errors import Forbidden, InvalidForm
from casework.domain.vocabulary import Part
from casework.models import Act, Case, Party
from casework.services import cases
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, clock_of, verify_whole
from tests.hardship_aid.files import (
    FILE_KIND,
    ONE,
    OTHER,
    FileWay,
    approved,
    member,
    opened,
)
from workflows.hardship_aid import duplicates
from workflows.hardship_aid.models import (
    Applicant,
    FiledMember,
    HardshipAidDetails,
    HouseholdMember,
    IncomeLine,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> FileWay:
    """A file just opened at 姑苏 by 阿敏."""
    return FileWay(office, clock)


def mistake(by: Actor, **data: Any) -> str:
    """Return what the opening form says against these data."""
    with pytest.raises(InvalidForm) as said:
        cases.open(FILE_KIND, by=by, data=data)
    return said.value.message


def test_a_file_takes_the_household_over(way: FileWay) -> None:
    file = way.case
    application = way.application

    assert file.number == "姑苏区帮档〔2026〕0001"
    assert (file.state, file.details.category) == ("active", "deep")
    assert file.details.application_id == application.pk
    parties = Party.objects.in_force().filter(case=file)
    assert {p.id_number for p in parties} == set(ONE)
    worker = parties.get(part=Part.APPLICANT)
    assert (worker.name, worker.phone) == ("周雅琴", "12900006204")
    assert Applicant.objects.get(case=file).party_id == worker.pk
    members = HouseholdMember.objects.in_force().filter(case=file)
    assert {m.party_id for m in members} == {p.pk for p in parties}
    assert {m.health for m in members} == {"good", "ordinary"}
    assert IncomeLine.objects.filter(case=file).count() == 2
    assert FiledMember.objects.in_force().filter(case=file).count() == 2
    assert duplicates.active_file_of(application)
    verify_whole(file)


def test_both_clocks_of_a_new_file_run(way: FileWay) -> None:
    review = clock_of(way.case, "yearly_review")
    entry = clock_of(way.case, "national_entry")

    assert f"{review.due_at:%F %H:%M %z}" == "2027-09-24 16:00 +0000"
    assert entry.due_at is not None
    # 30 working days after Thursday 24 September 2026, over the National Day holidays.
    assert f"{entry.due_at:%F}" == "2026-11-12"


def test_nothing_personal_stands_in_the_case_its_details_or_the_act(
    way: FileWay,
) -> None:
    act = Act.objects.get(case=way.case, version=1)
    told = f"{act.data} {act.before} {way.case.subject} {vars(way.case.details)}"

    assert not [n for n in (*ONE, "周雅琴", "12900006204") if n in told]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "publicity"}, "这件申请现在是“公示中”，批准以后才能建档"),
        ({"owes_papers": True}, "还欠手续"),
        ({"category": ""}, "没有认定困难类别"),
    ],
)
def test_an_application_has_to_be_ripe(
    office: Cast, change: dict[str, Any], sentence: str
) -> None:
    application = approved(office.amin)
    rows = Case.objects.filter(pk=application.pk)
    details = HardshipAidDetails.objects.filter(pk=application.pk)
    (rows if "state" in change else details).update(**change)

    assert sentence in mistake(office.amin, application=application.number)


def test_an_application_of_another_county_is_not_there(office: Cast) -> None:
    application = approved(office.dinglan)

    for text in (application.number, str(application.pk), "没有这个号", "9" * 30):
        assert f"本县区没有编号是{text}的申请" in mistake(office.amin, application=text)


def test_the_id_of_an_application_serves_as_well(office: Cast) -> None:
    application = approved(office.amin)

    file = cases.open(FILE_KIND, by=office.amin, data={"application": application.pk})

    assert file.hardship_file_details.application_id == application.pk


def test_exactly_one_origin_is_named(office: Cast) -> None:
    assert "二者只选一个" in mistake(office.amin)


def test_a_station_opens_no_file(office: Cast) -> None:
    application = approved(office.xiaobo)

    with pytest.raises(Forbidden, match="站点不登记这类案件"):
        opened(office.xiaobo, application)

    file = opened(office.amin, application)
    assert (file.station_id, file.level) == (office.pingjiang.pk, "county")


def test_a_second_file_of_the_household_names_the_first_and_nothing_personal(
    way: FileWay,
) -> None:
    # The spouse applies at 昆山, with a child of another number.
    elsewhere = approved(way.office.dinglan, numbers=(ONE[1], OTHER[1]))

    said = mistake(way.office.dinglan, application=elsewhere.number)

    assert (
        "姑苏区帮扶中心的姑苏区帮档〔2026〕0001（2026年9月24日起）已有这个家庭的档案"
        in said
    )
    assert not [n for n in (*ONE, *OTHER, "周雅琴", "陆志远") if n in said]
    assert FiledMember.objects.count() == 2


def test_another_household_is_free(way: FileWay) -> None:
    other = approved(way.office.dinglan, numbers=OTHER)

    assert opened(way.office.dinglan, other).number == "昆山市帮档〔2026〕0001"


def test_who_lives_apart_may_have_a_file_of_his_own(office: Cast) -> None:
    parent = member(OTHER[0], "陆文山", relation="parent", lives_apart=True)
    first = approved(office.amin, members=[parent])
    second = approved(office.dinglan, numbers=OTHER)

    opened(office.amin, first)

    assert opened(office.dinglan, second).number
