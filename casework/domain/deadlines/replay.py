"""A second, independent evaluator: does an explanation lead to what it states?

It knows neither calendar nor measure. It walks the stretches of a derivation day by
day or span by span, checks each against the others, and arrives at an instant.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta, tzinfo
from typing import NoReturn

from casework.domain.deadlines.derivation import Derivation, Stretch
from casework.domain.deadlines.errors import BrokenDerivation

_REST_KINDS = {"weekend", "statutory", "adjusted_off", "local_closed"}
_ONE_DAY = timedelta(days=1)


def replay(derivation: Derivation) -> datetime:
    """Return the due instant to which the stretches of a derivation lead.

    Raises BrokenDerivation when they leave a gap, miscount, contradict the pauses, the
    week or the terms, or arrive at another instant than the derivation states.
    """
    try:
        is_hours = derivation["periods"][0]["unit"] in {"working_hour", "clock_hour"}
        arrived = _replay_hours(derivation) if is_hours else _replay_days(derivation)
        stated = datetime.fromisoformat(derivation["due_at"])
    except (LookupError, TypeError, ValueError, OverflowError) as fault:
        _broken(f"读不出来 {fault!r}", f"unreadable {fault!r}")
    if arrived != stated:
        _broken(f"走到 {arrived}，写的是 {stated}", f"{arrived} is not {stated}")
    return arrived


def _replay_hours(derivation: Derivation) -> datetime:
    start = datetime.fromisoformat(derivation["start"])
    cursor, used = start, timedelta()
    for stretch in derivation["stretches"]:
        first = datetime.fromisoformat(stretch["first"])
        last = datetime.fromisoformat(stretch["last"])
        _expect(first == cursor < last, stretch)
        if stretch["why"] == "counted":
            used += last - first
        _expect((stretch["why"] == "paused") == _is_paused(first, derivation), stretch)
        cursor = last
    hours = sum(period["amount"] for period in derivation["periods"])
    if used != timedelta(hours=hours) or derivation["total"] != hours * 3600:
        _broken(f"数了 {used}，应数 {hours} 小时", f"{used} counted, not {hours} hours")
    return cursor


def _replay_days(derivation: Derivation) -> datetime:
    zone = datetime.fromisoformat(derivation["start"]).tzinfo
    cursor = datetime.fromisoformat(derivation["start"]).date()
    first_day = date.fromisoformat(derivation["first_day"])
    used, last_counted = 0, first_day
    for stretch in derivation["stretches"]:
        first = date.fromisoformat(stretch["first"])
        last = date.fromisoformat(stretch["last"])
        days = [first + _ONE_DAY * offset for offset in range((last - first).days + 1)]
        _expect(first == cursor <= last, stretch)
        _expect(all(_fits(day, stretch, derivation, zone) for day in days), stretch)
        if stretch["why"] == "counted":
            used, last_counted = used + len(days), last
            _expect(stretch["count"] == len(days), stretch)
        else:
            _expect(stretch["count"] == 0, stretch)
        cursor = last + _ONE_DAY
    total = _total_days(derivation, first_day)
    if not used == total == derivation["total"]:
        _broken(f"数了 {used} 天，应数 {total} 天", f"{used} days counted, not {total}")
    due_on = cursor - _ONE_DAY
    if due_on.isoformat() != derivation["due_on"]:
        _broken(f"最后一天走到 {due_on}", f"the last day comes to {due_on}")
    if last_counted.isoformat() != derivation["raw_due_on"]:
        _broken(f"数到 {last_counted} 为止", f"the count ends on {last_counted}")
    return _end_of(due_on, derivation["stretches"][-1]["cut_off"], zone)


def _fits(
    day: date, stretch: Stretch, derivation: Derivation, zone: tzinfo | None
) -> bool:
    """Whether a day may be treated so, by itself."""
    first_day = date.fromisoformat(derivation["first_day"])
    raw_due_on = date.fromisoformat(derivation["raw_due_on"])
    is_weekend, kind = day.weekday() >= 5, stretch["kind"]
    if kind in {"weekend", "makeup"} and not is_weekend:
        return False
    if kind == "normal" and is_weekend:
        return False
    if stretch["why"] in {"counted", "paused", "due"}:
        cut_off = stretch["cut_off"]
        if derivation["end"] == "midnight" and cut_off != "24:00":
            return False
        is_paused = _is_paused(_end_of(day, cut_off, zone), derivation)
        if is_paused != (stretch["why"] == "paused"):
            return False
    is_working_unit = derivation["periods"][0]["unit"] == "working_day"
    match stretch["why"]:
        case "late_receipt":
            return day < first_day and derivation["late_receipt"] == "next_working_day"
        case "first_day":
            return day == first_day
        case "counted":
            return day > first_day and not (is_working_unit and kind in _REST_KINDS)
        case "rest":
            return day > first_day and is_working_unit and kind in _REST_KINDS
        case "paused":
            return day > first_day
        case "roll":
            return day > raw_due_on and kind in _REST_KINDS
        case "due":
            return (
                day > raw_due_on
                and derivation["roll"] == "next_working"
                and not is_working_unit
                and kind not in _REST_KINDS
            )
        case _:
            return False


def _total_days(derivation: Derivation, first_day: date) -> int:
    months = days = 0
    for period in derivation["periods"]:
        match period["unit"]:
            case "year":
                months += 12 * period["amount"]
            case "month":
                months += period["amount"]
            case _:
                days += period["amount"]
    year, month = divmod(first_day.year * 12 + first_day.month - 1 + months, 12)
    same_day = min(first_day.day, monthrange(year, month + 1)[1])
    return (date(year, month + 1, same_day) - first_day).days + days


def _is_paused(moment: datetime, derivation: Derivation) -> bool:
    return any(
        datetime.fromisoformat(pause["start"]) <= moment
        and (pause["end"] is None or moment < datetime.fromisoformat(pause["end"]))
        for pause in derivation["pauses"]
    )


def _end_of(day: date, cut_off: str, zone: tzinfo | None) -> datetime:
    hour, minute = (int(part) for part in cut_off.split(":"))
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight + timedelta(hours=hour, minutes=minute)


def _expect(holds: bool, stretch: Stretch) -> None:
    if not holds:
        _broken(f"这一段不成立 {stretch}", f"this stretch does not hold: {stretch}")


def _broken(zh: str, en: str) -> NoReturn:
    raise BrokenDerivation(
        zh=f"{zh}（规则 4.2）。请重新算一次，不要用这份说明。",
        en=f"{en} (rule 4.2). Compute it again and do not use this explanation.",
    )
