"""What comes in wrong at the door is refused in a sentence, and nothing of it is kept."""

from collections.abc import Callable
from typing import Any

import pytest

from casework.domain.errors import CaseworkError, Conflict, Invalid, NotFound, NotNow
from casework.models import Act, Case, Event, Outbox, Party
from casework.services import cases
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, on
from tests.inquiry.forms import InquiryForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused() -> Callable[..., CaseworkError]:
    """Do it, see that it is refused in words and that nothing was written."""

    def try_it(error: type[CaseworkError], do: Callable[[], object]) -> CaseworkError:
        before = _everything()
        with pytest.raises(error) as refusal:
            do()
        assert _everything() == before
        assert refusal.value.message
        assert refusal.value.message.endswith("。")
        return refusal.value

    return try_it


Refused = Callable[..., CaseworkError]


@pytest.mark.parametrize("step", ["ask_for_papers", "supply", "accept", "answer"])
def test_no_step_is_taken_in_a_closed_case(
    cast: Cast, in_state: Callable[[str], Case], refused: Refused, step: str
) -> None:
    case = in_state("answered")

    said = refused(
        NotNow, lambda: cases.act(case.pk, step, by=cast.amin, version=case.version)
    )

    assert "已答复" in said.message


def test_a_form_of_yesterday_in_a_second_tab(
    cast: Cast, inquiry: Case, refused: Refused
) -> None:
    seen = inquiry.version
    cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=seen)

    said = refused(
        Conflict,
        lambda: cases.act(
            *(inquiry.pk, "ask_for_papers"),
            by=cast.xiaobo,
            version=seen,
            data={"items": '["证"]'},
        ),
    )

    assert said.message.startswith("小博刚刚办过这件案件")


@pytest.mark.parametrize("step", ["", "fly", "__init__", "save", "取回", "x" * 300])
def test_a_step_that_is_none(
    cast: Cast, inquiry: Case, refused: Refused, step: str
) -> None:
    said = refused(
        Invalid, lambda: cases.act(inquiry.pk, step, by=cast.xiaobo, version=2)
    )

    assert "不是这类案件的步骤" in said.message


@pytest.mark.parametrize("version", [-1, 0, 1, 3, 2**40])
def test_a_version_that_nobody_saw(
    cast: Cast, inquiry: Case, refused: Refused, version: int
) -> None:
    refused(
        Conflict,
        lambda: cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=version),
    )


@pytest.mark.parametrize("pk", [0, -1, 2**62])
def test_a_case_that_does_not_exist(
    cast: Cast, inquiry: Case, refused: Refused, pk: int
) -> None:
    refused(NotFound, lambda: cases.act(pk, "accept", by=cast.xiaobo, version=2))
    refused(NotFound, lambda: cases.choices(pk, by=cast.xiaobo))


def test_a_form_that_names_a_case_of_another_county(
    cast: Cast, in_state: Callable[[str], Case], refused: Refused
) -> None:
    """A field that names a case takes only those that its form lets it see."""
    case = in_state("accepted")
    data = InquiryForm.example(Case())
    theirs = cases.open("inquiry", by=cast.dinglan, data=data)
    ours = cases.open("inquiry", by=cast.xiaobo, data=data)

    for pk in (theirs.pk, 10**9, "x"):
        said = refused(
            Invalid,
            lambda pk=pk: cases.act(
                *(case.pk, "answer"),
                by=cast.chendi,
                version=case.version,
                data={"answer": "见另案。", "refers_to": pk},
            ),
        )
        assert isinstance(said, Invalid)
        assert said.field == "refers_to"

    data = {"answer": "见另案。", "refers_to": ours.pk}
    cases.act(case.pk, "answer", by=cast.chendi, version=case.version, data=data)
    kept = Act.objects.get(case=case, step="step.answer").data
    assert kept == {**data, "scan": []}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "张" * 300),
        ("name", "张" * 101),
        ("name", ""),
        ("name", "   "),
        ("name", "张\x00三"),
        ("phone", "1" * 31),
        ("question", "问" * 1001),
        ("question", None),
    ],
)
def test_a_registration_with_a_field_that_does_not_fit(
    cast: Cast, inquiry: Case, refused: Refused, field: str, value: Any
) -> None:
    data = {**InquiryForm.example(Case()), field: value}

    said = refused(Invalid, lambda: cases.open("inquiry", by=cast.xiaobo, data=data))

    assert isinstance(said, Invalid)
    assert said.field == field


@pytest.mark.parametrize("question", ["问" * 1000, "🏗" * 1000, "'; DROP TABLE x; --"])
def test_a_registration_as_long_as_it_may_be(cast: Cast, question: str) -> None:
    data = {**InquiryForm.example(Case()), "name": "张" * 100, "question": question}

    case = cases.open("inquiry", by=cast.xiaobo, data=data)

    assert Party.objects.get(case=case).name == "张" * 100
    assert Case.objects.get(pk=case.pk).subject == question[:200]


@pytest.mark.parametrize(
    "items",
    [
        *("", "[]", "{}", "[", "null", '"x"', "[1]]"),
        *('["\\u0000"]', '["\\ud800"]', "[NaN]", "[1e400]", "[" * 3000 + "]" * 3000),
    ],
)
def test_hostile_json_in_a_form(
    cast: Cast, inquiry: Case, refused: Refused, items: str
) -> None:
    refused(
        Invalid,
        lambda: cases.act(
            inquiry.pk,
            "ask_for_papers",
            by=cast.xiaobo,
            version=2,
            data={"items": items},
        ),
    )


def test_a_closed_case_changes_hands_no_more(
    cast: Cast, in_state: Callable[[str], Case], refused: Refused
) -> None:
    case = in_state("answered")

    for hand in (
        lambda: cases.claim(case.pk, by=cast.amin),
        lambda: cases.release(case.pk, by=cast.chendi),
        lambda: cases.assign(case.pk, to=1, by=cast.chendi),
    ):
        refused(NotNow, hand)


def test_a_case_is_not_opened_tomorrow(
    cast: Cast, clock: DatabaseClock, refused: Refused
) -> None:
    data = InquiryForm.example(Case())
    tomorrow = on("2026-09-25 10:00")

    refused(
        Invalid,
        lambda: cases.open("inquiry", by=cast.xiaobo, data=data, at=tomorrow),
    )


def test_fields_that_no_form_has_are_not_kept(cast: Cast, inquiry: Case) -> None:
    extra = {"state": "answered", "version": 99, "holder_id": cast.city.pk}

    case = cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=2, data=extra)

    assert (case.state, case.version) == ("accepted", 3)
    assert Act.objects.get(case=case, version=3).data == {}


def test_a_late_reason_that_is_too_long(
    cast: Cast, inquiry: Case, refused: Refused
) -> None:
    refused(
        Invalid,
        lambda: cases.act(
            inquiry.pk, "accept", by=cast.xiaobo, version=2, late_reason="晚" * 301
        ),
    )


def _everything() -> tuple[object, ...]:
    return (
        *(model.objects.count() for model in (Case, Act, Event, Outbox, Party)),
        list(Case.objects.order_by("pk").values_list("state", "version", "head")),
    )
