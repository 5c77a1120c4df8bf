"""Checking what was handed in: ask once, wait, accept or not (H-20, H-21)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.domain.vocabulary import Level
from casework.lifecycle import Files
from casework.models import Case, Record, Unit
from casework.services import materials
from casework.services.materials import MaterialField
from casework.wording import enumeration
from workflows.hardship_aid import completeness
from workflows.hardship_aid.forms.base import ImpartialForm, SignedForm
from workflows.hardship_aid.forms.fields import (
    LongText,
    MomentField,
    WordChoice,
    WordChoices,
)
from workflows.hardship_aid.models import (
    ContactAttempt,
    ReceiptUse,
    ReceivedPaper,
)
from workflows.hardship_aid.vocabulary import (
    AttemptChannel,
    AttemptOutcome,
    DecisionKind,
    NotAcceptedGround,
    PaperCode,
)


class AskForPapersForm(SignedForm):
    """All that is missing, said once."""

    told = ("papers", "others")
    conditional = frozenset({"papers", "others"})

    papers = WordChoices(
        PaperCode,
        label=gettext_lazy("缺的材料"),
        required=False,
        help_text=gettext_lazy("至少选一样；都不是的，在下面写明要补正什么。"),
    )
    others = LongText(
        label=gettext_lazy("其他要补正的"),
        required=False,
        help_text=gettext_lazy("上面没有选的必填。一次说全：补正只能告知一次。"),
    )
    sealed = frozenset({"others"})

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        if not self.is_bound and case.pk:
            missing = completeness.missing_papers(case)
            self.initial = {"papers": [paper.code for paper in missing]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("papers") and not cleaned.get("others"):
            self.add_error("papers", _("缺的材料至少选一样，或者写明要补正什么。"))
        return cleaned

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"papers": [str(PaperCode.INCOME_PROOF)]}


class AttemptForm(SignedForm):
    """One attempt to reach somebody: when, by which channel, with what result."""

    told = ("outcome", "channel", "tried_at", "note")
    sealed = frozenset({"note"})

    tried_at = MomentField(label=gettext_lazy("什么时候联系的"))
    channel = WordChoice(AttemptChannel, label=gettext_lazy("联系方式"))
    outcome = WordChoice(AttemptOutcome, label=gettext_lazy("结果"))
    note = LongText(label=gettext_lazy("说明"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_before("tried_at", self.case.opened_at, _("收件"))
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            ContactAttempt(
                at=said["tried_at"],
                channel=said["channel"],
                outcome=said["outcome"],
                note=said["note"],
            )
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "tried_at": case.effective_at.isoformat(),
            "channel": str(AttemptChannel.PHONE),
            "outcome": str(AttemptOutcome.NO_ANSWER),
        }


class MaterialForm(SignedForm):
    """Files that belong to the application: which paper they are, and their scans."""

    told = ("paper",)

    paper = WordChoice(PaperCode, label=gettext_lazy("是什么材料"))
    scans = MaterialField(code="", title="", label=gettext_lazy("扫描件或照片"), most=9)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("paper"):
            scans = self.fields["scans"]
            assert isinstance(scans, MaterialField)
            scans.code, scans.title = str(cleaned["paper"]), cleaned["paper"].zh
        return cleaned

    def records(self) -> list[Record]:
        return [*materials.stated(self)]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"paper": str(PaperCode.INCOME_PROOF)}

    @classmethod
    def example_files(cls, case: Case) -> Files:
        return MultiValueDict({"scans": [materials.example_picture()]})


class SupplyForm(SignedForm):
    """The papers that came after they were asked for."""

    told = ("papers", "note")

    papers = WordChoices(PaperCode, label=gettext_lazy("补来的材料"), required=False)
    note = LongText(label=gettext_lazy("说明"), required=False)
    sealed = frozenset({"note"})

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        if not self.is_bound and case.pk:
            missing = completeness.missing_papers(case)
            names = enumeration(completeness.name(paper) for paper in missing)
            self.fields["papers"].help_text = (
                _("还缺：%(papers)s。") % {"papers": names}
                if missing
                else _("必要的材料已经齐了。")
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("papers") and not cleaned.get("note"):
            self.add_error(
                "papers",
                _("至少勾选一样补来的材料，或者在说明里写明补正了什么（规则 H-21）。"),
            )
        return cleaned

    def records(self) -> list[Record]:
        known = set(completeness.received_papers(self.case))
        return [
            ReceivedPaper(code=str(code))
            for code in self.cleaned_data["papers"]
            if str(code) not in known
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"papers": [str(PaperCode.INCOME_PROOF)]}


class AcceptForm(ImpartialForm):
    """Accepting: whoever accepts has no tie to the household."""

    told = ()

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"is_impartial": "on"}


class RefuseAcceptanceForm(SignedForm):
    """Why it is not accepted, and who is competent instead."""

    told = ("ground", "reasons")
    conditional = frozenset({"competent"})
    sealed = frozenset({"reasons"})
    restates = (ReceiptUse,)

    ground = WordChoice(NotAcceptedGround, label=gettext_lazy("不予受理的理由"))
    competent = forms.ModelChoiceField(
        label=gettext_lazy("应当由哪个单位受理"),
        queryset=Unit.objects.none(),
        empty_label="—",
        required=False,
        help_text=gettext_lazy("不属于本单位辖区的必须写明。"),
    )
    reasons = LongText(label=gettext_lazy("说明"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        field = self.fields["competent"]
        field.queryset = Unit.objects.within(case.city).filter(  # type: ignore[attr-defined]
            level__in=[str(Level.STATION), str(Level.COUNTY)]
        )
        if not self.is_bound:
            details = case.details
            self.initial["competent"] = details.lives_in_id or details.works_in_id

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ours = {self.case.station_id, self.case.county_id}
        competent = cleaned.get("competent")
        if cleaned.get("ground") is NotAcceptedGround.NOT_OURS:
            if competent is None:
                self.add_error(
                    "competent", _("请写明应当由哪个单位受理（规则 H-20）。")
                )
            elif competent.pk in ours:
                self.add_error(
                    "competent",
                    _(
                        "这是本单位或本县区的单位，不能以此不予受理（规则 H-20）。"
                        "请核对应当受理的单位，或者改选理由。"
                    ),
                )
        return cleaned

    def records(self) -> list[Record]:
        ground = str(self.cleaned_data["ground"])
        return [self.decided(DecisionKind.NOT_ACCEPTED, grounds=[ground])]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "ground": str(NotAcceptedGround.NOT_A_WORKER),
            "reasons": "申请人未参加工会，也没有劳动关系。",
        }
