"""How an application ends: file built, withdrawn, terminated, closed, archived."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.models import Case, Record
from casework.wording import word
from workflows.hardship_aid.forms.base import SignedForm
from workflows.hardship_aid.forms.fields import (
    DayField,
    LongText,
    Statement,
    WordChoice,
)
from workflows.hardship_aid.forms.publicity import posted_on, taken_down
from workflows.hardship_aid.models import Posting, ReceiptUse
from workflows.hardship_aid.reaching import ends_for_every_ground, is_lost
from workflows.hardship_aid.vocabulary import TerminationGround


class EndForm(SignedForm):
    """An end before a decision: receipts are free again, lists have come down."""

    told: ClassVar[tuple[str, ...] | None] = ("taken_down_on",)
    conditional = frozenset({"taken_down_on"})
    restates = (ReceiptUse, Posting)

    taken_down_on = DayField(
        label=gettext_lazy("公示名单撤下的日期"),
        required=False,
        help_text=gettext_lazy("正在公示的必填：要先把名单撤下。"),
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        if not case.details.is_posted:
            del self.fields["taken_down_on"]

    def clean_taken_down_on(self) -> date:
        day: date | None = self.cleaned_data["taken_down_on"]
        if day is None:
            raise forms.ValidationError(
                _("名单还张贴着，请先从每一处撤下，再填撤下的日期（规则 P-10）。")
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "taken_down_on" in self.fields:
            self.refuse_before("taken_down_on", posted_on(self.case), _("名单张贴"))
        return cleaned

    def records(self) -> list[Record]:
        return taken_down(self.case, self.cleaned_data.get("taken_down_on"))

    @classmethod
    def example(cls, case: Any) -> dict[str, Any]:
        if not case.details.is_posted:
            return {}
        return {"taken_down_on": str(timezone.localdate(case.effective_at))}


class WithdrawForm(EndForm):
    """The applicant's own withdrawal, signed."""

    told = ("reasons", "taken_down_on")

    reasons = LongText(label=gettext_lazy("撤回的理由"), required=False)
    is_signed = Statement(
        label=gettext_lazy("申请人已在撤回申请书上签名"),
        refusal=gettext_lazy(
            "已经签名的请勾选；没有的，请先由申请人在撤回申请书上签名。"
        ),
    )
    sealed = frozenset({"reasons"})

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {**super().example(case), "is_signed": "on"}


class TerminateForm(EndForm):
    """Why it ends without a decision, and the evidence."""

    told = ("ground", "evidence", "taken_down_on")
    sealed = frozenset({"evidence"})

    ground = WordChoice(TerminationGround, label=gettext_lazy("终止的理由"))
    evidence = LongText(label=gettext_lazy("依据和证据"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        if not ends_for_every_ground(by):
            lost = TerminationGround.NOT_FOUND
            self.fields["ground"].choices = [(str(lost), word(lost))]  # type: ignore[attr-defined]

    def clean_ground(self) -> TerminationGround:
        ground: TerminationGround = self.cleaned_data["ground"]
        if ground is TerminationGround.NOT_FOUND and not is_lost(self.case):
            raise forms.ValidationError(
                _(
                    "以失去联系终止的，要有两次、两种方式都没联系上的记录（规则 H-23），"
                    "请先登记联系情况。"
                )
            )
        return ground

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            **super().example(case),
            "ground": str(TerminationGround.DEATH),
            "evidence": "户籍注销证明。",
        }


class FileBuiltForm(SignedForm):
    """The file is there; nothing else is asked."""

    told = ()


class CloseForm(SignedForm):
    """That every paper reached the applicant."""

    told = ()
    restates = (ReceiptUse,)

    is_delivered = Statement(
        label=gettext_lazy("告知书已经送达申请人"),
        refusal=gettext_lazy("已经送达的请勾选；告知书送达以后才能结案。"),
    )

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"is_delivered": "on"}


class ArchiveForm(SignedForm):
    """The checklist of the file as it goes to the archive (R-01)."""

    told = ("pages",)

    pages = forms.IntegerField(
        label=gettext_lazy("卷内页数"), min_value=1, max_value=2000
    )
    is_complete = Statement(
        label=gettext_lazy("卷内目录与材料核对无误"),
        refusal=gettext_lazy(
            "核对无误的请勾选；核对卷内目录以后才能归档（规则 R-01）。"
        ),
    )

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"pages": "24", "is_complete": "on"}
