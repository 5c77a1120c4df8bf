"""Taking a step: a form, one act, what happened; and every way in which it cannot be."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from casework.domain.chain import parse
from casework.models import Act, Case, Event
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import accepted, browse, read, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(cast: Cast) -> Case:
    """A case of 小博's at the station."""
    case = register(cast.xiaobo)
    return cases.claim(case.pk, by=cast.xiaobo)


def _hidden(client: Client, address: str) -> dict[str, str]:
    form = read(client, address)
    found = re.findall(r'name="(version|command)" value="([^"]+)"', form)
    return dict(found)


def test_a_step_asks_for_what_it_needs_and_says_what_follows(
    cast: Cast, mine: Case
) -> None:
    html = read(browse(cast.xiaobo), f"/cases/{mine.pk}/steps/ask_for_papers/")

    assert 'name="items"' in html
    follows = html[html.index("办了以后") :]
    for said in (
        "待补正",
        "暂停",
        "受理期限",
        "起算",
        "补正期限",
        "补正通知书",
        "Q-02",
    ):
        assert said in follows


def test_what_is_decided_upon_stands_beside_the_form(cast: Cast) -> None:
    case = accepted(cast)
    address = f"/cases/{case.pk}/steps/answer/"

    for who, name in (("chendi", "周雅琴"), ("amin", "周*琴")):
        html = read(browse(cast.actors[who]), address)
        beside = html[html.index("cw-beside") :]
        assert html.index('name="answer"') < html.index("cw-beside")
        assert name in beside
        assert "加班费" in beside


def test_a_refused_form_keeps_what_it_is_about_beside_it(cast: Cast) -> None:
    case = accepted(cast)
    client = browse(cast.chendi)
    address = f"/cases/{case.pk}/steps/answer/"

    response = client.post(address, {**_hidden(client, address), "answer": ""})

    assert response.status_code == 422
    assert "加班费" in response.content.decode().split("cw-beside")[-1]


def test_reading_names_beside_a_form_is_logged_once(cast: Cast) -> None:
    case = accepted(cast)
    client = browse(cast.chendi)

    for address in (f"/cases/{case.pk}/steps/answer/", f"/cases/{case.pk}/") * 2:
        read(client, address)
    read(browse(cast.amin), f"/cases/{case.pk}/steps/answer/")

    (logged,) = Event.objects.filter(verb="case.read")
    assert cast.chendi.person is not None
    assert parse(bytes(logged.body))["actor"]["person"] == cast.chendi.person.pk


def test_a_step_is_taken_and_what_happened_is_said(cast: Cast, mine: Case) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{mine.pk}/steps/accept/"

    response = client.post(address, _hidden(client, address), follow=True)

    assert response.redirect_chain == [(f"/cases/{mine.pk}/", 302)]
    told = "已办“受理”，案件现在是“已受理”，转到姑苏区帮扶中心。"
    assert told in _said(response.content.decode())


def _said(html: str) -> str:
    (message,) = re.findall(r'role="status">(.*?)</p>', html, re.DOTALL)
    parts = re.sub(r"<[^>]+>", "", message).strip().rstrip("。").split("，")
    # The order in which the columns changed is the record's; the step comes first.
    return "，".join([parts[0], *sorted(parts[1:], reverse=False)]) + "。"


def test_the_same_form_sent_twice_is_one_act(cast: Cast, mine: Case) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{mine.pk}/steps/accept/"
    data = _hidden(client, address)

    answers = [client.post(address, data).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert Act.objects.filter(case=mine, step="step.accept").count() == 1


def test_a_stale_form_is_refused_and_keeps_what_was_typed(cast: Cast) -> None:
    case = accepted(cast)
    cases.claim(case.pk, by=cast.amin)
    client = browse(cast.amin)
    address = f"/cases/{case.pk}/steps/answer/"
    data = {**_hidden(client, address), "answer": "应当补发三个月差额"}
    cases.act(case.pk, "lengthen", by=cast.chendi, version=None, data={"days": 5})

    response = client.post(address, data)
    html = response.content.decode()

    assert response.status_code == 409
    assert "陈迪刚刚办过这件案件" in html
    assert "刚才办的是：陈迪，延长办理期限。" in html
    assert 'value="应当补发三个月差额"' in html
    assert not Act.objects.filter(step="step.answer").exists()

    fresh = dict(re.findall(r'name="(version|command)" value="([^"]+)"', html))
    again = client.post(address, {**data, **fresh})
    assert again.status_code == 302


def test_a_stale_form_whose_step_is_over_offers_no_button(
    cast: Cast, mine: Case
) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{mine.pk}/steps/ask_for_papers/"
    data = {**_hidden(client, address), "items": '["工资流水"]'}
    cases.act(mine.pk, "accept", by=cast.xiaobo, version=None, data={})

    response = client.post(address, data)
    main = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]

    assert response.status_code == 409
    assert "这一步不在这时办" in main
    assert "工资流水" in main
    assert "btn-primary" not in main


def test_a_mistake_stands_beside_its_field(cast: Cast, mine: Case) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{mine.pk}/steps/ask_for_papers/"

    response = client.post(address, {**_hidden(client, address), "items": "[]"})
    html = response.content.decode()

    assert response.status_code == 422
    assert "请填写这一项。" in html
    assert 'href="#id_items"' in html


def test_a_time_that_cannot_be_stands_beside_its_field(cast: Cast, mine: Case) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{mine.pk}/steps/accept/"
    data = {**_hidden(client, address), "when-at": "2999-01-01T09:00"}

    response = client.post(address, data)
    html = response.content.decode()

    assert response.status_code == 422
    assert "办理时间不能晚于现在" in html
    assert 'value="2999-01-01T09:00"' in html
    assert '<details class="cw-when" open>' in html


def test_a_time_that_nobody_can_read_is_asked_for_again(cast: Cast, mine: Case) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{mine.pk}/steps/accept/"

    response = client.post(
        address, {**_hidden(client, address), "when-at": "yesterday"}
    )

    assert response.status_code == 422
    assert 'href="#id_when-at"' in response.content.decode()


@pytest.mark.parametrize("data", [{}, {"version": "x"}])
def test_a_form_that_is_not_ours_is_refused(
    cast: Cast, mine: Case, data: dict[str, str]
) -> None:
    response = browse(cast.xiaobo).post(f"/cases/{mine.pk}/steps/accept/", data)

    assert response.status_code == 422
    assert "表单不完整" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_step_that_is_none_is_422(cast: Cast, mine: Case, method: str) -> None:
    client = browse(cast.xiaobo)
    data = {"version": mine.version, "command": str(uuid4())}

    response = getattr(client, method)(f"/cases/{mine.pk}/steps/fly/", data)

    assert response.status_code == 422
    assert "“fly”不是这类案件的步骤" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_leads_back_to_the_case_where_there_is_one(
    cast: Cast, mine: Case, method: str
) -> None:
    address = f"/cases/{mine.pk}/steps/nonsense/"
    page = f'href="/cases/{mine.pk}/"'
    kept = "填的内容多半还在"

    mine_told = getattr(browse(cast.xiaobo), method)(address).content.decode()
    others_told = getattr(browse(cast.dinglan), method)(address).content.decode()

    assert page in mine_told
    assert (kept in mine_told) is (method == "post")
    assert page not in others_told


def test_a_missing_right_is_403_with_the_reason(cast: Cast) -> None:
    case = accepted(cast)
    client = browse(cast.amin)
    address = f"/cases/{case.pk}/steps/lengthen/"

    asked = client.get(address)
    sent = client.post(address, {"version": case.version, "days": 5})

    for response in (asked, sent):
        assert response.status_code == 403
        assert "您现在的岗位是办案员，不办这一步。" in response.content.decode()


def test_a_step_at_another_time_is_422_with_the_reason(cast: Cast, mine: Case) -> None:
    response = browse(cast.xiaobo).get(f"/cases/{mine.pk}/steps/supply/")

    assert response.status_code == 422
    assert "案件在“已登记”，这一步不在这时办。" in response.content.decode()


# ---------------------------------------------------------------- hands


def test_a_case_is_taken_on_from_its_page(cast: Cast) -> None:
    case = accepted(cast)
    client = browse(cast.amin)

    response = client.post(
        f"/cases/{case.pk}/hands/claim/", {"version": case.version}, follow=True
    )

    assert "已签收，案件由您承办。" in response.content.decode()


def test_who_comes_second_is_told_who_was_first(cast: Cast) -> None:
    case = accepted(cast)
    cases.claim(case.pk, by=cast.amin)

    response = browse(cast.amin).get(f"/cases/{case.pk}/hands/claim/")

    assert response.status_code == 409
    assert "这件案件您已经签收了。" in response.content.decode()


def test_a_stale_page_is_not_taken_on(cast: Cast) -> None:
    case = accepted(cast)

    response = browse(cast.amin).post(
        f"/cases/{case.pk}/hands/claim/", {"version": case.version - 1}
    )

    assert response.status_code == 409
    assert "看过了，照样办" in response.content.decode()


def test_a_case_is_given_back(cast: Cast, mine: Case) -> None:
    client = browse(cast.xiaobo)
    address = f"/cases/{mine.pk}/hands/release/"

    response = client.post(address, _hidden(client, address), follow=True)

    assert "已退签，案件回到本单位待签收。" in response.content.decode()
    assert Case.objects.get(pk=mine.pk).assignee is None


def test_a_supervisor_assigns_to_who_handles_the_kind(cast: Cast) -> None:
    case = accepted(cast)
    client = browse(cast.chendi)
    address = f"/cases/{case.pk}/hands/assign/"
    assert cast.amin.person is not None

    html = read(client, address)
    assert "阿敏 · 办案员" in html
    assert "沈静怡" not in html
    response = client.post(
        address, {**_hidden(client, address), "to": cast.amin.person.pk}, follow=True
    )

    assert "已指派给阿敏。" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "act", "status", "said"),
    [
        ("amin", "assign", 403, "承办人由案件所在单位的负责人指派"),
        ("xiaobo", "claim", 403, "案件现在不在您的单位"),
        ("mediator", "claim", 403, "您现在的岗位不办这类案件"),
        ("amin", "release", 422, "案件还没有人签收"),
        ("amin", "fly", 422, "不是这类案件的步骤"),
    ],
)
def test_hands_that_cannot_be_changed_say_why(
    cast: Cast, who: str, act: str, status: int, said: str
) -> None:
    case = accepted(cast)

    response = browse(cast.actors[who]).get(f"/cases/{case.pk}/hands/{act}/")

    assert response.status_code == status
    assert said in response.content.decode()


@pytest.mark.parametrize("act", ["claim", "assign"])
def test_a_closed_case_changes_hands_no_more(cast: Cast, act: str) -> None:
    case = accepted(cast)
    cases.act(case.pk, "answer", by=cast.chendi, version=None, data={"answer": "补发"})

    response = browse(cast.chendi).get(f"/cases/{case.pk}/hands/{act}/")

    assert response.status_code == 422
    assert "案件已经办结" in response.content.decode()
