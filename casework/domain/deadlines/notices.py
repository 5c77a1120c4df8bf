"""The yearly holiday notice of the State Council as checked data (T-20 to T-24)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from casework.domain.deadlines.errors import CalendarInvalid

HOLIDAY_LAW: Final = "全国年节及纪念日放假办法"

_FEASTS_UNTIL_2024: Final = {
    "元旦": 1,
    "春节": 3,
    "清明节": 1,
    "劳动节": 1,
    "端午节": 1,
    "中秋节": 1,
    "国庆节": 3,
}
_FEASTS_FROM_2025: Final = _FEASTS_UNTIL_2024 | {"春节": 4, "劳动节": 2}


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day that a notice names: off, or a weekend day to be worked."""

    date: date
    name: str
    is_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The days off and make-up days of one year.

    `feasts` dates the feasts that follow moon and sun (they cannot be computed here);
    `granted` counts days off that the State Council gave without a swap that year.
    Raises CalendarInvalid for a day named twice, a day of another year, and a long
    holiday without its make-up days (T-22, T-23).
    """

    year: int
    reference: str
    days: tuple[NoticeDay, ...]
    feasts: Mapping[str, date] = field(default_factory=dict)
    granted: int = 0

    def __post_init__(self) -> None:
        _refuse_a_day_twice(self)
        _refuse_another_year(self)
        _refuse_a_missing_make_up_day(self)

    @property
    def feast_days(self) -> frozenset[date]:
        """The all-citizen holidays themselves, apart from swapped days (T-20)."""
        moving = {
            day
            for name, first in self.feasts.items()
            for day in _days_of_feast(name, first)
        }
        return frozenset(fixed_feast_days(self.year)) | moving


def parse_notice(raw: Mapping[str, Any]) -> Notice:
    """Read a notice from the JSON form of its publisher.

    Expects `year`, `papers`, `days` of `name`, `date`, `isOffDay`, and optionally
    `feasts` (name to ISO date) and `granted` (days). Raises CalendarInvalid for
    unreadable data and for everything that Notice refuses.
    """
    try:
        return Notice(
            year=int(raw["year"]),
            reference=" ".join(raw["papers"]),
            days=tuple(
                NoticeDay(
                    date.fromisoformat(day["date"]),
                    day["name"],
                    day["isOffDay"] is True,
                )
                for day in raw["days"]
            ),
            feasts={
                name: date.fromisoformat(text)
                for name, text in raw.get("feasts", {}).items()
            },
            granted=int(raw.get("granted", 0)),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise CalendarInvalid(
            field="notice",
            zh=f"放假通知的数据读不出来：{fault!r}（规则 T-24）。请核对年份、日期和放假标记。",
            en=(
                f"the holiday notice cannot be read: {fault!r} (rule T-24). "
                "Check its year, dates and day-off marks."
            ),
        ) from fault


def fixed_feast_days(year: int) -> dict[date, str]:
    """Return the days off that the law fixes by date, with their names (T-20).

    2 May is one of them since the revision in force from 2025.
    """
    feasts = {date(year, 1, 1): "元旦", date(year, 5, 1): "劳动节"}
    if year >= 2025:
        feasts[date(year, 5, 2)] = "劳动节"
    return feasts | {date(year, 10, day): "国庆节" for day in (1, 2, 3)}


def _days_of_feast(name: str, first: date) -> set[date]:
    if name != "春节":
        return {first}
    eve = -1 if first.year >= 2025 else 0
    return {first + timedelta(days=offset) for offset in range(eve, 3)}


def _refuse_a_day_twice(notice: Notice) -> None:
    for day, times in Counter(day.date for day in notice.days).items():
        if times > 1:
            raise CalendarInvalid(
                field="notice",
                zh=f"{notice.year} 年的放假通知里 {day} 出现了 {times} 次（规则 T-24）。请只留一条。",
                en=(
                    f"the notice of {notice.year} names {day} {times} times "
                    "(rule T-24). Keep one entry."
                ),
            )


def _refuse_another_year(notice: Notice) -> None:
    # New Year's holiday may begin in the December before (notices of 2019 and 2023).
    earliest, latest = date(notice.year - 1, 12, 1), date(notice.year, 12, 31)
    for day in notice.days:
        if not earliest <= day.date <= latest:
            raise CalendarInvalid(
                field="notice",
                zh=(
                    f"{notice.year} 年的放假通知里有别的年份的日子 {day.date}"
                    "（规则 T-24）。请核对日期。"
                ),
                en=(
                    f"the notice of {notice.year} names {day.date}, a day of another "
                    "year (rule T-24). Check the date."
                ),
            )


def _refuse_a_missing_make_up_day(notice: Notice) -> None:
    # T-22 lets a feast on a weekend be made up beside another feast (2015: 中秋 beside
    # 国庆), so the balance is drawn over the year.
    feasts = _FEASTS_FROM_2025 if notice.year >= 2025 else _FEASTS_UNTIL_2024
    weekdays_off: Counter[str] = Counter()
    make_up_days = 0
    for day in notice.days:
        is_weekend = day.date.weekday() >= 5
        weekdays_off[day.name] += day.is_off and not is_weekend
        make_up_days += is_weekend and not day.is_off
    excess = weekdays_off.total() - sum(feasts.values()) - notice.granted - make_up_days
    if excess > 0:
        longest = max(
            weekdays_off, key=lambda name: weekdays_off[name] - feasts.get(name, 0)
        )
        raise CalendarInvalid(
            field="notice",
            zh=(
                f"{notice.year} 年的放假通知少了 {excess} 个调休上班日，先看{longest}"
                f"（《{HOLIDAY_LAW}》、规则 T-23）。请补上上班的周六、周日。"
            ),
            en=(
                f"the notice of {notice.year} lacks {excess} make-up working day(s); "
                f"look at {longest} first (rule T-23). Add the working weekend days."
            ),
        )
