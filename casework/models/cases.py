"""Cases, what was done in them, and who takes part."""

import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length, StrIndex, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from casework.domain.chain import ZERO
from casework.domain.vocabulary import Channel, Level, Role, Sensitivity
from casework.models.fields import RecordedKey, WordField
from casework.models.people import Membership, Person
from casework.models.sealing import open_value, place_of
from casework.models.units import Unit

#: Later than every deadline: no clock of the case runs. An index orders it last, which
#: NULL would not do in one range.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def new_secret() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(32)


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions that the queues ask."""

    def open(self) -> "CaseQuerySet":
        """Return the cases that are not closed."""
        return self.filter(closed_at__isnull=True)


class Case(models.Model):
    """One matter of one worker or group, whatever its procedure.

    A procedure is a proxy with its own state machine; what only it knows stands in its
    details. Territory (station, county, city) says where the case belongs and changes
    only with the jurisdiction; holder and level say who has it now.
    """

    number = models.CharField(_("案件号"), max_length=40, null=True)  # noqa: DJ001  (a draft has none)
    kind = models.CharField(max_length=40)
    state = FSMField(max_length=40, protected=True)
    subject = models.CharField(_("事由"), max_length=200)

    city = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    county = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, db_index=False
    )
    station = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, db_index=False
    )
    holder = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    level = WordField(Level)
    assignee = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, db_index=False
    )

    sensitivity = WordField(Sensitivity, default=Sensitivity.NORMAL)
    marks = ArrayField(models.CharField(max_length=40), default=list)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    #: When the last act happened; the next one may not have happened before it.
    effective_at = models.DateTimeField()
    #: The nearest due moment of a running clock: what queues are ordered by.
    next_due_at = models.DateTimeField(default=NEVER)
    #: The nearest rung of a running clock, or its end where that calls for a step: what
    #: has to be done before an act.
    next_step_at = models.DateTimeField(default=NEVER)

    version = models.IntegerField(default=0)
    event_count = models.IntegerField(default=0)
    head = models.BinaryField(max_length=32, default=ZERO)
    #: The key of the commitments to this case's data; destroying it erases them.
    secret = models.BinaryField(max_length=32, default=new_secret)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            # Two cities may have counties of the same short name.
            models.UniqueConstraint(fields=["city", "number"], name="case_number"),
            models.CheckConstraint(
                name="case_head_is_a_hash", condition=Exact(Length("head"), 32)
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            # The queues of a unit and a person, and of what lies in a territory at a
            # level: open cases only.
            *(
                models.Index(
                    fields=[place, "level", "next_due_at", "id"],
                    name=f"case_queue_{place}",
                    condition=Q(closed_at__isnull=True),
                )
                for place in ("city", "county", "station")
            ),
            *(
                models.Index(
                    fields=[hands, "next_due_at", "id"],
                    name=f"case_queue_{hands}",
                    condition=Q(closed_at__isnull=True),
                )
                for hands in ("holder", "assignee")
            ),
            # A search for the end of a number: 〔2026〕0012.
            models.Index(
                OpClass(
                    Substr("number", StrIndex("number", Value("〔"))),
                    name="text_pattern_ops",
                ),
                name="case_number_tail",
            ),
            # The sweep's claim: the next rung anywhere.
            models.Index(
                fields=["next_step_at", "id"],
                name="case_next_step",
                condition=Q(next_step_at__lt=NEVER),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.kind} {self.pk}"


class CaseNumber(models.Model):
    """The last number given out for one unit, kind and year; gaps are allowed."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    word = models.CharField(max_length=10)
    year = models.IntegerField()
    last = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["unit", "word", "year"], name="case_number_counter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.year} {self.last}"


class Act(models.Model):
    """What one person did in a case: the validated data of a step. Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="acts", db_index=False)
    #: The version of the case that the act made.
    version = models.IntegerField()
    step = models.CharField(max_length=60)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    person = RecordedKey(Person)
    membership = RecordedKey(Membership)
    unit = RecordedKey(Unit)
    role = WordField(Role)
    channel = WordField(Channel)
    on_behalf_of = RecordedKey(Person)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField()
    #: The rows as they were, so that the act can be taken back or reversed.
    before = models.JSONField(default=dict)
    #: Why it was recorded later than it happened; empty for what was recorded at once.
    late_reason = models.CharField(max_length=300, blank=True)
    #: What proves when it happened: the register, a postmark, a record of the call.
    late_proof = models.CharField(max_length=300, blank=True, db_default="")
    #: The form that was sent; the same form sent again is the same act.
    command = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case", "version"], name="act_makes_one_version"
            ),
            models.UniqueConstraint(
                fields=["case", "command"], name="act_answers_one_command"
            ),
            models.UniqueConstraint(
                fields=["command"], condition=Q(version=1), name="act_opens_one_case"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            # What a person has done and started, the newest first.
            models.Index(fields=["person", "-id"], name="act_of_person")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.version} {self.step}"

    def value(self, field: str) -> Any:
        """Return what the form's field said, opened when it is kept sealed."""
        return open_value(
            self.data.get(field), self.place_of(self.case_id, self.version, field)
        )

    @classmethod
    def place_of(cls, case_id: int, version: int, field: str) -> str:
        """Return the place for which a field of an act is sealed."""
        return place_of(cls._meta.db_table, f"data.{field}", f"{case_id}/{version}")
