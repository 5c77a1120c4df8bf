"""A year in the city, told through the services: who applied, what was done, and when.

Each household's course is a generator: it acts, and yields what it waits for. The year
resumes it at an office hour of the right working day; every night the sweep fires what
fell due, as it does in earnest.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count

from casework.demo.timing import SHANGHAI, DemoClock, Rhythm
from casework.services.sweep import sweep


@dataclass(frozen=True, slots=True)
class After:
    """Wait for so many working days; 0 is later the same day."""

    days: int


@dataclass(frozen=True, slots=True)
class At:
    """Wait for a moment that was agreed."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until something is so, looked at every morning."""

    is_so: Callable[[], bool]


Course = Generator[After | At | Until, None, None]


@dataclass(slots=True)
class Year:
    """The working days from `first` to `last`, and the courses on their way."""

    first: date
    last: datetime
    clock: DemoClock
    rhythm: Rhythm
    _due: list[tuple[datetime, int, Course]] = field(default_factory=list)
    _parked: list[tuple[Until, Course]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def begin(self, course: Course, at: datetime) -> None:
        """Let a course begin at the moment."""
        heappush(self._due, (at, next(self._order), course))

    def run(
        self, *, arrivals: Callable[[date], None], done: Callable[[], None]
    ) -> None:
        """Live the year day by day; `arrivals` begins the courses of a day."""
        day = self.first
        while day <= self.last.date():
            if self.rhythm.is_working(day):
                arrivals(day)
                self._wake(day)
                self._work(min(_midnight(day), self.last))
            self._night(day)
            day += timedelta(days=1)
            done()

    def _wake(self, day: date) -> None:
        waiting, self._parked = self._parked, []
        for until, course in waiting:
            if until.is_so():
                self.begin(course, self.rhythm.office_hour(day))
            else:
                self._parked.append((until, course))

    def _work(self, until: datetime) -> None:
        while self._due and self._due[0][0] < until:
            moment, _order, course = heappop(self._due)
            self.clock.set(moment)
            wait = next(course, None)
            if isinstance(wait, After):
                self.begin(course, self.rhythm.later(self.clock.now, days=wait.days))
            elif isinstance(wait, At):
                self.begin(course, wait.moment)
            elif isinstance(wait, Until):
                self._parked.append((wait, course))

    def _night(self, day: date) -> None:
        self.clock.set(min(_midnight(day) + timedelta(minutes=1), self.last))
        sweep()


def _midnight(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
