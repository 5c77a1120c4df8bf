"""Places at which a process can be made to die, so that tests see what is left behind.

`CASEWORK_FAILPOINT=after_write` kills the process with SIGKILL as it reaches that place,
`after_write:3` the third time. Unset, a place costs a comparison.
"""

import os
import signal

from django.db import transaction

BEFORE_LOCK = "before_lock"
AFTER_LOCK = "after_lock"
AFTER_CLAIM = "after_claim"  # of a sweep: its cases are locked
AFTER_READ = "after_read"
AFTER_TRANSITION = "after_transition"
BEFORE_WRITE = "before_write"
AFTER_WRITE = "after_write"
AFTER_COMMIT = "after_commit"

PLACES = (
    *(BEFORE_LOCK, AFTER_LOCK, AFTER_CLAIM, AFTER_READ, AFTER_TRANSITION),
    *(BEFORE_WRITE, AFTER_WRITE, AFTER_COMMIT),
)

_armed = ""
_left = 0


def arm(told: str) -> None:
    """Choose the place, and how often it is reached before the process dies."""
    global _armed, _left
    _armed, _colon, times = told.partition(":")
    _left = int(times or 1)
    if _armed and _armed not in PLACES:
        raise ValueError(f"there is no failpoint {_armed}; choose of {PLACES}")


def reach(place: str) -> None:
    """Die here, if this is the place and the time."""
    global _left
    if place != _armed:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def reach_after_commit() -> None:
    """Reach AFTER_COMMIT as soon as the transaction that is open has committed."""
    if _armed == AFTER_COMMIT:
        transaction.on_commit(lambda: reach(AFTER_COMMIT))


arm(os.environ.get("CASEWORK_FAILPOINT", ""))
