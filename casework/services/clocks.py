"""The clocks of one case as a ledger: what a step does to them, and what falls due.

Nothing here touches the database: a `ClockBook` is read with its case, changed in memory
under the lock of the case, and written in the statement that writes the act. Every due
moment and every rung comes from `casework.domain.deadlines`; state and due date derive
from the same rows (deadlines.md 2, B2; 4.3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casework.domain.deadlines import (
    Pause,
    working_end_after,
)
from casework.domain.errors import Invalid
from casework.domain.rules import DUE, RuleTerms
from casework.domain.vocabulary import ClockState, ClockVerb, Outcome, RungState
from casework.lifecycle import Directive
from casework.models import NEVER, Clock
from casework.services.calendars import CalendarBook, Published
from casework.services.clocksheets import ClockSheet, RungRow
from casework.services.rules import InForce, RuleBook

#: A moment that commits a little late is still in time (deadlines.md 4.2).
GRACE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Fired:
    """A rung that fired: a fact to be told as an event."""

    sheet: ClockSheet
    rung: RungRow

    @property
    def verb(self) -> str:
        """What the event is called: a period that is waited for is never breached."""
        is_breach = self.rung.code == DUE and not self.sheet.is_waiting
        return "clock.breached" if is_breach else "clock.reminded"


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """What an act did to a clock, for its event and the timeline."""

    target: str
    verb: ClockVerb
    due_before: datetime | None
    due_after: datetime | None

    def told(self) -> dict[str, Any]:
        """Return the effect as the chain keeps it."""
        return {
            "target": self.target,
            "verb": str(self.verb),
            "due": [_told(self.due_before), _told(self.due_after)],
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """What a new calendar or a new rule did to a clock that goes."""

    sheet: ClockSheet
    due_before: datetime | None
    due_after: datetime | None
    #: It would have been over already, and was given until the next working close.
    is_held: bool

    @property
    def is_moved(self) -> bool:
        """Whether the due moment is another."""
        return self.due_before != self.due_after

    def told(self) -> dict[str, Any]:
        """Return the revision as the chain keeps it."""
        clock = self.sheet.clock
        return {
            "clock": {
                "target": clock.target,
                "cycle": clock.cycle,
                "due": [_told(self.due_before), _told(self.due_after)],
                "calendar": clock.calendar_version_id,
                "held": self.is_held,
            },
            "rule": self.sheet.rule.id,
        }


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


class ClockBook:
    """All clocks of a case, newest cycle last, while an act or a sweep changes them."""

    def __init__(
        self,
        sheets: list[ClockSheet],
        *,
        case_id: int,
        kind: str,
        unit_path: str,
        rules: RuleBook,
        calendars: CalendarBook,
    ) -> None:
        self.sheets = sheets
        self._case_id = case_id
        self._kind = kind
        self._unit_path = unit_path
        self._rules = rules
        self._calendars = calendars
        #: Rungs of a clock that stood still, which the act that stops it fires.
        self.untold: list[Fired] = []
        #: Breaches that an act in time took back, by target.
        self.retracted: list[ClockSheet] = []

    @property
    def calendar(self) -> Published:
        """The calendar that holds where the case lies."""
        return self._calendars.at(self._unit_path)

    def move_to(self, unit_path: str) -> None:
        """Let clocks that start from now on follow the rules and days of another unit.

        Those that go keep theirs: no transfer moves a day that somebody was told (N-09).
        """
        self._unit_path = unit_path

    def rule_of(self, row: int) -> RuleTerms:
        """Return the rule of the row, under which a clock started."""
        return self._rules.row(row)

    @property
    def next_due_at(self) -> datetime:
        """The nearest due moment of a running clock."""
        return min(
            (
                sheet.clock.due_at
                for sheet in self.sheets
                if sheet.clock.state == ClockState.RUNNING
                and sheet.clock.due_at
                and not sheet.is_waited_out
            ),
            default=NEVER,
        )

    @property
    def next_step_at(self) -> datetime:
        """The nearest rung of a running clock, or end that calls for a step."""
        return min(
            (min(s.clock.next_step_at, s.clock.expires_at) for s in self.sheets),
            default=NEVER,
        )

    def changed(self) -> list[ClockSheet]:
        """Return the sheets that have to be written."""
        return [sheet for sheet in self.sheets if sheet.is_changed]

    def going(self, target: str) -> ClockSheet | None:
        """Return the clock of the target that is running or paused."""
        for sheet in reversed(self.sheets):
            if sheet.target == target and sheet.is_going:
                return sheet
        return None

    def apply(
        self,
        directives: Iterable[Directive],
        *,
        at: datetime,
        data: Mapping[str, Any],
        step: str = "",
    ) -> list[ClockEffect]:
        """Carry out what the step does to its clocks; return what changed.

        A directive whose clock is not there to be changed does nothing: a step may be
        taken from states in which the clock runs and from others. Raises Invalid for
        an extension that the calculus refuses.
        """
        effects = []
        for directive in directives:
            before = self.going(directive.target)
            due_before = before.clock.due_at if before else None
            sheet = self._carry_out(directive, at, data, step)
            if sheet is not None:
                effect = ClockEffect(
                    directive.target, directive.verb, due_before, sheet.clock.due_at
                )
                effects.append(effect)
        for sheet in self.sheets:
            if sheet.is_going and step and sheet.rule.expiry == step:
                sheet.let_the_end_be()
        return effects

    def fire(self, *, before: datetime) -> list[Fired]:
        """Fire every rung that came before the moment; return them in order (K3)."""
        fired = [fact for s in self.sheets for fact in _fired(s, before=before)]
        return sorted(
            fired, key=lambda f: (f.rung.fires_at, f.sheet.target, f.rung.number)
        )

    def expired(self, *, before: datetime) -> list[ClockSheet]:
        """Return the clocks whose end calls for a step of the system, the first first."""
        over = [s for s in self.sheets if s.clock.expires_at < before]
        return sorted(over, key=lambda s: s.clock.expires_at)

    def start_anew(self, targets: Iterable[str], *, at: datetime) -> None:
        """Let the going clocks of the targets count from another start (更正)."""
        for sheet in filter(None, map(self.going, targets)):
            sheet.clock.started_at = at
            _renew(sheet)
            self._retract_if_later(sheet)

    def rebase(
        self, target: str, found: InForce, *, now: datetime
    ) -> "Revision | None":
        """Let the going clock of the target count under another rule from its start (D7).

        Start, pauses and what has fired are kept; what is left is the new period less
        what is used. Returns None when there is no such clock or it counts so already.
        """
        sheet = self.going(target)
        if sheet is None or sheet.clock.rule_id == found.row:
            return None
        was = sheet.clock.due_at
        sheet.put_under(found)
        return self._revise(sheet, was, now)

    def recompute(self, sheet: ClockSheet, *, now: datetime) -> "Revision | None":
        """Count a going clock on the newest version of its calendar (4.4).

        Returns None when it stands on that version already.
        """
        if sheet.clock.calendar_version_id == sheet.calendar.version:
            return None
        return self._revise(sheet, sheet.clock.due_at, now)

    def _revise(
        self, sheet: ClockSheet, was: datetime | None, now: datetime
    ) -> "Revision":
        """Reckon anew, without a breach of what nobody could have known (4.4.3)."""
        clock = sheet.clock
        _renew(sheet)
        is_past = clock.due_at is not None and clock.due_at <= now
        is_held = is_past and clock.breached_at is None and not clock.provisional
        if is_held:
            clock.not_before = working_end_after(
                sheet.calendar.days, at=now, end=sheet.rule.terms.end
            )
            sheet.reckon()
        self._retract_if_later(sheet)
        return Revision(sheet, was, clock.due_at, is_held)

    def restore(self, rows: Iterable[Mapping[str, Any]], *, at: datetime) -> None:
        """Put clocks back as they were before an act, and go on counting from there.

        A clock that the act started is cancelled; a pause that it began is emptied;
        a rung that has fired stays fired.
        """
        for row in rows:
            place = row["clock"]["target"], row["clock"]["cycle"]
            sheet = next(s for s in self.sheets if (s.target, s.clock.cycle) == place)
            if "state" not in row["clock"]:
                _end(sheet, ClockState.CANCELLED, at)
                continue
            sheet.put_back(row)
            _renew(sheet)

    def cancel_all(self, *, at: datetime) -> None:
        """Cancel whatever still goes: the case is closed."""
        for sheet in self.sheets:
            if sheet.is_going:
                self._cancel(sheet, at)

    def _carry_out(
        self, directive: Directive, at: datetime, data: Mapping[str, Any], step: str
    ) -> ClockSheet | None:
        target = directive.target
        sheet = self.going(target)
        match directive.verb:
            case ClockVerb.START:
                return self._start(target, at) if sheet is None else None
            case ClockVerb.RESTART:
                if sheet is not None:
                    self._cancel(sheet, at)
                return self._start(target, at)
            case ClockVerb.REOPEN:
                return self._reopen(target, at)
            case _ if sheet is None:
                return None
            case ClockVerb.STOP:
                self._stop(sheet, at, is_over=step != "" and step == sheet.rule.expiry)
            case ClockVerb.CANCEL:
                self._cancel(sheet, at)
            case ClockVerb.PAUSE:
                _pause(sheet, at, directive.reason)
                self._retract_if_later(sheet)
            case ClockVerb.RESUME if sheet.clock.state != ClockState.PAUSED:
                return None
            case ClockVerb.RESUME:
                _resume(sheet, at)
                self._retract_if_later(sheet)
            case ClockVerb.EXTEND:
                self._extend(sheet, int(data[directive.amount]))
        return sheet

    def _start(self, target: str, at: datetime) -> ClockSheet:
        found = self._rules.find(
            self._kind, target, unit_path=self._unit_path, on=_day(at)
        )
        cycle = max(
            (s.clock.cycle for s in self.sheets if s.target == target), default=0
        )
        clock = Clock(
            case_id=self._case_id,
            rule_id=found.row,
            target=target,
            cycle=cycle + 1,
            state=ClockState.RUNNING,
            started_at=at,
        )
        sheet = ClockSheet(clock, found.rule, self.calendar)
        self.sheets.append(sheet)
        sheet.reckon()
        return sheet

    def _stop(self, sheet: ClockSheet, at: datetime, *, is_over: bool) -> None:
        clock = sheet.clock
        # A clock that stood still has told nothing, and its start may have been corrected
        # meanwhile: what passed before this moment is told now, with the stop.
        _resume(sheet, at)
        self.untold += _fired(sheet, before=at)
        was_provisional = clock.provisional
        _end(sheet, ClockState.STOPPED, at)
        assert clock.due_at is not None  # no pause is open any more
        # A provisional date is never the ground of a breach (4.4.4). The step that the
        # system takes at the due moment is not in time: it says that nobody was.
        is_provisional = was_provisional or clock.provisional
        in_time = sheet.is_waiting or (
            not is_over and (is_provisional or at <= clock.due_at)
        )
        if in_time and clock.breached_at is not None:
            self._retract(sheet)
        clock.outcome = Outcome.MET if in_time else Outcome.LATE

    def _cancel(self, sheet: ClockSheet, at: datetime) -> None:
        _end(sheet, ClockState.CANCELLED, at)
        clock = sheet.clock
        if clock.breached_at is not None and at <= clock.breached_at:
            self._retract(sheet)

    def _reopen(self, target: str, at: datetime) -> ClockSheet | None:
        stopped = [
            s
            for s in self.sheets
            if s.target == target and s.clock.state == ClockState.STOPPED
        ]
        if not stopped or self.going(target) is not None:
            return None
        sheet = stopped[-1]
        clock = sheet.clock
        assert clock.stopped_at is not None
        end = max(at, clock.stopped_at)
        _stand_still(sheet, Pause(clock.stopped_at, end, "closed"))
        clock.state, clock.stopped_at, clock.outcome = ClockState.RUNNING, None, None
        _renew(sheet)
        return sheet

    def _extend(self, sheet: ClockSheet, amount: int) -> None:
        sheet.clock.extensions = [*sheet.clock.extensions, {"amount": amount}]
        _renew(sheet)
        self._retract_if_later(sheet)

    def _retract_if_later(self, sheet: ClockSheet) -> None:
        due_at, breached_at = sheet.clock.due_at, sheet.clock.breached_at
        if breached_at is not None and (due_at is None or due_at > breached_at):
            self._retract(sheet)

    def _retract(self, sheet: ClockSheet) -> None:
        sheet.clock.breached_at = None
        sheet.rearm_breach()
        self.retracted.append(sheet)


def _fired(sheet: ClockSheet, *, before: datetime) -> list[Fired]:
    rungs = sheet.pending_before(before)
    for place, rung in enumerate(rungs):
        overtaken = sheet.is_warning(rung.code) and place + 1 < len(rungs)
        rung.state = RungState.SUPERSEDED if overtaken else RungState.FIRED
        if rung.code == DUE and not sheet.is_waiting:
            sheet.clock.breached_at = rung.fires_at
    if rungs:
        sheet.is_changed = True
        sheet.arm()
    return [Fired(sheet, rung) for rung in rungs]


def _pause(sheet: ClockSheet, at: datetime, reason: str) -> None:
    if sheet.clock.state == ClockState.PAUSED:
        return
    if reason not in sheet.rule.pauses:
        raise Invalid(
            _("%(rule)s的期限不能因为“%(reason)s”暂停。")
            % {"rule": sheet.rule.id, "reason": reason}
        )
    _stand_still(sheet, Pause(at, None, reason))
    sheet.clock.state = ClockState.PAUSED
    _renew(sheet)


def _stand_still(sheet: ClockSheet, new: Pause) -> None:
    """Add a pause, the last one; what a late entry makes it overlap, it takes over."""
    pauses, end = list[Pause](), new.end
    for known in sheet.pauses:
        if known.start == new.start:
            end = max(end, known.end) if end and known.end else end
        elif known.end is not None and known.end > new.start:
            if end is not None and known.start > end:
                pauses.append(known)
                continue
            end = max(end, known.end) if end else None
            kept = max(known.start, min(known.end, new.start))
            pauses.append(Pause(known.start, kept, known.reason))
        else:
            pauses.append(known)
    sheet.pauses = [*pauses, Pause(new.start, end, new.reason)]


def _resume(sheet: ClockSheet, at: datetime) -> None:
    if sheet.clock.state != ClockState.PAUSED:
        return
    _close_pause(sheet, at)
    sheet.clock.state = ClockState.RUNNING
    _renew(sheet)


def _close_pause(sheet: ClockSheet, at: datetime) -> None:
    standing = next(pause for pause in sheet.pauses if pause.end is None)
    sheet.pauses.remove(standing)
    # What ends before it began, by a late entry, was no pause at all.
    end = max(at, standing.start)
    sheet.pauses.append(Pause(standing.start, end, standing.reason))


def _end(sheet: ClockSheet, state: ClockState, at: datetime) -> None:
    clock = sheet.clock
    stood_still = clock.state == ClockState.PAUSED
    if stood_still:
        _close_pause(sheet, at)
    clock.state, clock.stopped_at = state, at
    if stood_still or clock.calendar_version_id != sheet.calendar.version:
        _renew(sheet)
    else:
        sheet.come_to_rest()


def _renew(sheet: ClockSheet) -> None:
    sheet.clock.generation += 1
    sheet.reckon()


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
