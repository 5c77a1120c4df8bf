"""The demo city: 苏州市 with its real divisions, fictional people and a year of cases."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection, transaction

from casework.access import SYSTEM
from casework.data import divisions
from casework.demo import courses, exhibits, households, offices, staff
from casework.demo.fiction import Fiction
from casework.demo.story import Story
from casework.demo.timing import SHANGHAI, DemoClock, Rhythm
from casework.demo.year import Year
from casework.domain.vocabulary import Level
from casework.models import Unit
from casework.services import calendars, units
from workflows.hardship_aid import standards
from workflows.hardship_aid.vocabulary import FileState, S

CITY = "苏州市"
SEED = 2026
DAYS = 365
#: The days before, in which some come whose files are up for their yearly review now.
PRELUDE = 100
#: How many of them.
BEFORE = 6
#: How many come to an ordinary working day.
A_DAY = 1.2
#: How many stations of a county take part; the others have nobody yet.
STATIONS = 4
#: The station of which every office above has people with accounts.
SHOWN_AT = frozenset({staff.PINGJIANG})

#: The network, the staff and their offices, and each day of the year.
STEPS = 2 + len(staff.STAFF) + PRELUDE + DAYS


def load(*, now: datetime, done: Callable[[int], None], days: int = DAYS) -> None:
    """Load the city, its staff and a year of cases, all of it or nothing.

    The year ends now, or on 30 November of the last year whose holidays are published,
    whichever is earlier. `done` hears how many of the `STEPS` are taken; a test tells
    the last `days` only.
    """
    steps = iter(range(1, STEPS + 1))
    with transaction.atomic(), DemoClock() as clock:
        _read_by_index()
        calendar = calendars.days_of(calendars.newest()[0].pk)
        last = _end(now, calendar.covers_to)
        first = last.date() - timedelta(days=days - 1)
        early = first - timedelta(days=PRELUDE) if days >= DAYS else first
        clock.set(datetime.combine(early, time(7), SHANGHAI) - timedelta(days=1))
        _build_network()
        done(next(steps))
        for member in staff.STAFF:
            staff.appoint(member)
            done(next(steps))
        dice = Random(SEED)
        rhythm = Rhythm(calendar, dice)
        author = Author(clock, rhythm, dice, first=first)
        done(next(steps))
        year = Year(early, last, clock, rhythm)
        year.run(
            arrivals=lambda day: author.arrivals(year, day),
            done=lambda: done(next(steps)),
        )


class Author:
    """Who comes on which day, to which station, and what becomes of it."""

    def __init__(
        self, clock: DemoClock, rhythm: Rhythm, dice: Random, *, first: date
    ) -> None:
        self._clock, self._rhythm, self._dice = clock, rhythm, dice
        self._first = first
        self._fiction = Fiction(SEED)
        self._shown: set[tuple[S | FileState, int]] = set()
        self._before = iter(
            [each for each in courses.OF_THE_YEAR_BEFORE for _n in range(BEFORE // 2)]
        )
        self._stations = _stations()
        self._shown_at = [each for each in self._stations if each.code in SHOWN_AT]
        self._offices = offices.staffed(
            _open_units(self._stations), fiction=self._fiction
        )

    def arrivals(self, year: Year, day: date) -> None:
        """Begin the courses of those who come on the day, in the year or before it."""
        if day < self._first:
            self._come_before(year, day)
            return
        for _one in range(self._how_many(A_DAY * self._rhythm.rush(day))):
            chosen = self._dice.choices(
                list(courses.COURSES), weights=list(courses.COURSES.values())
            )[0]
            story = self._story(day, chosen)
            year.begin(chosen(story), self._rhythm.office_hour(day))
        for state in self._exhibited(year, day):
            for is_shown in (True, False):
                course = exhibits.EXHIBITS[state].course
                story = self._story(day, course, is_shown=is_shown)
                held = exhibits.held_at(state, course(story), story)
                year.begin(held, self._rhythm.office_hour(day))

    def _come_before(self, year: Year, day: date) -> None:
        """Begin one course of the year before, as long as there are any."""
        course = next(self._before, None)
        if course is not None:
            story = self._story(day, course, is_shown=True)
            year.begin(course(story), self._rhythm.office_hour(day))

    def _how_many(self, expected: float) -> int:
        many = expected * 2 * self._dice.random()
        return int(many) + (self._dice.random() < many % 1)

    def _exhibited(self, year: Year, day: date) -> list[S | FileState]:
        left = self._rhythm.working_days_left(day, until=year.last.date())
        shown = [
            (state, begins)
            for state, exhibit in exhibits.EXHIBITS.items()
            for begins in exhibit.begins
            if (state, begins) not in self._shown and left <= begins
        ]
        self._shown.update(shown)
        return [state for state, _begins in shown]

    def _story(
        self, day: date, course: courses.Telling, *, is_shown: bool = False
    ) -> Story:
        dice = self._dice
        station = dice.choice(self._shown_at if is_shown else self._stations)
        is_well_off = course in courses.WELL_OFF
        invent = households.well_off if is_well_off else households.invent
        above = _above(station)
        elsewhere = dice.choice(
            [s for s in self._stations if _county(s) != _county(station)]
        )
        return Story(
            home=invent(self._fiction, station, today=day),
            station=self._offices[station.pk],
            county=self._offices[above[Level.COUNTY]],
            centre=self._offices[above[Level.CITY]],
            elsewhere=elsewhere,
            receiving=self._offices[_above(elsewhere)[Level.COUNTY]],
            clock=self._clock,
            rhythm=self._rhythm,
            dice=dice,
            is_shown=is_shown,
        )


def _above(station: Unit) -> dict[Level, int]:
    return {unit.level: unit.pk for unit in Unit.objects.get_ancestors(station)}


def _county(station: Unit) -> str:
    return str(station.path[: -Unit.steplen])


def _end(now: datetime, covers_to: date) -> datetime:
    last = datetime(covers_to.year, 11, 30, 17, tzinfo=SHANGHAI)
    return min(now.astimezone(SHANGHAI), last)


def _read_by_index() -> None:
    # Nothing analyses the tables of a transaction that is under way; without figures
    # the planner would read them whole.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def _build_network() -> None:
    known = divisions.packaged()
    units.import_divisions(
        divisions=known,
        city=units.city_named(CITY, divisions=known),
        valid_from=divisions.EDITION_DATE,
        by=SYSTEM,
    )
    standards.load_demo_standards()


def _stations() -> list[Unit]:
    """Return the stations that are open: those with staff, and the first of each county."""
    staffed = {code for member in staff.STAFF for _role, code in member.hats}
    found: list[Unit] = []
    for county in Unit.objects.filter(level=str(Level.COUNTY)).order_by("path"):
        below = list(
            Unit.objects.filter(path__startswith=county.path, level=str(Level.STATION))
        )
        named = [unit for unit in below if unit.code in staffed]
        found += (
            named
            + [unit for unit in below if unit not in named][: STATIONS - len(named)]
        )
    return found


def _open_units(stations: list[Unit]) -> list[Unit]:
    above = {
        unit.pk: unit
        for station in stations
        for unit in Unit.objects.get_ancestors(station)
        if unit.level in (Level.COUNTY, Level.CITY)
    }
    return [*above.values(), *stations]
