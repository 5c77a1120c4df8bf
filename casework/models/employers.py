"""Employers: the enterprises that workers belong to, as the register of enterprises has them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Ownership
from casework.models.fields import WordField
from casework.models.units import Unit


class Employer(models.Model):
    """One employer; known by its unified social credit code, where that is known."""

    name = models.CharField(_("单位名称"), max_length=100)
    #: 统一社会信用代码 (GB 32100—2015); empty while nobody has told it.
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    #: The county or street where it is.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    ownership = WordField(Ownership, blank=True)
    industry = models.CharField(_("行业"), max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["uscc"], condition=~Q(uscc=""), name="employer_uscc"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(uscc=""), name="employer_known_by_name"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["name"], name="employer_name")
        ]

    def __str__(self) -> str:
        return self.name
