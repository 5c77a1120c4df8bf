"""A case as the door holds it: read whole under its lock, changed, written whole."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from casework import access
from casework.access import SYSTEM, Actor
from casework.domain import chain
from casework.domain.errors import NotFound, Taken
from casework.domain.vocabulary import Level
from casework.lifecycle import CaseType, Registry, Step, StepForm
from casework.models import Act, Case, Material, Record, Unit
from casework.models.sealing import seal_value
from casework.services import calendars, once, reading, rows, rules, writing
from casework.services.audit import Chain
from casework.services.clocks import (
    GRACE_SECONDS,
    ClockBook,
    ClockEffect,
    Fired,
    Revision,
)
from casework.services.clocksheets import ClockSheet
from casework.services.reading import Whole
from casework.services.rows import Row, changing_of, row_of
from casework.services.writing import Changes

Snapshot = dict[str, Any]


@dataclass(slots=True)
class CaseFile:
    """One case with its clocks, as of `now`, between the lock and the commit."""

    kind: CaseType
    case: Case
    details: models.Model | None
    clocks: ClockBook
    now: datetime
    #: The units that may have the case, by their ids.
    units: Mapping[int, Unit] = field(default_factory=dict)
    is_party: bool = False
    #: The step that the command at hand was carried out as already.
    answered: str | None = None
    is_new: bool = False
    effects: list[ClockEffect] = field(default_factory=list)

    def snapshot(self) -> Snapshot:
        """Return the rows as they stand, so that an act can tell what it changed.

        Those of the clocks are kept by their sheets.
        """
        return {
            "case": changing_of(self.case),
            "details": row_of(self.details) if self.details else None,
        }

    def move(self, step: Step, *, at: datetime, data: Mapping[str, Any]) -> None:
        """Carry out what the step says beyond its body: hands, clocks, the end."""
        if step.hand_to is not None:
            _hand_to(self.case, step.hand_to)
            self.clocks.move_to(self.units[self.case.holder_id].path)
        self.effects = self.clocks.apply(step.clocks, at=at, data=data, step=step.name)
        is_closed = self.kind.state(self.case.state) in self.kind.closed
        if is_closed and self.case.closed_at is None:
            self.case.closed_at = at
            self.clocks.cancel_all(at=at)
        elif not is_closed:
            self.case.closed_at = None

    def write(
        self,
        verb: str,
        *,
        by: Actor,
        at: datetime,
        data: Mapping[str, Any],
        before: Snapshot,
        basis: str = "",
        late_reason: str = "",
        late_proof: str = "",
        command: UUID | None = None,
        form: StepForm | None = None,
    ) -> None:
        """Write the act, its event, its clocks, the case, and what its form states."""
        case = self.case
        case.version += 1
        case.effective_at = max(case.effective_at, at)
        diff = self._difference(before)
        undo = self._undo(diff, before["details"])
        data = self._kept(data, form)
        act = self._act_row(verb, by, at, data, undo, late_reason, late_proof, command)
        link = Chain.of(case)
        facts: dict[str, Any] = {
            "obj": {
                "type": self.kind.code,
                "id": case.pk,
                "version_before": case.version - 1,
                "version_after": case.version,
            },
            "diff": diff,
            "data": {"c": commitment_of(case, act)},
            "clocks": [effect.told() for effect in self.effects],
            "rule": basis,
            "late": bool(late_reason),
            "idem": str(command) if command else None,
        }
        if self.is_new:
            facts["opened"] = {name: plain(row_of(case)[name]) for name in PROVED}
        events = self._tell(self.clocks.untold, link)
        events += [link.append(verb, by=by, at=at, now=self.now, facts=facts)]
        events += self._retractions(link, at=at)
        is_detailed = self.is_new or undo["details"] is not None
        stated = self._stated(form)
        self._write(
            link,
            details=row_of(self.details) if self.details and is_detailed else None,
            records=_rows_by_kind(stated),
            restated=form.restates if form else (),
            contents={
                record.pk: content
                for record in stated
                if isinstance(record, Material) and (content := record.sealed_content)
            },
            act=act,
            events=events,
            segment=self._segment(diff, at),
        )
        once.forget(case)

    def restore(self, before: Mapping[str, Any], *, at: datetime) -> None:
        """Put the case, its details and its clocks back as `Act.before` has them."""
        for column in self.case._meta.concrete_fields:
            if column.column in before["case"]:
                value = column.to_python(before["case"][str(column.column)])
                # Past the guard of the protected state: this is no step.
                self.case.__dict__[column.attname] = value
        rows.know(self.case, Unit, self.units)
        if before["details"] is not None and self.details is not None:
            for column in self.details._meta.concrete_fields:
                value = column.to_python(before["details"][str(column.column)])
                setattr(self.details, column.attname, value)
        self.clocks.restore(before["clocks"], at=at)

    def settle(self, *, before: datetime) -> bool:
        """Fire what came before the moment and write it; say whether there was any."""
        link = Chain.of(self.case)
        events = self._tell(self.clocks.fire(before=before), link)
        if events:
            self._write(link, events=events)
        return bool(events)

    def rearm(self) -> None:
        """Write anew when the case has to be looked at, as its clocks say."""
        self._write(Chain.of(self.case))

    def revise(self, change: Callable[["CaseFile"], list[Revision]]) -> list[Revision]:
        """Settle the case, let its clocks be changed, and write what moved.

        No act and no new version: no form grows stale. Returns what was changed.
        """
        link = Chain.of(self.case)
        events = self._tell(self.clocks.fire(before=self.now), link)
        revisions = change(self)
        events += [
            link.append(
                "clock.due_changed",
                by=SYSTEM,
                at=self.now,
                now=self.now,
                facts=revision.told(),
            )
            for revision in revisions
            if revision.is_moved
        ]
        events += self._retractions(link, at=self.now)
        if self.clocks.changed():
            self._write(link, events=events)
        return revisions

    def _tell(self, fired: Iterable[Fired], link: Chain) -> list[Row]:
        events = []
        for fact in fired:
            events.append(_told(link, fact, now=self.now))
            fact.rung.event_sequence = link.count
        return events

    def _retractions(self, link: Chain, *, at: datetime) -> list[Row]:
        return [
            link.append(
                "clock.breach_retracted",
                by=SYSTEM,
                at=at,
                now=self.now,
                facts={"clock": {"target": s.target, "cycle": s.clock.cycle}},
            )
            for s in self.clocks.retracted
        ]

    def _write(self, link: Chain, **written: Any) -> None:
        """Write this with what has changed in the case and in its clocks."""
        case = self.case
        case.event_count, case.head = link.count, link.head
        case.next_due_at = self.clocks.next_due_at
        case.next_step_at = self.clocks.next_step_at
        changes = Changes(
            case=row_of(case) if self.is_new else {"id": case.pk, **changing_of(case)},
            **written,
        )
        for sheet in self.clocks.changed():
            rows = sheet.rows()
            changes.clocks += rows["clocks"]
            changes.pauses += rows["pauses"]
            changes.rungs += rows["rungs"]
        try:
            writing.write(changes, details=self.kind.details, is_new=self.is_new)
        except IntegrityError as fault:
            raise taken(self.kind, fault) from fault

    def _kept(self, data: Mapping[str, Any], form: StepForm | None) -> dict[str, Any]:
        """Return what the form said as the act keeps it: who somebody is, sealed."""
        sealed = form.sealed if form else frozenset[str]()
        place = partial(Act.place_of, self.case.pk, self.case.version)
        return {
            name: seal_value(value, place(name))
            if name in sealed and value not in (None, "", [])
            else value
            for name, value in data.items()
        }

    def _stated(self, form: StepForm | None) -> list[Record]:
        """Return the records that the form states, of this case and this act."""
        stated = form.records() if form else []
        for record in stated:
            record.case_id, record.version = self.case.pk, self.case.version
        return stated

    def _difference(self, before: Snapshot) -> dict[str, Any]:
        """Return the columns of the case that changed, before and after."""
        after = changing_of(self.case)
        return {
            name: [plain(was), plain(after[name])]
            for name, was in before["case"].items()
            if was != after[name] and name not in _BOOKKEEPING
        }

    def _act_row(
        self,
        verb: str,
        by: Actor,
        at: datetime,
        data: Mapping[str, Any],
        undo: Mapping[str, Any],
        late_reason: str,
        late_proof: str,
        command: UUID | None,
    ) -> Row:
        hat, state = by.membership, self.case.state
        return {
            "case_id": self.case.pk,
            "version": self.case.version,
            "step": verb,
            "from_state": "" if self.is_new else undo["case"].get("state", state),
            "to_state": state,
            "person_id": by.person.pk if by.person else None,
            "membership_id": hat.pk if hat else None,
            "unit_id": hat.unit_id if hat else None,
            "role": str(by.role or ""),
            "channel": str(by.channel),
            "on_behalf_of_id": by.on_behalf_of.pk if by.on_behalf_of else None,
            "at": at,
            "recorded_at": self.now,
            "data": data,
            "before": undo,
            "late_reason": late_reason,
            "late_proof": late_proof,
            "command": command,
        }

    def _undo(self, diff: dict[str, Any], details: Row | None) -> dict[str, Any]:
        """Return what has to be put back to take the act back."""
        after = row_of(self.details) if self.details else None
        return {
            "case": {name: was for name, (was, _now) in diff.items()},
            "details": details if details != after else None,
            "clocks": [sheet.undo() for sheet in self.clocks.changed()],
        }

    def _segment(self, diff: dict[str, Any], at: datetime) -> Row | None:
        """Return the segment that begins, when the case came into other hands."""
        if not diff.keys() & {"holder_id", "assignee_id", "level"} and not self.is_new:
            return None
        return {
            "case_id": self.case.pk,
            "unit_id": self.case.holder_id,
            "level": self.case.level,
            "assignee_id": self.case.assignee_id,
            "starts_at": at,
            "ends_at": None,
        }


def take(case_id: int, *, by: Actor, command: UUID | None = None) -> CaseFile:
    """Lock the case and read it whole; raises NotFound when it is not the actor's to see."""
    person_id = by.person.pk if by.person else None
    sight = access.sight(by)
    return _found(reading.take(case_id, sight, person_id=person_id, command=command))


def take_row(case_id: int, *, by: Actor) -> CaseFile:
    """Lock the case and read its row alone, for an act that touches no clock."""
    locked = reading.lock_row(case_id, access.sight(by))
    if locked is None:
        raise NotFound(_("没有这件案件。"))
    kind = Registry.get(locked.case.kind)
    case = locked.case
    clocks = _KeptClocks(case)
    return CaseFile(kind=kind, case=case, details=None, clocks=clocks, now=locked.now)


def look(case_id: int, *, by: Actor) -> CaseFile:
    """Read the case whole without a lock; raises NotFound as `take` does."""
    person_id = by.person.pk if by.person else None
    return _found(reading.look(case_id, access.sight(by), person_id=person_id))


def settle_due(*, most: int) -> int:
    """Fire what is overdue in up to `most` cases, in the caller's transaction.

    Two reads, and one write for each case. Returns how many were claimed.
    """
    due = reading.claim_due(grace_seconds=GRACE_SECONDS, most=most)
    if not due:
        return 0
    for file in files(due):
        before = file.now - timedelta(seconds=GRACE_SECONDS)
        if not file.settle(before=before):
            # The case said it was overdue and no clock is: set it right, or it would be
            # claimed again and again.
            file.rearm()
    return len(due)


def revise(
    case_ids: Sequence[int], change: Callable[[CaseFile], list[Revision]]
) -> list[Revision]:
    """Lock the cases and change their clocks for a new calendar or rule.

    In the caller's transaction: a lock and a read, however many cases.
    """
    locked = Case.objects.select_for_update(no_key=True).filter(pk__in=case_ids)
    ids = list(locked.order_by("pk").values_list("pk", flat=True))
    return [revision for file in files(ids) for revision in file.revise(change)]


def files(case_ids: Sequence[int]) -> Iterator[CaseFile]:
    """Read cases in one statement."""
    return map(_file, reading.read(case_ids))


def _rows_by_kind(records: Iterable[Record]) -> dict[type[Record], list[Row]]:
    rows: dict[type[Record], list[Row]] = {}
    for record in records:
        rows.setdefault(type(record), []).append(row_of(record))
    return rows


def _told(link: Chain, fact: Fired, *, now: datetime) -> Row:
    clock, rung = fact.sheet.clock, fact.rung
    return link.append(
        fact.verb,
        by=SYSTEM,
        at=rung.fires_at,
        now=now,
        facts={
            "clock": {
                "target": clock.target,
                "cycle": clock.cycle,
                "rung": rung.code,
                "repeat": rung.repeat,
                "due": plain(clock.due_at),
                "late_by": int((now - rung.fires_at).total_seconds()),
                "state": str(rung.state),
            },
            "rule": fact.sheet.rule.id,
        },
    )


_encode = json.JSONEncoder(default=rows.plain, sort_keys=True).encode


def commitment_of(case: Case, act: Mapping[str, Any]) -> str:
    """Return the digest by which the event binds what the act says, and reveals nothing.

    The form's data, the reason for a late entry and its proof, and the rows that a
    mending would put back.
    """
    said = {name: act[name] for name in ("data", "before", "late_reason")}
    if act["late_proof"]:  # acts of before there was a proof are bound without it
        said["late_proof"] = act["late_proof"]
    text = _encode(said)
    salt = hashlib.sha256(f"{act['case_id']}/{act['version']}".encode()).digest()
    return chain.commitment(key=bytes(case.secret), field="data", salt=salt, value=text)


def taken(kind: CaseType, fault: IntegrityError) -> Exception:
    """Return what a broken constraint of the records says; the fault itself otherwise."""
    name = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", "")
    for record in kind.records:
        if name in record.taken:
            return Taken(str(record.taken[name]))
    return fault


class _KeptClocks(ClockBook):
    """Stands for the clocks of a case whose act leaves them alone."""

    def __init__(self, case: Case) -> None:
        self.sheets = []
        self.untold = []
        self.retracted = []
        self._next_due_at = case.next_due_at
        self._next_step_at = case.next_step_at

    @property
    def next_due_at(self) -> datetime:
        return self._next_due_at

    @property
    def next_step_at(self) -> datetime:
        return self._next_step_at


#: The columns of a case's row that its events prove: how it began, and every change.
PROVED = (
    *("number", "state", "level", "holder_id", "assignee_id", "sensitivity"),
    *("city_id", "county_id", "station_id"),
)

_BOOKKEEPING = frozenset(
    {
        "version",
        "event_count",
        "head",
        "effective_at",
        "next_due_at",
        "next_step_at",
    }
)


def _found(whole: Whole | None) -> CaseFile:
    if whole is None:
        raise NotFound(_("没有这件案件。"))
    return _file(whole)


def _file(whole: Whole) -> CaseFile:
    kind = Registry.get(whole.case.kind)
    book = clock_book(
        kind,
        whole.case,
        whole.units[whole.case.holder_id].path,
        whole.newest_edition,
        whole.newest_calendar,
    )
    book.sheets.extend(_sheets(whole, book))
    whole.case.details = whole.details  # type: ignore[attr-defined]
    once.tell(whole.case, "clocks", [sheet.clock for sheet in book.sheets])
    return CaseFile(
        kind=kind,
        case=whole.case,
        details=whole.details,
        clocks=book,
        now=whole.now,
        units=whole.units,
        is_party=whole.is_party,
        answered=whole.answered,
    )


def clock_book(
    kind: CaseType,
    case: Case,
    unit_path: str,
    newest_edition: int | None,
    newest_calendar: int | None,
) -> ClockBook:
    """Return the empty book of a case, with the rules and calendars to start clocks by."""
    kept = rules.book(newest_edition or 0)
    case.rule_book = kept  # type: ignore[attr-defined]
    return ClockBook(
        [],
        case_id=case.pk,
        kind=kind.code,
        unit_path=unit_path,
        rules=kept,
        calendars=calendars.book(newest_calendar or 0),
    )


def _sheets(whole: Whole, book: ClockBook) -> list[ClockSheet]:
    published = calendars.book(whole.newest_calendar or 0)
    return [
        ClockSheet.of(
            read,
            rule=book.rule_of(read["clock"]["rule_id"]),
            # Whatever is reckoned anew is reckoned on what is published now.
            calendar=published.newest_of(read["clock"]["calendar_version_id"]),
        )
        for read in whole.clocks
    ]


def _hand_to(case: Case, level: Level) -> None:
    holder = {
        Level.STATION: case.station_id,
        Level.COUNTY: case.county_id,
        Level.CITY: case.city_id,
    }[level]
    if holder is not None and holder != case.holder_id:
        case.holder_id = holder
        case.level = level
        case.assignee_id = None


def plain(value: Any) -> Any:
    """Return a column's value as JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, list):
        return list(value)
    return str(value) if isinstance(value, str) else value
