"""The calendar: built from notices, laid over, spliced, continued, and refused."""

import tracemalloc
from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import pytest

from casework.data.holidays import load_notices
from casework.domain.deadlines import (
    SUMMER_HOURS,
    Calendar,
    CalendarHorizon,
    CalendarInvalid,
    DayKind,
    HoursProfile,
    NoticeDay,
    Overlay,
    Season,
    build_calendar,
    overlaid,
    parse_notice,
    restored,
    spliced,
)
from casework.domain.deadlines.horizon import continued
from tests.domain.deadlines.questions import CALENDAR

NOTICES = {notice.year: notice for notice in load_notices()}


def kind_on(day: str, calendar: Calendar = CALENDAR) -> DayKind:
    return calendar.day(date.fromisoformat(day)).kind


def test_T24_every_day_of_twelve_years_equals_chinesecalendar() -> None:
    days = list(CALENDAR.days())

    assert len(days) == 4_383
    for day in days:
        assert day.kind.is_working == chinese_calendar.is_workday(day.date), day


def test_T20_a_feast_is_told_from_the_days_swapped_around_it() -> None:
    assert kind_on("2025-01-28") == DayKind.STATUTORY
    assert kind_on("2025-01-31") == DayKind.STATUTORY
    assert kind_on("2025-02-01") == DayKind.ADJUSTED_OFF
    assert kind_on("2025-05-02") == DayKind.STATUTORY
    assert kind_on("2024-05-02") == DayKind.ADJUSTED_OFF
    assert kind_on("2025-01-26") == DayKind.MAKEUP
    assert kind_on("2025-01-25") == DayKind.WEEKEND


def test_T20_every_year_has_as_many_feast_days_as_the_law_names() -> None:
    for year, notice in NOTICES.items():
        law = 13 if year >= 2025 else 11
        # 中秋 is a day of 国庆 in some years, so that two feasts share it.
        shared = {2020: 1}.get(year, 0)
        assert len(notice.feast_days) == law - shared, year


def test_T24_a_day_off_names_its_holiday_and_its_notice() -> None:
    note = CALENDAR.day(date(2026, 10, 8 - 1)).note

    assert note.name == "国庆节"
    assert note.reference.startswith("https://www.gov.cn/")


def test_the_columns_of_a_day_are_cumulative() -> None:
    ordinal = seconds = 0
    for day in CALENDAR.days():
        assert day.open_seconds_before == seconds
        if day.kind.is_working:
            ordinal, seconds = ordinal + 1, seconds + 7 * 3600
        assert day.workday_ordinal == ordinal


def test_twelve_years_take_less_than_a_quarter_of_a_megabyte() -> None:
    notices = tuple(NOTICES[year] for year in range(2015, 2027))
    tracemalloc.start()
    calendar = build_calendar(notices)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert calendar.covers_to == date(2026, 12, 31)
    assert size < 250_000


def test_the_nearest_overlay_wins_on_a_day() -> None:
    day = date(2025, 9, 24)
    city = Overlay(reference="市", closed={day: "台风"})
    county = Overlay(reference="县", open={day: "值守"})

    assert kind_on("2025-09-24", overlaid(CALENDAR, [city])) == DayKind.LOCAL_CLOSED
    assert kind_on("2025-09-24", overlaid(CALENDAR, [city, county])) == (
        DayKind.LOCAL_OPEN
    )


def test_an_overlay_that_agrees_with_the_calendar_changes_nothing() -> None:
    agreeing = Overlay(
        reference="市",
        closed={date(2025, 9, 27): ""},
        open={date(2025, 9, 26): "", date(2025, 9, 28): ""},
    )

    assert list(overlaid(CALENDAR, [agreeing]).days()) == list(CALENDAR.days())


def test_seasonal_hours_hold_from_their_first_to_their_last_day() -> None:
    summer = Season(date(2025, 6, 1), date(2025, 9, 30), SUMMER_HOURS)
    calendar = overlaid(CALENDAR, [Overlay(reference="县", seasons=(summer,))])

    codes = {
        day: calendar.day(date.fromisoformat(day)).hours.code
        for day in ("2025-05-31", "2025-06-01", "2025-09-30", "2025-10-01")
    }
    assert list(codes.values()) == ["std", "alt", "alt", "std"]


def test_a_moved_clock_keeps_the_old_office_before_the_move_and_the_new_after() -> None:
    old = overlaid(
        CALENDAR, [Overlay(reference="旧", closed={date(2025, 9, 23): "停电"})]
    )
    new = overlaid(
        CALENDAR,
        [
            Overlay(
                reference="新",
                closed=dict.fromkeys([date(2025, 9, 22), date(2025, 9, 25)], "搬家"),
            )
        ],
        code="新",
    )

    calendar = spliced(before=old, after=new, on=date(2025, 9, 24))

    assert kind_on("2025-09-22", calendar) == DayKind.NORMAL
    assert kind_on("2025-09-23", calendar) == DayKind.LOCAL_CLOSED
    assert kind_on("2025-09-25", calendar) == DayKind.LOCAL_CLOSED
    assert calendar.code == "新"


def test_a_stored_calendar_is_restored_from_its_rows_in_any_order() -> None:
    rows = list(CALENDAR.days())

    stored = restored(reversed(rows), code="CN")

    assert list(stored.days()) == rows
    for wrong in (
        [],
        [*rows, rows[0]],
        rows[:9] + rows[10:],
        [*rows[:9], *rows[8:9], *rows[10:]],
    ):
        with pytest.raises(CalendarInvalid, match="每天一行"):
            restored(wrong, code="CN")


def test_T20_a_provisional_year_knows_weekdays_and_feasts_fixed_by_date() -> None:
    calendar = continued(CALENDAR, years=1)

    off = [
        day.date
        for day in calendar.days()
        if day.date.year == 2027 and day.date.weekday() < 5 and not day.kind.is_working
    ]
    assert off == [date(2027, 1, 1), date(2027, 10, 1)]
    assert kind_on("2027-05-01", calendar) == DayKind.STATUTORY
    assert kind_on("2027-02-08", calendar) == DayKind.NORMAL
    assert calendar.published_to == date(2026, 12, 31)


def test_a_day_outside_the_calendar_is_beyond_its_horizon() -> None:
    for day in (date(2014, 12, 31), date(2027, 1, 1)):
        with pytest.raises(CalendarHorizon, match="2026-12-31") as refused:
            CALENDAR.day(day)
        assert refused.value.field == "calendar"


def test_a_notice_that_names_a_day_twice_is_refused() -> None:
    notice = NOTICES[2026]

    with pytest.raises(CalendarInvalid, match="2026-01-01 出现了 2 次"):
        replace(notice, days=(*notice.days, notice.days[0]))


def test_a_day_that_two_notices_name_is_refused() -> None:
    other = replace(
        NOTICES[2025],
        days=(*NOTICES[2025].days, NoticeDay(date(2025, 12, 31), "元旦", False)),
    )
    repeating = replace(
        NOTICES[2026],
        days=(*NOTICES[2026].days, NoticeDay(date(2025, 12, 31), "元旦", False)),
    )

    with pytest.raises(CalendarInvalid, match="2025-12-31 在两年的放假通知里"):
        build_calendar([other, repeating])


@pytest.mark.parametrize("day", [date(2025, 11, 30), date(2027, 1, 1)])
def test_a_notice_with_a_day_of_another_year_is_refused(day: date) -> None:
    notice = NOTICES[2026]

    with pytest.raises(CalendarInvalid, match=f"别的年份的日子 {day}"):
        replace(notice, days=(*notice.days, NoticeDay(day, "元旦", True)))


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_T23_a_long_holiday_without_one_of_its_make_up_days_is_refused(
    year: int,
) -> None:
    notice = NOTICES[year]
    make_up = next(
        day for day in notice.days if not day.is_off and day.date.weekday() >= 5
    )

    with pytest.raises(CalendarInvalid, match="少了 1 个调休上班日"):
        replace(notice, days=tuple(day for day in notice.days if day != make_up))


def test_a_missing_or_repeated_year_is_refused() -> None:
    for notices in ([], [NOTICES[2024], NOTICES[2026]], [NOTICES[2026]] * 2):
        with pytest.raises(CalendarInvalid, match="年份要连续"):
            build_calendar(notices)


def test_B16_thirteen_days_without_work_stand_and_a_fortnight_is_refused() -> None:
    first = date(2025, 7, 1)
    days = [first + timedelta(days=number) for number in range(14)]

    overlaid(CALENDAR, [Overlay(reference="市", closed=dict.fromkeys(days[:13], ""))])
    with pytest.raises(CalendarInvalid, match="从 2025-07-01 到 2025-07-14 没有一个"):
        overlaid(CALENDAR, [Overlay(reference="市", closed=dict.fromkeys(days, ""))])


def test_a_season_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(CalendarInvalid, match="结束早于开始"):
        Season(date(2025, 9, 30), date(2025, 6, 1), SUMMER_HOURS)


def test_a_day_both_closed_and_open_is_refused() -> None:
    day = date(2025, 9, 24)

    with pytest.raises(CalendarInvalid, match="2025-09-24 既写了休息又写了上班"):
        Overlay(reference="市", closed={day: ""}, open={day: ""})


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"year": "x", "papers": [], "days": []},
        {"year": 2026, "papers": [], "days": [{"name": "元旦", "date": "2026-13-01"}]},
        {"year": 2026, "papers": None, "days": []},
    ],
)
def test_a_notice_that_cannot_be_read_is_refused_with_a_sentence(
    raw: dict[str, object],
) -> None:
    with pytest.raises(CalendarInvalid, match="放假通知的数据读不出来"):
        parse_notice(raw)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9-12",
        "09:00-12:00,11:00-17:00",
        "12:00-09:00",
        "09:00-25:00",
        "09:00-11:75",
    ],
)
def test_hours_that_cannot_be_kept_are_refused(text: str) -> None:
    with pytest.raises(CalendarInvalid, match="hours"):
        HoursProfile.parse("x", text)


def test_hours_are_whole_minutes() -> None:
    with pytest.raises(CalendarInvalid, match="精确到分"):
        HoursProfile("x", ((9 * 3600, 17 * 3600 + 30),))
