"""Who takes part in a case, and in what part."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.domain import surnames
from casework.domain.sealing import Scope
from casework.domain.vocabulary import Part
from casework.models.employers import Employer
from casework.models.fields import WordField
from casework.models.people import Person
from casework.models.records import Record
from casework.models.sealing import IndexField, SealedField

_IN_FORCE = Q(ended_by__isnull=True)


class Party(Record):
    """Somebody who takes part in a case, and in what part.

    `tokens` is what a search finds it by; it is computed when the party is made.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", null=True)
    part = WordField(Part)
    name = models.CharField(_("姓名或名称"), max_length=100)
    phone = SealedField(_("电话"), index="phone_index", scope=Scope.PHONE)
    phone_index = IndexField()
    id_number = SealedField(_("身份证号码"), index="id_index", scope=Scope.ID_NUMBER)
    id_index = IndexField()
    address = SealedField(_("住址"))
    tokens = ArrayField(models.TextField(), default=list, editable=False)

    class Meta(Record.Meta):
        indexes: ClassVar[list[Any]] = [
            GinIndex(fields=["tokens"], name="party_tokens", condition=_IN_FORCE),
            models.Index(fields=["phone_index"], name="party_phone"),
            models.Index(fields=["id_index"], name="party_id_number"),
        ]

    def __init__(self, *columns: Any, **given: Any) -> None:
        super().__init__(*columns, **given)
        if given:  # made here: a row that is read comes by its columns
            tails = surnames.tail_tokens(
                id_number=given.get("id_number", ""), phone=given.get("phone", "")
            )
            self.tokens = sorted(surnames.tokens_of(self.name) | tails)

    def __str__(self) -> str:
        return self.name
