"""受理登记: what a kind asks for in sections, one case for one form, late with a reason."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from casework.lifecycle import Registry
from casework.models import Act, Case
from tests.cast import Cast
from tests.inquiry.lifecycle import INQUIRY
from tests.web.pages import browse, read

pytestmark = pytest.mark.django_db

ADDRESS = "/cases/new/inquiry/"
FILLED = {"name": "周雅琴", "phone": "129 0000 6204", "question": "加班费"}


def _filled(client: Client, **more: str) -> dict[str, str]:
    (command,) = re.findall(r'name="command" value="([^"]+)"', read(client, ADDRESS))
    return {**FILLED, "command": command, **more}


@pytest.mark.parametrize("kinds", [1, 2])
def test_who_registers_finds_it_on_the_desk_and_in_the_queue(
    cast: Cast, kinds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"inquiry": INQUIRY, "other": replace(INQUIRY, code="other", steps={})}
    monkeypatch.setattr(Registry, "_types", dict(list(known.items())[:kinds]))

    for address in ("/", "/queue/"):
        html = read(browse(cast.xiaobo), address).replace(" cw-push", "")
        leads_to = ADDRESS if kinds == 1 else "/cases/new/"
        assert f'btn-primary" href="{leads_to}"' in html
        assert "/cases/new/" not in read(browse(cast.chendi), address)


def test_the_choice_of_kinds_offers_what_one_may_register(cast: Cast) -> None:
    assert ADDRESS in read(browse(cast.xiaobo), "/cases/new/")
    assert ADDRESS not in read(browse(cast.chendi), "/cases/new/")
    assert "您现在的岗位不登记案件" in read(browse(cast.mediator), "/cases/new/")


def test_a_kind_that_is_none_is_not_found(cast: Cast) -> None:
    assert browse(cast.xiaobo).get("/cases/new/nothing/").status_code == 404


def test_the_form_has_the_sections_that_its_kind_gives(cast: Cast) -> None:
    html = read(browse(cast.xiaobo), ADDRESS)
    section = html[html.index("<legend>谁来咨询</legend>") :].split("</fieldset>")[0]

    assert 'name="name"' in section
    assert 'name="phone"' in section
    assert 'name="question"' not in section
    assert html.count('name="question"') == 1


def test_a_case_is_registered_and_its_number_said(cast: Cast) -> None:
    client = browse(cast.xiaobo)

    response = client.post(ADDRESS, _filled(client), follow=True)

    case = Case.objects.get()
    assert response.redirect_chain == [(f"/cases/{case.pk}/", 302)]
    assert f"已登记，案件号 {case.number}。" in response.content.decode()
    assert case.holder == cast.pingjiang


def test_the_same_form_sent_twice_opens_one_case(cast: Cast) -> None:
    client = browse(cast.xiaobo)
    data = _filled(client)

    answers = [client.post(ADDRESS, data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Case.objects.count() == 1


def test_a_form_that_is_not_ours_is_refused(cast: Cast) -> None:
    response = browse(cast.xiaobo).post(ADDRESS, FILLED)

    assert response.status_code == 422
    assert "表单不完整" in response.content.decode()
    assert not Case.objects.exists()


def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(
    cast: Cast,
) -> None:
    client = browse(cast.xiaobo)

    response = client.post(ADDRESS, _filled(client, question=""))
    html = response.content.decode()

    assert response.status_code == 422
    assert 'href="#id_question"' in html
    assert 'value="周雅琴"' in html
    assert not Case.objects.exists()


def test_what_was_received_a_while_ago_says_why(cast: Cast) -> None:
    client = browse(cast.xiaobo)
    received = timezone.localtime() - timedelta(hours=3)
    late = {"when-at": received.strftime("%Y-%m-%dT%H:%M")}

    asked = client.post(ADDRESS, _filled(client, **late))
    html = asked.content.decode()
    assert asked.status_code == 422
    assert 'href="#id_when-late_reason"' in html
    assert '<details class="cw-when" open>' in html
    late["when-late_reason"] = "窗口停电"
    unproved = client.post(ADDRESS, _filled(client, **late))
    assert unproved.status_code == 422
    assert 'href="#id_when-late_proof"' in unproved.content.decode()
    late["when-late_proof"] = "收件登记簿第12页"
    done = client.post(ADDRESS, _filled(client, **late), follow=True)

    assert 'title="窗口停电；凭证：收件登记簿第12页">补录' in done.content.decode()
    act = Act.objects.get(version=1)
    assert (act.late_reason, act.late_proof) == ("窗口停电", "收件登记簿第12页")
    assert Case.objects.get().opened_at == received.replace(second=0, microsecond=0)


def test_what_was_received_years_ago_is_refused_at_its_field(cast: Cast) -> None:
    client = browse(cast.xiaobo)
    late = {
        "when-at": "2019-11-20T09:00",
        "when-late_reason": "历史件",
        "when-late_proof": "登记簿",
    }

    answer = client.post(ADDRESS, _filled(client, **late))

    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'href="#id_when-at"' in html
    assert "最多补录到90天以前（本地设定）" in html
    assert not Case.objects.exists()
