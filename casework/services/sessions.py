"""Log-ins, log-outs and refusals: facts of a unit's own chain (audit.md 2.1)."""

from casework.access import Actor
from casework.domain import masking
from casework.models import Unit, User
from casework.services import audit


def opened(*, by: Actor) -> None:
    """Record that the person logged in."""
    audit.record("session.opened", unit=_unit(by), by=by, facts={})


def closed(*, by: Actor) -> None:
    """Record that the person logged out."""
    audit.record("session.closed", unit=_unit(by), by=by, facts={})


def refused(*, username: str) -> None:
    """Record a log-in that failed.

    The account is named when there is one; what was typed is not kept: it may be a
    password in the wrong field.
    """
    user = User.objects.filter(username=username).first()
    nobody = Actor(user=user, person=user.person if user else None, membership=None)
    audit.record("session.refused", unit=None, by=nobody, facts={}, result="denied")


def denied(*, by: Actor, path: str, reason: str) -> None:
    """Record that the person was refused a page or an act, and with what words.

    An address may hold a number that somebody put there; the chain keeps it masked.
    """
    audit.record(
        "access.denied",
        unit=_unit(by),
        by=by,
        facts={
            "path": masking.in_text(path)[:200],
            "reason": masking.in_text(reason)[:300],
        },
        result="denied",
    )


def _unit(by: Actor) -> Unit | None:
    return by.membership.unit if by.membership else None
