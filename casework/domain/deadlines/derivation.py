"""The shape of an explanation: plain data that can be stored, sent and replayed.

Dates are `YYYY-MM-DD`, instants ISO 8601 with offset, cut-offs `HH:MM` (the end of a
day is `24:00`). Stretches follow each other without gap or overlap: whole days for day
units, instants for hour units.
"""

from typing import Final, Literal, NotRequired, TypedDict

FORM: Final = 1
"""The version of this shape; a stored derivation says which one it has."""

Why = Literal[
    "late_receipt", "first_day", "counted", "rest", "paused", "closed", "roll", "due"
]


class RestDays(TypedDict):
    """Days off that lie within a closed stretch of hours."""

    first: str
    last: str
    kind: str
    name: str
    notice: str


class Stretch(TypedDict):
    """A run of days, or of time, that is treated alike.

    `count` is the number of days counted (days only). `kind`, `name` and `notice` say
    what the calendar calls the days. `cut_off` is when each of the days ends.
    """

    why: Why
    first: str
    last: str
    count: NotRequired[int]
    kind: NotRequired[str]
    name: NotRequired[str]
    notice: NotRequired[str]
    cut_off: NotRequired[str]
    rest: NotRequired[list[RestDays]]


class WrittenPeriod(TypedDict):
    """An amount and its unit."""

    amount: int
    unit: str


class WrittenPause(TypedDict):
    """When the clock stood still, `[start, end)`; an open pause has no end."""

    start: str
    end: str | None
    reason: str


class Derivation(TypedDict):
    """Everything from which a due date follows, and the due date.

    `total` is in days or seconds; `cut_off` is the end of the last day.
    """

    form: int
    rule: str
    basis: str
    start: str
    first_day: str
    periods: list[WrittenPeriod]
    total: int
    end: str
    roll: str
    late_receipt: str
    pauses: list[WrittenPause]
    stretches: list[Stretch]
    raw_due_on: str
    due_on: str
    due_at: str
    calendar: str
    published_to: str
    provisional: bool
