"""The rows of a household: its members, incomes and rigid expenses."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import wording
from casework.domain.idnumber import IdNumber
from workflows.hardship_aid.forms.fields import (
    CountField,
    DayField,
    IdNumberField,
    PhoneField,
    WordChoice,
    YuanField,
)
from workflows.hardship_aid.forms.rows import RowForm
from workflows.hardship_aid.household_vocabulary import (
    DisabilityGrade,
    DisabilityKind,
    Education,
    EmploymentStatus,
    ExpenseKind,
    Health,
    HouseholdRegistration,
    HouseholdRelation,
    IncomeKind,
    InsuranceStatus,
    MaritalStatus,
)

#: Nobody is in a school, a nursery among them, before this age.
SCHOOL_FROM = 3
#: Nobody works for an employer before this age (Labour Law, art. 15).
WORK_FROM = 16


class MemberRow(RowForm):
    """A member of the household beside the worker (4.4, each member)."""

    noun = gettext_lazy("第%(number)s名成员")

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    # The worker himself stands above: he is no member beside himself.
    relation = WordChoice(
        HouseholdRelation,
        but={HouseholdRelation.SELF},
        label=gettext_lazy("与职工的关系"),
    )
    id_number = IdNumberField()
    birth_date = DayField(
        label=gettext_lazy("出生日期"),
        required=False,
        help_text=gettext_lazy("不填就按身份证号。"),
    )
    monthly_income = YuanField(label=gettext_lazy("月收入（元）"))
    health = WordChoice(Health, label=gettext_lazy("健康状况"))
    disability_kind = WordChoice(
        DisabilityKind, label=gettext_lazy("残疾类别"), required=False
    )
    disability_grade = WordChoice(
        DisabilityGrade, label=gettext_lazy("残疾等级"), required=False
    )
    insurance = WordChoice(InsuranceStatus, label=gettext_lazy("医保状况"))
    status = WordChoice(EmploymentStatus, label=gettext_lazy("身份"))
    place = forms.CharField(
        label=gettext_lazy("单位或学校"), max_length=100, required=False
    )
    education = WordChoice(Education, label=gettext_lazy("学历"), required=False)
    enrolled_on = DayField(label=gettext_lazy("入学时间"), required=False)
    school_years = CountField(
        label=gettext_lazy("学制（年）"), required=False, min_value=1, max_value=12
    )
    marital_status = WordChoice(
        MaritalStatus, label=gettext_lazy("婚姻状况"), required=False
    )
    registration = WordChoice(
        HouseholdRegistration, label=gettext_lazy("户口类型"), required=False
    )
    ethnicity = forms.CharField(
        label=gettext_lazy("民族"), max_length=20, required=False
    )
    phone = PhoneField(required=False)
    lives_apart = forms.BooleanField(label=gettext_lazy("不共同生活"), required=False)
    has_authorised = forms.BooleanField(
        label=gettext_lazy("已签核对授权书"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_birth(self, cleaned)
        check_age(self, cleaned, "enrolled_on", SCHOOL_FROM)
        check_disability(self, cleaned)
        if cleaned.get("status") is EmploymentStatus.STUDENT and not cleaned.get(
            "place"
        ):
            self.add_error("place", _("在校学生要填学校。"))
        return cleaned


class IncomeRow(RowForm):
    """Another yearly income of the family, beside what each earns a month."""

    noun = gettext_lazy("第%(number)s项收入")

    kind = WordChoice(IncomeKind, label=gettext_lazy("收入来源"))
    yearly = YuanField(label=gettext_lazy("一年多少（元）"))


class ExpenseRow(RowForm):
    """A rigid expense of the last year that the household paid itself."""

    noun = gettext_lazy("第%(number)s项支出")

    kind = WordChoice(ExpenseKind, label=gettext_lazy("支出种类"))
    amount = YuanField(label=gettext_lazy("自付金额（元）"))
    receipt_number = forms.CharField(
        label=gettext_lazy("票据号码"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("没有票据的支出不计入扣除。"),
    )
    receipt_date = DayField(label=gettext_lazy("票据日期"), required=False)

    def clean_receipt_number(self) -> str:
        return "".join(str(self.cleaned_data["receipt_number"]).split()).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_dated = cleaned.get("receipt_date") or "receipt_date" in self.errors
        if cleaned.get("receipt_number") and not is_dated:
            self.add_error("receipt_date", _("有票据的要填票据日期。"))
        return cleaned


def too_old(rows: Iterable[Mapping[str, Any]], since: date) -> Iterator[str]:
    """Yield of which expenses the receipt is older than it may be (H-08)."""
    for number, row in enumerate(rows, start=1):
        if row["receipt_number"] and row["receipt_date"] < since:
            yield _(
                "%(row)s 票据日期：票据%(receipt)s早于%(since)s，不能计入（规则 H-08）。"
                "请对照原件核对日期，确是以前的，去掉这一行。"
            ) % {
                "row": ExpenseRow.noun % {"number": number},
                "receipt": row["receipt_number"],
                "since": wording.day(since),
            }


def check_birth(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Let the date of birth and the ID number say the same; the number may say it alone."""
    number, birth = cleaned.get("id_number"), cleaned.get("birth_date")
    if not number:
        return
    said = born(number)
    if birth and birth != said.birth_date:
        form.add_error(
            "birth_date",
            _("出生日期和身份证号不一致：身份证号里是%(said)s。请对照证件核对。")
            % {"said": wording.day(said.birth_date)},
        )
    cleaned["birth_date"] = said.birth_date


def check_age(
    form: forms.Form, cleaned: dict[str, Any], field: str, least: int
) -> None:
    """Refuse a day on which somebody was younger than one can be for it."""
    number, day = cleaned.get("id_number"), cleaned.get(field)
    if not number or not day or born(number).age(on=day) >= least:
        return
    form.add_error(
        field,
        _(
            "%(day)s还不满%(least)s周岁（身份证号里的出生日期是%(born)s）。"
            "请核对日期和身份证号。"
        )
        % {
            "day": wording.day(day),
            "least": least,
            "born": wording.day(born(number).birth_date),
        },
    )


def check_disability(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Ask for the kind of a disability, and for its grade, where health names one."""
    if cleaned.get("health") is not Health.DISABLED:
        return
    for field in ("disability_kind", "disability_grade"):
        if field in form.fields and not cleaned.get(field):
            form.add_error(field, _("健康状况是残疾的，要填残疾类别和等级。"))


def born(number: str) -> IdNumber:
    """Return an ID number that was read already."""
    return IdNumber(number)
