"""Numbers in full: who may see them, how long, and what the history says of it."""

import json
from datetime import timedelta

import pytest

from casework.domain.errors import Forbidden, Invalid, NotFound
from casework.domain.vocabulary import Channel, Purpose, Role
from casework.models import Case, Event, Reveal
from casework.services import cases, reveals
from tests.cast import Cast, MembershipFactory
from tests.engine.conftest import DatabaseClock, on, verify_whole

REASON = "录入全国系统"


def ask(case: Case, by: object, purpose: Purpose = Purpose.ENTER_SYSTEM) -> Reveal:
    return reveals.reveal(case.pk, by=by, purpose=purpose, reason=REASON)  # type: ignore[arg-type]


def test_the_case_s_own_worker_sees_them_for_thirty_minutes(
    cast: Cast, inquiry: Case
) -> None:
    leave = ask(inquiry, cast.xiaobo)

    assert leave.until == on("2026-09-24 10:30")
    case = Case.objects.get(pk=inquiry.pk)
    just_before, then = leave.until - timedelta(microseconds=1), leave.until
    assert reveals.in_force(case, by=cast.xiaobo, at=just_before) == leave
    assert reveals.in_force(case, by=cast.xiaobo, at=then) is None


def test_the_history_says_who_and_what_for_and_nothing_personal(
    cast: Cast, inquiry: Case
) -> None:
    leave = ask(inquiry, cast.xiaobo)

    event = Event.objects.get(case_id=inquiry.pk, verb="case.revealed")
    body = json.loads(bytes(event.body))
    case = Case.objects.get(pk=inquiry.pk)
    assert (case.event_count, bytes(case.head)) == (event.sequence, bytes(event.hash))
    assert event.person == cast.xiaobo.person
    assert body["reveal"]["purpose"] == "enter_system"
    assert body["reveal"]["reason"] == {
        "c": reveals.commitment_of(case, event.sequence, leave.reason)
    }
    assert REASON not in bytes(event.body).decode()
    verify_whole(inquiry)


def test_no_form_grows_stale_by_it(cast: Cast, inquiry: Case) -> None:
    ask(inquiry, cast.xiaobo)

    taken = cases.act(
        inquiry.pk, "accept", by=cast.xiaobo, version=inquiry.version, data={}
    )
    assert taken.state == "accepted"
    verify_whole(inquiry)


def test_it_is_one_person_s_leave(cast: Cast, head: Cast, inquiry: Case) -> None:
    ask(inquiry, cast.xiaobo)

    at = on("2026-09-24 10:01")
    assert reveals.refusal(head.station_head, inquiry) == ""
    assert reveals.in_force(inquiry, by=head.station_head, at=at) is None


def test_who_has_given_the_case_away_sees_them_no_more(
    cast: Cast, inquiry: Case
) -> None:
    ask(inquiry, cast.xiaobo)
    case = cases.release(inquiry.pk, by=cast.xiaobo)

    at = on("2026-09-24 10:01")
    assert reveals.in_force(case, by=cast.xiaobo, at=at) is None


@pytest.mark.parametrize("who", ["chendi", "heshi", "amin", "mediator"])
def test_who_is_not_of_the_team_reads_why_not(
    cast: Cast, inquiry: Case, who: str
) -> None:
    with pytest.raises(Forbidden, match="只有承办人、案件所在单位的负责人和审计员"):
        ask(inquiry, cast.actors[who])
    _nothing_happened(inquiry)


@pytest.mark.parametrize("who", ["dinglan", "gaojing", "xitong", "anquan"])
def test_for_whom_the_case_is_not_there_it_is_not_there(
    cast: Cast, inquiry: Case, who: str
) -> None:
    with pytest.raises(NotFound):
        ask(inquiry, cast.actors[who])
    _nothing_happened(inquiry)


def test_another_hat_of_the_same_person_is_judged_by_itself(
    cast: Cast, inquiry: Case
) -> None:
    hat = MembershipFactory(
        person=cast.xiaobo.person, unit=cast.gusu, role=Role.FINANCE
    )
    finance = type(cast.xiaobo)(
        cast.xiaobo.user, cast.xiaobo.person, hat, channel=Channel.WEB
    )

    with pytest.raises(NotFound):
        ask(inquiry, finance)


def test_an_auditor_says_so_and_sees_a_closed_case_too(
    cast: Cast, inquiry: Case
) -> None:
    cases.act(
        inquiry.pk,
        "ask_for_papers",
        by=cast.xiaobo,
        version=None,
        data={"items": '["身份证"]'},
    )
    Case.objects.filter(pk=inquiry.pk).update(closed_at=on("2026-09-24 10:00"))

    with pytest.raises(Forbidden, match="已经办结"):
        ask(inquiry, cast.xiaobo)
    assert ask(inquiry, cast.fangzheng, Purpose.AUDIT).purpose is Purpose.AUDIT


@pytest.mark.parametrize(
    ("who", "purpose"),
    [("xiaobo", Purpose.AUDIT), ("fangzheng", Purpose.CHECK_IDENTITY)],
)
def test_a_purpose_belongs_to_its_role(
    cast: Cast, inquiry: Case, who: str, purpose: Purpose
) -> None:
    with pytest.raises(Invalid, match="用途和您的岗位不符") as refusal:
        ask(inquiry, cast.actors[who], purpose)
    assert refusal.value.field == "purpose"
    _nothing_happened(inquiry)


@pytest.mark.parametrize("reason", ["", " ", "好", "长" * 201])
def test_a_reason_is_asked_for(cast: Cast, inquiry: Case, reason: str) -> None:
    with pytest.raises(Invalid, match="做什么用") as refusal:
        reveals.reveal(inquiry.pk, by=cast.xiaobo, purpose=Purpose.OTHER, reason=reason)
    assert refusal.value.field == "reason"
    _nothing_happened(inquiry)


def test_a_later_leave_counts(cast: Cast, inquiry: Case, clock: DatabaseClock) -> None:
    ask(inquiry, cast.xiaobo)
    clock.set("2026-09-24 10:20")
    later = ask(inquiry, cast.xiaobo)

    at = on("2026-09-24 10:45")
    case = Case.objects.get(pk=inquiry.pk)
    assert reveals.in_force(case, by=cast.xiaobo, at=at) == later


def _nothing_happened(case: Case) -> None:
    assert not Reveal.objects.exists()
    assert Case.objects.get(pk=case.pk).event_count == case.event_count
