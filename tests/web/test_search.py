"""The search page: one box everywhere, what it shows to whom, what an address gives away."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from casework.access import Actor
from casework.domain.idnumber import check_character
from casework.models import Case, Event, Party
from casework.reports.caseload import PAGE
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import browse, read, register

pytestmark = pytest.mark.django_db

ID_NUMBER = "32050819900307123" + check_character("32050819900307123")


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case of 小博's at 平江街道, with somebody of 周雅琴's household in it."""
    case = register(cast.xiaobo)
    cases.claim(case.pk, by=cast.xiaobo)
    Party.objects.create(
        case=case, version=1, part="member", name="曾小贤", id_number=ID_NUMBER
    )
    return case


def searched(client: Client, text: str) -> str:
    """Return the page of results."""
    return read(client, _address(client, text))


def _address(client: Client, text: str) -> str:
    response = client.post("/search/", {"text": text})
    assert response.status_code == 302
    return str(response["Location"])


def test_a_result_says_where_the_case_stands_and_why_it_was_found(
    cast: Cast, case: Case
) -> None:
    html = searched(browse(cast.xiaobo), "zengxiaoxian")

    for said in (str(case.number), "加班费", "已登记", "小博", "拼音（家庭成员）"):
        assert said in html
    assert "找到 1 件" in html


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("xiaobo", "周雅琴"),
        ("amin", "周*琴"),
        ("heshi", "周*琴"),
        ("fangzheng", "周*琴"),
    ],
)
def test_names_are_masked_as_everywhere(
    cast: Cast, case: Case, who: str, shown: str
) -> None:
    html = searched(browse(cast.actors[who]), ID_NUMBER)

    assert shown in html
    assert ("周雅琴" in html) is (shown == "周雅琴")
    # What was typed stands in the box; nothing else of it anywhere.
    assert html.count(ID_NUMBER) == 1
    assert "曾小贤" not in html


def test_what_is_not_there_for_somebody_is_like_what_never_was(
    cast: Cast, case: Case
) -> None:
    client = browse(cast.dinglan)

    there = searched(client, "曾小贤").replace("曾小贤", "…")
    never = searched(client, "曾大贤").replace("曾大贤", "…")

    assert "没有找到" in there
    assert _without_tokens(there) == _without_tokens(never)


def _without_tokens(html: str) -> list[str]:
    own = ("csrf", "/search/?q=")  # made anew for every page
    return [line for line in html.splitlines() if not any(word in line for word in own)]


def test_no_address_holds_what_was_typed(cast: Cast, case: Case) -> None:
    address = _address(browse(cast.xiaobo), ID_NUMBER)

    assert ID_NUMBER not in address
    assert ID_NUMBER.encode().hex() not in address
    assert "曾" not in _address(browse(cast.xiaobo), "曾小贤")


@pytest.mark.parametrize("broken", ["", "x", "=", "A" * 80, "%00", "张"])
def test_an_address_of_another_s_making_is_an_empty_search(
    cast: Cast, case: Case, broken: str
) -> None:
    address = _address(browse(cast.xiaobo), "曾小贤")
    (sealed,) = parse_qs(urlsplit(address).query)["q"]

    assert str(case.number) in read(browse(cast.xiaobo), address)
    for client in (browse(cast.heshi), browse(cast.xiaobo)):
        text = sealed if client.session["_auth_user_id"] != _pk(cast.xiaobo) else broken
        html = read(client, f"/search/?q={text}")
        assert str(case.number) not in html
        assert "找到" not in html


def _pk(actor: Actor) -> str:
    assert actor.user is not None
    return str(actor.user.pk)


def test_a_full_number_is_logged_without_it(cast: Cast, case: Case) -> None:
    client = browse(cast.amin)
    searched(client, "曾小贤")
    assert not Event.objects.filter(verb="search.by_number").exists()

    searched(client, ID_NUMBER)

    (event,) = Event.objects.filter(verb="search.by_number")
    assert event.person == cast.amin.person
    assert f'"cases":[{case.pk}]' in bytes(event.body).decode()
    assert ID_NUMBER not in bytes(event.body).decode()


def test_pages_lead_on_and_back(cast: Cast) -> None:
    numbers = [str(register(cast.amin, name="曾小贤").number) for _ in range(PAGE + 1)]
    client = browse(cast.amin)

    first = searched(client, "曾小贤")
    assert numbers[0] not in first
    assert numbers[-1] in first
    assert f"找到 {PAGE + 1} 件" in first
    onward = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = read(client, onward.replace("&amp;", "&"))
    assert numbers[0] in second
    assert numbers[-1] not in second
    assert "回到开头" in second


@pytest.mark.parametrize("text", ["", "   "])
def test_searching_for_nothing_says_what_can_be_searched(cast: Cast, text: str) -> None:
    response = browse(cast.amin).post("/search/", {"text": text})

    assert response["Location"] == "/search/"
    assert "查完整号码会留痕" in read(browse(cast.amin), "/search/")


@pytest.mark.parametrize("text", ["<script>x</script>", "'\"><b>", "长" * 500, "\x00"])
def test_nothing_that_is_typed_breaks_the_page(cast: Cast, text: str) -> None:
    html = searched(browse(cast.amin), text)

    assert "没有找到" in html
    assert "<script>x" not in html


@pytest.mark.parametrize(
    ("who", "has_box"),
    [("amin", True), ("fangzheng", True), ("gaojing", False), ("anquan", False)],
)
def test_the_box_stands_on_every_page_of_those_who_see_cases(
    cast: Cast, who: str, has_box: bool
) -> None:
    html = read(browse(cast.actors[who]), "/network/")

    assert ('class="cw-search"' in html) is has_box
