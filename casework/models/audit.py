"""The audit trail: events in chains, and one outbox row for each."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from casework.domain.chain import ZERO
from casework.models.cases import Case
from casework.models.fields import RecordedKey
from casework.models.people import Person
from casework.models.units import Unit


class Event(models.Model):
    """One fact. `body` is what was hashed and says it all; the columns only find it.

    Rows are appended and nothing else: the application may not UPDATE or DELETE them,
    and triggers refuse it to everybody.
    """

    chain = models.CharField(max_length=60)
    sequence = models.IntegerField()
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="events", null=True, db_index=False
    )
    city = RecordedKey(Unit)
    uid = models.UUIDField(unique=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    person = RecordedKey(Person)
    unit = RecordedKey(Unit)
    body = models.BinaryField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["chain", "sequence"], name="event_place_in_chain"
            ),
            models.CheckConstraint(
                name="event_hash_is_a_hash", condition=Exact(Length("hash"), 32)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence} {self.verb}"


class ChainHead(models.Model):
    """The end of a chain that belongs to no case: a unit's log-ins, denials, reveals."""

    chain = models.CharField(max_length=60, primary_key=True)
    event_count = models.IntegerField(default=0)
    head = models.BinaryField(max_length=32, default=ZERO)

    def __str__(self) -> str:
        return self.chain


class Outbox(models.Model):
    """An event that has yet to be told; who hears of it is worked out later."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["event"], name="outbox_untold", condition=Q(told_at=None)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
