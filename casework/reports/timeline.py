"""A case's history as facts that can be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.domain import chain
from casework.domain.chain import NotCanonical
from casework.models import Act, Case, Event, Person, Reveal, Unit

PAGE = 30
REVEALED = "case.revealed"


@dataclass(frozen=True, slots=True)
class Change:
    """A column of the case before and after; units and people by their names."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of a case, with the act that it records, if it records one."""

    sequence: int
    verb: str
    at: datetime
    recorded_at: datetime
    person: str
    unit: str
    act: Act | None
    record: dict[str, Any]
    changes: list[Change]
    #: Why numbers were shown in full, in the words of who asked for them.
    reason: str = ""

    @property
    def is_by_system(self) -> bool:
        """Whether no human being did it."""
        return not self.person

    @property
    def on_behalf(self) -> str:
        """For whom it was done, when it was not for oneself."""
        behalf = self.act.on_behalf_of if self.act else None
        return behalf.name if behalf else ""


@dataclass(frozen=True, slots=True)
class Story:
    """Some facts of a case, and the sequence number before which the older ones stand."""

    facts: list[Fact]
    older: int | None


def story(case: Case, *, before: int | None = None, most: int = PAGE) -> Story:
    """Return the newest facts of a case, or those before a sequence number."""
    asked = _events(case)
    if before is not None:
        asked = asked.filter(sequence__lt=before)
    found = list(asked.order_by("-sequence")[: most + 1])
    shown = found[:most]
    older = shown[-1].sequence if len(found) > most else None
    return Story(_facts(case, shown), older)


def whole_story(case: Case) -> list[Fact]:
    """Return every fact of a case, the oldest first, as it is printed."""
    return _facts(case, events(case))


def passed(case: Case) -> list[Act]:
    """Return the acts that brought the case into another state, the oldest first."""
    acts = Act.objects.filter(case=case).select_related("person").order_by("version")
    return [act for act in acts if act.from_state != act.to_state]


def events(case: Case) -> list[Event]:
    """Return every event of a case, the oldest first, as it is kept."""
    return list(_events(case).order_by("sequence"))


def record_of(event: Event) -> dict[str, Any]:
    """Return what an event says; nothing when its body cannot be read."""
    try:
        return chain.parse(bytes(event.body))
    except NotCanonical:
        return {}


def _chain(case: Case) -> str:
    return f"case:{case.pk}"


def _events(case: Case) -> Any:
    return Event.objects.filter(chain=_chain(case)).select_related("person", "unit")


def _facts(case: Case, events: list[Event]) -> list[Fact]:
    records = [record_of(event) for event in events]
    versions = {
        number
        for record in records
        if (number := record.get("obj", {}).get("version_after")) is not None
    }
    acts = {
        act.version: act
        for act in Act.objects.filter(case=case, version__in=versions).select_related(
            "on_behalf_of"
        )
    }
    named, reasons = _names(records), _reasons(case, events)
    return [
        Fact(
            sequence=event.sequence,
            verb=event.verb,
            at=event.at,
            recorded_at=_recorded(record, event),
            person=event.person.name if event.person else "",
            unit=event.unit.name if event.unit else "",
            act=acts.get(record.get("obj", {}).get("version_after", -1)),
            record=record,
            changes=[
                Change(column, *(named.get((column, value), value) for value in pair))
                for column, pair in record.get("diff", {}).items()
            ],
            reason=reasons.get((event.person_id, event.at), ""),
        )
        for event, record in zip(events, records, strict=True)
    ]


def _reasons(
    case: Case, events: Iterable[Event]
) -> dict[tuple[int | None, datetime], str]:
    """Return why numbers were shown in full, by who asked and when."""
    if not any(event.verb == REVEALED for event in events):
        return {}
    return {
        (reveal.person_id, reveal.at): reveal.reason
        for reveal in Reveal.objects.filter(case=case)
    }


def _recorded(record: dict[str, Any], event: Event) -> datetime:
    told = record.get("ts")
    return datetime.fromisoformat(told) if told else event.at


def _names(records: Iterable[dict[str, Any]]) -> dict[tuple[str, Any], str]:
    """Return the names of the units and people that changes speak of."""
    wanted: dict[str, set[int]] = {"holder_id": set(), "assignee_id": set()}
    for record in records:
        for column, pair in record.get("diff", {}).items():
            if column in wanted:
                wanted[column] |= {value for value in pair if value is not None}
    found: dict[tuple[str, Any], str] = {}
    for column, model in (("holder_id", Unit), ("assignee_id", Person)):
        if wanted[column]:
            rows = model._default_manager.filter(pk__in=wanted[column])
            found |= {(column, pk): name for pk, name in rows.values_list("pk", "name")}
    return found
