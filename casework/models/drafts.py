"""A form that is not sent yet: what one person typed for one step of one case."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.people import Person
from casework.models.records import record_id
from casework.models.sealing import SealedField


class FormDraft(models.Model):
    """What was typed so far, sealed: nobody's act yet, so it changes and goes."""

    id = models.UUIDField(primary_key=True, default=record_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    step = models.CharField(max_length=60)
    #: The version of the case that the person saw while he typed.
    version = models.IntegerField()
    typed = SealedField(_("填写的内容"))
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "case", "step"], name="one_draft_of_a_form"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.person_id}"
