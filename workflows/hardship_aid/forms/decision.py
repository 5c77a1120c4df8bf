"""Approval, city review, rejection and reconsideration (H-29 to H-32)."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.domain.money import in_yuan
from casework.domain.vocabulary import Level
from casework.lifecycle import Files
from casework.models import Case, Party, Record
from casework.services import materials, periods, records
from casework.services.materials import MaterialField
from casework.wording import word
from workflows.hardship_aid import reconsideration
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.forms.base import ImpartialForm, SignedForm
from workflows.hardship_aid.forms.fields import (
    DayField,
    IdNumberField,
    LongText,
    WordChoice,
    WordChoices,
    YuanField,
)
from workflows.hardship_aid.models import Decision
from workflows.hardship_aid.vocabulary import (
    Category,
    CityGround,
    DecisionKind,
    DeliveryMeans,
    RejectionGround,
)


class DecisionForm(ImpartialForm):
    """A decision: its day is the act's, its words are sealed."""

    told: ClassVar[tuple[str, ...] | None] = ("reasons",)
    sealed = frozenset({"reasons"})
    kind: DecisionKind

    reasons = LongText(label=gettext_lazy("意见"))

    def decision(self, **more: Any) -> Decision:
        """Return the record of the decision."""
        return self.decided(self.kind, **more)

    def records(self) -> list[Record]:
        return [self.decision()]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"is_impartial": "on", "reasons": "同意。"}


class ApproveForm(DecisionForm):
    """The county's approval, from the minutes of its meeting (H-29)."""

    told = ("category", "aid_sum", "met_on", "minutes_number", "reasons")
    kind = DecisionKind.APPROVED

    category = WordChoice(Category, label=gettext_lazy("认定的类别"))
    aid_sum = YuanField(label=gettext_lazy("批准的救助金额（元）"), required=False)
    minutes_number = forms.CharField(label=gettext_lazy("会议纪要文号"), max_length=60)
    met_on = DayField(label=gettext_lazy("会议日期"))
    minutes_scan = MaterialField(
        code="minutes",
        title=gettext_lazy("会议纪要"),
        label=gettext_lazy("会议纪要扫描件"),
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.initial.setdefault("category", case.details.category)
        if case.details.aid_fen:
            self.initial.setdefault("aid_sum", case.details.aid_fen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        details = self.aid
        if cleaned.get("category") and cleaned["category"] != details.category:
            self.add_error(
                "category",
                self._way_to_another_category()
                % {"posted": word(Category(details.category))},
            )
        if (cleaned.get("aid_sum") or 0) > details.aid_fen:
            self.add_error(
                "aid_sum",
                _("批准的金额不能多于公示的 %(most)s 元。")
                % {"most": in_yuan(details.aid_fen)},
            )
        approval = periods.newest(self.case, "approval")
        over = approval.started_at if approval else None
        self.refuse_before("met_on", over, _("公示满期的时间"))
        return cleaned

    def _way_to_another_category(self) -> str:
        """Return what can be done here: the city returns it, the county has an objection."""
        if self.level is Level.CITY:
            return _(
                "公示的是“%(posted)s”，不能批准成别的类别；要改请办“市级退回”，"
                "由县级复核后重新公示。"
            )
        return _(
            "公示的是“%(posted)s”，不能批准成别的类别；对类别有异议的，请办“登记公示异议”，"
            "核查后“更正后重新公示”；不符合条件的，请办“不予批准”。"
        )

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            self.decision(
                category=said["category"],
                aid_fen=said["aid_sum"] or 0,
                minutes_number=said["minutes_number"],
                met_on=said["met_on"],
            ),
            *materials.stated(self),
        ]

    @classmethod
    def example_files(cls, case: Case) -> Files:
        return MultiValueDict({"minutes_scan": [materials.example_picture("纪要.png")]})

    @classmethod
    def example(cls, case: Any) -> dict[str, Any]:
        return {
            **super().example(case),
            "category": str(case.details.category),
            "aid_sum": f"{case.details.aid_fen // 100}",
            "minutes_number": "主席办公会纪要〔2026〕9号",
            "met_on": str(timezone.localdate(case.effective_at)),
        }


class ReportToCityForm(DecisionForm):
    """Why the case goes to the city (H-30)."""

    told = ("city_grounds", "reasons")
    kind = DecisionKind.REPORTED

    city_grounds = WordChoices(CityGround, label=gettext_lazy("报市级的理由"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.initial.setdefault("city_grounds", case.details.city_grounds)

    def records(self) -> list[Record]:
        grounds = [str(ground) for ground in self.cleaned_data["city_grounds"]]
        return [self.decision(grounds=grounds)]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {**super().example(case), "city_grounds": [str(CityGround.UPPER_MONEY)]}


class CityReturnForm(DecisionForm):
    """Why the city returns the case to the county."""

    kind = DecisionKind.RETURNED


class RejectForm(DecisionForm):
    """A rejection in writing with its grounds (H-31)."""

    told = ("grounds", "reasons")
    kind = DecisionKind.REJECTED

    grounds = WordChoices(RejectionGround, label=gettext_lazy("不予批准的理由"))
    reasons = LongText(label=gettext_lazy("告知书里写的理由"))

    def clean_grounds(self) -> list[RejectionGround]:
        grounds: list[RejectionGround] = self.cleaned_data["grounds"]
        if RejectionGround.OVER_THE_LINE in grounds and _qualifies(self.case):
            told = word(_proposed(self.case))
            raise forms.ValidationError(
                _(
                    "按登记的数据测算为“%(category)s”，不能以收入不低于标准为由不予批准"
                    "（规则 H-02）；数据有误的请先补充登记。"
                )
                % {"category": told}
            )
        return grounds

    def records(self) -> list[Record]:
        grounds = [str(ground) for ground in self.cleaned_data["grounds"]]
        return [self.decision(grounds=grounds)]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        ground, reasons = RejectionGround.OVER_THE_LINE, "月人均收入高于标准。"
        if _qualifies(case):
            ground, reasons = RejectionGround.CHECK_DIFFERS, "核对结果与申报不符。"
        return {
            **super().example(case),
            "grounds": [str(ground)],
            "reasons": reasons,
        }


def _qualifies(case: Any) -> bool:
    """Whether the figures speak for a category (H-02 to H-04)."""
    return _proposed(case) is not Category.NONE


def _proposed(case: Any) -> Category:
    return Category(case.details.proposed_category or Category.NONE)


class ServeForm(SignedForm):
    """When and how the rejection reached the applicant: his time begins there."""

    told = ("served_on", "means")

    served_on = DayField(label=gettext_lazy("送达日期"))
    means = WordChoice(DeliveryMeans, label=gettext_lazy("送达方式"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        served = cleaned.get("served_on")
        if served and served != self.today:
            self.add_error(
                "served_on",
                _("送达日期就是办理日期；早先送达的，请在下面用补录写明当时。"),
            )
        return cleaned

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "served_on": str(timezone.localdate(case.effective_at)),
            "means": str(DeliveryMeans.IN_PERSON),
        }


class AskReconsiderationForm(SignedForm):
    """What the applicant says against the rejection (H-31)."""

    told = ("reasons",)
    sealed = frozenset({"reasons"})

    reasons = LongText(label=gettext_lazy("申请复核的理由"))
    is_signed = forms.BooleanField(label=gettext_lazy("申请人已在复核申请书上签名"))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"reasons": "医疗支出没有算进去。", "is_signed": "on"}


class UpholdRejectionForm(DecisionForm):
    """The rejection stands; it is final inside the union (H-31)."""

    told = ("reasons", "means")
    kind = DecisionKind.UPHELD

    means = WordChoice(DeliveryMeans, label=gettext_lazy("复核决定书怎样送达"))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {**super().example(case), "means": str(DeliveryMeans.IN_PERSON)}


class ReverseRejectionForm(DecisionForm):
    """The rejection falls; the county reviews anew (H-31)."""

    kind = DecisionKind.REVERSED


class HigherDecisionForm(SignedForm):
    """What the union above the city decided in writing: number, day and scan (H-31)."""

    told = ("decided_by", "number", "dated", "reasons")
    sealed = frozenset({"reasons"})
    kind: DecisionKind

    decided_by = forms.CharField(
        label=gettext_lazy("作出复核决定的工会"), max_length=100
    )
    number = forms.CharField(label=gettext_lazy("复核决定文号"), max_length=60)
    dated = DayField(label=gettext_lazy("复核决定的日期"))
    reasons = LongText(label=gettext_lazy("复核决定的内容"))
    scan = MaterialField(
        code="higher_decision",
        title=gettext_lazy("上级复核决定"),
        label=gettext_lazy("上级复核决定扫描件"),
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.initial.setdefault("decided_by", reconsideration.union_above(case))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_before("dated", self.aid.decided_on, _("不予批准的决定"))
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        decided = Decision(
            kind=self.kind,
            level=Level.PROVINCE,
            decided_on=said["dated"],
            minutes_number=said["number"],
            reasons=said["reasons"],
        )
        return [decided, *materials.stated(self)]

    @classmethod
    def example_files(cls, case: Case) -> Files:
        return MultiValueDict({"scan": [materials.example_picture("决定.png")]})

    @classmethod
    def example(cls, case: Any) -> dict[str, Any]:
        return {
            "decided_by": "江苏省总工会",
            "number": "苏工复〔2026〕3号",
            "dated": str(timezone.localdate(case.effective_at)),
            "reasons": "经复核，同意市级意见。",
        }


class UpheldAboveForm(HigherDecisionForm):
    """The union above lets the rejection stand; it is final inside the union (H-31)."""

    kind = DecisionKind.UPHELD

    means = WordChoice(DeliveryMeans, label=gettext_lazy("复核决定怎样送达申请人"))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {**super().example(case), "means": str(DeliveryMeans.IN_PERSON)}


class ReversedAboveForm(HigherDecisionForm):
    """The union above lets the rejection fall; the county reviews anew (H-31)."""

    kind = DecisionKind.REVERSED


class AskUrgentReliefForm(SignedForm):
    """What happened and how much is needed at once (H-32); papers follow."""

    told = ("asked_sum", "happened_on", "event")
    sealed = frozenset({"event", "id_number", "address"})
    restates = (Party,)

    event = LongText(label=gettext_lazy("发生了什么"))
    happened_on = DayField(label=gettext_lazy("发生日期"))
    asked_sum = YuanField(label=gettext_lazy("建议救助金额（元）"))
    id_number = IdNumberField()
    address = forms.CharField(label=gettext_lazy("家庭住址"), max_length=200)

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        if case.details.is_stated:  # who it is stands there already
            self.restates = ()  # type: ignore[misc, assignment]
            del self.fields["id_number"], self.fields["address"]

    def clean_asked_sum(self) -> int:
        asked: int = self.cleaned_data["asked_sum"]
        if asked == 0:
            raise forms.ValidationError(_("建议救助的金额要大于0（规则 H-32）。"))
        return asked

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        age = figure(self.case, "urgent_event_age")
        self.refuse_before(
            "happened_on",
            self.today - timedelta(days=age),
            _("临时救助的时限，事情发生在%(age)s天以前的按一般程序申请") % {"age": age},
        )
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        if not self.restates:
            return []
        return [_restated(party, said) for party in records.of(self.case, Party)]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "event": "昨日家中失火，无处居住。",
            "happened_on": str(timezone.localdate(case.effective_at)),
            "asked_sum": "2000",
            "id_number": "320508198503070027",
            "address": "平江街道云溪新村12幢104室",
        }


def _restated(party: Party, said: dict[str, Any]) -> Party:
    return Party(
        part=party.part,
        name=party.name,
        phone=party.phone,
        id_number=said["id_number"],
        address=said["address"],
    )


class GrantUrgentReliefForm(DecisionForm):
    """The county head's decision, up to the local limit (H-32)."""

    told = ("granted_sum", "reasons")
    kind = DecisionKind.URGENT

    granted_sum = YuanField(label=gettext_lazy("批准金额（元）"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.initial.setdefault("granted_sum", case.details.urgent_fen)

    def clean_granted_sum(self) -> int:
        granted: int = self.cleaned_data["granted_sum"]
        limit = figure(self.case, "urgent_limit")
        if granted == 0:
            raise forms.ValidationError(
                _("批准的金额要大于0；不批准请办“不予临时救助”。")
            )
        if granted > limit:
            raise forms.ValidationError(
                _("临时救助最多 %(most)s 元（规则 H-32），超过的请按一般程序办理。")
                % {"most": in_yuan(limit)}
            )
        return granted

    def records(self) -> list[Record]:
        return [self.decision(aid_fen=self.cleaned_data["granted_sum"])]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {**super().example(case), "granted_sum": "2000"}


class DeclineUrgentReliefForm(DecisionForm):
    """Why no urgent relief is given; the application goes on."""

    kind = DecisionKind.URGENT_DECLINED
