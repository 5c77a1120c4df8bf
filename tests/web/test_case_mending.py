"""Mending on the case page: offered like acts, a form each, what happened is said."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Act, Case
from casework.services import cases, mending
from casework.services.sweep import sweep
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.web.pages import accepted, browse, read

pytestmark = pytest.mark.django_db


def _hidden(client: Client, address: str) -> dict[str, str]:
    found = re.findall(
        r'name="(version|command)" value="([^"]+)"', read(client, address)
    )
    return dict(found)


def _acts(client: Client, case: Case) -> tuple[str, str]:
    """Return what the page offers, and what it refuses with the reason."""
    html = read(client, f"/cases/{case.pk}/")
    acts = html[html.index('id="acts"') :].split("</aside>", 1)[0]
    can, _cannot, cannot = acts.partition('class="cw-cannot"')
    return can, cannot


def test_ones_own_last_step_is_taken_back(cast: Cast, inquiry: Case) -> None:
    cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=None)
    client = browse(cast.xiaobo)
    address = f"/cases/{inquiry.pk}/mending/take_back/"

    assert address in _acts(client, inquiry)[0]
    assert "受理" in read(client, address).split("是哪一步", 1)[1]
    data = {**_hidden(client, address), "reason": "还缺材料"}
    answers = [client.post(address, data, follow=True) for _ in range(2)]

    assert "已取回。" in answers[0].content.decode()
    assert Case.objects.get(pk=inquiry.pk).state == "registered"
    assert Act.objects.filter(case=inquiry, step="case.take_back").count() == 1
    assert answers[1].status_code == 200
    story = read(client, f"/cases/{inquiry.pk}/")
    assert "原因：还缺材料" in story


def test_what_makes_no_sense_now_is_not_offered(cast: Cast, inquiry: Case) -> None:
    can, cannot = _acts(browse(cast.xiaobo), inquiry)

    assert "/mending/correct/" in can
    for word in ("take_back", "reverse_deemed", "confirm_correction"):
        assert f"/mending/{word}/" not in can
    for said in ("取回", "撤销系统视为", "确认更正"):
        assert said not in cannot


def test_who_may_not_correct_is_not_told_so_on_every_case(cast: Cast) -> None:
    can, cannot = _acts(browse(cast.amin), accepted(cast))

    assert "更正" not in can + cannot


@pytest.mark.parametrize(
    ("word", "status", "said"),
    [
        ("take_back", 422, "这一步不能取回。"),
        ("reverse_deemed", 422, "没有什么可撤销的"),
        ("confirm_correction", 422, "没有等待确认的更正"),
        ("fly", 422, "不是这类案件的步骤"),
    ],
)
def test_a_word_that_cannot_be_said_gives_the_reason(
    cast: Cast, inquiry: Case, word: str, status: int, said: str
) -> None:
    response = browse(cast.xiaobo).get(f"/cases/{inquiry.pk}/mending/{word}/")

    assert response.status_code == status
    assert said in response.content.decode()


def test_a_mending_without_a_reason_is_asked_again(cast: Cast, inquiry: Case) -> None:
    cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=None)
    client = browse(cast.xiaobo)
    address = f"/cases/{inquiry.pk}/mending/take_back/"

    response = client.post(address, _hidden(client, address))

    assert response.status_code == 422
    assert 'href="#id_reason"' in response.content.decode()
    assert Case.objects.get(pk=inquiry.pk).state == "accepted"


def test_a_field_is_corrected_with_its_reason_and_proof(
    cast: Cast, inquiry: Case
) -> None:
    client = browse(cast.xiaobo)
    fields = read(client, f"/cases/{inquiry.pk}/mending/correct/")
    assert "咨询事项" in fields
    assert "2026年9月24日 10:00" in fields
    address = f"/cases/{inquiry.pk}/mending/correct/question/"
    assert 'value="加班费"' in read(client, address)

    data = {**_hidden(client, address), "value": "年休假工资", "reason": "听错了"}
    asked = client.post(address, data)
    done = client.post(address, {**data, "proof": "当事人重新陈述"}, follow=True)
    again = client.post(address, {**data, "proof": "当事人重新陈述"})

    assert (asked.status_code, again.status_code) == (422, 302)
    html = done.content.decode()
    assert "已更正。" in html
    assert (
        "项目：咨询事项；原来是：加班费；应当是：年休假工资；"
        "原因：听错了；凭据：当事人重新陈述"
    ) in html
    assert Act.objects.filter(case=inquiry, step="case.correct").count() == 1


def test_a_correction_that_changes_nothing_is_refused_beside_its_field(
    cast: Cast, inquiry: Case
) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{inquiry.pk}/mending/correct/question/"
    data = {"value": "加班费", "reason": "听错了", "proof": "无"}

    response = client.post(address, {**_hidden(client, address), **data})

    assert response.status_code == 422
    html = response.content.decode()
    assert 'href="#id_value"' in html
    assert "没有什么要更正" in html


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("part", ["", "question/"])
def test_what_a_field_holds_is_shown_to_nobody_else(
    cast: Cast, inquiry: Case, method: str, part: str
) -> None:
    cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=None)

    client = browse(cast.amin)
    response = getattr(client, method)(f"/cases/{inquiry.pk}/mending/correct/{part}")

    assert response.status_code == 403
    assert "只有承办人和本单位负责人能更正" in response.content.decode()


def test_a_stale_correction_is_not_made(cast: Cast, inquiry: Case) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{inquiry.pk}/mending/correct/question/"
    data = {**_hidden(client, address), "value": "工资", "reason": "改", "proof": "证"}
    mending.correct(
        inquiry.pk,
        field="question",
        value="年休假",
        reason="听错",
        proof="书面说明",
        by=cast.xiaobo,
    )

    response = client.post(address, data)

    assert response.status_code == 409
    assert 'value="工资"' in response.content.decode()


def test_what_moves_a_clock_waits_for_a_second_person(
    head: Cast, inquiry: Case
) -> None:
    client, boss = browse(head.xiaobo), browse(head.station_head)
    address = f"/cases/{inquiry.pk}/mending/correct/opened_at/"
    assert "要由另一个人确认" in read(client, address)
    data = {"value": "2026-09-23T10:00", "reason": "前一天收的", "proof": "邮戳"}

    said = client.post(address, {**_hidden(client, address), **data}, follow=True)
    assert "等另一个人确认后生效" in said.content.decode()
    can, cannot = _acts(client, inquiry)
    assert "/mending/confirm_correction/" not in can
    assert "会影响期限的更正要由另一个人确认。" in cannot

    confirm = f"/cases/{inquiry.pk}/mending/confirm_correction/"
    assert confirm in _acts(boss, inquiry)[0]
    page = read(boss, confirm)
    for told in ("2026年9月24日 10:00", "2026年9月23日 10:00", "邮戳", "受理期限"):
        assert told in page
    done = boss.post(confirm, _hidden(boss, confirm), follow=True)

    assert "已确认更正" in done.content.decode()
    row = inquiry.clocks.get(target="acceptance")
    assert row.started_at.isoformat() == "2026-09-23T02:00:00+00:00"


def test_a_deemed_step_is_reversed_by_the_head_and_others_read_who_may(
    head: Cast,
    in_state: Callable[[str], Case],
    clock: DatabaseClock,
) -> None:
    case = in_state("correcting")
    clock.set("2026-09-30 09:00")
    sweep()

    can, cannot = _acts(browse(head.xiaobo), case)
    assert "/mending/reverse_deemed/" not in can
    assert "只有案件所在单位的负责人能撤销系统视为的决定。" in cannot
    boss = browse(head.station_head)
    address = f"/cases/{case.pk}/mending/reverse_deemed/"
    assert address in _acts(boss, case)[0]
    data = {**_hidden(boss, address), "reason": "当天交了"}
    done = boss.post(address, data, follow=True)

    assert "已撤销系统视为。" in done.content.decode()
    assert Case.objects.get(pk=case.pk).state == "correcting"
