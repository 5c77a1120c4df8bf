"""Events: how a fact becomes a record of a chain, and the chains that have no case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from casework.access import Actor
from casework.domain import chain
from casework.domain.identity import new_uid
from casework.models import Case, ChainHead, Event, Outbox, Unit
from casework.services import reading
from casework.services.rows import Row

FORMAT = 1
ALGORITHM = "sha256"


@dataclass(slots=True)
class Chain:
    """A chain that is being written: its end, which every event moves on."""

    name: str
    count: int
    head: bytes
    case_id: int | None = None
    city_id: int | None = None

    @classmethod
    def of(cls, case: Case) -> "Chain":
        """Return the chain of a case as its row says."""
        return cls(
            name=chain_of(case.pk),
            count=case.event_count,
            head=bytes(case.head),
            case_id=case.pk,
            city_id=case.city_id,
        )

    def append(
        self,
        verb: str,
        *,
        by: Actor,
        at: datetime,
        now: datetime,
        facts: dict[str, Any],
        result: str = "ok",
    ) -> Row:
        """Make the next event and return its row; `now` is the database's time.

        Raises NotCanonical for facts that have no one way of being written, or that
        would stand where the record says which event it is.
        """
        uid = new_uid(now)
        frame = {
            "v": FORMAT,
            "alg": ALGORITHM,
            "log": settings.AUDIT_ORIGIN,
            "uid": str(uid),
            "case": self.name,
            "cseq": self.count + 1,
            "prev": self.head.hex(),
            "ts": chain.instant(now),
            "at": chain.instant(at),
            "actor": told(by),
            "act": verb,
            "result": result,
        }
        if taken := frame.keys() & facts.keys():
            raise chain.NotCanonical(f"facts may not be called {sorted(taken)}")
        body = chain.canonical(frame | facts)
        self.head = chain.leaf_hash(body)
        self.count += 1
        return {
            "chain": self.name,
            "sequence": self.count,
            "case_id": self.case_id,
            "city_id": self.city_id,
            "uid": uid,
            "at": at,
            "verb": verb,
            "person_id": by.person.pk if by.person else None,
            "unit_id": by.membership.unit_id if by.membership else None,
            "body": body,
            "hash": self.head,
        }


def chain_of(case_id: int) -> str:
    """Return the name of a case's chain."""
    return f"case:{case_id}"


def told(actor: Actor) -> dict[str, Any]:
    """Return who acted as the chain keeps it: keys for machines, no personal data."""
    hat = actor.membership
    return {
        "user": actor.user.pk if actor.user else None,
        "person": actor.person.pk if actor.person else None,
        "unit": hat.unit.code if hat else None,
        "role": str(actor.role) if actor.role else None,
        "on_behalf": actor.on_behalf_of.pk if actor.on_behalf_of else None,
        "channel": str(actor.channel),
    }


def record(
    verb: str,
    *,
    unit: Unit | None,
    by: Actor,
    facts: dict[str, Any],
    result: str = "ok",
) -> Event:
    """Append an event that belongs to no case to the unit's chain, and return it.

    Log-ins, denials, looks at personal data, changes of accounts and rules. It
    is written in the caller's transaction, after everything else: the chain's end is a
    lock that others of the unit wait for.
    """
    name = f"sys:{unit.code if unit else ''}"
    with transaction.atomic():
        ChainHead.objects.bulk_create([ChainHead(chain=name)], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update(no_key=True).get(pk=name)
        now = reading.database_time()
        link = Chain(name=name, count=head.event_count, head=bytes(head.head))
        row = link.append(verb, by=by, at=now, now=now, facts=facts, result=result)
        event = Event.objects.create(**row)
        Outbox.objects.create(event=event)
        head.event_count, head.head = link.count, link.head
        head.save(update_fields=["event_count", "head"])
    return event


def looked(verb: str, *, by: Actor, cases: Iterable[Case], **facts: Any) -> Event:
    """Record that somebody looked at cases, with the unit whose hat he wears."""
    hat = by.membership
    assert hat is not None  # whoever sees a case wears a hat
    seen = [case.pk for case in cases]
    return record(verb, unit=hat.unit, by=by, facts={"cases": seen, **facts})
