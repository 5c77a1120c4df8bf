"""What an act states beside the case's own row: parties, visits, objections, papers."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

from casework.domain.identity import new_uid
from casework.models.cases import Case


def record_id() -> UUID:
    """Return the id of a new record; known before it is written, so it can be sealed."""
    return new_uid(timezone.now())


R = TypeVar("R", bound="Record")


class RecordQuerySet(models.QuerySet[R]):
    """Questions about what holds."""

    def in_force(self) -> Self:
        """Return what no later act replaced or took back."""
        return self.filter(ended_by__isnull=True)


class Record(models.Model):
    """A fact that one act of a case states, in force until another act ends it.

    Nothing is changed and nothing deleted: an act that states anew ends what stood
    before it (`ended_by` is its version), and one that is taken back ends its own.
    """

    #: What a unique constraint of these rows says to a person: its name, the sentence.
    taken: ClassVar[Mapping[str, Promise]] = {}

    id = models.UUIDField(primary_key=True, default=record_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)s_records")
    #: The version of the case that the act made which states it.
    version = models.IntegerField()
    ended_by = models.IntegerField(null=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar[list[Any]] = ["version", "id"]
