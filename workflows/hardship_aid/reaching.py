"""Whether enough was done to reach somebody: two attempts by two channels (4.5)."""

from typing import Any

from casework.services import records
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.models import ContactAttempt


def was_sought(case: Any) -> bool:
    """Whether the applicant was looked for as often, and in as many ways, as H-23 asks."""
    channels = [each.channel for each in records.of(case, ContactAttempt)]
    is_often = len(channels) >= figure(case, "attempts")
    return is_often and len(set(channels)) >= figure(case, "attempt_channels")
