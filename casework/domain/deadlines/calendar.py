"""The working calendar as immutable, compact, cumulative data.

Every question is a lookup: how many working days up to a day, which is the n-th
working day, how much open time before an instant, when that much has passed.
"""

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, TypeVar

from casework.domain.deadlines.civil import DAY, SECOND, date_of
from casework.domain.deadlines.errors import CalendarHorizon, CalendarInvalid
from casework.domain.deadlines.hours import HoursProfile
from casework.domain.vocabulary import Word

LONGEST_CLOSURE: Final = 13
"""Days in a row without work; a fortnight without one is a mistake in the data."""


class DayKind(Word):
    """What a day of the calendar is (T-08)."""

    NORMAL = "normal", "上班", "working day"
    WEEKEND = "weekend", "周末", "weekend"
    STATUTORY = "statutory", "法定假日", "public holiday"
    ADJUSTED_OFF = "adjusted_off", "放假调休", "day off beside a holiday"
    MAKEUP = "makeup", "调休上班", "make-up working day"
    LOCAL_CLOSED = "local_closed", "本单位休息", "closed locally"
    LOCAL_OPEN = "local_open", "本单位上班", "open locally"

    @property
    def is_working(self) -> bool:
        """Whether the office works on such a day."""
        return self in _WORKING


_WORKING: Final = {DayKind.NORMAL, DayKind.MAKEUP, DayKind.LOCAL_OPEN}
KINDS: Final = tuple(DayKind)
KIND_CODES: Final = {kind: code for code, kind in enumerate(KINDS)}
IS_WORKING: Final = tuple(kind.is_working for kind in KINDS)

Entry = TypeVar("Entry", bound=Hashable)


def weekly_kind(day: date) -> DayKind:
    """Return what a day is by its place in the week alone."""
    return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.NORMAL


@dataclass(frozen=True, slots=True)
class DayNote:
    """Why a day is what it is: the holiday's name and the paper that says so."""

    name: str
    reference: str


NO_NOTE: Final = DayNote("", "")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One row of the calendar; `workday_ordinal` counts working days up to this day."""

    date: date
    kind: DayKind
    note: DayNote
    hours: HoursProfile
    workday_ordinal: int
    open_seconds_before: int


@dataclass(frozen=True, slots=True)
class DaySheet:
    """The plain columns from which a calendar is cumulated, one entry a day."""

    first: int
    kinds: bytes
    hours: tuple[HoursProfile, ...]
    notes: tuple[DayNote, ...]


class Calendar:
    """Days `covers_from` to `covers_to` of one office, with what can be looked up.

    Days are numbered like `date.toordinal`, instants are ticks (civil.py). Days after
    `published_to` rest on no notice: answers that use them are provisional.
    Raises CalendarInvalid when a fortnight has no working day.
    """

    __slots__ = (
        "_first",
        "_hours",
        "_hours_of",
        "_kinds",
        "_last",
        "_note_of",
        "_notes",
        "_open_seconds",
        "_worked_through",
        "_working_days",
        "code",
        "published_to",
    )

    def __init__(
        self, sheet: DaySheet, *, code: str, published_to: date | None = None
    ) -> None:
        self.code = code
        self._first = sheet.first
        self._last = sheet.first + len(sheet.kinds) - 1
        self._kinds = sheet.kinds
        self._hours, self._hours_of = _tabulated(sheet.hours)
        self._notes, self._note_of = _tabulated(sheet.notes)
        self._cumulate()
        self._refuse_a_fortnight_without_work()
        self.published_to = published_to or self.covers_to

    def _cumulate(self) -> None:
        working_days, worked_through, open_seconds = array("i"), array("i"), array("q")
        elapsed = 0
        for offset, kind in enumerate(self._kinds):
            open_seconds.append(elapsed)
            if IS_WORKING[kind]:
                working_days.append(self._first + offset)
                elapsed += self._hours[self._hours_of[offset]].open_seconds
            worked_through.append(len(working_days))
        open_seconds.append(elapsed)
        self._working_days = working_days
        self._worked_through = worked_through
        self._open_seconds = open_seconds

    def _refuse_a_fortnight_without_work(self) -> None:
        fences = [self._first - 1, *self._working_days, self._last + 1]
        for left, right in pairwise(fences):
            if right - left - 1 > LONGEST_CLOSURE:
                raise CalendarInvalid(
                    field="calendar",
                    zh=(
                        f"从 {date_of(left + 1)} 到 {date_of(right - 1)} 没有一个工作日"
                        "（规则 4.1：任何十四天里至少有一天上班）。请核对休息日。"
                    ),
                    en=(
                        f"no working day from {date_of(left + 1)} to "
                        f"{date_of(right - 1)} (rule 4.1: at least one in any "
                        "fortnight). Check the days off."
                    ),
                )

    @property
    def covers_from(self) -> date:
        """The first day of the calendar."""
        return date_of(self._first)

    @property
    def covers_to(self) -> date:
        """The last day of the calendar."""
        return date_of(self._last)

    def day(self, day: date) -> CalendarDay:
        """Return the row of a date; raise CalendarHorizon outside the calendar."""
        offset = self._offset(day.toordinal())
        return CalendarDay(
            date=day,
            kind=KINDS[self._kinds[offset]],
            note=self._notes[self._note_of[offset]],
            hours=self._hours[self._hours_of[offset]],
            workday_ordinal=self._worked_through[offset],
            open_seconds_before=self._open_seconds[offset],
        )

    def days(self) -> Iterator[CalendarDay]:
        """Yield every row in order, for storing and for comparing calendars."""
        for number in range(self._first, self._last + 1):
            yield self.day(date_of(number))

    def sheet(self) -> DaySheet:
        """Return the plain columns, from which a changed calendar is made."""
        return DaySheet(
            first=self._first,
            kinds=self._kinds,
            hours=tuple(self._hours[index] for index in self._hours_of),
            notes=tuple(self._notes[index] for index in self._note_of),
        )

    def is_working(self, day: int) -> bool:
        """Whether a day number is worked; raise CalendarHorizon outside."""
        return IS_WORKING[self._kinds[self._offset(day)]]

    def worked_through(self, day: int) -> int:
        """Count the working days up to and including a day number."""
        if day == self._first - 1:
            return 0
        return self._worked_through[self._offset(day)]

    def working_day(self, ordinal: int) -> int:
        """Return the day number of the `ordinal`-th working day, counted from 1."""
        if not 1 <= ordinal <= len(self._working_days):
            raise self._horizon()
        return self._working_days[ordinal - 1]

    def working_day_from(self, day: int) -> int:
        """Return the first working day on or after a day number."""
        return self.working_day(self.worked_through(day - 1) + 1)

    def working_day_until(self, day: int) -> int:
        """Return the last working day on or before a day number."""
        return self.working_day(self.worked_through(day))

    def hours_of(self, day: int) -> HoursProfile:
        """Return the hours profile that holds on a day number, worked or not."""
        return self._hours[self._hours_of[self._offset(day)]]

    def close_of(self, day: int) -> int:
        """Return the tick of close of business on a day number (T-06)."""
        return day * DAY + self.hours_of(day).close_of_business * SECOND

    def open_before(self, tick: int) -> int:
        """Return the open time before an instant, in ticks since `covers_from`."""
        day, moment = divmod(tick, DAY)
        offset = self._offset(day)
        elapsed = self._open_seconds[offset] * SECOND
        if IS_WORKING[self._kinds[offset]]:
            for start, end in self._hours[self._hours_of[offset]].segments:
                elapsed += max(0, min(moment, end * SECOND) - start * SECOND)
        return elapsed

    def open_reached(self, amount: int) -> int:
        """Return the first instant with `amount` ticks of open time before it.

        A budget used up exactly at a close is reached then, not at the next opening.
        """
        # The day whose opening total first reaches the amount is one too late.
        seconds = -(-amount // SECOND)
        offset = bisect_left(self._open_seconds, seconds) - 1
        if offset < 0 or offset >= len(self._kinds):
            raise self._horizon()
        left = amount - self._open_seconds[offset] * SECOND
        for start, end in self._hours[self._hours_of[offset]].segments:
            length = (end - start) * SECOND
            if left <= length:
                break
            left -= length
        return (self._first + offset) * DAY + start * SECOND + left

    def _offset(self, day: int) -> int:
        if not self._first <= day <= self._last:
            raise self._horizon()
        return day - self._first

    def _horizon(self) -> CalendarHorizon:
        return CalendarHorizon(covers_from=self.covers_from, covers_to=self.covers_to)


def _tabulated(column: Sequence[Entry]) -> "tuple[tuple[Entry, ...], array[int]]":
    """Store each distinct entry once, and the column as small numbers."""
    index: dict[Entry, int] = {}
    numbers = array("H", (index.setdefault(entry, len(index)) for entry in column))
    return tuple(index), numbers
