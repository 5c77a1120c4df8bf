"""Who asked to see a case's numbers in full, for what purpose, and until when."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Purpose
from casework.models.cases import Case
from casework.models.fields import RecordedKey, WordField
from casework.models.people import Membership, Person


class Reveal(models.Model):
    """One person's leave to see the ID and card numbers of one case. Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reveals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    membership = RecordedKey(Membership)
    purpose = WordField(Purpose)
    reason = models.CharField(_("说明"), max_length=200)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "case", "-until"], name="reveal_of_person")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id} {self.purpose}"
