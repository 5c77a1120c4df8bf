"""Local civil time of China as whole numbers.

A *tick* is one microsecond of local time since 0001-01-01 00:00, so an instant is an
int, a day is `ticks // DAY` counted like `date.toordinal`, and no float ever appears.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from casework.domain.deadlines.errors import InvalidInstant

ZONE: Final = ZoneInfo("Asia/Shanghai")
SECOND: Final = 1_000_000
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR

_MICROSECOND: Final = timedelta(microseconds=1)
_ORIGIN: Final = datetime(1, 1, 1, tzinfo=ZONE)
_UTC_ORIGIN: Final = _ORIGIN.replace(tzinfo=UTC)
# An ordinal counts from 1, so day 1 begins at tick DAY.
_FIRST_ORDINAL: Final = 1
# Until 1991 China had summer time; a century ahead no schedule means anything.
_YEARS: Final = range(1992, 2200)
_AHEAD_OF_UTC: Final = 8 * HOUR


def ticks_of(instant: datetime, *, field: str) -> int:
    """Return the local civil time of an aware instant, in ticks.

    Raises InvalidInstant for a naive datetime and outside the years 1992 to 2199;
    `field` names it in the sentence.
    """
    if instant.year not in _YEARS:
        raise InvalidInstant(
            field=field,
            zh=f"时间 {instant.isoformat()} 不在 1992 到 2199 年之间（规则 T-01）。请核对年份。",
            en=(
                f"{instant.isoformat()} is not in the years 1992 to 2199 "
                "(rule T-01). Check the year."
            ),
        )
    try:
        since = instant - _UTC_ORIGIN
    except TypeError:  # one has a zone, the other has none
        raise InvalidInstant(
            field=field,
            zh=(
                f"时间 {instant.isoformat()} 没有写时区（规则 I11）。"
                "请写上时区，例如 2026-09-16T09:42:00+08:00。"
            ),
            en=(
                f"{instant.isoformat()} has no time zone (rule I11). "
                "Write it, for example 2026-09-16T09:42:00+08:00."
            ),
        ) from None
    return since // _MICROSECOND + _AHEAD_OF_UTC + _FIRST_ORDINAL * DAY


def instant_of(ticks: int) -> datetime:
    """Return the aware instant, in Asia/Shanghai, of a tick."""
    return _ORIGIN + timedelta(microseconds=ticks - _FIRST_ORDINAL * DAY)


def date_of(day: int) -> date:
    """Return the date of a day number."""
    return date.fromordinal(day)
