"""One clock as the ledger holds it: its rule, its pauses, its rungs, its due moment.

State and due date derive from the same rows (deadlines.md 2, B2): whatever changes a
clock changes its start, pauses or extensions, and everything else is reckoned anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from casework.domain.deadlines import (
    Answer,
    Before,
    ClockStandsStill,
    Pause,
    Percent,
    Period,
    Reckoning,
    due,
    step_at,
)
from casework.domain.rules import DUE, RuleTerms, Rung
from casework.domain.vocabulary import ClockKind, ClockState, RungState
from casework.models import NEVER, Clock
from casework.services.calendars import Published
from casework.services.rows import Row, from_json, row_of
from casework.services.rules import InForce


@dataclass(slots=True)
class RungRow:
    """One rung as it stands in its row."""

    code: str
    number: int
    fires_at: datetime
    state: RungState = RungState.PENDING
    repeat: int = 0
    event_sequence: int | None = None

    def row(self) -> Row:
        """Return its columns, but for its clock's."""
        return {
            "code": self.code,
            "number": self.number,
            "fires_at": self.fires_at,
            "state": self.state,
            "repeat": self.repeat,
            "event_sequence": self.event_sequence,
        }


@dataclass(slots=True)
class ClockSheet:
    """One clock with its rule, its pauses and its rungs."""

    clock: Clock
    rule: RuleTerms
    calendar: Published
    pauses: list[Pause] = field(default_factory=list)
    rungs: dict[str, RungRow] = field(default_factory=dict)
    is_changed: bool = False
    #: Clock, pauses and rungs as JSON had them when they were read; empty when new.
    read: Row = field(default_factory=dict)
    #: Pauses and rungs as they stood then: what has not changed is not written.
    pauses_read: list[Pause] = field(default_factory=list)
    rungs_read: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, read: Row, *, rule: RuleTerms, calendar: Published) -> "ClockSheet":
        """Return the sheet of a clock that was read with its pauses and rungs."""
        pauses = [_pause(row) for row in read["pauses"]]
        rungs = {row["code"]: _rung(row) for row in read["rungs"]}
        return cls(
            clock=from_json(Clock, read["clock"]),
            rule=rule,
            calendar=calendar,
            pauses=pauses,
            rungs=rungs,
            read=read,
            pauses_read=[*pauses],
            rungs_read=[rung.row() for rung in rungs.values()],
        )

    @property
    def target(self) -> str:
        """The name by which steps know the clock."""
        return self.clock.target

    @property
    def is_going(self) -> bool:
        """Whether the period is neither over nor given up."""
        return self.clock.state in (ClockState.RUNNING, ClockState.PAUSED)

    @property
    def is_waiting(self) -> bool:
        """Whether the period is waited for: nobody is late when it is over."""
        return self.rule.kind is ClockKind.WAITING

    @property
    def is_waited_out(self) -> bool:
        """Whether it was waited for, and that has been told: nothing is due any more."""
        told = self.rungs.get(DUE)
        return (
            self.is_waiting
            and told is not None
            and told.state == RungState.FIRED
            and self.clock.due_at is not None
            and self.clock.due_at <= told.fires_at
        )

    @property
    def reckoning(self) -> Reckoning:
        """What the calculus is asked."""
        terms = self.rule.terms
        for extension in self.clock.extensions:
            terms = terms.extended(Period(extension["amount"], terms.unit))
        return Reckoning(
            start=self.clock.started_at,
            terms=terms,
            calendar=self.calendar.days,
            pauses=tuple(self.pauses),
            rule=self.rule.reference,
        )

    def reckon(self) -> None:
        """Work out the due moment and every rung anew, from start and pauses."""
        clock = self.clock
        self.is_changed = True
        clock.calendar_version_id = self.calendar.version
        try:
            answer = due(self.reckoning, strict=False)
        except ClockStandsStill:
            clock.due_at = clock.raw_due_on = None
        else:
            answer = self._not_before(answer)
            clock.due_at = answer.due_at
            clock.raw_due_on = answer.raw_due_on
            clock.provisional = answer.provisional
            self._lay_rungs(answer)
        self.arm()

    def let_the_end_be(self) -> None:
        """Run on past the end: the step that it calls for was taken."""
        self.clock.expiry_taken = self.is_changed = True
        self.arm()

    def come_to_rest(self) -> None:
        """Let nothing be pending; what it was due by stays."""
        self.clock.generation += 1
        self.is_changed = True
        self.arm()

    def _not_before(self, answer: Answer) -> Answer:
        floor = self.clock.not_before
        if floor is None or answer.due_at >= floor:
            return answer
        # 24:00 ends the day before.
        last_day = timezone.localdate(floor - timedelta(microseconds=1))
        return replace(answer, due_at=floor, due_on=last_day)

    def put_under(self, found: InForce) -> None:
        """Count under another rule: start and pauses stay, rungs it lacks are dropped."""
        self.clock.rule_id, self.rule = found.row, found.rule
        kept = {rung.code for rung in found.rule.ladder}
        for rung in self.rungs.values():
            if rung.code not in kept and rung.state == RungState.PENDING:
                rung.state = RungState.SUPERSEDED

    def arm(self) -> None:
        """Set when the clock has to be looked at again (K4)."""
        clock = self.clock
        is_running = clock.state == ClockState.RUNNING
        waiting = [rung.fires_at for rung in self._firing()] if is_running else []
        clock.next_step_at = min(waiting, default=NEVER)
        ends_itself = (
            is_running
            and self.rule.expiry
            and not clock.provisional
            and not clock.expiry_taken
        )
        clock.expires_at = (clock.due_at or NEVER) if ends_itself else NEVER

    def rows(self) -> dict[str, list[Row]]:
        """Return the rows that are not as they were read, of each table."""
        clock = row_of(self.clock)
        del clock["id"]
        place = {"case_id": clock["case_id"], "target": self.target}
        place["cycle"] = clock["cycle"]
        return {
            "clocks": [clock],
            "pauses": [
                {
                    **place,
                    "started_at": pause.start,
                    "ended_at": pause.end,
                    "reason": pause.reason,
                }
                for pause in self.pauses
                if pause not in self.pauses_read
            ],
            "rungs": [
                {**place, "generation": clock["generation"], **row}
                for row in map(RungRow.row, self.rungs.values())
                if row not in self.rungs_read
            ],
        }

    def undo(self) -> Row:
        """Return what `put_back` takes to have the clock as it was read again."""
        names: tuple[str, ...] = ("target", "cycle")
        if not self.read:
            return {"clock": {name: getattr(self.clock, name) for name in names}}
        return {
            "clock": {name: self.read["clock"][name] for name in (*names, *_PUT_BACK)},
            "pauses": [
                {"started_at": row["started_at"], "ended_at": row["ended_at"]}
                for row in self.read["pauses"]
            ],
        }

    def put_back(self, row: Mapping[str, Any]) -> None:
        """Take state, start, extensions, outcome and pauses from what `undo` returned."""
        clock, was = self.clock, row["clock"]
        for name in _PUT_BACK:
            setattr(clock, name, _FIELDS[name].to_python(was[name]))
        before = {
            datetime.fromisoformat(pause["started_at"]): pause
            for pause in row["pauses"]
        }
        self.pauses = [
            Pause(pause.start, _ended(before.get(pause.start), pause), pause.reason)
            for pause in self.pauses
        ]

    def pending_before(self, moment: datetime) -> list[RungRow]:
        """Return the rungs that have come but not fired, in the order of the ladder."""
        if self.clock.state != ClockState.RUNNING:
            return []
        return sorted(
            (rung for rung in self._firing() if rung.fires_at < moment),
            key=lambda rung: (rung.fires_at, rung.number),
        )

    def rearm_breach(self) -> None:
        """Let a breach that was taken back be told again, should the due moment pass."""
        told = self.rungs[DUE]
        self.rungs[DUE] = RungRow(
            told.code,
            told.number,
            self.clock.due_at or told.fires_at,
            repeat=told.repeat + 1,
        )
        self.arm()

    def is_warning(self, code: str) -> bool:
        """Whether the rung comes before the due moment."""
        step = next(rung.step for rung in self.rule.ladder if rung.code == code)
        return isinstance(step, Percent | Before)

    def _firing(self) -> Iterator[RungRow]:
        # No breach fires on a date that the published holidays may still move (4.4.4).
        for rung in self.rungs.values():
            if rung.state == RungState.PENDING and (
                not self.clock.provisional or self.is_warning(rung.code)
            ):
                yield rung

    def _lay_rungs(self, answer: Answer) -> None:
        for number, rung in enumerate(self.rule.ladder, start=1):
            known = self.rungs.get(rung.code)
            if known is None:
                fires_at = _fires_at(rung, answer)
                self.rungs[rung.code] = RungRow(rung.code, number, fires_at)
            elif known.state == RungState.PENDING:
                known.fires_at = _fires_at(rung, answer)
                known.number = number


_STATES = {str(state): state for state in RungState}
_PUT_BACK = ("state", "started_at", "stopped_at", "extensions", "outcome")
_FIELDS = {column.name: column for column in Clock._meta.concrete_fields}


def _pause(row: Row) -> Pause:
    return Pause(
        start=datetime.fromisoformat(row["started_at"]),
        end=datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
        reason=row["reason"],
    )


def _rung(row: Row) -> RungRow:
    return RungRow(
        code=row["code"],
        number=row["number"],
        fires_at=datetime.fromisoformat(row["fires_at"]),
        state=_STATES[row["state"]],
        repeat=row["repeat"],
        event_sequence=row["event_sequence"],
    )


def _ended(was: Mapping[str, Any] | None, pause: Pause) -> datetime | None:
    if was is None:
        return pause.start
    return datetime.fromisoformat(was["ended_at"]) if was["ended_at"] else None


def _fires_at(rung: Rung, answer: Answer) -> datetime:
    try:
        return step_at(answer, rung.step, strict=False).at
    except ClockStandsStill:
        # Paused when it was over already: the rungs after it wait until it goes on.
        return NEVER
