"""The rules of the procedures, in editions: periods, figures and papers are data."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from casework.domain.vocabulary import Mark
from casework.models.fields import WordField
from casework.models.units import Unit


class RuleEdition(models.Model):
    """The rules of one procedure from one day to another, for the nation or a unit.

    An edition is never changed: a clock points at the row it started under.
    """

    kind = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    during = DateRangeField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            ExclusionConstraint(
                name="rule_editions_do_not_overlap",
                expressions=[
                    (
                        Func(F("kind"), F("kind"), Value("[]"), function="textrange"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            Coalesce(F("unit_id"), Value(0)),
                            Coalesce(F("unit_id"), Value(0)),
                            Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.during}"


class EditionRow(models.Model):
    """One row of an edition: the id of its rule, what it says, on what it rests."""

    code = models.CharField(max_length=20)
    #: The row as it stands in rules.toml, checked: `casework.domain.rules` reads it.
    terms = models.JSONField()
    basis = models.CharField(max_length=300)
    mark = WordField(Mark)

    class Meta:
        abstract = True


class Rule(EditionRow):
    """One period of an edition: what it gives, and what follows."""

    edition = models.ForeignKey(RuleEdition, models.PROTECT, related_name="rules")
    target = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["edition", "target"], name="rule_target_once_an_edition"
            ),
            models.CheckConstraint(name="rule_has_a_basis", condition=~Q(basis="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.target}"


class Threshold(EditionRow):
    """One figure of an edition: a limit, a share, a standard."""

    edition = models.ForeignKey(RuleEdition, models.PROTECT, related_name="thresholds")
    name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["edition", "name"], name="threshold_name_once_an_edition"
            ),
            models.CheckConstraint(
                name="threshold_has_a_basis", condition=~Q(basis="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RequiredPaper(EditionRow):
    """One paper of an edition that has to be there, and when."""

    edition = models.ForeignKey(RuleEdition, models.PROTECT, related_name="papers")
    paper = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["edition", "paper"], name="required_paper_once_an_edition"
            ),
            models.CheckConstraint(
                name="required_paper_has_a_basis", condition=~Q(basis="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.paper}"
