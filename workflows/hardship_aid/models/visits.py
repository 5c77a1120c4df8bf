"""Visits to the home, and attempts to reach somebody (H-23)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.models import Person, Record
from casework.models.fields import WordField
from casework.models.sealing import SealedField
from casework.wording import enumeration
from workflows.hardship_aid.vocabulary import (
    Agreement,
    AttemptChannel,
    AttemptOutcome,
    VehicleUse,
    VisitOutcome,
)


class ContactAttempt(Record):
    """One attempt to reach somebody: when, by which channel, with what result."""

    at = models.DateTimeField()
    channel = WordField(AttemptChannel)
    outcome = WordField(AttemptOutcome)
    note = SealedField(_("说明"))
    #: When they come again, as the notice left at the door says.
    again_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.channel} {self.outcome}"


class Visitors(Record):
    """Two who visit: one of the unit, and a colleague or a named outsider."""

    first_visitor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second_visitor = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True
    )
    outsider_name = models.CharField(_("同行人姓名"), max_length=100, blank=True)
    outsider_body = models.CharField(_("同行人单位"), max_length=100, blank=True)

    class Meta(Record.Meta):
        abstract = True

    @property
    def names(self) -> list[str]:
        """The names of both, as papers have them."""
        second = f"{self.outsider_name}（{self.outsider_body}）"
        return [self.first_visitor.name, self._colleague or second]

    def told(self) -> str:
        """Name both in the reader's language."""
        outsider = {"name": self.outsider_name, "body": self.outsider_body}
        second = gettext("%(name)s（%(body)s）") % outsider
        return enumeration([self.first_visitor.name, self._colleague or second])

    @property
    def _colleague(self) -> str:
        return self.second_visitor.name if self.second_visitor else ""


class VisitPlan(Visitors):
    """An appointment: who goes to the home, and when."""

    planned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.planned_at:%Y-%m-%d}"


class HomeVisit(Visitors):
    """A visit that was made: what was seen, asked and heard, and who signed."""

    visited_at = models.DateTimeField()
    outcome = WordField(VisitOutcome)
    housing = WordField(Agreement, blank=True)
    vehicle = WordField(VehicleUse, blank=True)
    medical_monthly_fen = models.BigIntegerField(null=True)
    seen = SealedField(_("看到的情况"))
    neighbours = SealedField(_("邻居反映"))
    photos_allowed = models.BooleanField(default=False)
    is_signed_by_first = models.BooleanField(default=False)
    is_signed_by_second = models.BooleanField(default=False)
    is_signed_by_family = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"
