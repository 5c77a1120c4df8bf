"""公示名单 and 上会清单: what they say, what they flag, and a meeting that decides both."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from casework.domain.idnumber import check_character
from casework.models import Act, Event, Material, MaterialContent
from casework.services.materials import example_picture
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, on
from tests.hardship_aid.conftest import Way
from tests.web.pages import browse, read
from workflows.hardship_aid.models import Decision
from workflows.hardship_aid.vocabulary import CityGround

pytestmark = pytest.mark.django_db

PUBLIC, MEETING = "/rolls/hardship_aid/publicity/", "/rolls/hardship_aid/meeting/"
AID = {"aid_item": "living", "aid_sum": "2000", "fund_level": "county"}
#: What a page of a roll may cost, with who is logged in and what he wears.
MOST = 16
#: Fictional workers born on one day (P-17).
WORKERS = tuple(
    digits + check_character(digits)
    for digits in (f"320508198503072{place:02d}" for place in range(0, 20, 2))
)


@pytest.fixture
def ways(office: Cast, clock: DatabaseClock) -> Any:
    """Takes new applications, each of another household, to a state."""
    workers = iter(WORKERS)

    def to(state: str, **publish: str) -> Way:
        clock.set("2026-09-24 10:00")
        way = Way(office, clock)
        way.to(state, submit={"id_number": next(workers)}, publish=publish)
        return way

    return to


def _decide(client: Client, ticked: list[Way], **more: Any) -> Any:
    data = {
        "case": [f"{way.case.pk}:{way.case.version}" for way in ticked],
        "command": str(uuid4()),
        "minutes_number": "主席办公会纪要〔2026〕9号",
        "met_on": "2026-10-10",
        "reasons": "同意。",
        "is_impartial": "on",
        "minutes_scan": example_picture("纪要.png"),
        **more,
    }
    return client.post(f"{MEETING}step/", data)


@pytest.mark.parametrize("part", ["", "print/"])
@pytest.mark.parametrize("who", ["amin", "chendi", "xiaobo"])
def test_the_public_list_says_what_it_may_and_nothing_else(
    way: Way, who: str, part: str
) -> None:
    way.to("publicity", publish=AID)

    html = read(browse(getattr(way.office, who)), f"{PUBLIC}{part}")

    for said in ("周**", "云溪丝织厂", "深度困难职工", "生活救助"):
        assert said in html
    for secret in ("周雅琴", "12900006204", "3205081985", "云溪新村", "停产", "良好"):
        assert secret not in html


def test_a_list_that_should_be_down_is_flagged_until_it_is(
    way: Way, time_machine: TimeMachineFixture
) -> None:
    way.to("approval")
    for moment, said in (
        ("2026-10-10 10:00", "10月12日前撤下"),
        ("2026-10-13 09:00", "早该撤下"),
    ):
        time_machine.move_to(on(moment), tick=False)
        html = read(browse(way.office.chendi), PUBLIC)
        assert said in html
        assert str(way.case.number) in html

    way.take("take_down", "amin")

    assert str(way.case.number) not in read(browse(way.office.chendi), PUBLIC)


def test_what_should_be_down_is_not_printed_to_be_posted(way: Way) -> None:
    way.to("approval")

    html = read(browse(way.office.amin), f"{PUBLIC}print/")

    assert "周**" not in html


def test_an_objection_leaves_the_end_open(way: Way) -> None:
    way.to("objection")

    assert "异议核查，停表" in read(browse(way.office.amin), PUBLIC)


def test_the_meeting_reads_what_was_proposed(way: Way) -> None:
    way.to("approval", publish=AID)

    html = read(browse(way.office.chendi), MEETING)

    for said in ("周雅琴", "深度困难职工", "2,000.00", "拟认定。", "阿敏", "10月16日"):
        assert said in html
    assert 'name="case"' in html


@pytest.mark.parametrize("part", ["", "print/"])
def test_the_meeting_reads_what_it_decides_upon(way: Way, part: str) -> None:
    way.to("approval", publish=AID)

    html = read(browse(way.office.chendi), f"{MEETING}{part}")

    for said in ("900.00", "1,000.00", "核对相符", "没有异议", "生活救助", "2,000.00"):
        assert said in html
    for secret in ("12900006204", "3205081985", "云溪新村", "停产", "良好"):
        assert secret not in html


def test_the_meeting_reads_of_an_objection_and_of_another_category(way: Way) -> None:
    text = "周**，云溪丝织厂，相对困难职工，建档。"
    otherwise = {"category": "relative", "departs_because": "有其他收入。"}
    way.to("objection", publish={**otherwise, "text": text})
    way.take("dismiss_objection", "lanyun")
    way.wait("2026-10-20 09:00")

    html = read(browse(way.office.chendi), MEETING)

    assert "公示有异议 1 件，已核查" in html
    assert "测算是深度困难职工" in html


def test_H30_the_meeting_reads_every_ground_for_the_city(way: Way) -> None:
    asked = {"aid_item": "medical", "aid_sum": "20001", "fund_level": "county"}
    way.to("approval", publish=asked)

    html = read(browse(way.office.chendi), MEETING)

    assert CityGround.OVER_LIMIT.zh in html
    assert 'name="case"' not in html


def test_what_is_confirmed_is_named(ways: Any, office: Cast) -> None:
    file_only, with_aid = ways("approval"), ways("approval", **AID)
    asked = "&".join(
        f"case={w.case.pk}:{w.case.version}" for w in (file_only, with_aid)
    )

    html = read(browse(office.chendi), f"{MEETING}step/?{asked}")

    assert html.count("周雅琴 · 深度困难职工") == 2
    assert "生活救助 · 2,000.00 元" in html
    assert "只建档" in html
    assert Event.objects.filter(verb="roll.read").count() == 1


def test_who_does_not_decide_ticks_nothing_and_reads_masked_names(way: Way) -> None:
    way.to("approval")

    html = read(browse(way.office.lanyun), MEETING)

    assert "周*琴" in html
    assert "拟认定。" not in html
    assert "900.00" not in html
    assert 'name="case"' not in html


def test_a_meeting_approves_each_application_by_its_own_figures(
    ways: Any, office: Cast
) -> None:
    file_only, with_aid = ways("approval"), ways("approval", **AID)

    html = _decide(browse(office.chendi), [file_only, with_aid]).content.decode()

    assert "办成 2 件" in html
    sums = Decision.objects.filter(kind="approved").order_by("case_id")
    assert [each.aid_fen for each in sums] == [0, 200_000]
    assert {each.minutes_number for each in sums} == {"主席办公会纪要〔2026〕9号"}
    assert Event.objects.filter(verb="step.approve").count() == 2
    assert Material.objects.filter(code="minutes").count() == 2
    kept = MaterialContent.objects.filter(material__code="minutes")
    assert kept.count() == 1
    digests = Act.objects.filter(step="step.approve").values_list("data", flat=True)
    assert len({data["minutes_scan"][0]["sha256"] for data in digests}) == 1


def test_what_goes_to_the_city_is_refused_with_the_rule(
    ways: Any, office: Cast
) -> None:
    ours = ways("approval")
    citys = ways("approval", **{**AID, "fund_level": "central"})
    client = browse(office.chendi)
    assert f'value="{citys.case.pk}:' not in read(client, MEETING)

    html = _decide(client, [ours, citys]).content.decode()

    assert "办成 1 件" in html
    assert "要报市级审核（规则 H-30）" in html
    assert Act.objects.filter(step="step.approve").count() == 1


def test_the_head_who_prepared_one_does_not_approve_it(ways: Any, office: Cast) -> None:
    prepared = ways("approval")
    prepared.case.details.reviewer = office.chendi.person.pk  # type: ignore[union-attr]
    prepared.case.details.save()

    html = _decide(browse(office.chendi), [prepared]).content.decode()

    assert "1 件没有办成" in html
    assert not Act.objects.filter(step="step.approve").exists()


@pytest.mark.parametrize("address", [PUBLIC, MEETING])
def test_more_applications_cost_no_more_statements(
    ways: Any, office: Cast, address: str
) -> None:
    client = browse(office.chendi)
    ways("approval")
    few = _cost(client, address)
    for _more in range(3):
        ways("approval", **AID)

    many = _cost(client, address)

    assert many == few
    assert many <= MOST


def _cost(client: Client, address: str) -> int:
    read(client, address)
    with CaptureQueriesContext(connection) as captured:
        read(client, address)
    return len(captured)


def test_the_list_that_is_hung_up_says_nothing_of_who_printed_it(ways: Any) -> None:
    way = ways("publicity")

    public = read(browse(way.office.amin), f"{PUBLIC}print/")
    meeting = read(browse(way.office.amin), f"{MEETING}print/")

    assert "打印人" not in public
    assert "打印已记入" not in public.partition("<article")[2]
    assert 'class="cw-mark cw-noprint"' in public
    assert "打印人" in meeting
    assert "打印已记入" in meeting.partition("<article")[2]
