"""The yearly review: newly stated figures, what they speak for, what is decided (H-34).

The figures propose, a person decides (P-11); the line is that of the review day.
"""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.domain.money import in_yuan
from casework.domain.vocabulary import CaseKind
from casework.models import Case, Record, Unit
from casework.services import records
from casework.wording import word
from workflows.hardship_aid import category, computation, file_household, standards
from workflows.hardship_aid.category import Inputs
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.file_vocabulary import ReviewOutcome
from workflows.hardship_aid.forms.base import ImpartialForm
from workflows.hardship_aid.forms.fields import (
    LongText,
    StampField,
    WordChoice,
    WordChoices,
    YuanField,
)
from workflows.hardship_aid.forms.household import ExpenseRow, IncomeRow, too_old
from workflows.hardship_aid.forms.rows import RowsField
from workflows.hardship_aid.household_vocabulary import IncomeKind
from workflows.hardship_aid.models import (
    Computation,
    ExpenseLine,
    FileReview,
    IncomeLine,
)
from workflows.hardship_aid.standards import NoStandard
from workflows.hardship_aid.vocabulary import Category, ExclusionGround


class FiguresForm(ImpartialForm):
    """The figures of a household as they are stated anew at a review."""

    told: ClassVar[tuple[str, ...] | None] = ("exclusions", "reasons")
    sealed = frozenset(
        {"income", "expenses", "accident_loss", "accident_compensation", "reasons"}
    )
    restates = (IncomeLine, ExpenseLine, Computation)

    income = RowsField(
        IncomeRow,
        label=gettext_lazy("家庭一年的全部收入"),
        least=1,
        help_text=gettext_lazy("每个人的工资、养老金也填；没有收入也填一行，金额0。"),
    )
    expenses = RowsField(
        ExpenseRow, label=gettext_lazy("近一年的刚性支出（医疗、教育、残疾、就业）")
    )
    on_low_income_support = forms.BooleanField(
        label=gettext_lazy("享受城市低保"), required=False
    )
    accident_loss = YuanField(
        label=gettext_lazy("意外或突发事件的支出、损失（元）"), required=False
    )
    accident_compensation = YuanField(
        label=gettext_lazy("其中已经赔偿、报销、救助的（元）"), required=False
    )
    exclusions = WordChoices(
        ExclusionGround, label=gettext_lazy("有没有下列情形"), required=False
    )
    reasons = LongText(label=gettext_lazy("复核意见"))

    proposed_category = StampField()
    inputs_digest = StampField()

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        if not self.is_bound and case.pk is not None:
            self.initial = {**_stated(case), **self.initial}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            self._check_receipts(cleaned)
        if not self.errors:
            self._compute(cleaned)
        return cleaned

    def _check_receipts(self, cleaned: dict[str, Any]) -> None:
        kind = str(CaseKind.HARDSHIP_AID)
        days = figure(self.case, "receipt_age", on=self.today, kind=kind)
        for mistake in too_old(cleaned["expenses"], self.today - timedelta(days=days)):
            self.add_error("expenses", mistake)

    def _compute(self, cleaned: dict[str, Any]) -> None:
        unit = self.case.county or self.case.city
        self.inputs = _inputs(self.case, cleaned, unit, on=self.today)
        if self.inputs.terms.standard is None:
            self.add_error(None, _no_standard(unit, on=self.today))
            return
        self.proposal = category.propose(self.inputs)
        cleaned["proposed_category"] = self.proposal.category
        cleaned["inputs_digest"] = computation.digest(self.inputs)

    @property
    def is_passed(self) -> bool:
        """Whether the household is out of hardship by these figures (H-36).

        At or above the line out, and no accident that still weighs on it.
        """
        standard, per_head = self.inputs.terms.standard, self.proposal.per_head
        assert standard is not None
        assert per_head is not None
        line = figure(self.case, "line_out", on=self.today)
        is_above = per_head * 100 >= standard * line
        return is_above and self._category() is Category.NONE

    def _category(self) -> Category:
        assert self.proposal.category is not None
        return self.proposal.category

    def review(self, outcome: ReviewOutcome, decided: Category) -> list[Record]:
        """Return the review and the figures it stands on, as rows not saved yet."""
        said = self.cleaned_data
        per_head, standard = self.proposal.per_head_fen, self.inputs.terms.standard
        assert per_head is not None
        assert standard is not None
        return [
            FileReview(
                outcome=outcome,
                reviewed_on=self.today,
                proposed_category=said["proposed_category"],
                category=decided,
                per_head_fen=per_head,
                standard_fen=standard,
                person_id=said["signed_by"],
                reasons=said["reasons"],
            ),
            *(
                IncomeLine(kind=row["kind"], yearly_fen=row["yearly"])
                for row in said["income"]
            ),
            *(
                ExpenseLine(
                    kind=row["kind"],
                    amount_fen=row["amount"],
                    receipt_number=row["receipt_number"],
                    receipt_date=row["receipt_date"],
                )
                for row in said["expenses"]
            ),
            computation.record(self.inputs, self.proposal),
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "is_impartial": "on",
            "income": [{"kind": str(IncomeKind.WAGES), "yearly": "9600"}],
            "reasons": "入户和材料核对一致。",
        }


class ReviewForm(FiguresForm):
    """The household stays on file, in its category or in another (H-34, H-35)."""

    told = ("category", "exclusions", "reasons")

    category = WordChoice(Category, label=gettext_lazy("认定的类别"))

    def clean_category(self) -> Category:
        decided: Category = self.cleaned_data["category"]
        if decided is Category.NONE:
            raise forms.ValidationError(
                _(
                    "不再符合条件的不在这里办：达到脱困标准的办“转入脱困观察”，"
                    "其他的办“告知拟撤档”（规则 H-36、H-37）。"
                )
            )
        return decided

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Before the step's body, which changes the file's category.
        before = self.case.details.category  # type: ignore[attr-defined]
        self._outcome = self.outcome(is_changed=cleaned.get("category") != before)
        return cleaned

    def records(self) -> list[Record]:
        return self.review(self._outcome, self.cleaned_data["category"])

    def outcome(self, *, is_changed: bool) -> ReviewOutcome:
        """Return what the review came to."""
        return ReviewOutcome.RECATEGORISED if is_changed else ReviewOutcome.KEPT

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {**super().example(case), "category": str(Category.DEEP)}


class RelapseForm(ReviewForm):
    """While observed, the household is in hardship again (H-36)."""

    def outcome(self, *, is_changed: bool) -> ReviewOutcome:
        return ReviewOutcome.RELAPSED


class PassingForm(FiguresForm):
    """By the figures the household is out of hardship (H-36)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.is_passed:
            self.add_error("income", self._not_passed())
        return cleaned

    def _not_passed(self) -> str:
        return _(
            "月人均 %(head)s 元，测算为“%(category)s”，没有达到脱困标准"
            "（低保标准 %(standard)s 元的 %(times)s%%，规则 H-36），请办“年度复核”。"
        ) % {
            "head": in_yuan(self.proposal.per_head_fen or 0),
            "category": word(self._category()),
            "standard": in_yuan(self.inputs.terms.standard or 0),
            "times": figure(self.case, "line_out", on=self.today),
        }

    def records(self) -> list[Record]:
        category_before: Category = self.case.details.category  # type: ignore[attr-defined]
        return self.review(ReviewOutcome.PASSED, category_before)

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            **super().example(case),
            "income": [{"kind": str(IncomeKind.WAGES), "yearly": "240000"}],
        }


def _no_standard(unit: Unit, *, on: date) -> str:
    try:
        standards.living_standard(unit, on=on)
    except NoStandard as missing:
        return missing.message
    return ""


def _inputs(file: Case, said: dict[str, Any], unit: Unit, *, on: date) -> Inputs:
    return Inputs(
        terms=standards.terms_of(unit, on=on),
        members=file_household.living_together(file),
        income=computation.yearly(said["income"]),
        **computation.alike(said),
    )


def _stated(file: Any) -> dict[str, Any]:
    """Return the figures in force, for the form to begin with."""
    return {
        "category": file.details.category,
        "income": [
            {"kind": line.kind, "yearly": line.yearly_fen}
            for line in records.of(file, IncomeLine)
        ],
        "expenses": [
            {
                "kind": line.kind,
                "amount": line.amount_fen,
                "receipt_number": line.receipt_number,
                "receipt_date": line.receipt_date,
            }
            for line in records.of(file, ExpenseLine)
        ],
    }
