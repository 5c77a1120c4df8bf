"""`{{ due_at|last_day|day }}`: days and moments as the field says them, in the reader's language.

A moment at midnight ends the day before it: what is due then is due that day at 24:00.
"""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone

from casework import wording
from casework.domain.deadlines import Period
from casework.wording import phrases

register = template.Library()

#: `{{ day|full_day }}` and `{{ moment|full_moment }}`: as sentences say them, with the year.
register.filter("full_day", wording.day)
register.filter("full_moment", wording.moment)

_INSTANT = timedelta(microseconds=1)


@register.filter
def day(value: date) -> str:
    """Say a day: `10月8日 周四`, with its year when that is not this year."""
    say, on = phrases(), as_day(value)
    return say.full_day.format(day=month_day(on), week_day=say.week_day(on))


@register.filter
def month_day(value: date) -> str:
    """Say a day without its weekday: `10月8日`, with its year when it is another."""
    say, on = phrases(), as_day(value)
    is_this_year = on.year == timezone.localdate().year
    return say.day(on) if is_this_year else say.day_of_year(on)


@register.filter
def short_day(value: date) -> str:
    """Write a day in a column: `10-08`, or `27-01-06` when the year is another."""
    on = as_day(value)
    is_this_year = on.year == timezone.localdate().year
    return f"{on:%m-%d}" if is_this_year else f"{on:%y-%m-%d}"


@register.filter
def clock_time(value: datetime) -> str:
    """Write the time of a moment: `09:42`."""
    return f"{timezone.localtime(value):%H:%M}"


@register.filter
def cut_off(value: datetime) -> str:
    """Write when the last day ends: `17:30`, or `24:00` for midnight."""
    local = timezone.localtime(value)
    return "24:00" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"


@register.filter
def last_day(value: datetime) -> date:
    """Return the day that a due moment ends."""
    return timezone.localtime(value - _INSTANT).date()


def holiday(name: str) -> str:
    """Return the name of a holiday, or of two that meet, in the reader's language."""
    known = phrases().holidays
    return phrases().comma.join(known.get(part, part) for part in name.split("、"))


def week_days() -> list[str]:
    """Return the names of the days of a week, Monday first."""
    monday = date(2026, 9, 28)
    return [phrases().week_day(monday + timedelta(days=n)) for n in range(7)]


def period_words(period: Period) -> str:
    """Say an amount with its unit: `1 个工作日`."""
    plural = "" if period.amount == 1 else "s"
    return phrases().periods[period.unit].format(n=period.amount, s=plural)


def as_day(value: date) -> date:
    """Return the day of a day or of a moment, in the site's time zone."""
    return timezone.localdate(value) if isinstance(value, datetime) else value
