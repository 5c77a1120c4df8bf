"""A small world of cases whose clocks are driven directly, and what may be asked of it.

A script is a list of moments; at each something may be swept and something is done to
one clock of one case. The same script played with and without its sweeps must tell the
same story (deadlines.md 4.8, K1 to K8).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction

from casework.access import SYSTEM
from casework.domain.deadlines import (
    Answer,
    ClockStandsStill,
    Pause,
    Period,
    Reckoning,
    Step,
    due,
    step_at,
)
from casework.domain.errors import Invalid
from casework.domain.rules import DUE, RuleTerms, read_rule
from casework.domain.vocabulary import (
    ClockKind,
    ClockState,
    ClockVerb,
    Outcome,
    RungState,
)
from casework.lifecycle import Directive
from casework.models import NEVER, Case, Clock, ClockRung, Event
from casework.services import calendars, casefile, cases
from casework.services.sweep import sweep
from tests.cast import Cast
from tests.engine.conftest import SHANGHAI, DatabaseClock
from tests.inquiry.forms import InquiryForm

BEGINNING = datetime(2026, 9, 24, 10, tzinfo=SHANGHAI)
OVER = (ClockState.STOPPED, ClockState.CANCELLED)


@dataclass(frozen=True)
class Move:
    """One moment of a script: time goes on, a sweep may run, time goes on, an act."""

    before_sweep: timedelta
    #: How many cases the sweep takes at once; 0 for no sweep.
    batch: int
    before_act: timedelta
    case: int
    verb: ClockVerb
    target: str
    #: By how much the act happened earlier than it is recorded.
    backdated: timedelta = timedelta(0)


#: One clock of the world: the case's place, the target and the cycle.
Place = tuple[int, str, int]


@dataclass
class World:
    """The cases of one run, and the acts that were refused."""

    ids: list[int]
    time: DatabaseClock
    now: datetime = BEGINNING
    refused: list[int] = field(default_factory=list)

    def play(self, script: list[Move], *, with_sweeps: bool) -> None:
        """Carry out the script, checking the ledger after every move."""
        for number, move in enumerate(script):
            resting = self._fired_at_rest()
            self.go_on(move.before_sweep)
            if move.batch and with_sweeps:
                sweep(batch=move.batch)
                self.check()
            self.go_on(move.before_act)
            if not self._act(move):
                self.refused.append(number)
            self.check()
            self._check_rest(resting)

    def go_on(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by
        self.time.set(self.now.replace(tzinfo=None).isoformat())

    def end(self) -> None:
        """Bring every case to the same moment, whoever swept before."""
        self.go_on(timedelta(days=40))
        sweep(batch=2)
        self.check()

    def check(self) -> None:
        """Fail unless every clock stands as the facts say (K1, K4, K5, K8)."""
        clocks = self._clocks()
        for clock in clocks:
            _check_replay(clock)
            _check_armed(clock)
            _check_outcome(clock)
        facts = {pk: _facts(pk) for pk in self.ids}
        for case in Case.objects.filter(pk__in=self.ids):
            mine = [clock for clock in clocks if clock.case_id == case.pk]
            assert case.next_step_at == min(
                (clock.next_step_at for clock in mine), default=NEVER
            ), "K4"
            _check_told(facts[case.pk], mine)

    def _clocks(self) -> list[Clock]:
        return list(
            Clock.objects.filter(case_id__in=self.ids)
            .select_related("rule")
            .prefetch_related("pauses", "rungs")
        )

    def story(self) -> dict[Place, object]:
        """Return what was told of every clock, in its order (K2)."""
        told: dict[Place, list[object]] = {place: [] for place in self.outcomes()}
        for number, pk in enumerate(self.ids):
            for fact in _facts(pk):
                place = number, fact["target"], fact["cycle"]
                told[place].append((fact["rung"], fact["repeat"], fact["at"]))
        return {place: tuple(facts) for place, facts in told.items()}

    def outcomes(self) -> dict[Place, object]:
        """Return how every clock stands."""
        return {
            (self.ids.index(clock.case_id), clock.target, clock.cycle): (
                clock.state,
                clock.started_at,
                clock.due_at,
                clock.outcome,
                clock.breached_at,
                clock.next_step_at,
                sorted(pause.started_at for pause in clock.pauses.all()),
            )
            for clock in self._clocks()
        }

    def _act(self, move: Move) -> bool:
        directive = Directive(move.verb, move.target, "supplement", "days")
        try:
            command(
                self.ids[move.case],
                directive,
                at=self.now - move.backdated,
            )
        except Invalid:
            return False
        return True

    def _fired_at_rest(self) -> dict[int, int]:
        clocks = self._clocks()
        return {clock.pk: _fired(clock) for clock in clocks if clock.state in OVER}

    def _check_rest(self, before: dict[int, int]) -> None:
        """K7: what was over before the move and still is has fired nothing."""
        for pk, fired in self._fired_at_rest().items():
            assert fired == before.get(pk, fired), "K7"


def command(
    case_id: int, directive: Directive, *, at: datetime | None = None, days: int = 3
) -> None:
    """Do one thing to one clock through the ledger, settled first, as `act` does."""
    while True:
        with transaction.atomic():
            file = casefile.take(case_id, by=SYSTEM)
            moment = at or file.now
            if file.settle(before=moment):
                continue
            before = file.snapshot()
            file.effects = file.clocks.apply(
                [directive], at=moment, data={"days": days}
            )
            file.write("step.test", by=SYSTEM, at=moment, data={}, before=before)
            return


@contextmanager
def world(cast: Cast, time: DatabaseClock, *, size: int = 2) -> Iterator[World]:
    """Open some inquiries at the beginning of time; nothing of it stays."""
    savepoint = transaction.savepoint()
    time.set(BEGINNING.replace(tzinfo=None).isoformat())
    opened = [
        cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
        for _ in range(size)
    ]
    try:
        yield World([case.pk for case in opened], time)
    finally:
        transaction.savepoint_rollback(savepoint)


@cache
def _rule(row: str) -> RuleTerms:
    return read_rule(json.loads(row), file="the row")


def _pending(clock: Clock) -> list[ClockRung]:
    return [rung for rung in clock.rungs.all() if rung.state == RungState.PENDING]


def _fired(clock: Clock) -> int:
    return sum(rung.event_sequence is not None for rung in clock.rungs.all())


def _check_replay(clock: Clock) -> None:
    """K5: due moment and pending rungs follow from start, pauses and extensions."""
    rule = _rule(json.dumps(clock.rule.terms))
    terms = rule.terms
    for extension in clock.extensions:
        terms = terms.extended(Period(extension["amount"], terms.unit))
    reckoning = Reckoning(
        start=clock.started_at,
        terms=terms,
        calendar=calendars.days_of(clock.calendar_version_id),
        pauses=tuple(
            Pause(pause.started_at, pause.ended_at) for pause in clock.pauses.all()
        ),
    )
    try:
        answer = due(reckoning, strict=False)
    except ClockStandsStill:
        assert clock.due_at is None, "K5"
        assert clock.state == ClockState.PAUSED, "K5"
        return
    assert clock.due_at == answer.due_at, "K5"
    assert clock.provisional == answer.provisional, "K5"
    steps = {rung.code: rung.step for rung in rule.ladder}
    for rung in _pending(clock):
        assert rung.fires_at == _moment(answer, steps[rung.code]), "K5"


def _moment(answer: Answer, step: Step) -> datetime:
    try:
        return step_at(answer, step, strict=False).at
    except ClockStandsStill:
        return NEVER


def _check_armed(clock: Clock) -> None:
    """K4: the next step is the nearest pending rung of a running clock, else NEVER."""
    waiting = [
        rung.fires_at
        for rung in _pending(clock)
        if not clock.provisional or rung.code[0] not in {DUE[0], "+"}
    ]
    running = clock.state == ClockState.RUNNING
    assert clock.next_step_at == (min(waiting, default=NEVER) if running else NEVER), (
        "K4"
    )


def _check_outcome(clock: Clock) -> None:
    """K8: met exactly when it was stopped in time; late ones have a breach.

    What is only waited for is met whenever it ends; what its own end stopped was not
    met, though it stopped at the due moment.
    """
    if clock.state != ClockState.STOPPED:
        assert clock.outcome is None, "K8"
        return
    assert clock.stopped_at is not None
    assert clock.due_at is not None
    rule = _rule(json.dumps(clock.rule.terms))
    is_waiting = rule.kind is ClockKind.WAITING
    in_time = clock.provisional or is_waiting or clock.stopped_at <= clock.due_at
    if not is_waiting and rule.expiry and clock.stopped_at == clock.due_at:
        in_time = clock.breached_at is None
    assert clock.outcome is (Outcome.MET if in_time else Outcome.LATE), "K8"
    assert (clock.breached_at is None) == in_time, "K8"


def _check_told(facts: list[dict[str, Any]], clocks: list[Clock]) -> None:
    """K1: every rung is told once, and nothing else is."""
    keys = [(f["target"], f["cycle"], f["rung"], f["repeat"]) for f in facts]
    assert len(set(keys)) == len(keys), "K1"
    assert sum(map(_fired, clocks)) == len(keys), "K1"


def check_order(case_id: int) -> None:
    """K3: the events of each clock stand in the order of their moments."""
    by_clock: dict[tuple[str, int], list[str]] = {}
    for fact in _facts(case_id):
        by_clock.setdefault((fact["target"], fact["cycle"]), []).append(fact["at"])
    for moments in by_clock.values():
        assert moments == sorted(moments), "K3"


def _facts(case_id: int) -> list[dict[str, Any]]:
    events = Event.objects.filter(
        case_id=case_id, verb__in=["clock.breached", "clock.reminded"]
    ).order_by("sequence")
    bodies = [json.loads(bytes(event.body)) for event in events]
    return [{**body["clock"], "at": body["at"]} for body in bodies]
