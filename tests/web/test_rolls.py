"""Rolls: whose cases stand on them, what they cost, how they are decided together."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.domain.chain import parse
from casework.models import Act, Case, Event, Material, MaterialContent
from casework.services import cases
from casework.services.materials import example_picture
from tests.cast import Cast
from tests.web.pages import accepted, browse, read, register

pytestmark = pytest.mark.django_db

ROLL = "/rolls/inquiry/waiting/"
#: What a page of a roll may cost, with who is logged in and what he wears.
MOST = 10


def _ready(cast: Cast, number: int, *, question: str = "加班费") -> list[Case]:
    """Return cases that wait at the county centre."""
    found = []
    for _place in range(number):
        case = register(cast.xiaobo, question=question)
        cases.claim(case.pk, by=cast.xiaobo)
        found.append(
            cases.act(case.pk, "accept", by=cast.xiaobo, version=None, data={})
        )
    return found


def _send(
    client: Client, ticked: list[Case], *, command: Any = None, **more: Any
) -> Any:
    data = {
        "case": [f"{case.pk}:{case.version}" for case in ticked],
        "command": str(command or uuid4()),
        "answer": "应当补发。",
        **more,
    }
    return client.post(f"{ROLL}step/", data)


def _answered() -> set[int]:
    return set(Act.objects.filter(step="step.answer").values_list("case_id", flat=True))


def test_a_roll_has_the_unit_s_cases_in_its_states(cast: Cast) -> None:
    waiting, early = accepted(cast), register(cast.amin)
    elsewhere = register(cast.dinglan)
    cases.claim(elsewhere.pk, by=cast.dinglan)
    cases.act(elsewhere.pk, "accept", by=cast.dinglan, version=None, data={})

    html = read(browse(cast.chendi), ROLL)

    assert str(waiting.number) in html
    assert str(early.number) not in html
    assert str(elsewhere.number) not in html


def test_a_line_can_leave_its_case_out(cast: Cast) -> None:
    (hidden,) = _ready(cast, 1, question="不上清单")
    (shown,) = _ready(cast, 1)

    html = read(browse(cast.chendi), ROLL)

    assert str(shown.number) in html
    assert str(hidden.number) not in html


def test_names_are_clear_for_the_team_and_the_reading_is_logged_once(
    cast: Cast,
) -> None:
    case = accepted(cast)
    client = browse(cast.chendi)

    for _visit in range(2):
        assert "周雅琴" in read(client, ROLL)

    told = parse(bytes(Event.objects.get(verb="roll.read").body))
    assert (told["roll"], told["cases"]) == ("inquiry/waiting", [case.pk])
    html = read(browse(cast.amin), ROLL)
    assert "周雅琴" not in html
    assert "周*琴" in html


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("mediator", "您现在的岗位不用这份名单。"),
        ("xiaobo", "站点没有这份名单。"),
        ("heshi", "市级没有这份名单。"),
    ],
)
def test_who_does_not_work_with_a_roll_reads_who_does(
    cast: Cast, who: str, why: str
) -> None:
    for part in ("", "print/", "step/?case=1:1"):
        response = browse(cast.actors[who]).get(f"{ROLL}{part}")

        assert response.status_code == 403
        assert why in response.content.decode()
        assert "能办：县级的办案员、负责人" in response.content.decode()


@pytest.mark.parametrize("address", ["/rolls/inquiry/none/", "/rolls/none/waiting/"])
def test_an_unknown_roll_is_not_found(cast: Cast, address: str) -> None:
    assert browse(cast.chendi).get(address).status_code == 404


def test_the_desk_leads_to_the_rolls_of_the_unit(cast: Cast) -> None:
    assert f'href="{ROLL}"' in read(browse(cast.amin), "/")
    assert f'href="{ROLL}"' not in read(browse(cast.xiaobo), "/")


def test_a_roll_is_paged_by_its_key(cast: Cast) -> None:
    found = _ready(cast, 52)
    client = browse(cast.chendi)

    first = client.get(ROLL)
    more = first.context["next_url"]
    second = client.get(more)

    seen = [line.case.pk for page in (first, second) for line in page.context["lines"]]
    assert len(first.context["lines"]) == 50
    assert sorted(seen) == sorted(case.pk for case in found)
    assert len(set(seen)) == 52
    assert second.context["next_url"] == ""
    assert second.context["first_url"] == ROLL


def test_a_roll_costs_as_much_for_forty_cases_as_for_four(cast: Cast) -> None:
    client = browse(cast.chendi)
    _ready(cast, 4)
    few = _cost(client)
    _ready(cast, 36)

    many = _cost(client)

    assert many == few
    assert many <= MOST


def _cost(client: Client) -> int:
    read(client, ROLL)
    with CaptureQueriesContext(connection) as captured:
        read(client, ROLL)
    return len(captured)


def test_the_print_has_every_line_and_is_logged_with_its_cases(cast: Cast) -> None:
    found = _ready(cast, 51)

    html = read(browse(cast.chendi), f"{ROLL}print/")

    assert all(str(case.number) in html for case in found)
    assert 'name="case"' not in html
    printed = Event.objects.get(verb="roll.printed")
    assert set(parse(bytes(printed.body))["cases"]) == {case.pk for case in found}
    assert f"第 {printed.sequence} 条" in html


def test_only_what_is_the_same_for_all_is_asked(cast: Cast) -> None:
    ticked = _ready(cast, 2)
    asked = "&".join(f"case={case.pk}:{case.version}" for case in ticked)

    html = read(browse(cast.chendi), f"{ROLL}step/?{asked}")

    assert 'name="answer"' in html
    assert 'name="scan"' in html
    assert 'name="refers_to"' not in html
    assert all(str(case.number) in html for case in ticked)


def test_each_ticked_case_is_an_act_of_its_own(cast: Cast) -> None:
    first, second, left = _ready(cast, 3)

    response = _send(browse(cast.chendi), [first, second])

    assert response.status_code == 200
    assert "办成 2 件" in response.content.decode()
    assert _answered() == {first.pk, second.pk}
    for case in (first, second):
        told = Event.objects.get(chain=f"case:{case.pk}", verb="step.answer")
        assert told.person == cast.chendi.person
    assert Case.objects.get(pk=left.pk).state == "accepted"


def test_one_that_refuses_keeps_none_of_the_others_back(cast: Cast) -> None:
    first, taken, last = _ready(cast, 3)
    cases.act(
        taken.pk, "answer", by=cast.amin, version=None, data={"answer": "已经答复。"}
    )

    response = _send(browse(cast.chendi), [first, taken, last])

    html = response.content.decode()
    assert "办成 2 件" in html
    assert "1 件没有办成" in html
    assert "阿敏刚刚办过这件案件" in html
    assert _answered() == {first.pk, taken.pk, last.pk}
    assert Act.objects.filter(case=taken, step="step.answer").count() == 1


def test_a_double_click_is_one_act_each(cast: Cast) -> None:
    ticked = _ready(cast, 3)
    client, command = browse(cast.chendi), uuid4()

    pages = [_send(client, ticked, command=command) for _click in range(2)]

    assert all("办成 3 件" in page.content.decode() for page in pages)
    for case in ticked:
        assert Act.objects.filter(case=case, step="step.answer").count() == 1


def test_a_mistake_in_what_is_asked_once_is_shown_before_anything_is_done(
    cast: Cast,
) -> None:
    ticked = _ready(cast, 2)

    response = _send(browse(cast.chendi), ticked, answer="")

    assert response.status_code == 422
    assert _answered() == set()
    html = response.content.decode()
    assert all(f'value="{case.pk}:{case.version}"' in html for case in ticked)


def test_a_scan_is_kept_once_and_named_by_every_act(cast: Cast) -> None:
    ticked = _ready(cast, 3)
    client, command = browse(cast.chendi), uuid4()

    for _click in range(2):
        _send(client, ticked, command=command, scan=example_picture("纪要.png"))

    kept = list(Material.objects.filter(code="minutes").order_by("case_id"))
    assert len(kept) == 3
    assert MaterialContent.objects.count() == 1
    assert [each.same_as_id for each in kept] == [None, kept[0].pk, kept[0].pk]
    acts = Act.objects.filter(step="step.answer")
    assert {act.data["scan"][0]["sha256"] for act in acts} == {kept[0].sha256}


def test_every_case_opens_the_shared_scan(cast: Cast) -> None:
    ticked = _ready(cast, 2)
    client = browse(cast.fangzheng)
    _send(browse(cast.chendi), ticked, scan=example_picture("纪要.png"))

    opened = [
        client.get(f"/cases/{each.case_id}/materials/{each.pk}/").content
        for each in Material.objects.filter(code="minutes")
    ]

    assert len(opened) == 2
    assert opened[0] == opened[1]
    assert opened[0].startswith(b"\x89PNG")


@pytest.mark.parametrize("ticked", [[], ["7"], ["x:1"], ["1:x"]])
def test_nothing_ticked_goes_back_to_the_roll(cast: Cast, ticked: list[str]) -> None:
    client = browse(cast.chendi)

    response = client.post(f"{ROLL}step/", {"case": ticked}, follow=True)

    assert response.redirect_chain == [(ROLL, 302)]
    assert "没有选中案件" in response.content.decode()


def test_a_form_without_its_id_is_refused(cast: Cast) -> None:
    ticked = _ready(cast, 1)

    response = _send(browse(cast.chendi), ticked, command="nothing")

    assert response.status_code == 422
    assert "表单不完整" in response.content.decode()
    assert _answered() == set()


def test_a_case_of_another_unit_tells_nothing(cast: Cast) -> None:
    foreign = register(cast.dinglan)

    response = _send(browse(cast.chendi), [foreign])

    html = response.content.decode()
    assert "看不到的案件" in html
    assert str(foreign.number) not in html
    assert Case.objects.get(pk=foreign.pk).version == 1
