"""What falls due while nobody acts: facts in batches, then steps of the system.

Any number of sweeps may run at once, on any number of machines, and be killed at any
moment: a case is claimed by its row lock, and fact and mark are one statement
(deadlines.md 4.5).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casework.domain.errors import CaseworkError
from casework.models import NEVER, Clock
from casework.services import casefile, cases, reading

BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: cases settled, steps taken by the system, and refused ones."""

    settled: int
    taken: int
    refused: int


def sweep(*, batch: int = BATCH) -> Swept:
    """Settle what is overdue, and take the steps that the ends of clocks call for."""
    settled = _settle_all(batch)
    taken = refused = 0
    for case_id in _expired(reading.database_time()):
        try:
            taken += cases.expire(case_id)
        except CaseworkError:
            # The case has moved on since it was listed, or is not to be had now; the
            # clock stays armed, and the next sweep looks again.
            refused += 1
    return Swept(settled, taken, refused)


def _settle_all(batch: int) -> int:
    total = 0
    while True:
        with transaction.atomic():
            claimed = casefile.settle_due(most=batch)
        total += claimed
        if claimed < batch:
            return total


def _expired(now: datetime) -> list[int]:
    clocks = Clock.objects.filter(expires_at__lt=min(now, NEVER)).order_by(
        "expires_at", "id"
    )
    return list(dict.fromkeys(clocks.values_list("case_id", flat=True)))
