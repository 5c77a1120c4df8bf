"""The behaviour acceptance cases of clocks: late stops, new calendars, new rules.

The inquiry of these tests is registered on Thursday 2026-09-24 at 10:00. Its five working
days are 09-28, 09-29, 09-30, 10-08 and 10-09, between the Mid-Autumn days and the
National Day week; 10-10 is a make-up Saturday.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.domain.deadlines import Calendar as Days
from casework.domain.deadlines import Overlay, overlaid
from casework.domain.deadlines.horizon import continued
from casework.domain.rules import RuleTerms, read_rules
from casework.domain.vocabulary import ClockState, Outcome
from casework.lifecycle import pause, reopen, resume, start, stop
from casework.management.commands.migrate import Command
from casework.models import Calendar, CalendarVersion, Case, Clock, Event
from casework.reports import health
from casework.reports.health import State
from casework.services import calendars, cases, recomputation, rules
from casework.services.recomputation import Revised
from casework.services.sweep import sweep
from tests.cast import Cast
from tests.engine.conftest import (
    SHANGHAI,
    DatabaseClock,
    clock_of,
    on,
    verbs_of,
    verify_whole,
)
from tests.engine.ledger import command
from tests.inquiry.forms import InquiryForm
from tests.inquiry.lifecycle import INQUIRY

pytestmark = pytest.mark.django_db

DUE = on("2026-10-09 17:30")


def test_D3_a_request_received_in_time_is_met_though_it_commits_late(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-10-09 17:30:30")
    sweep()

    accept(inquiry, cast, at=on("2026-10-09 17:29:59"))

    assert clock_of(inquiry, "acceptance").outcome is Outcome.MET
    assert "clock.breached" not in verbs_of(inquiry)


def test_D3_a_breach_told_meanwhile_is_retracted(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-10-09 17:31:01")
    sweep()
    assert "clock.breached" in verbs_of(inquiry)

    clock.set("2026-10-09 17:32")
    accept(inquiry, cast, at=on("2026-10-09 17:29:59"))

    met = clock_of(inquiry, "acceptance")
    assert (met.outcome, met.breached_at) == (Outcome.MET, None)
    assert verbs_of(inquiry)[-2:] == ["step.accept", "clock.breach_retracted"]
    verify_whole(inquiry)


@pytest.mark.parametrize(
    ("stopped", "outcome"),
    [("2026-10-09 17:30", Outcome.MET), ("2026-10-09 17:30:00.000001", Outcome.LATE)],
)
def test_D4_the_last_moment_is_in_time_and_the_next_one_is_not(
    cast: Cast, inquiry: Case, clock: DatabaseClock, stopped: str, outcome: Outcome
) -> None:
    clock.set(stopped)

    accept(inquiry, cast)

    assert clock_of(inquiry, "acceptance").outcome is outcome


def test_D5_a_day_that_is_closed_moves_the_clock_and_its_rungs(
    inquiry: Case, clock: DatabaseClock
) -> None:
    before = clock_of(inquiry, "acceptance")
    assert before.due_at == DUE
    clock.set("2026-09-28 09:00")

    version = publish(closed=date(2026, 10, 9))
    revised = recomputation.recompute(version=version)

    after = clock_of(inquiry, "acceptance")
    assert after.due_at == on("2026-10-10 17:30")
    assert (revised, after.generation) == (Revised(1, 1, 0), before.generation + 1)
    moments = {rung.code: rung.fires_at for rung in after.rungs.all()}
    assert moments["due"] == on("2026-10-10 17:30")
    assert moments["+1 working_day"] == on("2026-10-12 17:30")
    fact = last_fact(inquiry, "clock.due_changed")["clock"]
    assert list(map(datetime.fromisoformat, fact["due"])) == [DUE, after.due_at]
    assert fact["calendar"] == version.pk
    assert Case.objects.get(pk=inquiry.pk).version == inquiry.version
    verify_whole(inquiry)


def test_D5_an_upgrade_counts_the_clocks_anew(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-28 09:00")
    recomputation.recompute(version=publish(closed=date(2026, 10, 9)))
    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-10 17:30")

    # The shipped notices do not know of that closed day and are published again.
    upgrade = Command()
    upgrade.bring_up_to_date(quiet=True)
    upgrade.bring_up_to_date(quiet=True)

    assert clock_of(inquiry, "acceptance").due_at == DUE
    assert verbs_of(inquiry).count("clock.due_changed") == 2
    verify_whole(inquiry)


def test_a_case_that_wrongly_says_it_is_overdue_is_set_right(
    inquiry: Case, clock: DatabaseClock
) -> None:
    stale = on("2026-09-20 09:00")
    Case.objects.filter(pk=inquiry.pk).update(next_step_at=stale)

    # One to a batch: it would be claimed for ever if it stayed as it is.
    assert sweep(batch=1).settled == 1

    assert Case.objects.get(pk=inquiry.pk).next_step_at > stale
    assert "clock.breached" not in verbs_of(inquiry)


def test_D5_a_clock_that_ends_before_the_change_stays(
    inquiry: Case, clock: DatabaseClock
) -> None:
    events = verbs_of(inquiry)

    # Its last rung is three working days after the due moment, on 10-13.
    version = publish(closed=date(2026, 10, 14))

    assert recomputation.recompute(version=version) == Revised()
    assert verbs_of(inquiry) == events


def test_D5_recomputing_again_changes_nothing(
    inquiry: Case, clock: DatabaseClock
) -> None:
    version = publish(closed=date(2026, 10, 9))
    recomputation.recompute(version=version)
    events = verbs_of(inquiry)

    assert recomputation.recompute(version=version) == Revised()
    assert verbs_of(inquiry) == events


def test_D5_a_clock_that_is_paused_goes_on_with_the_new_calendar(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-28 09:00")
    command(inquiry.pk, pause("acceptance", "supplement"))
    version = publish(closed=date(2026, 10, 9))
    recomputation.recompute(version=version)

    clock.set("2026-09-28 17:00")
    command(inquiry.pk, resume("acceptance"))

    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-10 17:30")


def test_D5_an_act_counts_on_the_new_calendar_before_the_recomputation_comes(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-28 09:00")
    command(inquiry.pk, pause("acceptance", "supplement"))
    publish(closed=date(2026, 10, 9))
    clock.set("2026-09-28 17:00")

    command(inquiry.pk, resume("acceptance"))

    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-10 17:30")


def test_D6_a_new_calendar_breaches_nothing_after_the_event(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-10-08 10:00")

    # With two worked days in the holidays it would have been over on 10-06.
    version = publish(opened=(date(2026, 10, 5), date(2026, 10, 6)))
    revised = recomputation.recompute(version=version)
    sweep()

    held = clock_of(inquiry, "acceptance")
    assert (held.due_at, held.breached_at) == (on("2026-10-08 17:30"), None)
    assert revised == Revised(clocks=1, moved=1, held=1)
    assert "clock.breached" not in verbs_of(inquiry)
    clock.set("2026-10-08 17:32")
    sweep()
    assert clock_of(inquiry, "acceptance").breached_at == on("2026-10-08 17:30")
    verify_whole(inquiry)


def test_K6_the_old_days_published_again_bring_every_due_moment_back(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    for moment in ("2026-09-28 09:00", "2026-09-29 18:00", "2026-10-08 12:00"):
        clock.set(moment)
        cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    before = due_moments()
    old = newest()

    for days in (changed(closed=date(2026, 10, 10)), old):
        version = published(days)
        recomputation.recompute(version=version, batch=2)

    assert due_moments() == before
    assert set(Clock.objects.values_list("calendar_version", flat=True)) == {version.pk}


def test_a_recomputation_costs_one_statement_for_each_case(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    with statements() as one:
        recomputation.recompute(version=publish(closed=date(2026, 10, 9)))
    for _ in range(5):
        cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    with statements() as many:
        recomputation.recompute(version=published(newest_but_one()))

    # The second publication looks at one older version more, and writes five cases more.
    assert len(many) <= len(one) + 2 + 5


def test_D7_a_shorter_rule_leaves_what_is_not_used_of_it(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-29 09:00")
    command(inquiry.pk, pause("acceptance", "supplement"))
    three_days = shorter(days=3)

    assert recomputation.preview(kind="inquiry", rules=three_days).clocks == 1
    edition = rules.publish(
        kind="inquiry", rules=three_days, from_day=date(2026, 9, 29)
    )
    assert edition is not None
    assert recomputation.rebase(edition=edition).clocks == 1

    paused = clock_of(inquiry, "acceptance")
    assert paused.state is ClockState.PAUSED
    assert paused.rule.edition_id == edition.pk
    assert paused.pauses.count() == 1
    clock.set("2026-10-12 09:00")
    command(inquiry.pk, resume("acceptance"))
    # 09-28 was used; two are left, 10-12 and 10-13.
    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-13 17:30")
    verify_whole(inquiry)


def test_D7_a_rule_that_is_over_already_gives_until_the_next_close(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-10-08 10:00")
    three_days = shorter(days=3)
    assert recomputation.preview(kind="inquiry", rules=three_days) == Revised(1, 1, 1)
    assert clock_of(inquiry, "acceptance").due_at == DUE

    edition = rules.publish(
        kind="inquiry", rules=three_days, from_day=date(2026, 10, 8)
    )
    assert edition is not None
    recomputation.rebase(edition=edition)

    moved = clock_of(inquiry, "acceptance")
    assert (moved.due_at, moved.breached_at) == (on("2026-10-08 17:30"), None)
    assert recomputation.rebase(edition=edition) == Revised()


def test_D7_a_county_s_own_rule_does_not_yield_to_the_nation_s(
    cast: Cast, clock: DatabaseClock
) -> None:
    rules.publish(
        kind="inquiry",
        rules=shorter(days=4),
        from_day=date(2026, 9, 1),
        unit=cast.gusu,
    )
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    before = clock_of(case, "acceptance")

    edition = rules.publish(
        kind="inquiry", rules=shorter(days=3), from_day=date(2026, 9, 24)
    )
    assert edition is not None

    assert recomputation.rebase(edition=edition) == Revised()
    assert clock_of(case, "acceptance").due_at == before.due_at


def test_D8_a_clock_reopened_after_four_working_days_has_what_it_had(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-09-29 12:00")
    command(inquiry.pk, stop("acceptance"))

    clock.set("2026-10-10 09:00")
    command(inquiry.pk, reopen("acceptance"))

    # One of five was used; four are left: 10-10, 10-12, 10-13 and 10-14.
    again = clock_of(inquiry, "acceptance")
    assert again.due_at == on("2026-10-14 17:30")
    assert (again.state, again.outcome) == (ClockState.RUNNING, None)
    assert [row.reason for row in again.pauses.all()] == ["closed"]


def test_D15_a_provisional_date_warns_and_breaches_nothing(
    cast: Cast, clock: DatabaseClock
) -> None:
    clock.set("2026-12-29 10:00")
    waiting = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    asked = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    cases.claim(asked.pk, by=cast.xiaobo)
    ask(asked, cast)
    assert clock_of(waiting, "acceptance").provisional
    assert clock_of(asked, "correction").provisional

    clock.set("2027-02-01 10:00")
    sweep()

    assert "clock.reminded" in verbs_of(waiting)
    assert "clock.breached" not in verbs_of(waiting) + verbs_of(asked)
    assert Case.objects.get(pk=asked.pk).state == "correcting"

    version = published(continued(newest(), years=1))
    recomputation.recompute(version=version)
    sweep()

    known = clock_of(waiting, "acceptance")
    assert not known.provisional
    assert (known.due_at, known.breached_at) == (on("2027-02-01 17:30"), None)
    assert "clock.breached" not in verbs_of(waiting)


def test_D15_a_stop_before_the_recomputation_comes_is_not_late_by_the_new_calendar(
    cast: Cast, clock: DatabaseClock
) -> None:
    clock.set("2026-12-29 10:00")
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    clock.set("2027-02-01 10:00")
    published(continued(newest(), years=1))

    command(case.pk, stop("acceptance"))

    stopped = clock_of(case, "acceptance")
    assert (stopped.outcome, stopped.breached_at) == (Outcome.MET, None)
    assert "clock.breached" not in verbs_of(case)


def test_D16_a_machine_whose_clock_is_wrong_changes_nothing(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    facts = []
    for wrong in (timedelta(0), timedelta(minutes=10), timedelta(minutes=-10)):
        moment = clock.set("2026-09-24 10:00")
        with time_machine.travel(moment + wrong):
            case = cases.open(
                "inquiry", by=cast.xiaobo, data=InquiryForm.example(Case())
            )
            clock.set("2026-10-09 17:31:01")
            sweep()
        facts.append((clocks_of(case), verbs_of(case)))

    assert facts[0] == facts[1] == facts[2]
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        finding = health.clock()
    assert finding.state is not State.OK


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_D17_the_zone_of_session_and_reader_changes_nothing(
    cast: Cast, clock: DatabaseClock, zone: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW TimeZone")
        assert cursor.fetchone() == ("UTC",)

    with timezone.override(zone):
        case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
        clock.set("2026-09-28 09:00")
        command(case.pk, pause("acceptance", "supplement"))
        clock.set("2026-09-29 08:00")
        command(case.pk, resume("acceptance"))
        clock.set("2026-10-10 23:59")
        sweep()

    row = clock_of(case, "acceptance")
    # One close, that of 09-28, lay in the pause.
    assert row.due_at == row.breached_at == on("2026-10-10 17:30")
    assert [p.started_at for p in row.pauses.all()] == [on("2026-09-28 09:00")]


def test_D21_with_the_sweeper_down_the_stop_tells_the_breach(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-10-09 18:00")

    accept(inquiry, cast)

    assert clock_of(inquiry, "acceptance").outcome is Outcome.LATE
    verbs = verbs_of(inquiry)
    assert verbs[-2:] == ["clock.breached", "step.accept"]
    assert last_fact(inquiry, "clock.breached")["clock"]["late_by"] == 30 * 60
    warnings = [f["clock"]["state"] for f in facts_of(inquiry, "clock.reminded")]
    assert set(warnings) == {"superseded"}
    clock.set("2026-10-09 19:00")
    sweep()
    assert verbs_of(inquiry) == verbs


def test_a_breach_taken_back_by_an_extension_is_told_again_when_that_is_over(
    cast: Cast, inquiry: Case, clock: DatabaseClock
) -> None:
    accept(inquiry, cast)
    # Twenty working days from 09-24.
    due = clock_of(inquiry, "handling").due_at
    assert due is not None
    clock.set(local(due + timedelta(days=1)))
    sweep()
    cases.act(inquiry.pk, "lengthen", by=cast.chendi, version=None, data={"days": 5})
    later = clock_of(inquiry, "handling").due_at
    assert later is not None
    assert clock_of(inquiry, "handling").breached_at is None

    clock.set(local(later + timedelta(days=1)))
    cases.act(
        inquiry.pk,
        "answer",
        by=cast.chendi,
        version=None,
        data={"answer": "应当补发。"},
    )

    assert clock_of(inquiry, "handling").outcome is Outcome.LATE
    told = [f["clock"]["repeat"] for f in facts_of(inquiry, "clock.breached")]
    assert told == [0, 1]
    verify_whole(inquiry)


def test_a_clock_that_is_over_can_still_be_paused(
    inquiry: Case, clock: DatabaseClock
) -> None:
    clock.set("2026-10-10 09:00")
    command(inquiry.pk, pause("acceptance", "supplement"))
    paused = clock_of(inquiry, "acceptance")
    assert (paused.due_at, paused.breached_at) == (DUE, DUE)

    clock.set("2026-10-12 09:00")
    command(inquiry.pk, resume("acceptance"))

    # The make-up Saturday fell into the pause: the first day after is Monday 10-12.
    rung = clock_of(inquiry, "acceptance").rungs.get(code="+1 working_day")
    assert rung.fires_at == on("2026-10-12 17:30")


def test_a_late_pause_takes_over_what_it_overlaps(
    inquiry: Case, clock: DatabaseClock
) -> None:
    for moment, done in (
        ("2026-09-28 09:00", pause("acceptance", "supplement")),
        ("2026-09-30 09:00", resume("acceptance")),
    ):
        clock.set(moment)
        command(inquiry.pk, done)
    clock.set("2026-09-30 12:00")

    command(inquiry.pk, pause("acceptance", "supplement"), at=on("2026-09-29 10:00"))
    clock.set("2026-10-08 09:00")
    command(inquiry.pk, resume("acceptance"))

    # Nothing was counted between 09-28 and 10-08: five closes from 10-08 on.
    assert clock_of(inquiry, "acceptance").due_at == on("2026-10-13 17:30")


def test_N09_a_going_clock_keeps_its_days_in_other_hands_and_a_new_one_takes_theirs(
    cast: Cast, clock: DatabaseClock
) -> None:
    nation = CalendarVersion.objects.latest("pk")
    Calendar.objects.create(code="平江", unit=cast.pingjiang)
    station = published(changed(closed=date(2026, 10, 9)), code="平江")
    going, begun = (
        cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
        for _ in range(2)
    )
    command(going.pk, start("handling"))
    told = clock_of(going, "handling")

    for case in (going, begun):
        cases.claim(case.pk, by=cast.xiaobo)
        accept(case, cast)

    kept, new = clock_of(going, "handling"), clock_of(begun, "handling")
    assert (kept.due_at, kept.calendar_version_id) == (told.due_at, station.pk)
    # The station's day off is none of the county's, whose clock it is.
    assert new.calendar_version_id == nation.pk
    assert new.due_at is not None
    assert kept.due_at is not None
    assert new.due_at < kept.due_at


def accept(case: Case, cast: Cast, *, at: datetime | None = None) -> Case:
    return cases.act(case.pk, "accept", by=cast.xiaobo, version=None, at=at)


def ask(case: Case, cast: Cast) -> Case:
    return cases.act(
        case.pk,
        "ask_for_papers",
        by=cast.xiaobo,
        version=None,
        data={"items": '["身份证"]'},
    )


def newest() -> Days:
    return calendars.days_of(CalendarVersion.objects.latest("pk").pk)


def newest_but_one() -> Days:
    return calendars.days_of(CalendarVersion.objects.order_by("-pk")[1].pk)


def changed(*, closed: date | None = None, opened: tuple[date, ...] = ()) -> Days:
    overlay = Overlay(
        reference="测试通知",
        closed={closed: "停电"} if closed else {},
        open=dict.fromkeys(opened, "调班"),
    )
    return overlaid(newest(), [overlay])


def published(days: Days, *, code: str = calendars.NATIONAL) -> CalendarVersion:
    version = calendars.publish(
        code=code, days=days, source="测试通知", at=on("2026-09-24 10:00")
    )
    assert version is not None
    return version


def publish(
    *, closed: date | None = None, opened: tuple[date, ...] = ()
) -> CalendarVersion:
    return published(changed(closed=closed, opened=opened))


def shorter(*, days: int) -> tuple[RuleTerms, ...]:
    text = INQUIRY.rules.read_text("utf-8")
    changed = text.replace(
        'period = 5\nunit = "working_day"', f'period = {days}\nunit = "working_day"'
    )
    assert changed != text
    return read_rules(changed, file="rules.toml")


def due_moments() -> list[object]:
    return list(Clock.objects.order_by("pk").values_list("pk", "due_at"))


def clocks_of(case: Case) -> list[object]:
    rows = Clock.objects.filter(case=case).order_by("pk")
    return list(rows.values_list("target", "state", "due_at", "breached_at"))


def facts_of(case: Case, verb: str) -> Iterator[dict[str, Any]]:
    for event in Event.objects.filter(case=case, verb=verb).order_by("sequence"):
        yield json.loads(bytes(event.body))


def last_fact(case: Case, verb: str) -> dict[str, Any]:
    return list(facts_of(case, verb))[-1]


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).replace(tzinfo=None).isoformat()


@contextmanager
def statements() -> Iterator[list[dict[str, str]]]:
    said: list[dict[str, str]] = []
    with CaptureQueriesContext(connection) as captured:
        yield said
    said += captured.captured_queries
