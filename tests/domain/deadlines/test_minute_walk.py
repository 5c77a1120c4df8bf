"""The measure beside a walk over every minute (K13's reference, 4.2)."""

from random import Random

import pytest

from casework.domain.deadlines import CalendarHorizon, due
from casework.domain.deadlines.civil import ZONE
from tests.domain.deadlines.minute_walk import BeyondTheMap
from tests.domain.deadlines.questions import Setting, random_question, settings


@pytest.fixture(scope="module")
def offices() -> tuple[Setting, ...]:
    return settings()


def agreeing(offices: tuple[Setting, ...], *, cases: int, seed: int) -> int:
    """Compare random cases; return how many had a due date within the calendar."""
    random = Random(seed)
    answered = 0
    for number in range(cases):
        setting = offices[number % len(offices)]
        reckoning, walked = random_question(random, setting)
        try:
            expected = setting.office.due(walked).replace(tzinfo=ZONE)
        except BeyondTheMap:
            # A plain calendar day that ends at 24:00 needs no calendar at all.
            if not reckoning.terms.unit.is_calendar or not walked.ends_at_midnight:
                with pytest.raises(CalendarHorizon):
                    due(reckoning)
            continue
        answered += 1
        assert due(reckoning).due_at == expected, (reckoning, walked)
    return answered


def test_WD_CD_WH_two_thousand_random_cases_equal_the_minute_walk(
    offices: tuple[Setting, ...],
) -> None:
    assert agreeing(offices, cases=2_000, seed=20261123) > 1_800


@pytest.mark.slow
def test_WD_CD_WH_a_hundred_thousand_random_cases_equal_the_minute_walk(
    offices: tuple[Setting, ...],
) -> None:
    assert agreeing(offices, cases=100_000, seed=4_2) > 90_000
