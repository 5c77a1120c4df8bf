"""Making calendars: from notices, with local overlays, restored, or spliced."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from casework.domain.deadlines.calendar import (
    IS_WORKING,
    KIND_CODES,
    NO_NOTE,
    Calendar,
    CalendarDay,
    DayKind,
    DayNote,
    DaySheet,
    weekly_kind,
)
from casework.domain.deadlines.errors import CalendarHorizon, CalendarInvalid
from casework.domain.deadlines.hours import STANDARD_HOURS, HoursProfile
from casework.domain.deadlines.notices import Notice


@dataclass(frozen=True, slots=True)
class Season:
    """Hours that hold from `first` to `last`, both included, such as summer hours.

    Raises CalendarInvalid for a last day before the first.
    """

    first: date
    last: date
    hours: HoursProfile

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise CalendarInvalid(
                field="season",
                zh=(
                    f"作息从 {self.first} 到 {self.last}，结束早于开始（规则 4.1）。"
                    "请把两个日期调过来。"
                ),
                en=(
                    f"the season from {self.first} to {self.last} ends before it "
                    "begins (rule 4.1). Swap the two dates."
                ),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What a city, county or unit changes: days with their reason, and seasons.

    Raises CalendarInvalid for a day that is both closed and open.
    """

    reference: str
    closed: Mapping[date, str] = field(default_factory=dict)
    open: Mapping[date, str] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()

    def __post_init__(self) -> None:
        for day in sorted(self.closed.keys() & self.open.keys()):
            raise CalendarInvalid(
                field="overlay",
                zh=f"{day} 既写了休息又写了上班（规则 4.1）。请只留一个。",
                en=f"{day} is both closed and open (rule 4.1). Keep one of them.",
            )


def build_calendar(
    notices: Iterable[Notice],
    *,
    code: str = "CN",
    hours: HoursProfile = STANDARD_HOURS,
) -> Calendar:
    """Build the calendar of whole years from their notices (T-08, T-24).

    Raises CalendarInvalid for no notice, a missing or repeated year, a day named by
    two notices, and what Calendar refuses.
    """
    by_year = sorted(notices, key=lambda notice: notice.year)
    _refuse_missing_years(by_year)
    named = _named_days(by_year)
    first = date(by_year[0].year, 1, 1).toordinal()
    last = date(by_year[-1].year, 12, 31).toordinal()
    kinds, notes = bytearray(), []
    for number in range(first, last + 1):
        day = date.fromordinal(number)
        kind, note = named.get(day) or (weekly_kind(day), NO_NOTE)
        kinds.append(KIND_CODES[kind])
        notes.append(note)
    sheet = DaySheet(first, bytes(kinds), (hours,) * len(kinds), tuple(notes))
    return Calendar(sheet, code=code)


def overlaid(
    calendar: Calendar, overlays: Iterable[Overlay], *, code: str | None = None
) -> Calendar:
    """Return the calendar with local days and hours (4.1).

    Overlays come from the farthest (city) to the nearest (unit): the last one that
    names a day decides. An overlay that agrees with the calendar changes nothing, so a closed weekend stays
    a weekend. Raises CalendarHorizon for a day outside the calendar, CalendarInvalid
    when a fortnight is left without work.
    """
    sheet = calendar.sheet()
    kinds, hours, notes = bytearray(sheet.kinds), list(sheet.hours), list(sheet.notes)
    for overlay in overlays:
        for season in overlay.seasons:
            span = range(
                _offset(calendar, season.first), _offset(calendar, season.last) + 1
            )
            hours[span.start : span.stop] = [season.hours] * len(span)
        for kind, days in (
            (DayKind.LOCAL_CLOSED, overlay.closed),
            (DayKind.LOCAL_OPEN, overlay.open),
        ):
            for day, name in days.items():
                offset = _offset(calendar, day)
                if IS_WORKING[kinds[offset]] != kind.is_working:
                    kinds[offset] = KIND_CODES[kind]
                    notes[offset] = DayNote(name, overlay.reference)
    changed = replace(sheet, kinds=bytes(kinds), hours=tuple(hours), notes=tuple(notes))
    return Calendar(
        changed, code=code or calendar.code, published_to=calendar.published_to
    )


def restored(
    days: Iterable[CalendarDay], *, code: str, published_to: date | None = None
) -> Calendar:
    """Rebuild a calendar from its stored rows, in any order (4.1).

    The cumulative columns are computed anew. Raises CalendarInvalid for no row, a day
    twice, a gap between days, and a fortnight without work.
    """
    rows = sorted(days, key=lambda row: row.date)
    span = (rows[-1].date - rows[0].date).days + 1 if rows else 0
    if not rows or len(rows) != span or len({row.date for row in rows}) != span:
        raise CalendarInvalid(
            field="calendar",
            zh=(
                f"日历应该每天一行、不缺不重，现在 {len(rows)} 行对 {span} 天"
                "（规则 4.1）。请补齐缺的日子，去掉重复的。"
            ),
            en=(
                f"a calendar has one row a day; here are {len(rows)} rows for {span} "
                "days (rule 4.1). Add what is missing and drop what is double."
            ),
        )
    sheet = DaySheet(
        first=rows[0].date.toordinal(),
        kinds=bytes(KIND_CODES[row.kind] for row in rows),
        hours=tuple(row.hours for row in rows),
        notes=tuple(row.note for row in rows),
    )
    return Calendar(sheet, code=code, published_to=published_to)


def spliced(*, before: Calendar, after: Calendar, on: date) -> Calendar:
    """Return `before` up to the day before `on`, and `after` from that day.

    For a clock that moved to another office: what has been counted keeps its calendar
    (4.3, calendar binding `holder`). Raises CalendarHorizon when `on` is not covered
    by both.
    """
    old, new = before.sheet(), after.sheet()
    head, tail = _offset(before, on), _offset(after, on)
    sheet = DaySheet(
        first=old.first,
        kinds=old.kinds[:head] + new.kinds[tail:],
        hours=old.hours[:head] + new.hours[tail:],
        notes=old.notes[:head] + new.notes[tail:],
    )
    return Calendar(sheet, code=after.code, published_to=after.published_to)


def _named_days(notices: Iterable[Notice]) -> dict[date, tuple[DayKind, DayNote]]:
    named: dict[date, tuple[DayKind, DayNote]] = {}
    for notice in notices:
        feasts = notice.feast_days
        for day in notice.days:
            if day.date in named:
                raise CalendarInvalid(
                    field="notice",
                    zh=f"{day.date} 在两年的放假通知里都出现了（规则 T-24）。请只留一条。",
                    en=f"two notices name {day.date} (rule T-24). Keep one entry.",
                )
            note = DayNote(day.name, notice.reference)
            if day.is_off:
                is_feast = day.date in feasts
                kind = DayKind.STATUTORY if is_feast else DayKind.ADJUSTED_OFF
                named[day.date] = kind, note
            elif day.date.weekday() >= 5:
                named[day.date] = DayKind.MAKEUP, note
            else:
                # 2020-02-03: a Monday that the second notice of 2020 calls worked.
                named[day.date] = DayKind.NORMAL, NO_NOTE
    return named


def _refuse_missing_years(notices: Sequence[Notice]) -> None:
    years = [notice.year for notice in notices]
    if not years or years != list(range(years[0], years[0] + len(years))):
        raise CalendarInvalid(
            field="notice",
            zh=(
                f"放假通知的年份要连续、每年一份，现在是 {years or '空的'}"
                "（规则 T-24）。请补齐或去掉重复的年份。"
            ),
            en=(
                f"the notices must cover consecutive years once each, not "
                f"{years or 'none'} (rule T-24). Add or remove a year."
            ),
        )


def _offset(calendar: Calendar, day: date) -> int:
    if not calendar.covers_from <= day <= calendar.covers_to:
        raise CalendarHorizon(
            covers_from=calendar.covers_from, covers_to=calendar.covers_to
        )
    return day.toordinal() - calendar.covers_from.toordinal()
