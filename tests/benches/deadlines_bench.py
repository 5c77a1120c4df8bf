"""Due dates by look-up beside the same due dates by walking days.

Run `python -m tests.benches.deadlines_bench`. It prints ratios, not seconds: the
walker uses chinesecalendar's own day functions, and both must agree on every case.
"""

import tracemalloc
from datetime import date, datetime, timedelta
from random import Random
from time import perf_counter

import chinese_calendar

from casework.data.holidays import load_notices
from casework.domain.deadlines import (
    Calendar,
    Period,
    Reckoning,
    Terms,
    Unit,
    build_calendar,
    due,
)
from casework.domain.deadlines.civil import ZONE

CASES = 20_000
LENGTHS = (5, 15, 60, 250)


def walked(start: date, amount: int) -> date:
    """Step through the days as a business-time library does."""
    day = start
    while amount:
        day += timedelta(days=1)
        amount -= chinese_calendar.is_workday(day)
    return day


def questions(calendar: Calendar, amount: int) -> list[Reckoning]:
    """Return random questions of one length."""
    random = Random(amount)
    first = datetime(2015, 1, 5, 10, tzinfo=ZONE)
    terms = Terms(period=Period(amount, Unit.WORKING_DAY))
    return [
        Reckoning(
            start=first + timedelta(days=random.randrange(3_900)),
            terms=terms,
            calendar=calendar,
        )
        for _ in range(CASES)
    ]


def main() -> None:
    notices = load_notices()
    tracemalloc.start()
    calendar = build_calendar(notices)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"calendar of 12 years: {kept / 1024:.0f} KiB kept, {peak / 1024:.0f} KiB peak"
    )

    for amount in LENGTHS:
        asked = questions(calendar, amount)
        began = perf_counter()
        looked_up = [due(question).due_on for question in asked]
        middle = perf_counter()
        stepped = [walked(question.start.date(), amount) for question in asked]
        ended = perf_counter()
        assert looked_up == stepped
        each = (middle - began) / CASES * 1e6
        ratio = (ended - middle) / (middle - began)
        print(
            f"{amount:4} working days: {ratio:6.1f} times faster than a day walk "
            f"({each:.1f} microseconds each)"
        )


if __name__ == "__main__":
    main()
