"""The case page: who sees it, what it says, what it offers; reading in clear is logged."""

import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from casework.models import Case, Event, Party
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import accepted, browse, read, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(cast: Cast) -> Case:
    """A case of 阿敏's at the county centre."""
    case = register(cast.amin)
    return cases.claim(case.pk, by=cast.amin)


def _body(client: Client, address: str) -> tuple[int, str]:
    response = client.get(address)
    html = response.content.decode()
    # What differs between any two answers: the token, the address asked for, the time.
    html = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|x-csrftoken": "[^"]+"', "", html)
    html = re.sub(r"/cases/\d+/[a-z/]*|\d{4}-\d\d-\d\d \d\d:\d\d", "", html)
    return response.status_code, html


@pytest.mark.parametrize(
    "part", ["", "peek/", "print/", "steps/accept/", "hands/claim/"]
)
def test_a_case_of_another_unit_is_like_one_that_never_was(
    cast: Cast, mine: Case, part: str
) -> None:
    client = browse(cast.dinglan)

    foreign = _body(client, f"/cases/{mine.pk}/{part}")
    nothing = _body(client, f"/cases/{mine.pk + 100_000}/{part}")

    assert foreign[0] == 404
    assert foreign == nothing


def test_the_page_says_what_where_and_who(cast: Cast, mine: Case) -> None:
    html = read(browse(cast.amin), f"/cases/{mine.pk}/")

    for said in (
        mine.number,
        "职工咨询",
        "已登记",
        "姑苏区帮扶中心",
        "周雅琴",
        "受理期限",
    ):
        assert str(said) in html
    assert html.count("btn-primary") - html.count("data-stay") <= 2


def test_the_team_reads_names_and_it_is_logged_once(cast: Cast, mine: Case) -> None:
    client = browse(cast.amin)

    for _ in range(3):
        assert "129 0000 6204" in read(client, f"/cases/{mine.pk}/")

    (event,) = Event.objects.filter(verb="case.read")
    assert event.person == cast.amin.person
    assert event.chain == "sys:320508"


@pytest.mark.parametrize("who", ["mediator", "heshi", "fangzheng"])
def test_others_read_masked_names_and_nothing_is_logged(
    cast: Cast, mine: Case, who: str
) -> None:
    html = read(browse(cast.actors[who]), f"/cases/{mine.pk}/")

    assert "周*琴" in html
    assert "周雅琴" not in html
    assert "129 0000" not in html
    assert not Event.objects.filter(verb="case.read").exists()


def test_a_closed_case_is_masked_for_its_team_too(cast: Cast) -> None:
    case = accepted(cast)
    cases.claim(case.pk, by=cast.amin)
    cases.act(case.pk, "answer", by=cast.amin, version=None, data={"answer": "补发。"})

    html = read(browse(cast.amin), f"/cases/{case.pk}/")

    assert "周雅琴" not in html
    assert "案件已经办结" in html


def test_several_parties_stand_beside_each_other(cast: Cast, mine: Case) -> None:
    Party.objects.create(
        case=mine, version=1, part="respondent", name="云帆包装有限公司"
    )

    assert "周雅琴 与云帆包装有限公司" in read(browse(cast.amin), f"/cases/{mine.pk}/")


def test_what_can_be_done_is_offered_and_what_cannot_says_why(cast: Cast) -> None:
    case = accepted(cast)
    html = read(browse(cast.amin), f"/cases/{case.pk}/")

    can, cannot = html.split('class="cw-cannot"', 1)
    assert f"/cases/{case.pk}/steps/answer/" in can
    assert f"/cases/{case.pk}/hands/claim/" in can
    assert f"/cases/{case.pk}/steps/lengthen/" not in html
    assert "延长办理期限" in cannot
    assert "您现在的岗位是办案员，不办这一步。" in cannot
    assert "能办：负责人" in re.sub(r"\s", "", cannot)


def test_a_period_that_nobody_read_in_a_law_is_not_called_law(
    cast: Cast, mine: Case
) -> None:
    html = read(browse(cast.amin), f"/cases/{mine.pk}/")

    assert "本地设定" in html
    assert "法定" not in html


def test_the_steps_bar_tells_the_states_passed_and_the_next(cast: Cast) -> None:
    html = read(browse(cast.amin), f"/cases/{accepted(cast).pk}/")
    bar = html[html.index('class="cw-steps"') : html.index("</ol>")]

    assert re.findall(r"<b>([^<]+)", bar) == ["已登记", "已受理", "已答复"]
    assert bar.count("is-done") == 1
    assert bar.count('aria-current="step"') == 1


def test_the_story_is_newest_first_and_tells_before_and_after(cast: Cast) -> None:
    html = read(browse(cast.amin), f"/cases/{accepted(cast).pk}/")
    story = html[html.index('class="cw-story"') :]

    assert re.findall(r"<h3>([^<]+)</h3>", story) == ["受理", "签收", "登记"]
    assert "<del>已登记</del>" in story
    assert "<ins>已受理</ins>" in story
    assert "<del>平江街道帮扶站</del>" in story
    assert "小博" in story


def test_an_act_recorded_late_carries_its_stamp(cast: Cast, mine: Case) -> None:
    at = timezone.now() - timedelta(hours=1)
    Case.objects.filter(pk=mine.pk).update(effective_at=at - timedelta(hours=1))
    cases.act(
        mine.pk,
        "ask_for_papers",
        by=cast.amin,
        version=None,
        data={"items": '["工资流水"]'},
        at=at,
        late_reason="网络中断",
        late_proof="电话记录",
    )

    html = read(browse(cast.amin), f"/cases/{mine.pk}/")

    assert 'title="网络中断；凭证：电话记录">补录' in html
    assert "工资流水" in html
    assert "工资流水" not in read(browse(cast.fangzheng), f"/cases/{mine.pk}/")


def test_the_story_is_paged_by_sequence(
    cast: Cast, mine: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        cases.release(mine.pk, by=cast.amin)
        cases.claim(mine.pk, by=cast.amin)
    client = browse(cast.amin)

    first = read(client, f"/cases/{mine.pk}/")
    older = read(client, f"/cases/{mine.pk}/?before=13")

    assert "#42<" in first
    assert "#13<" in first
    assert "#12<" not in first
    assert "?before=13" in first
    assert "#12<" in older
    assert "#1<" in older


def test_paper_tells_the_story_from_the_beginning_and_is_logged(
    cast: Cast, mine: Case
) -> None:
    html = read(browse(cast.amin), f"/cases/{mine.pk}/print/")
    story = html[html.index('class="cw-story"') :]

    assert re.findall(r"<h3>([^<]+)</h3>", story) == ["登记", "签收"]
    printed = Event.objects.get(verb="case.printed")
    assert f"打印已记入姑苏区帮扶中心的历史，第 {printed.sequence} 条" in html
    assert "打印人 阿敏" in html


def test_every_cycle_of_every_clock_is_listed(cast: Cast) -> None:
    html = read(browse(cast.amin), f"/cases/{accepted(cast).pk}/?tab=clocks")
    table = html[html.index("<table") :]

    assert "受理期限" in table
    assert "办理目标" in table
    assert "用了 80%" in table


def test_a_whole_history_is_said_to_be_whole(cast: Cast, mine: Case) -> None:
    html = read(browse(cast.fangzheng), f"/cases/{mine.pk}/?tab=proof&event=1")

    assert "完整：2 条一条不少，没有改动" in html
    assert "case.opened" in html
    assert "&quot;act&quot;: &quot;case.opened&quot;" in html


def test_a_broken_history_names_the_event_and_the_damage(
    cast: Cast, mine: Case
) -> None:
    Case.objects.filter(pk=mine.pk).update(head=b"\x01" * 32, event_count=3)

    html = read(browse(cast.fangzheng), f"/cases/{mine.pk}/?tab=proof")

    assert "断在第 2 条" in html
    assert "链尾与另存的不符" in html
    assert "条数与另存的不符" in html


def test_the_page_gives_the_verdict_that_the_command_gives(
    cast: Cast, mine: Case
) -> None:
    # No event is touched: only the row does not say any more what was done.
    Case.objects.filter(pk=mine.pk).update(assignee=None)
    told = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_chain", "--case", str(mine.pk), stdout=told)
    html = unescape(read(browse(cast.fangzheng), f"/cases/{mine.pk}/?tab=proof"))

    (harm, _demo, sum_of_all) = told.getvalue().splitlines()
    assert harm.split("：", 1)[1] in html
    assert "发现 1 处损坏" in sum_of_all
    assert "完整：" not in html
    assert "演示日志" in html


def test_the_page_speaks_english(cast: Cast) -> None:
    html = read(browse(cast.amin, language="en"), f"/cases/{accepted(cast).pk}/")

    assert "Accepted" in html
    assert "Handling" in html
    assert "<b>20</b> working days" in html
