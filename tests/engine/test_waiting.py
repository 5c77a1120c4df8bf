"""A period that is waited for: it passes in full, and nobody is late when it is over."""

from dataclasses import replace

import pytest

from casework.domain.rules import RuleTerms
from casework.domain.vocabulary import ClockKind, ClockState, Light, Outcome
from casework.models import NEVER, Case
from casework.services import cases, rules
from casework.services.definitions import rules_of
from casework.services.sweep import sweep
from casework.web.desk.standing import row_standing, sheets_of, stand
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, clock_of, on, verbs_of, verify_whole
from tests.inquiry.forms import InquiryForm
from tests.inquiry.lifecycle import INQUIRY

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(cast: Cast, clock: DatabaseClock) -> Case:
    """An inquiry that asks for papers; time for them, and handling, are waited for."""

    def waited_for(rule: RuleTerms) -> RuleTerms:
        if rule.target == "acceptance":
            return rule
        row = {**rule.row, "kind": "waiting"}
        return replace(rule, kind=ClockKind.WAITING, row=row)

    rules.publish(
        kind="inquiry",
        rules=tuple(map(waited_for, rules_of(INQUIRY))),
        from_day=on("2026-09-01 00:00").date(),
    )
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    return cases.claim(case.pk, by=cast.xiaobo)


def ask(case: Case, cast: Cast) -> None:
    cases.act(
        case.pk,
        "ask_for_papers",
        by=cast.xiaobo,
        version=None,
        data={"items": '["身份证"]'},
    )


def test_the_end_of_a_wait_is_no_breach_and_the_step_follows(
    cast: Cast, clock: DatabaseClock, waiting: Case
) -> None:
    ask(waiting, cast)
    clock.set("2026-10-09 09:00")

    sweep()

    over = clock_of(waiting, "correction")
    assert (over.state, over.outcome) == (ClockState.STOPPED, Outcome.MET)
    assert over.breached_at is None
    assert verbs_of(waiting)[-2:] == ["clock.reminded", "step.deem_withdrawn"]
    verify_whole(waiting)


def test_a_wait_that_is_over_makes_no_case_overdue(
    cast: Cast, clock: DatabaseClock, waiting: Case
) -> None:
    cases.act(waiting.pk, "accept", by=cast.xiaobo, version=None, data={})
    due = clock_of(waiting, "handling").due_at
    assert due is not None
    assert Case.objects.get(pk=waiting.pk).next_due_at == due

    now = clock.set("2026-12-01 09:00")
    sweep()

    row = Case.objects.get(pk=waiting.pk)
    assert row.next_due_at == NEVER
    assert clock_of(waiting, "handling").state is ClockState.RUNNING
    assert "clock.breached" not in verbs_of(waiting)
    assert row_standing(row, now=now).light is None
    (handling,) = [s for s in sheets_of(row) if s.target == "handling"]
    told = stand(handling, now=now)
    assert (told.light, told.left, told.kind) == (Light.GREEN, "", "等待期 · 本地设定")


def test_a_wait_that_ends_late_is_met_all_the_same(
    cast: Cast, clock: DatabaseClock, waiting: Case
) -> None:
    cases.act(waiting.pk, "accept", by=cast.xiaobo, version=None, data={})
    clock.set("2026-12-01 09:00")
    cases.claim(waiting.pk, by=cast.amin)

    cases.act(
        waiting.pk, "answer", by=cast.amin, version=None, data={"answer": "应当补发。"}
    )

    assert clock_of(waiting, "handling").outcome is Outcome.MET
    assert "clock.breached" not in verbs_of(waiting)
