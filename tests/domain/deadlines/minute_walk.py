"""An oracle that walks minutes: slow to build, knows nothing of the product's code.

Each map has one byte a minute. A byte of an *open* map says that the office is open
during the minute that begins there; a byte of an *ends* map says that a counted day
ends at that instant. Pauses erase bytes; the answer is the N-th byte that is left.
Whether a day is worked comes from `chinesecalendar`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import compress, count, islice

import chinese_calendar

FIRST = date(2015, 1, 1)
LAST = date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
NIGHT = bytes(1440)
MINUTE = timedelta(minutes=1)
CHUNK = 10 * 1440
ALWAYS = b"\x01" * (len(DAYS) * 1440)
ORIGIN = datetime(FIRST.year, FIRST.month, FIRST.day)

Hours = Sequence[tuple[int, int]]


class BeyondTheMap(Exception):
    """The walk came to the last minute of the last year."""


def minute_of(moment: datetime) -> int:
    return (moment - ORIGIN) // MINUTE


def moment_of(minute: int) -> datetime:
    return ORIGIN + minute * MINUTE


@dataclass(frozen=True)
class Walked:
    """One question in plain words; times are naive local minutes."""

    start: datetime
    amount: int
    unit: str
    ends_at_midnight: bool
    rolls: bool
    moves_late_receipt: bool
    pauses: Sequence[tuple[datetime, datetime]]


class Office:
    """Maps of one office: its hours day by day, its closed and extra days."""

    def __init__(
        self,
        hours_of: "dict[date, Hours]",
        closed: Iterable[date] = (),
        opened: Iterable[date] = (),
    ) -> None:
        shut, extra = set(closed), set(opened)
        self.worked = [
            day in extra or (chinese_calendar.is_workday(day) and day not in shut)
            for day in DAYS
        ]
        self.cob = [hours_of[day][-1][1] for day in DAYS]
        patterns = {
            hours: bytes(
                any(start <= minute < end for start, end in hours)
                for minute in range(1440)
            )
            for hours in {tuple(hours) for hours in hours_of.values()}
        }
        self.open = b"".join(
            patterns[tuple(hours_of[day])] if worked else NIGHT
            for day, worked in zip(DAYS, self.worked, strict=True)
        )
        every_day = [True] * len(DAYS)
        self.ends = {
            (unit, midnight): self._ends(days, midnight)
            for unit, days in (("working", self.worked), ("calendar", every_day))
            for midnight in (False, True)
        }

    def _ends(self, days: list[bool], midnight: bool) -> bytes:
        ends = bytearray(len(DAYS) * 1440 + 1)
        for number, counts in enumerate(days):
            end = 1440 if midnight else self.cob[number]
            ends[number * 1440 + end] = counts
        return bytes(ends)

    def due(self, asked: Walked) -> datetime:
        """Walk to the due minute; raise BeyondTheMap at the end of 2026."""
        start = minute_of(asked.start)
        if asked.unit == "clock_hour":
            return moment_of(_nth(ALWAYS, start, asked.amount * 60, asked.pauses) + 1)
        if asked.unit == "working_hour":
            hours = asked.amount * 60
            return moment_of(_nth(self.open, start, hours, asked.pauses) + 1)
        first_day = self._first_day(start, asked.moves_late_receipt)
        kind = "working" if asked.unit == "working_day" else "calendar"
        amount = asked.amount
        if asked.unit in {"month", "year"}:
            months = amount * (12 if asked.unit == "year" else 1)
            amount = (_months_on(DAYS[first_day], months) - DAYS[first_day]).days
        # 00:00 after the first day is that day's own end.
        since = (first_day + 1) * 1440 + 1
        ends = self.ends[kind, asked.ends_at_midnight]
        due = _nth(ends, since, amount, asked.pauses)
        if kind == "calendar" and asked.rolls:
            working = self.ends["working", asked.ends_at_midnight]
            due = _nth(working, due, 1, asked.pauses)
        return moment_of(due)

    def _first_day(self, start: int, moves_late_receipt: bool) -> int:
        day, minute = divmod(start, 1440)
        if moves_late_receipt and not (self.worked[day] and minute <= self.cob[day]):
            day += 1
            while not self.worked[day]:
                day += 1
        return day


def _nth(
    marks: bytes,
    since: int,
    amount: int,
    pauses: Sequence[tuple[datetime, datetime]],
) -> int:
    """Return the position of the amount-th mark from `since`, pauses erased."""
    for first in range(since, len(marks), CHUNK):
        chunk = bytearray(marks[first : first + CHUNK])
        for start, end in pauses:
            erased = range(
                max(minute_of(start) - first, 0),
                min(minute_of(end) - first, len(chunk)),
            )
            if erased:
                chunk[erased.start : erased.stop] = bytes(len(erased))
        found = chunk.count(1)
        if found >= amount:
            return next(islice(compress(count(first), chunk), amount - 1, None))
        amount -= found
    raise BeyondTheMap


def _months_on(day: date, months: int) -> date:
    month_count = day.year * 12 + day.month - 1 + months
    number = day.day
    while True:
        try:
            return date(month_count // 12, month_count % 12 + 1, number)
        except ValueError:
            number -= 1
