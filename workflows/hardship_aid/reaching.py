"""Whether enough was done to reach somebody: two attempts by two channels (4.5)."""

from typing import Any

from casework.access import Actor
from casework.domain.vocabulary import Level
from casework.services import records
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.models import ContactAttempt
from workflows.hardship_aid.vocabulary import AttemptOutcome


def ends_for_every_ground(actor: Actor) -> bool:
    """Whether the actor ends the case for whatever ground: from the county up (row 23).

    A station ends only what cannot go on because the family is not to be found (H-23).
    """
    hat = actor.membership
    return hat is not None and hat.unit.level is not Level.STATION


def was_sought(case: Any) -> bool:
    """Whether the applicant was looked for as often, and in as many ways, as H-23 asks."""
    return _is_enough(case, records.of(case, ContactAttempt))


def is_lost(case: Any) -> bool:
    """Whether he was looked for in vain: so often, in so many ways, since he was reached."""
    in_vain = list[ContactAttempt]()
    for attempt in records.of(case, ContactAttempt):
        is_reached = attempt.outcome is AttemptOutcome.REACHED
        in_vain = [] if is_reached else [*in_vain, attempt]
    return _is_enough(case, in_vain)


def _is_enough(case: Any, attempts: list[ContactAttempt]) -> bool:
    channels = {each.channel for each in attempts}
    is_often = len(attempts) >= figure(case, "attempts")
    return is_often and len(channels) >= figure(case, "attempt_channels")
