"""Which histories somebody verified lately, from the record of his unit."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery

from casework.access import Actor, visible
from casework.domain.chain import parse
from casework.models import Case, ChainHead, Event

#: How the record calls it.
VERB = "case.verified"
#: How far back the record of the unit is looked through.
_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Verified:
    """A case whose history was walked: when, and how much was wrong with it."""

    case: Case
    at: datetime
    harms: int


def lately(actor: Actor, *, most: int) -> list[Verified]:
    """Return the cases that the actor verified last, the newest first."""
    hat = actor.membership
    if hat is None:
        return []
    end = ChainHead.objects.filter(pk=OuterRef("chain")).values("event_count")
    found = (
        Event.objects.filter(chain=f"sys:{hat.unit.code}", verb=VERB)
        .filter(person=actor.person, sequence__gt=Subquery(end) - _LOOKED_AT)
        .order_by(F("sequence").desc())[:most]
    )
    told = [(event, parse(bytes(event.body))) for event in found]
    cases = visible(actor).in_bulk(
        [pk for _event, body in told for pk in body["cases"]]
    )
    return [
        Verified(cases[pk], event.at, body["harms"])
        for event, body in told
        for pk in body["cases"]
        if pk in cases
    ]
