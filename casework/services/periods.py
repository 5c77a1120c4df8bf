"""The clocks of a case as guards, forms and papers ask for them."""

from datetime import datetime
from typing import Any

from casework.models import Clock


def newest(case: Any, target: str) -> Clock | None:
    """Return the newest clock of the target; None when it never ran.

    As the door has read them; of any other case they are read at the first question.
    """
    if "clocks_read" not in vars(case):
        case.clocks_read = list(Clock.objects.filter(case_id=case.pk).order_by("id"))
    found = (clock for clock in reversed(case.clocks_read) if clock.target == target)
    return next(found, None)


def is_over(case: Any, target: str, at: datetime) -> bool:
    """Whether the newest period of the target has ended by the moment."""
    clock = newest(case, target)
    return clock is not None and clock.due_at is not None and clock.due_at <= at


def forget(case: Any) -> None:
    """Let the next question read anew."""
    vars(case).pop("clocks_read", None)
