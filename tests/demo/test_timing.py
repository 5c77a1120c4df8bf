"""What the demo's people wait for fits into the law's time, whenever the year ends."""

from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from casework.demo.parts import RECONSIDERED_AFTER
from casework.demo.timing import SHANGHAI, Rhythm
from casework.services import calendars

#: The window of H-31 in calendar days, from the service.
WINDOW = 15


@pytest.mark.django_db
def test_reconsideration_is_asked_for_in_time_over_any_holiday() -> None:
    calendar = calendars.days_of(calendars.newest()[0].pk)
    rhythm = Rhythm(calendar, Random(1))
    waits = 1 + RECONSIDERED_AFTER[1]
    first, last = date(calendar.covers_to.year - 2, 1, 1), calendar.covers_to
    days = [
        first + timedelta(days=number) for number in range((last - first).days - 30)
    ]

    late = [
        day
        for day in days
        if rhythm.is_working(day)
        and rhythm.later(datetime.combine(day, time(9), SHANGHAI), days=waits).date()
        > day + timedelta(days=WINDOW)
    ]

    assert len(days) > 1000
    assert late == []
