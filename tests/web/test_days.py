"""Days say their year when it is not this one, wherever they are drawn."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from casework.web.templatetags.days import day, month_day, short_day

NOVEMBER = datetime(2026, 11, 29, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("language", "this_year", "another"),
    [
        ("zh-hans", "11月29日", "2027年11月29日"),
        ("en", "29 November", "29 November 2027"),
    ],
)
@time_machine.travel(NOVEMBER)
def test_a_day_of_another_year_says_it(
    language: str, this_year: str, another: str
) -> None:
    with translation.override(language):
        assert month_day(date(2026, 11, 29)) == this_year
        assert month_day(date(2027, 11, 29)) == another
        assert another in day(date(2027, 11, 29))


@time_machine.travel(NOVEMBER)
def test_a_column_of_days_says_the_year_in_two_digits() -> None:
    assert short_day(date(2026, 11, 29)) == "11-29"
    assert short_day(date(2019, 11, 29)) == "19-11-29"
