"""County review and economic check (H-25, H-26)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.models import Case, Record
from casework.services import records
from casework.wording import enumeration, word
from workflows.hardship_aid import computation
from workflows.hardship_aid.forms.base import SignedForm
from workflows.hardship_aid.forms.fields import (
    DayField,
    LongText,
    MomentField,
    StampField,
    WordChoice,
    WordChoices,
)
from workflows.hardship_aid.forms.rows import RowForm, RowsField
from workflows.hardship_aid.models import (
    CheckReminder,
    Computation,
    InformationCheck,
)
from workflows.hardship_aid.vocabulary import (
    CheckFinding,
    CheckSource,
    DecisionKind,
    ExclusionGround,
    ReminderChannel,
)


class SendBackForm(SignedForm):
    """Why the case goes back to the station."""

    told = ("reasons",)
    sealed = frozenset({"reasons"})

    reasons = LongText(label=gettext_lazy("退回的理由和要补做的事"))

    def records(self) -> list[Record]:
        return [self.decided(DecisionKind.RETURNED)]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"reasons": "收入证明缺单位盖章，请补。"}


class RequestCheckForm(SignedForm):
    """The letter to the civil-affairs check centre (H-26)."""

    told = ("letter_number",)

    letter_number = forms.CharField(label=gettext_lazy("委托函文号"), max_length=60)

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            InformationCheck(letter_number=said["letter_number"], sent_on=self.today)
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"letter_number": "姑工核〔2026〕15号"}


class RemindCheckForm(SignedForm):
    """One reminder to the check centre, and what it answered (H-26)."""

    told = ("channel", "answer", "reminded_at")
    sealed = frozenset({"answer"})

    reminded_at = MomentField(label=gettext_lazy("什么时候催办的"))
    channel = WordChoice(ReminderChannel, label=gettext_lazy("催办方式"))
    answer = LongText(label=gettext_lazy("核对机构的答复"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        sent = _sent(self.case)
        self.refuse_before(
            "reminded_at", sent.sent_on if sent else None, _("委托函发出")
        )
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            CheckReminder(
                at=said["reminded_at"], channel=said["channel"], answer=said["answer"]
            )
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "reminded_at": case.effective_at.isoformat(),
            "channel": str(ReminderChannel.PHONE),
            "answer": "正在等银行反馈。",
        }


def _sent(case: Case) -> InformationCheck | None:
    """Return the check that was asked for last."""
    return records.one(case, InformationCheck)


class FindingRow(RowForm):
    """What one source says."""

    source = WordChoice(CheckSource, label=gettext_lazy("核对项目"))
    finding = WordChoice(CheckFinding, label=gettext_lazy("结果"))


class ReceiveCheckForm(SignedForm):
    """The check centre's report (H-26)."""

    told = ("result", "received_on", "report_number", "exclusions", "note")
    conditional = frozenset({"note"})
    sealed = frozenset({"note", "findings", "exclusions"})
    restates = (InformationCheck, Computation)

    report_number = forms.CharField(label=gettext_lazy("核对报告文号"), max_length=60)
    received_on = DayField(label=gettext_lazy("收到日期"))
    findings = RowsField(
        FindingRow, label=gettext_lazy("各项核对结果"), spare=3, least=1
    )
    result = WordChoice(CheckFinding, label=gettext_lazy("总的结果"))
    exclusions = WordChoices(
        ExclusionGround, label=gettext_lazy("核对发现的排除情形"), required=False
    )
    note = LongText(
        label=gettext_lazy("不符的情况"),
        required=False,
        help_text=gettext_lazy("总的结果是不符的必填。"),
    )

    proposed_category = StampField()
    inputs_digest = StampField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("result") is CheckFinding.NO_ANSWER:
            self.add_error("result", _("还没有反馈的，等收到报告再登记（规则 H-26）。"))
        if cleaned.get("result") is CheckFinding.DIFFERS and not cleaned.get("note"):
            self.add_error("note", _("核对不符的要写明哪里不符（规则 H-26）。"))
        for field, mistake in _contradictions(cleaned):
            self.add_error(field, mistake)
        sent = _sent(self.case)
        self.refuse_before(
            "received_on", sent.sent_on if sent else None, _("委托函发出")
        )
        if not self.errors:
            self._computed = computation.renewed(self.case, cleaned["exclusions"])
            cleaned |= computation.stamps(self._computed)
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        sent = _sent(self.case)
        check = InformationCheck(
            letter_number=sent.letter_number if sent else "",
            sent_on=sent.sent_on if sent else said["received_on"],
            received_on=said["received_on"],
            report_number=said["report_number"],
            findings={str(r["source"]): str(r["finding"]) for r in said["findings"]},
            result=said["result"],
            note=said["note"],
        )
        return [check, *filter(None, [self._computed])]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "report_number": "姑核报〔2026〕88号",
            "received_on": str(timezone.localdate(case.effective_at)),
            "findings": [
                {"source": str(source), "finding": str(CheckFinding.AGREES)}
                for source in CheckSource
            ],
            "result": str(CheckFinding.AGREES),
        }


def _contradictions(cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the parts of a report say against each other (H-26)."""
    rows = cleaned.get("findings") or []
    times = Counter(row["source"] for row in rows)
    if twice := [source for source, count in times.items() if count > 1]:
        told = enumeration(word(source) for source in twice)
        yield (
            "findings",
            _("%(sources)s填了两次，每个项目只填一行。") % {"sources": told},
        )
    differing = [r["source"] for r in rows if r["finding"] is CheckFinding.DIFFERS]
    if differing and cleaned.get("result") is CheckFinding.AGREES:
        told = enumeration(word(source) for source in differing)
        yield (
            "result",
            _("%(sources)s的核对结果是不符，总的结果不能是相符（规则 H-26）。")
            % {"sources": told},
        )
