"""The household: its members, what comes in, what cannot be done without."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Sex
from casework.models import Party, Record, Unit
from casework.models.fields import WordField
from casework.models.sealing import SealedField
from workflows.hardship_aid.household_vocabulary import (
    Education,
    EmploymentStatus,
    ExpenseKind,
    HouseholdRegistration,
    HouseholdRelation,
    IncomeKind,
    InsuranceStatus,
    MaritalStatus,
)


class HouseholdMember(Record):
    """One who lives in the household, the worker himself among them (4.4)."""

    party = models.OneToOneField(Party, models.PROTECT, related_name="+")
    relation = WordField(HouseholdRelation)
    sex = WordField(Sex)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    #: As the ID number says it: 1985-06-30.
    birth_date = SealedField(_("出生日期"))
    is_adult = models.BooleanField()
    lives_together = models.BooleanField(_("共同生活"), default=True)
    monthly_fen = models.BigIntegerField()
    health = SealedField(_("健康状况"))
    disability_kind = SealedField(_("残疾类别"))
    disability_grade = SealedField(_("残疾等级"))
    insurance = WordField(InsuranceStatus)
    marital_status = WordField(MaritalStatus, blank=True)
    registration = WordField(HouseholdRegistration, blank=True)
    status = WordField(EmploymentStatus)
    place = models.CharField(_("单位或学校"), max_length=100, blank=True)
    education = WordField(Education, blank=True)
    enrolled_on = models.DateField(_("入学时间"), null=True)
    #: How many years the school takes.
    school_years = models.IntegerField(_("学制"), null=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.relation}"


class IncomeLine(Record):
    """One income of the household, by the year."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", null=True)
    kind = WordField(IncomeKind)
    yearly_fen = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.yearly_fen}"


class ExpenseLine(Record):
    """One rigid expense, paid by the household itself; only a receipt proves it."""

    kind = WordField(ExpenseKind)
    amount_fen = models.BigIntegerField()
    receipt_number = models.CharField(_("票据号码"), max_length=40, blank=True)
    receipt_date = models.DateField(_("票据日期"), null=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.amount_fen}"


class ReceiptUse(Record):
    """That a receipt is counted in this case: it counts once in the city (E-11).

    An application that ends without aid ends it, and the receipt is free again.
    """

    taken = {
        "receipt_counts_once": _(
            "有一张票据（号码和金额都相同）刚刚用在本市的另一件申请里，"
            "一张票据只能用一次（规则 E-11）。请核对票据号码，再提交一次看是哪一张。"
        )
    }

    city = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    receipt_number = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()

    class Meta(Record.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["city", "receipt_number", "amount_fen"],
                condition=Q(ended_by__isnull=True),
                name="receipt_counts_once",
            )
        ]

    def __str__(self) -> str:
        return self.receipt_number
