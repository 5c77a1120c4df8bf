"""The clocks of a case as guards, forms and papers ask for them."""

from datetime import datetime
from typing import Any

from casework.models import Clock
from casework.services import once


def newest(case: Any, target: str) -> Clock | None:
    """Return the newest clock of the target; None when it never ran.

    As the door has read them; of any other case they are read at the first question.
    """
    stored = Clock.objects.filter(case_id=case.pk).order_by("id")
    clocks = once.read(case, "clocks", lambda: list(stored))
    return next((clock for clock in reversed(clocks) if clock.target == target), None)


def is_over(case: Any, target: str, at: datetime) -> bool:
    """Whether the newest period of the target has ended by the moment."""
    clock = newest(case, target)
    return clock is not None and clock.due_at is not None and clock.due_at <= at
