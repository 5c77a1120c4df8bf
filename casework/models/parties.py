"""Who takes part in a case, and in what part."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Part
from casework.models.fields import WordField
from casework.models.people import Person
from casework.models.records import Record


class Party(Record):
    """Somebody who takes part in a case, and in what part."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    part = WordField(Part)
    name = models.CharField(_("姓名或名称"), max_length=100)
    phone = models.CharField(_("电话"), max_length=30, blank=True)

    def __str__(self) -> str:
        return self.name
