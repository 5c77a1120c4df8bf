"""Calendars and random questions that the deadline tests share."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from casework.data.holidays import load_notices
from casework.domain.deadlines import (
    STANDARD_HOURS,
    SUMMER_HOURS,
    Calendar,
    End,
    HoursProfile,
    LateReceipt,
    Overlay,
    Pause,
    Period,
    Reckoning,
    Roll,
    Season,
    Terms,
    Unit,
    build_calendar,
    overlaid,
)
from casework.domain.deadlines.civil import ZONE
from tests.domain.deadlines.minute_walk import DAYS, Hours, Office, Walked

# Pinned, so that the notice of a further year changes no expectation here.
NOTICES = tuple(notice for notice in load_notices() if notice.year <= 2026)
CALENDAR = build_calendar(NOTICES)

LONGEST = {
    Unit.WORKING_HOUR: 160,
    Unit.CLOCK_HOUR: 400,
    Unit.WORKING_DAY: 60,
    Unit.CALENDAR_DAY: 100,
    Unit.MONTH: 12,
    Unit.YEAR: 2,
}
EDGES = ((8, 30), (9, 0), (12, 0), (13, 30), (14, 30), (17, 30), (18, 0), (0, 0))


def at(text: str) -> datetime:
    """Return a local time of China as an aware instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def reckon(
    start: str | datetime,
    amount: int,
    unit: Unit,
    *,
    calendar: Calendar = CALENDAR,
    end: End = End.COB,
    roll: Roll = Roll.NONE,
    late: LateReceipt = LateReceipt.SAME_DAY,
    pauses: tuple[Pause, ...] = (),
) -> Reckoning:
    """Return a question in one line."""
    return Reckoning(
        start=at(start) if isinstance(start, str) else start,
        terms=Terms(period=Period(amount, unit), end=end, roll=roll, late_receipt=late),
        calendar=calendar,
        pauses=pauses,
    )


def pause(start: str, end: str | None) -> Pause:
    """Return a pause of local times."""
    return Pause(at(start), None if end is None else at(end))


@dataclass(frozen=True)
class Setting:
    """One office as the product sees it and as the oracle walks it."""

    calendar: Calendar
    office: Office


def settings() -> tuple[Setting, ...]:
    """Return four offices: two sets of hours, a day-and-night desk, and local days."""
    std, alt = _minutes(STANDARD_HOURS), _minutes(SUMMER_HOURS)
    night_desk = HoursProfile("night", ((0, 86_400),))
    closed, opened = _local_days(Random(7))
    summers = [
        Season(date(year, 6, 1), date(year, 9, 30), SUMMER_HOURS)
        for year in range(2015, 2027)
    ]
    local = Overlay(
        reference="市政府通知",
        closed=dict.fromkeys(closed, "台风"),
        open=dict.fromkeys(opened, "加班"),
        seasons=tuple(summers),
    )
    by_season: dict[date, Hours] = {
        day: alt if 6 <= day.month <= 9 else std for day in DAYS
    }
    return (
        Setting(CALENDAR, Office(dict.fromkeys(DAYS, std))),
        Setting(
            build_calendar(NOTICES, hours=SUMMER_HOURS),
            Office(dict.fromkeys(DAYS, alt)),
        ),
        Setting(
            build_calendar(NOTICES, hours=night_desk),
            Office(dict.fromkeys(DAYS, _minutes(night_desk))),
        ),
        Setting(overlaid(CALENDAR, [local]), Office(by_season, closed, opened)),
    )


def random_question(random: Random, setting: Setting) -> tuple[Reckoning, Walked]:
    """Return one random question twice: for the product and for the oracle."""
    unit = random.choice(tuple(Unit))
    start = _moment(random, DAYS[random.randrange(len(DAYS) - 200)])
    amount = random.randint(1, LONGEST[unit])
    midnight = random.random() < 0.4
    rolls = unit.is_calendar and random.random() < 0.6
    moves = random.random() < 0.4
    pauses = [_pause(random, start) for _ in range(random.choice((0, 0, 1, 1, 2, 3)))]
    reckoning = reckon(
        start.replace(tzinfo=ZONE),
        amount,
        unit,
        calendar=setting.calendar,
        end=End.MIDNIGHT if midnight else End.COB,
        roll=Roll.NEXT_WORKING if rolls else Roll.NONE,
        late=LateReceipt.NEXT_WORKING_DAY if moves else LateReceipt.SAME_DAY,
        pauses=tuple(
            Pause(first.replace(tzinfo=ZONE), last.replace(tzinfo=ZONE))
            for first, last in pauses
        ),
    )
    walked = Walked(start, amount, unit.value, midnight, rolls, moves, pauses)
    return reckoning, walked


def _moment(random: Random, day: date) -> datetime:
    """Return a minute of a day, half the time one at which something changes."""
    if random.random() < 0.5:
        hour, minute = random.choice(EDGES)
    else:
        hour, minute = random.randrange(24), random.randrange(60)
    return datetime(day.year, day.month, day.day, hour, minute)


def _pause(random: Random, start: datetime) -> tuple[datetime, datetime]:
    first_day = max(start.date() + timedelta(days=random.randint(-3, 40)), DAYS[1])
    first = _moment(random, first_day)
    last = _moment(random, first_day + timedelta(days=random.randint(0, 25)))
    return min(first, last), max(first, last)


def _local_days(random: Random) -> tuple[list[date], list[date]]:
    worked = [day for day in DAYS if CALENDAR.is_working(day.toordinal())]
    rest = [day for day in DAYS if not CALENDAR.is_working(day.toordinal())]
    return random.sample(worked, 60), random.sample(rest, 60)


def _minutes(profile: HoursProfile) -> Hours:
    return tuple((start // 60, end // 60) for start, end in profile.segments)
