"""What the demo's people wait for fits into the law's time, whenever the year ends."""

from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from casework.demo.parts import RECONSIDERED_AFTER
from casework.demo.timing import SHANGHAI, Rhythm
from casework.models import NEVER
from casework.services import calendars

#: The window of H-31 in calendar days, from the service.
WINDOW = 15


@pytest.fixture
def rhythm(db: None) -> Rhythm:
    """The rhythm of the newest calendar, always with the same dice."""
    return Rhythm(calendars.days_of(calendars.newest()[0].pk), Random(1))


@pytest.fixture
def days(rhythm: Rhythm) -> list[date]:
    """The working days of three years, but for the last weeks that are published."""
    covers_to = calendars.days_of(calendars.newest()[0].pk).covers_to
    first, last = date(covers_to.year - 2, 1, 1), covers_to - timedelta(days=31)
    every = [first + timedelta(days=number) for number in range((last - first).days)]
    return [day for day in every if rhythm.is_working(day)]


def test_reconsideration_is_asked_for_in_time_over_any_holiday(
    rhythm: Rhythm, days: list[date]
) -> None:
    waits = 1 + RECONSIDERED_AFTER[1]

    late = [
        day
        for day in days
        if rhythm.later(_at(day, time(9)), days=waits).date()
        > day + timedelta(days=WINDOW)
    ]

    assert len(days) > 700
    assert late == []


def test_people_act_while_the_offices_are_open(
    rhythm: Rhythm, days: list[date]
) -> None:
    for day in days:
        before = _at(day, Random(str(day)).choice([time(8, 40), time(11, 49)]))
        for wait in (0, 0, 1, 4):
            found = rhythm.later(before, days=wait)

            assert before < found
            assert rhythm.is_working(found.date())
            assert time(8, 40) <= found.time() <= time(11, 50) or time(
                13, 35
            ) <= found.time() <= time(17, 20)
            before = found


def test_what_comes_after_the_published_holidays_does_not_come(rhythm: Rhythm) -> None:
    last = calendars.days_of(calendars.newest()[0].pk).covers_to

    assert rhythm.later(_at(last, time(17, 20)), days=1) == NEVER


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, SHANGHAI)
