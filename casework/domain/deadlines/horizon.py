"""Beyond the published schedules: refuse, or go on and say so (T-20, T-24, 4.4.4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from casework.domain.deadlines.calendar import (
    KIND_CODES,
    NO_NOTE,
    Calendar,
    DayKind,
    DayNote,
    weekly_kind,
)
from casework.domain.deadlines.errors import CalendarHorizon
from casework.domain.deadlines.notices import HOLIDAY_LAW, fixed_feast_days

# Most provisional answers end next year; a limitation period may take twenty.
_YEARS_AHEAD: Final = (2, 25)

Result = TypeVar("Result")


def looking_ahead(
    compute: Callable[[Calendar], Result], calendar: Calendar, *, strict: bool
) -> tuple[Result, bool]:
    """Compute on the published calendar, else on its continuation and say so.

    Raises CalendarHorizon when a day is missing and `strict`, and always for a day
    before the calendar begins.
    """
    try:
        return compute(calendar), False
    except CalendarHorizon as published_end:
        if strict:
            raise
        horizon = published_end
    for years in _YEARS_AHEAD:
        try:
            return compute(continued(calendar, years=years)), True
        except CalendarHorizon:
            continue
    raise horizon


@lru_cache(maxsize=16)
def continued(calendar: Calendar, *, years: int) -> Calendar:
    """Return the calendar continued without notices for whole years (T-20, 4.4).

    Beyond the notices it knows only Monday to Friday and the days off that the law
    fixes by date; feasts of the moon and swapped days are never guessed.
    """
    sheet = calendar.sheet()
    last = calendar.covers_to
    kinds, notes = bytearray(sheet.kinds), list(sheet.notes)
    for year in range(last.year + 1, last.year + years + 1):
        feasts = fixed_feast_days(year)
        start, stop = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        for number in range(start, stop):
            day = date.fromordinal(number)
            name = feasts.get(day)
            kinds.append(KIND_CODES[DayKind.STATUTORY if name else weekly_kind(day)])
            notes.append(DayNote(name, HOLIDAY_LAW) if name else NO_NOTE)
    added = len(kinds) - len(sheet.kinds)
    continued = replace(
        sheet,
        kinds=bytes(kinds),
        hours=sheet.hours + (sheet.hours[-1],) * added,
        notes=tuple(notes),
    )
    return Calendar(continued, code=calendar.code, published_to=calendar.published_to)
