"""The demo's time: a year that is told in a minute, working day by working day."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection

from casework.domain.deadlines import Calendar, CalendarHorizon
from casework.models import NEVER

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: When the offices are open in the morning and in the afternoon.
_HOURS = ((time(8, 40), time(11, 50)), (time(13, 35), time(17, 20)))


class DemoClock:
    """The time at which the demo's log records; it only goes forward."""

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=SHANGHAI)

    def __enter__(self) -> "DemoClock":
        return self

    def __exit__(self, kind: type[BaseException] | None, *fault: object) -> None:
        # After a failure the setting is rolled back with everything else, and a
        # statement of ours would hide what failed.
        if kind is None:
            _record_at("")

    def set(self, moment: datetime) -> None:
        """Let the database record at this moment; an earlier one than now changes nothing."""
        if moment <= self.now:
            return
        self.now = moment
        _record_at(moment.isoformat())


def _record_at(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('casework.recorded_at', %s, false)", [moment])


class Rhythm:
    """When people come and work: office hours, Monday rush, the days around a holiday."""

    def __init__(self, calendar: Calendar, dice: Random) -> None:
        self._calendar = calendar
        self._dice = dice

    def is_working(self, day: date) -> bool:
        """Whether the offices work that day; a make-up Saturday is such a day."""
        return self._calendar.is_working(day.toordinal())

    def rush(self, day: date) -> float:
        """Return how many more come than on an ordinary day: 1 is ordinary, 0 closed."""
        if not self.is_working(day):
            return 0
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        rush = 1.7 if not self.is_working(before) else 1.0
        if not self.is_working(after):
            rush *= 0.7
        if not self.is_working(before) and not self.is_working(
            before - timedelta(days=2)
        ):
            rush *= 1.3  # a long break is over
        return rush

    def working_days_left(self, day: date, *, until: date) -> int:
        """Return how many working days come after the day, the last one included."""
        worked = self._calendar.worked_through
        return worked(until.toordinal()) - worked(day.toordinal())

    def office_hour(self, day: date) -> datetime:
        """Return some minute of the day at which the offices are open."""
        opens, closes = self._dice.choice(_hours(day))
        minutes = int((closes - opens).total_seconds()) // 60
        return opens + timedelta(minutes=self._dice.randint(0, minutes))

    def later(self, moment: datetime, *, days: int) -> datetime:
        """Return an office hour so many working days later, after the moment if it is today.

        What would come after the published holidays does not come in this demo.
        """
        today = moment.date().toordinal()
        wait = days or not self._calendar.is_working(today)
        try:
            day = self._calendar.working_day(
                self._calendar.worked_through(today) + wait
            )
        except CalendarHorizon:
            return NEVER
        found = self.office_hour(date.fromordinal(day))
        if found > moment:
            return found
        return self._soon_after(moment) or self.later(moment, days=1)

    def _soon_after(self, moment: datetime) -> datetime | None:
        """Return a moment a little later the same day; none when the offices close."""
        (_opens, noon), (again, closes) = _hours(moment.date())
        found = moment + timedelta(minutes=self._dice.randint(3, 40))
        if noon < found < again:
            found = again + timedelta(minutes=self._dice.randint(0, 20))
        return found if found <= closes else None


def _hours(day: date) -> list[tuple[datetime, datetime]]:
    return [
        (
            datetime.combine(day, opens, SHANGHAI),
            datetime.combine(day, closes, SHANGHAI),
        )
        for opens, closes in _HOURS
    ]
