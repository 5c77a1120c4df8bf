"""Search: what a text may mean, who finds what, and why."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from casework.access import Actor
from casework.domain.idnumber import check_character
from casework.domain.sealing import Scope
from casework.models import Case, Party
from casework.reports import search
from casework.reports.caseload import PAGE
from casework.services import cases
from tests.cast import Cast
from tests.inquiry.forms import InquiryForm

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
ID_NUMBER = "32050819900307123" + check_character("32050819900307123")


@pytest.fixture
def register(cast: Cast) -> Callable[..., Case]:
    """Register an inquiry of somebody, at 平江街道 unless it is said by whom."""

    def make(applicant: str, *, by: Actor | None = None, **party: Any) -> Case:
        data = {**InquiryForm.example(Case()), "name": applicant, "phone": ""}
        case = cases.open("inquiry", by=by or cast.xiaobo, data=data)
        if party:
            Party.objects.create(
                **{"case": case, "version": 1, "part": "member", "name": "某", **party}
            )
        return case

    return make


def found(actor: Actor, text: str) -> list[tuple[int, list[str]]]:
    """Return the cases that are found, and why."""
    return [
        (hit.case.pk, [str(reason.match) for reason in hit.reasons])
        for hit in search.find(actor, text, on=TODAY).hits
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("曾", "name"),
        ("贤", "name"),
        ("曾小", "name"),
        ("小贤", "name"),
        ("曾小贤", "name"),
        (" 曾小贤 ", "name"),
        ("zengxiaoxian", "pinyin"),
        ("Zeng Xiaoxian", "pinyin"),
        ("ZENG", "pinyin"),
        ("cengxiaoxian", "pinyin"),
        ("xiaoxian", "pinyin"),
        ("zxx", "initials"),
        ("ZX", "initials"),
    ],
)
def test_a_name_is_found_in_every_way_of_typing_it(
    cast: Cast, register: Callable[..., Case], text: str, why: str
) -> None:
    register("王建国")
    case = register("曾小贤")

    assert found(cast.xiaobo, text) == [(case.pk, [why])]


@pytest.mark.parametrize("text", ["张明", "明小", "小张", "曾贤", "zxn", "zengx", "z"])
def test_what_is_not_in_the_name_does_not_find_it(
    cast: Cast, register: Callable[..., Case], text: str
) -> None:
    register("张小明")
    register("曾小贤")

    assert found(cast.xiaobo, text) == []


def test_a_foreign_name_is_found_by_its_words(
    cast: Cast, register: Callable[..., Case]
) -> None:
    case = register("John O'Neil")

    assert found(cast.xiaobo, "john") == [(case.pk, ["name"])]
    assert found(cast.xiaobo, "NEIL john") == [(case.pk, ["name"])]


def test_a_name_of_uighur_is_found_by_a_part(
    cast: Cast, register: Callable[..., Case]
) -> None:
    case = register("阿卜杜拉·买买提")

    for text in ("买提", "阿卜杜拉", "阿卜杜拉·买买提", "阿卜杜拉买买提", "maimaiti"):
        assert [pk for pk, _why in found(cast.xiaobo, text)] == [case.pk]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ID_NUMBER, "id_number"),
        (ID_NUMBER.lower(), "id_number"),
        (f"{ID_NUMBER[:6]} {ID_NUMBER[6:14]} {ID_NUMBER[14:]}", "id_number"),
        (ID_NUMBER[-4:].lower(), "id_tail"),
        ("12912345678", "phone"),
        ("129 1234-5678", "phone"),
        ("+86 12912345678", "phone"),
        ("5678", "phone_tail"),
    ],
)
def test_numbers_are_found_whole_or_by_their_end(
    cast: Cast, register: Callable[..., Case], text: str, why: str
) -> None:
    register("王建国", phone="12912340000", id_number="1" * 18)
    case = register("曾小贤", phone="129 1234 5678", id_number=ID_NUMBER)

    assert found(cast.xiaobo, text) == [(case.pk, [why])]


def test_a_case_says_in_which_of_its_parties_it_was_found(
    cast: Cast, register: Callable[..., Case]
) -> None:
    register("曾小贤", name="曾大贤", phone="12912345678")

    (hit,) = search.find(cast.xiaobo, "曾", on=TODAY).hits
    assert [(str(r.match), str(r.part)) for r in hit.reasons] == [
        ("name", "applicant"),
        ("name", "member"),
    ]


def test_only_what_is_in_force_is_found(
    cast: Cast, register: Callable[..., Case]
) -> None:
    case = register("曾小贤", name="卓越", id_number=ID_NUMBER)
    Party.objects.filter(case=case, part="member").update(ended_by=2)

    assert found(cast.xiaobo, "卓越") == []
    assert found(cast.xiaobo, ID_NUMBER) == []


@pytest.mark.parametrize(
    "text",
    ["0002", "2", "2026-2", "2026 0002", "〔2026〕0002", "[2026]0002号", "（2026）2号"],
)
def test_a_case_number_is_found_by_its_digits(
    cast: Cast, register: Callable[..., Case], text: str
) -> None:
    register("王建国")
    case = register("曾小贤")
    assert case.number is not None
    assert case.number.endswith("〔2026〕0002")

    assert found(cast.xiaobo, text) == [(case.pk, ["case_number"])]
    assert found(cast.xiaobo, case.number) == [(case.pk, ["case_number"])]
    assert found(cast.xiaobo, f"{case.number[:2]}{text}") == [
        (case.pk, ["case_number"])
    ]


def test_a_year_finds_its_cases_the_newest_first(
    cast: Cast, register: Callable[..., Case]
) -> None:
    first, second = register("王建国"), register("曾小贤")

    assert [pk for pk, _why in found(cast.xiaobo, "2026")] == [second.pk, first.pk]
    assert found(cast.xiaobo, "2019") == []
    assert found(cast.xiaobo, "昆山2026") == []


def test_one_text_may_mean_several_things(
    cast: Cast, register: Callable[..., Case]
) -> None:
    numbered = register("王建国")
    ends = register("曾小贤", phone="12912340001", id_number="1" * 14 + "0001")

    assert found(cast.xiaobo, "0001") == [
        (ends.pk, ["id_tail", "phone_tail"]),
        (numbered.pk, ["case_number"]),
    ]


@pytest.mark.parametrize("text", ["曾小贤", "zxx", ID_NUMBER, "12912345678", "0001"])
@pytest.mark.parametrize("who", ["dinglan", "gaojing", "xitong", "anquan", "helper"])
def test_a_case_that_is_not_there_for_somebody_is_not_found(
    cast: Cast, register: Callable[..., Case], who: str, text: str
) -> None:
    register("曾小贤", phone="12912345678", id_number=ID_NUMBER)
    assert found(cast.xiaobo, text)

    answer = search.find(cast.actors[who], text, on=TODAY)

    assert (answer.hits, answer.next, answer.count) == ([], None, 0)


@pytest.mark.parametrize("who", ["amin", "chendi", "heshi", "fangzheng", "mediator"])
def test_who_sees_the_case_finds_it(
    cast: Cast, register: Callable[..., Case], who: str
) -> None:
    case = register("曾小贤", id_number=ID_NUMBER)

    assert [pk for pk, _why in found(cast.actors[who], ID_NUMBER)] == [case.pk]


@pytest.mark.parametrize("text", ["", " ", "%", "'; --", "★", "\\", "_", "·", "()"])
def test_what_means_nothing_finds_nothing(
    cast: Cast, register: Callable[..., Case], text: str
) -> None:
    register("曾小贤")

    assert found(cast.xiaobo, text) == []


def test_numbers_in_full_are_told_so_that_they_are_logged(
    cast: Cast, register: Callable[..., Case]
) -> None:
    def told(text: str) -> tuple[Scope, ...]:
        return search.find(cast.xiaobo, text, on=TODAY).numbers

    assert told(ID_NUMBER) == (Scope.ID_NUMBER,)
    assert Scope.PHONE in told("12912345678")
    assert told("曾小贤") == told("1239") == told("〔2026〕0001") == ()


def test_pages_follow_each_other_without_gaps(
    cast: Cast, register: Callable[..., Case]
) -> None:
    made = [register("曾小贤").pk for _ in range(PAGE + 3)]

    first = search.find(cast.xiaobo, "曾", on=TODAY)
    second = search.find(cast.xiaobo, "曾", on=TODAY, before=first.next)

    assert [hit.case.pk for hit in (*first.hits, *second.hits)] == made[::-1]
    assert (first.count, second.count, second.next) == (PAGE + 3, PAGE + 3, None)
