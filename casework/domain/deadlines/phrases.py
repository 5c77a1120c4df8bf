"""The sentences of an explanation in both languages.

Words that a worker need not know (期间, 届满, 顺延, 计算) do not occur; a test looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language: `{day}` and `{moment}` arrive as text, `{s}` is a plural ending."""

    day: Callable[[date], str]
    day_of_year: Callable[[date], str]
    week_day: Callable[[date], str]
    full_day: str
    span: str
    moments: str
    last_day: str
    last_moment: str
    provisional: str
    begins: str
    extended: str
    late_receipt: str
    first_day: str
    in_days: str
    rest_days_count: str
    only_working_days_count: str
    only_open_hours_count: str
    every_hour_counts: str
    pause: str
    pause_reason: str
    ends: str
    ends_on_rest_day: str
    moved: str
    stretches: str
    stretch: str
    number: str
    numbers: str
    late_days: str
    start_day: str
    not_counted: str
    counted_as: str
    not_an_end: str
    pushed_on: str
    standing_still: str
    due_day: str
    open_for: str
    closed: str
    closed_with_rest: str
    basis: str
    notices: str
    cut_off: Mapping[str, str]
    periods: Mapping[str, str]
    kinds: Mapping[str, str]
    lengths: tuple[str, str, str]
    long_lengths: tuple[str, str, str]
    holidays: Mapping[str, str]
    comma: str
    here: str


def _zh_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _zh_day_of_year(day: date) -> str:
    return f"{day.year}年{_zh_day(day)}"


def _zh_week_day(day: date) -> str:
    return "周" + "一二三四五六日"[day.weekday()]


def _en_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _en_day_of_year(day: date) -> str:
    return f"{_en_day(day)} {day.year}"


def _en_week_day(day: date) -> str:
    return _WEEK_DAYS[day.weekday()]


# Written out, because strftime would ask the locale of the process.
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEK_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

ZH: Final = Phrases(
    day=_zh_day,
    day_of_year=_zh_day_of_year,
    week_day=_zh_week_day,
    full_day="{day} {week_day}",
    span="{first} – {last}",
    moments="{first} 到 {last}",
    last_day="请您记住：最后一天是 {day}，到{cut_off}。",
    last_moment="请您记住：到 {moment} 为止。",
    provisional=(
        "这个日子是暂定的。{day} 以后的放假安排还没公布。\n"
        "公布以后我们会重新数，有变化就告诉您。"
    ),
    begins="{moment} 开始，一共 {period}。",
    extended="后来加了 {period}，也从开始那天数起。",
    late_receipt="那时已经下班，或者在休息，所以算 {day} 收到。",
    first_day="{first} 当天不算，{one} 是第 1 天。",
    in_days="这样一共是 {total} 天。",
    rest_days_count="周末和放假的日子也算。",
    only_working_days_count="只数上班的日子，周末和放假的日子不算。",
    only_open_hours_count="只数上班的时间，下班、周末和放假的时间不算。",
    every_hour_counts="一小时接一小时地数，夜里、周末和放假都算。",
    pause="{span} 停着，不算{reason}。",
    pause_reason="（{reason}）",
    ends="数到第 {total} 天，就是 {day}。",
    ends_on_rest_day="数到第 {total} 天是 {day}。那天{kind}，不能在这天结束。",
    moved="所以推到后面第一个上班日，{day}。",
    stretches="一段一段看：",
    stretch="{place}. {span}：{text}。",
    number="第 {first} 天",
    numbers="第 {first} 天到第 {last} 天",
    late_days="下班以后或者休息时收到，不算",
    start_day="开始的这一天，不算",
    not_counted="{kind}，不算",
    counted_as="{kind}，{numbers}",
    not_an_end="{numbers}，{kind}，不能在这天结束",
    pushed_on="{kind}，往后推",
    standing_still="停着，不算",
    due_day="后面第一个上班日，最后一天，到{cut_off}",
    open_for="算 {length}",
    closed="下班，不算",
    closed_with_rest="下班和{rest}，不算",
    basis="依据：{basis}",
    notices="放假安排见国务院办公厅的通知：{notices}",
    cut_off={"cob": " {time} 下班", "midnight": "当天 24:00"},
    periods={
        "working_hour": "{n} 个上班小时",
        "clock_hour": "{n} 小时",
        "working_day": "{n} 个工作日",
        "calendar_day": "{n} 天",
        "month": "{n} 个月",
        "year": "{n} 年",
    },
    kinds={
        "normal": "上班",
        "weekend": "周末休息",
        "statutory": "{name}放假",
        "adjusted_off": "{name}放假",
        "makeup": "周末调休上班",
        "local_closed": "{name}休息",
        "local_open": "{name}上班",
    },
    lengths=("{n} 天", "{n} 时", "{n} 分"),
    long_lengths=("{n} 个工作日", "{n} 小时", "{n} 分钟"),
    holidays={},
    comma="、",
    here="本单位",
)

EN: Final = Phrases(
    day=_en_day,
    day_of_year=_en_day_of_year,
    week_day=_en_week_day,
    full_day="{week_day} {day}",
    span="{first} – {last}",
    moments="{first} to {last}",
    last_day="Please remember: your last day is {day}, until {cut_off}.",
    last_moment="Please remember: the time ends at {moment}.",
    provisional=(
        "This date may still change. The holidays after {day} are not published.\n"
        "When they are, we count again and tell you if the date changes."
    ),
    begins="It starts on {moment} and takes {period}.",
    extended="Later {period} were added, also counted from the start.",
    late_receipt="That was after hours or on a day off, so it counts as {day}.",
    first_day="{first} itself does not count; {one} is day 1.",
    in_days="That makes {total} days.",
    rest_days_count="Weekends and holidays count too.",
    only_working_days_count="Only working days count, not weekends or holidays.",
    only_open_hours_count="Only opening hours count, not evenings or days off.",
    every_hour_counts="Every hour counts, also at night and on days off.",
    pause="From {span} the time stood still and does not count{reason}.",
    pause_reason=" ({reason})",
    ends="Day {total} is {day}.",
    ends_on_rest_day="Day {total} is {day}. It is a rest day ({kind}) and cannot be the last.",
    moved="It moves to the next working day, {day}.",
    stretches="Step by step:",
    stretch="{place}. {span}: {text}.",
    number="day {first}",
    numbers="days {first} to {last}",
    late_days="received after hours or on a day off, not counted",
    start_day="the day it starts, not counted",
    not_counted="{kind}, not counted",
    counted_as="{kind}, {numbers}",
    not_an_end="{numbers}, {kind}, cannot end here",
    pushed_on="{kind}, moved on",
    standing_still="standing still, not counted",
    due_day="the next working day and your last day, until {cut_off}",
    open_for="{length} counted",
    closed="office closed, not counted",
    closed_with_rest="office closed and {rest}, not counted",
    basis="Based on: {basis}",
    notices="Holidays as announced by the State Council: {notices}",
    cut_off={"cob": "the office closes at {time}", "midnight": "24:00"},
    periods={
        "working_hour": "{n} working hour{s}",
        "clock_hour": "{n} hour{s}",
        "working_day": "{n} working day{s}",
        "calendar_day": "{n} day{s}",
        "month": "{n} month{s}",
        "year": "{n} year{s}",
    },
    kinds={
        "normal": "working day",
        "weekend": "weekend",
        "statutory": "{name} holiday",
        "adjusted_off": "{name} holiday",
        "makeup": "weekend, but a working day",
        "local_closed": "{name} closed",
        "local_open": "{name} open",
    },
    lengths=("{n} d", "{n} h", "{n} min"),
    long_lengths=("{n} working day{s}", "{n} hour{s}", "{n} minute{s}"),
    holidays={
        "元旦": "New Year",
        "春节": "Spring Festival",
        "清明节": "Qingming",
        "劳动节": "Labour Day",
        "端午节": "Dragon Boat Festival",
        "中秋节": "Mid-Autumn Festival",
        "国庆节": "National Day",
        "抗日战争暨世界反法西斯战争胜利70周年纪念日": "Victory Day",
    },
    comma=" and ",
    here="this office",
)
