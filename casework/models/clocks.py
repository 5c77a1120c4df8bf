"""Calendars as they were published, and the ledger of every case's clocks."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from casework.domain.vocabulary import ClockState, Level, Outcome, RungState
from casework.models.cases import NEVER, Case
from casework.models.fields import RecordedKey, WordField
from casework.models.people import Person
from casework.models.rules import Rule
from casework.models.units import Unit


def _one_value(column: str) -> Func:
    return Func(F(column), F(column), Value("[]"), function="int8range")


def _stretch(start: str, end: str) -> Func:
    return Func(F(start), F(end), function="tstzrange")


class Calendar(models.Model):
    """The working calendar of the nation, or of one unit and what lies below it."""

    code = models.CharField(max_length=20, unique=True)
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="+", null=True)

    def __str__(self) -> str:
        return self.code


class CalendarVersion(models.Model):
    """One published state of a calendar: never changed, only followed by the next."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    covers_from = models.DateField()
    covers_to = models.DateField()
    source = models.CharField(max_length=300)
    #: The digest of the days: the same data published again make no new version.
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["calendar", "number"], name="calendar_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.calendar} {self.number}"


class CalendarDay(models.Model):
    """One day of a version, with the two sums that make counting a look-up."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=20)
    is_working = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=300, blank=True)
    hours = models.JSONField()
    workday_ordinal = models.IntegerField()
    open_seconds_before = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["version", "day"], name="calendar_day_once")
        ]
        indexes: ClassVar[list[Any]] = [
            # The n-th working day of a version, for reports that count in SQL.
            models.Index(
                fields=["version", "workday_ordinal"],
                name="calendar_working_day",
                condition=Q(is_working=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class Clock(models.Model):
    """One period of one case: under which rule, since when, until when, how it ended.

    `due_at` is empty while it stands still; `generation` grows with every change, so
    that a rung worked out before a change never fires after it.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="clocks", db_index=False
    )
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_index=False)
    target = models.CharField(max_length=60)
    cycle = models.IntegerField(default=1)
    state = WordField(ClockState)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    #: Extensions in the unit of the rule, one after the other.
    extensions = models.JSONField(default=list)
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="+", db_index=False
    )
    #: No new calendar or rule puts the due moment before this one (4.4.3).
    not_before = models.DateTimeField(null=True)
    raw_due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    breached_at = models.DateTimeField(null=True)
    outcome = WordField(Outcome, null=True)
    next_step_at = models.DateTimeField(default=NEVER)
    #: When the system takes the step that the rule names for its end.
    expires_at = models.DateTimeField(default=NEVER)
    #: The system has taken that step, and takes it once: also where somebody reversed it.
    expiry_taken = models.BooleanField(default=False)
    generation = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case", "target", "cycle"], name="clock_cycle_once"
            ),
            # K4: nothing is pending on a clock that does not run.
            models.CheckConstraint(
                name="clock_at_rest_has_no_next_step",
                condition=Q(state="running") | Q(next_step_at=NEVER, expires_at=NEVER),
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            # The sweep's second round: steps that the system has to take.
            models.Index(
                fields=["expires_at", "id"],
                name="clock_expiry",
                condition=Q(expires_at__lt=NEVER),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.target} {self.cycle}"


class ClockPause(models.Model):
    """A stretch `[started_at, ended_at)` in which a clock stood still, and why."""

    clock = models.ForeignKey(
        Clock, models.PROTECT, related_name="pauses", db_index=False
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["clock", "started_at"], name="clock_pause_starts_once"
            ),
            ExclusionConstraint(
                name="clock_pauses_do_not_overlap",
                expressions=[
                    (_one_value("clock_id"), RangeOperators.OVERLAPS),
                    (_stretch("started_at", "ended_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.reason}"


class ClockRung(models.Model):
    """One rung of a clock's ladder: when it fires, and whether it has."""

    clock = models.ForeignKey(
        Clock, models.PROTECT, related_name="rungs", db_index=False
    )
    number = models.IntegerField()
    code = models.CharField(max_length=30)
    repeat = models.IntegerField(default=0)
    generation = models.IntegerField()
    fires_at = models.DateTimeField()
    state = WordField(RungState)
    #: The place in the case's chain of the event that tells it.
    event_sequence = models.IntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            # Exactly once: the last guard against a rung that fires twice (K1).
            models.UniqueConstraint(
                fields=["clock", "code", "repeat"], name="rung_once_a_cycle"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.code}"


class CaseSegment(models.Model):
    """A stretch of a case in the hands of one unit and person."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="segments")
    unit = RecordedKey(Unit)
    level = WordField(Level)
    assignee = RecordedKey(Person)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ends_at__isnull=True),
                name="case_is_in_one_pair_of_hands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"
