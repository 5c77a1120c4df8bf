"""取回, 更正, 补录, 撤销系统视为: a history that forgives, with clocks that follow."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from casework.access import Actor
from casework.domain.errors import CaseworkError, Forbidden, Invalid, NotNow
from casework.domain.vocabulary import ClockState, Outcome, RungState
from casework.lifecycle import start, stop
from casework.models import Act, Case, Clock, Event
from casework.services import casefile, cases, mending
from casework.services.sweep import sweep
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, clock_of, on, verbs_of, verify_whole
from tests.engine.ledger import command
from tests.inquiry.forms import InquiryForm

pytestmark = pytest.mark.django_db


def test_a_last_act_is_taken_back_with_its_clocks(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    before = _clocks(inquiry)
    clock.set("2026-09-25 09:00")
    _ask(inquiry, cast)
    assert clock_of(inquiry, "acceptance").state is ClockState.PAUSED

    clock.set("2026-09-28 09:00")
    case = mending.take_back(inquiry.pk, by=cast.xiaobo, reason="点错了")

    assert case.state == "registered"
    assert case.details.was_asked is False  # type: ignore[attr-defined]
    assert _clocks(inquiry)["acceptance"] == before["acceptance"]
    assert clock_of(inquiry, "correction").state is ClockState.CANCELLED
    assert [act.step for act in _acts(case)][2:] == [
        "step.ask_for_papers",
        "case.take_back",
    ]
    verify_whole(case)


def test_an_acceptance_taken_back_brings_the_case_home(
    cast: Cast, inquiry: Case
) -> None:
    cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=None)

    with pytest.raises(Forbidden, match="只能取回自己"):
        mending.take_back(inquiry.pk, by=cast.amin, reason="点错了")
    case = mending.take_back(inquiry.pk, by=cast.xiaobo, reason="还缺材料")

    assert (case.state, case.holder_id) == ("registered", cast.pingjiang.pk)
    assert cast.xiaobo.person is not None
    assert case.assignee_id == cast.xiaobo.person.pk
    assert case.segments.filter(ends_at=None).count() == 1


def test_nothing_is_taken_back_once_somebody_else_has_acted(
    cast: Cast, inquiry: Case
) -> None:
    cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=None)
    cases.claim(inquiry.pk, by=cast.amin)

    with pytest.raises(Forbidden, match="只能取回自己"):
        mending.take_back(inquiry.pk, by=cast.xiaobo, reason="点错了")


def test_a_claim_is_given_back_and_not_taken_back(cast: Cast, inquiry: Case) -> None:
    with pytest.raises(NotNow, match="不能取回"):
        mending.take_back(inquiry.pk, by=cast.xiaobo, reason="点错了")
    with pytest.raises(Invalid, match="写明原因"):
        mending.take_back(inquiry.pk, by=cast.xiaobo, reason=" ")


def test_an_act_of_friday_entered_on_saturday_is_in_time(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    # Five working days from Thursday 24 September: 10-09, a Friday after the holidays.
    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-09 17:30")
    clock.set("2026-10-10 09:00")
    sweep()
    assert clock_of(inquiry, "acceptance").breached_at == on("2026-10-09 17:30")

    case = cases.act(
        inquiry.pk,
        "accept",
        by=cast.xiaobo,
        version=None,
        at=on("2026-10-09 16:40"),
        late_reason="周五办的，系统维护，周六补录",
        late_proof="受理通知书存根",
    )

    stopped = clock_of(inquiry, "acceptance")
    assert stopped.outcome is Outcome.MET
    assert stopped.breached_at is None
    assert stopped.stopped_at == on("2026-10-09 16:40")
    assert verbs_of(case)[-2:] == ["step.accept", "clock.breach_retracted"]
    assert _acts(case)[-1].late_reason.startswith("周五")
    verify_whole(case)


def test_a_late_entry_says_why(cast: Cast, inquiry: Case, clock: DatabaseClock) -> None:
    clock.set("2026-09-25 10:00")

    with pytest.raises(Invalid, match="为什么") as refusal:
        cases.act(
            inquiry.pk,
            "accept",
            by=cast.xiaobo,
            version=None,
            at=on("2026-09-24 15:00"),
        )

    assert refusal.value.field == "late_reason"


def test_a_late_entry_proves_when_it_was(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-25 10:00")
    late = {"at": on("2026-09-24 15:00"), "late_reason": "系统维护"}

    with pytest.raises(Invalid, match="凭证") as refusal:
        cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=None, **late)  # type: ignore[arg-type]
    assert refusal.value.field == "late_proof"

    case = cases.act(
        inquiry.pk,
        "accept",
        by=cast.xiaobo,
        version=None,
        late_proof="受理通知书存根",
        **late,  # type: ignore[arg-type]
    )
    assert _acts(case)[-1].late_proof == "受理通知书存根"
    verify_whole(case)


@pytest.mark.parametrize(
    ("at", "is_taken"), [("06-26 10:00", True), ("06-26 09:59", False)]
)
def test_what_was_received_too_long_ago_is_received_today(
    cast: Cast, clock: DatabaseClock, at: str, is_taken: bool
) -> None:
    def received(moment: str) -> Case:
        return cases.open(
            "inquiry",
            by=cast.xiaobo,
            data=InquiryForm.example(Case()),
            at=on(moment),
            late_reason="纸质收件",
            late_proof="收件登记簿第12页",
        )

    if is_taken:  # ninety days before 24 September
        assert received(f"2026-{at}").opened_at == on(f"2026-{at}")
        return
    for moment in (f"2026-{at}", "2019-11-20 09:00"):
        with pytest.raises(Invalid, match="按今天收件登记") as refusal:
            received(moment)
        assert refusal.value.field == "at"
    assert not Case.objects.exists()


def test_a_case_opened_late_says_why_and_counts_from_when_it_was_received(
    cast: Cast, clock: DatabaseClock
) -> None:
    received, data = on("2026-09-23 16:00"), InquiryForm.example(Case())

    with pytest.raises(Invalid, match="为什么") as refusal:
        cases.open("inquiry", by=cast.xiaobo, data=data, at=received)
    case = cases.open(
        "inquiry",
        by=cast.xiaobo,
        data=data,
        at=received,
        late_reason="窗口停电",
        late_proof="收件登记簿第12页",
    )

    assert refusal.value.field == "late_reason"
    assert _acts(case)[0].late_reason == "窗口停电"
    assert clock_of(case, "acceptance").due_at == on("2026-10-08 17:30")
    verify_whole(case)


@pytest.mark.parametrize(("minutes", "is_late"), [(15, False), (16, True)])
def test_what_is_typed_after_a_telephone_call_needs_no_reason(
    cast: Cast, clock: DatabaseClock, minutes: int, is_late: bool
) -> None:
    at = clock.set("2026-09-24 10:00") - timedelta(minutes=minutes)
    data = InquiryForm.example(Case())

    with pytest.raises(Invalid) if is_late else contextlib.nullcontext():
        cases.open("inquiry", by=cast.xiaobo, data=data, at=at)


def test_a_deemed_withdrawal_is_reversed_and_not_taken_again(
    head: Cast, in_state: Callable[[str], Case], clock: DatabaseClock
) -> None:
    case = in_state("correcting")
    # Five days from 24 September, to the end of Tuesday the 29th.
    clock.set("2026-09-30 09:00")
    sweep()
    withdrawn = Case.objects.get(pk=case.pk)
    assert withdrawn.state == "withdrawn"
    assert withdrawn.closed_at == on("2026-09-30 00:00")
    assert clock_of(case, "correction").outcome is Outcome.LATE
    assert "clock.breach_retracted" not in verbs_of(case)

    with pytest.raises(Forbidden, match="只有案件所在单位的负责人"):
        mending.reverse_deemed(case.pk, by=head.xiaobo, reason="当天交了")
    clock.set("2026-10-09 09:00")
    mended = mending.reverse_deemed(case.pk, by=head.station_head, reason="当天交了")

    assert (mended.state, mended.closed_at) == ("correcting", None)
    assert clock_of(case, "correction").state is ClockState.RUNNING
    assert clock_of(case, "acceptance").state is ClockState.PAUSED
    sweep()
    assert Case.objects.get(pk=case.pk).state == "correcting"
    verify_whole(case)


def test_a_deemed_step_is_final_after_five_working_days(
    head: Cast, in_state: Callable[[str], Case], clock: DatabaseClock
) -> None:
    case = in_state("correcting")
    clock.set("2026-09-30 09:00")
    sweep()

    # Working days since: 10-08, 10-09, 10-10 (make-up), 10-12, 10-13, and a sixth.
    clock.set("2026-10-14 09:00")
    with pytest.raises(NotNow, match="5 个工作日"):
        mending.reverse_deemed(case.pk, by=head.station_head, reason="当天交了")


def test_K2_a_case_is_not_given_back_after_an_end_that_no_sweep_has_seen(
    cast: Cast, in_state: Callable[[str], Case], clock: DatabaseClock
) -> None:
    case = in_state("correcting")

    clock.set("2026-09-30 09:00")
    with pytest.raises(NotNow, match="已经办结"):
        cases.release(case.pk, by=cast.xiaobo)

    assert Case.objects.get(pk=case.pk).state == "withdrawn"
    assert verbs_of(case)[-2:] == ["clock.breached", "step.deem_withdrawn"]
    verify_whole(case)


@pytest.mark.parametrize(
    "mend",
    [
        lambda pk, by: mending.take_back(pk, by=by, reason="点错了"),
        lambda pk, by: mending.correct(
            pk, field="question", value="年休假", reason="听错", proof="信", by=by
        ),
        lambda pk, by: mending.confirm_correction(pk, by=by),
        lambda pk, by: mending.reverse_deemed(pk, by=by, reason="当天交了"),
    ],
    ids=["take_back", "correct", "confirm_correction", "reverse_deemed"],
)
def test_K2_nothing_is_mended_before_an_end_that_no_sweep_has_seen(
    cast: Cast,
    in_state: Callable[[str], Case],
    clock: DatabaseClock,
    mend: Callable[[int, Actor], Case],
) -> None:
    case = in_state("correcting")

    clock.set("2026-09-30 09:00")
    with contextlib.suppress(CaseworkError):
        mend(case.pk, cast.xiaobo)

    assert verbs_of(case)[3:5] == ["clock.breached", "step.deem_withdrawn"]
    assert Case.objects.get(pk=case.pk).state == "withdrawn"
    verify_whole(case)


def test_K2_nothing_comes_between_the_rounds_of_a_sweep(
    cast: Cast, in_state: Callable[[str], Case], clock: DatabaseClock
) -> None:
    case = in_state("correcting")
    clock.set("2026-09-30 09:00")

    with transaction.atomic():
        casefile.settle_due(most=10)
    with pytest.raises(NotNow, match="已经办结"):
        cases.release(case.pk, by=cast.xiaobo)

    assert verbs_of(case)[-2:] == ["clock.breached", "step.deem_withdrawn"]


@pytest.mark.parametrize("is_swept", [True, False])
def test_K2_a_clock_that_a_deemed_step_ends_tells_nothing_after_it(
    in_state: Callable[[str], Case], clock: DatabaseClock, is_swept: bool
) -> None:
    case = in_state("correcting")
    command(case.pk, start("handling"))
    if is_swept:
        clock.set("2026-09-30 00:05")
        sweep()

    # The twenty working days of the handling were over in October.
    clock.set("2026-11-30 09:00")
    swept = sweep()

    assert swept.refused == 0
    assert verbs_of(case)[-2:] == ["clock.breached", "step.deem_withdrawn"]
    assert clock_of(case, "handling").state is ClockState.CANCELLED
    verify_whole(case)


def test_an_end_whose_step_is_refused_holds_nothing_else_up(
    cast: Cast, in_state: Callable[[str], Case], clock: DatabaseClock
) -> None:
    case = in_state("registered")
    command(case.pk, start("correction"))
    clock.set("2026-10-10 09:00")

    # An inquiry that is not being corrected is not deemed withdrawn.
    assert [sweep().taken for _ in range(2)] == [0, 0]

    assert clock_of(case, "acceptance").breached_at == on("2026-10-09 17:30")
    released = cases.release(case.pk, by=cast.xiaobo)
    assert (released.state, released.assignee) == ("registered", None)


def test_a_field_is_corrected_with_before_after_reason_and_proof(
    cast: Cast, inquiry: Case
) -> None:
    case = mending.correct(
        inquiry.pk,
        field="question",
        value="年休假工资",
        reason="听错了",
        proof="当事人重新陈述",
        by=cast.xiaobo,
    )

    assert case.details.question == "年休假工资"  # type: ignore[attr-defined]
    data = _acts(case)[-1].data
    assert (data["before"], data["after"]) == ("加班费", "年休假工资")
    assert (data["reason"], data["proof"]) == ("听错了", "当事人重新陈述")


def test_what_moves_a_clock_needs_a_second_person(head: Cast, inquiry: Case) -> None:
    mending.correct(
        inquiry.pk,
        field="opened_at",
        value="2026-09-23 10:00",
        reason="前一天收的",
        proof="邮戳",
        by=head.xiaobo,
    )
    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-09 17:30")

    with pytest.raises(Forbidden, match="另一个人"):
        mending.confirm_correction(inquiry.pk, by=head.xiaobo)
    mending.confirm_correction(inquiry.pk, by=head.station_head)

    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-08 17:30")
    with pytest.raises(NotNow, match="没有等待"):
        mending.confirm_correction(inquiry.pk, by=head.station_head)


def test_a_stop_tells_the_breach_that_a_corrected_start_left_untold(
    head: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-25 09:00")
    _ask(inquiry, head)
    mending.correct(
        inquiry.pk,
        field="opened_at",
        value="2026-09-10 10:00",
        reason="两周前收的",
        proof="邮戳",
        by=head.xiaobo,
    )
    mending.confirm_correction(inquiry.pk, by=head.station_head)

    # Over on 09-17, a week before the pause that kept it from being told.
    clock.set("2026-09-29 09:00")
    command(inquiry.pk, stop("acceptance"))

    stopped = clock_of(inquiry, "acceptance")
    due = on("2026-09-17 17:30")
    assert (stopped.outcome, stopped.breached_at) == (Outcome.LATE, due)
    assert verbs_of(inquiry).count("clock.breached") == 1
    assert verbs_of(inquiry)[-1] == "step.test"
    told = stopped.rungs.get(code="due")
    assert told.state is RungState.FIRED
    assert told.event_sequence is not None
    assert verbs_of(inquiry)[told.event_sequence - 1] == "clock.breached"
    sweep()
    assert verbs_of(inquiry).count("clock.breached") == 1
    verify_whole(inquiry)


@pytest.mark.parametrize(
    ("field", "value"), [("state", "answered"), ("question", ""), ("opened_at", "昨天")]
)
def test_a_bad_correction_is_refused_and_leaves_nothing(
    cast: Cast, inquiry: Case, field: str, value: str
) -> None:
    before = Event.objects.filter(case=inquiry).count()

    with pytest.raises(Invalid) as refusal:
        mending.correct(
            inquiry.pk,
            field=field,
            value=value,
            reason="改",
            proof="信",
            by=cast.xiaobo,
        )

    assert refusal.value.field == field
    assert Event.objects.filter(case=inquiry).count() == before


@pytest.mark.parametrize(("lacks", "sentence"), [("reason", "原因"), ("proof", "凭据")])
def test_a_correction_says_why_and_what_proves_it(
    cast: Cast, inquiry: Case, lacks: str, sentence: str
) -> None:
    said: dict[str, Any] = {"reason": "听错了", "proof": "书面说明", lacks: " "}

    with pytest.raises(Invalid, match=sentence) as refusal:
        mending.correct(
            inquiry.pk, field="question", value="加班费", by=cast.xiaobo, **said
        )

    assert refusal.value.field == lacks
    assert not _corrections(inquiry)


def test_a_receipt_is_corrected_within_what_its_case_allows(
    head: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-28 09:00")
    _refuses_receipt(inquiry, head, "2026-09-28 09:01", "收件时间不能晚于现在")
    _ask(inquiry, head)
    clock.set("2026-09-29 09:00")
    _refuses_receipt(inquiry, head, "2026-09-28 09:01", "第一步.*9月28日 09:00")
    # Ninety days before it was registered, on 2026-09-24 at 10:00, and not before today.
    _refuses_receipt(inquiry, head, "2026-06-26 09:59", "最多补录到90天以前")
    assert not _corrections(inquiry)

    _correct_receipt(inquiry, head, "2026-06-26 10:00")
    mending.confirm_correction(inquiry.pk, by=head.station_head)

    assert Case.objects.get(pk=inquiry.pk).opened_at == on("2026-06-26 10:00")
    verify_whole(inquiry)


def test_an_act_may_not_lie_in_the_future_or_before_the_last_one(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-25 10:00")
    for moment, sentence in (
        (on("2026-09-25 10:00") + timedelta(seconds=1), "不能晚于现在"),
        (on("2026-09-24 09:59"), "2026年9月24日 10:00"),
    ):
        with pytest.raises(Invalid, match=sentence) as refusal:
            cases.act(
                inquiry.pk,
                "accept",
                by=cast.xiaobo,
                version=None,
                at=moment,
                late_reason="补录",
                late_proof="收件登记簿第12页",
            )
        assert refusal.value.field == "at"


def test_an_act_of_next_month_fires_nothing_today(cast: Cast, inquiry: Case) -> None:
    before = verbs_of(inquiry)

    with pytest.raises(Invalid, match="不能晚于现在"):
        cases.act(
            inquiry.pk,
            "accept",
            by=cast.xiaobo,
            version=None,
            at=on("2026-10-30 10:00"),
        )

    assert verbs_of(inquiry) == before
    assert clock_of(inquiry, "acceptance").breached_at is None


def _correct_receipt(case: Case, cast: Cast, moment: str) -> Case:
    return mending.correct(
        case.pk,
        field="opened_at",
        value=moment,
        reason="登记错了",
        proof="邮戳",
        by=cast.xiaobo,
    )


def _refuses_receipt(case: Case, cast: Cast, moment: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        _correct_receipt(case, cast, moment)
    assert refusal.value.field == "opened_at"


def _corrections(case: Case) -> list[str]:
    steps = Act.objects.filter(case=case).values_list("step", flat=True)
    return [step for step in steps if "correct" in step]


def _ask(case: Case, cast: Cast) -> Case:
    return cases.act(
        case.pk,
        "ask_for_papers",
        by=cast.xiaobo,
        version=None,
        data={"items": '["身份证"]'},
    )


def _clocks(case: Case) -> dict[str, tuple[object, ...]]:
    return {
        row.target: (row.state, row.due_at, row.next_step_at, row.outcome)
        for row in Clock.objects.filter(case=case)
    }


def _acts(case: Case) -> list[Act]:
    return list(Act.objects.filter(case=case).order_by("version"))
