"""County review, economic check and publicity (H-25 to H-28)."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.domain.vocabulary import Level
from casework.models import Case, Record
from casework.services import records
from workflows.hardship_aid import category, computation
from workflows.hardship_aid.forms.base import ImpartialForm, SignedForm
from workflows.hardship_aid.forms.fields import (
    DayField,
    LongText,
    MomentField,
    PhoneField,
    StampField,
    Statement,
    WordChoice,
    WordChoices,
    YuanField,
)
from workflows.hardship_aid.forms.rows import RowForm, RowsField
from workflows.hardship_aid.models import (
    Applicant,
    Computation,
    Decision,
    InformationCheck,
    Objection,
    Posting,
)
from workflows.hardship_aid.vocabulary import (
    AidItem,
    Category,
    CheckFinding,
    CheckSource,
    CityGround,
    DecisionKind,
    ExclusionGround,
    FundLevel,
    PostingPlace,
)


class SendBackForm(SignedForm):
    """Why the case goes back to the station."""

    told = ("reasons",)
    sealed = frozenset({"reasons"})

    reasons = LongText(label=gettext_lazy("退回的理由和要补做的事"))

    def records(self) -> list[Record]:
        return [
            Decision(
                kind=DecisionKind.RETURNED,
                level=self.level,
                person_id=self.cleaned_data["signed_by"],
                decided_on=self.today,
                reasons=self.cleaned_data["reasons"],
            )
        ]

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
            self.add_error("result", _("还没有反馈的，等收到报告再登记。"))
        if cleaned.get("result") is CheckFinding.DIFFERS and not cleaned.get("note"):
            self.add_error("note", _("核对不符的要写明哪里不符。"))
        if not self.errors:
            inputs = computation.with_grounds(self.case, cleaned["exclusions"])
            self._inputs = inputs
            proposal = category.propose(inputs) if inputs else None
            cleaned["proposed_category"] = (proposal and proposal.category) or ""
            cleaned["inputs_digest"] = computation.digest(inputs) if inputs else ""
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        sent = records.one(self.case, InformationCheck)
        check = InformationCheck(
            letter_number=sent.letter_number if sent else "",
            sent_on=sent.sent_on if sent else said["received_on"],
            received_on=said["received_on"],
            report_number=said["report_number"],
            findings={str(r["source"]): str(r["finding"]) for r in said["findings"]},
            result=said["result"],
            note=said["note"],
        )
        if self._inputs is None:
            return [check]
        return [
            check,
            computation.record(self._inputs, category.propose(self._inputs)),
        ]

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


class PlaceRow(RowForm):
    """One place where the list is posted."""

    noun = gettext_lazy("第%(number)s处")

    place = WordChoice(PostingPlace, label=gettext_lazy("在哪里"))
    level = forms.TypedChoiceField(
        label=gettext_lazy("由哪一级张贴"),
        coerce=Level,
        choices=[
            (str(Level.STATION), gettext_lazy("站点")),
            (str(Level.COUNTY), gettext_lazy("县级")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("地点"), max_length=100)


class PostingForm(ImpartialForm):
    """Where a list is posted, and its text (H-27, P-10)."""

    restates = (Posting,)

    text = LongText(
        label=gettext_lazy("公示内容"),
        help_text=gettext_lazy(
            "只写姓、遮住名字，以及单位或社区、困难类别和日期（规则 P-10）。"
        ),
    )
    places = RowsField(PlaceRow, label=gettext_lazy("张贴地点"), spare=2, least=1)
    sealed = frozenset({"text"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "places" in cleaned and (told := self._missing_place(cleaned["places"])):
            self.add_error("places", told)
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        text_hash = sha256(said["text"].encode()).hexdigest()
        return [
            Posting(posted_on=self.today, text_hash=text_hash, **row)
            for row in said["places"]
        ]

    def _missing_place(self, rows: list[dict[str, Any]]) -> str:
        places = {row["place"] for row in rows}
        if PostingPlace.COMMUNITY not in places:
            return _("公示要张贴在社区（规则 H-27）。")
        applicant = records.one(self.case, Applicant)
        has_employer = applicant and applicant.employer_name not in ("", "无")
        if has_employer and PostingPlace.WORKPLACE not in places:
            return _("公示要张贴在工作单位（规则 H-27）。")
        if len({row["level"] for row in rows}) < 2:
            return _("公示要由两级工会张贴（规则 H-27）：站点和县级各至少一处。")
        return ""

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "is_impartial": "on",
            "text": "周**，云溪丝织厂，深度困难职工。",
            "places": [
                {
                    "place": str(PostingPlace.WORKPLACE),
                    "level": str(Level.COUNTY),
                    "name": "云溪丝织厂公告栏",
                },
                {
                    "place": str(PostingPlace.COMMUNITY),
                    "level": str(Level.STATION),
                    "name": "云溪社区公告栏",
                },
            ],
        }


class PublishForm(PostingForm):
    """The county's review: what is proposed to be approved, and its publicity."""

    told = ("category", "aid_item", "aid_sum", "fund_level", "city_grounds", "reasons")
    conditional = frozenset({"aid_item", "fund_level"})
    sealed = frozenset({"text", "reasons"})
    groups = (
        (
            gettext_lazy("复核意见"),
            (
                *("category", "aid_item", "aid_sum", "fund_level", "city_grounds"),
                *("reasons", "is_impartial"),
            ),
        ),
        (gettext_lazy("公示"), ("text", "places")),
    )

    category = WordChoice(Category, label=gettext_lazy("拟认定的类别"))
    aid_item = WordChoice(
        AidItem,
        label=gettext_lazy("救助项目"),
        required=False,
        help_text=gettext_lazy("有救助金额的必填。"),
    )
    aid_sum = YuanField(label=gettext_lazy("拟救助金额（元）"), required=False)
    fund_level = WordChoice(
        FundLevel,
        label=gettext_lazy("资金来源"),
        required=False,
        help_text=gettext_lazy("有救助金额的必填。"),
    )
    city_grounds = WordChoices(
        CityGround,
        label=gettext_lazy("要报市级的情形"),
        required=False,
        help_text=gettext_lazy("金额和资金来源由系统核对，其余情形请勾选。"),
    )
    reasons = LongText(label=gettext_lazy("复核意见"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.initial.setdefault("category", case.details.proposed_category)
        self.initial.setdefault("aid_item", case.details.aid_item)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("category") is Category.NONE:
            self.add_error(
                "category", _("不符合条件的不公示，请办“不予批准”（规则 H-02）。")
            )
        if cleaned.get("aid_sum"):
            for name in ("aid_item", "fund_level"):
                if not cleaned.get(name):
                    self.add_error(name, _("有救助金额的要写项目和资金来源。"))
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        review = Decision(
            kind=DecisionKind.REVIEW,
            level=self.level,
            person_id=said["signed_by"],
            decided_on=self.today,
            category=said["category"],
            aid_fen=said["aid_sum"] or 0,
            grounds=[str(ground) for ground in said["city_grounds"]],
            reasons=said["reasons"],
        )
        return [review, *super().records()]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            **super().example(case),
            "category": str(Category.DEEP),
            "reasons": "材料齐全，核对相符，拟认定。",
        }


class ObjectionForm(SignedForm):
    """What somebody says against the list."""

    told = ("content", "received_at")
    conditional = frozenset({"name"})
    sealed = frozenset({"name", "phone", "content"})

    received_at = MomentField(label=gettext_lazy("收到异议的时间"))
    is_anonymous = forms.BooleanField(label=gettext_lazy("匿名异议"), required=False)
    name = forms.CharField(
        label=gettext_lazy("异议人"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("不是匿名异议的必填。"),
    )
    phone = PhoneField(required=False)
    content = LongText(label=gettext_lazy("异议内容"))

    def clean_received_at(self) -> datetime:
        received: datetime = self.cleaned_data["received_at"]
        if received > self.at:
            raise forms.ValidationError(_("收到异议的时间不能晚于现在。"))
        return received

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("is_anonymous") and not cleaned.get("name"):
            self.add_error("name", _("请写异议人的姓名；不愿留名的勾选匿名异议。"))
        return cleaned

    def records(self) -> list[Record]:
        names = ("received_at", "is_anonymous", "name", "phone", "content")
        return [Objection(**{name: self.cleaned_data[name] for name in names})]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "received_at": case.effective_at.isoformat(),
            "is_anonymous": "on",
            "content": "反映该家庭有经营性收入。",
        }


class CheckedForm(ImpartialForm):
    """What the check of an objection found, and that the objector was told."""

    told = ("reasons", "told_on")
    conditional = frozenset({"told_on"})
    sealed = frozenset({"reasons"})
    kind: DecisionKind = DecisionKind.OBJECTION_DISMISSED

    reasons = LongText(label=gettext_lazy("核查情况和结论"))
    told_on = DayField(
        label=gettext_lazy("答复异议人的日期"),
        required=False,
        help_text=gettext_lazy("不是匿名异议的必填。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        last = records.one(self.case, Objection)
        if last and not last.is_anonymous and not cleaned.get("told_on"):
            self.add_error("told_on", _("核查结果要答复异议人（规则 H-28）。"))
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            Decision(
                kind=self.kind,
                level=self.level,
                person_id=said["signed_by"],
                decided_on=self.today,
                reasons=said["reasons"],
            )
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"is_impartial": "on", "reasons": "经走访核查，反映的情况不属实。"}


class UpheldObjectionForm(CheckedForm):
    """The objection was right: the county reviews anew."""

    kind = DecisionKind.OBJECTION_UPHELD


class RepostForm(PostingForm):
    """A changed text is posted: the period begins anew."""

    told = ("category", "reasons")
    sealed = frozenset({"text", "reasons"})

    category = WordChoice(Category, label=gettext_lazy("更正后的类别"))
    reasons = LongText(label=gettext_lazy("核查情况和改了什么"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text_hash = sha256(cleaned.get("text", "").encode()).hexdigest()
        posted = records.of(self.case, Posting)
        if any(posting.text_hash == text_hash for posting in posted):
            self.add_error(
                "text", _("公示内容没有变，不用重新公示，请办“异议不成立”。")
            )
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        checked = Decision(
            kind=DecisionKind.OBJECTION_UPHELD,
            level=self.level,
            person_id=said["signed_by"],
            decided_on=self.today,
            reasons=said["reasons"],
        )
        return [checked, *super().records()]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            **super().example(case),
            "category": str(Category.RELATIVE),
            "text": "周**，云溪丝织厂，相对困难职工。",
            "reasons": "核查后类别改为相对困难职工，重新公示。",
        }


class TakeDownForm(SignedForm):
    """That the lists came down everywhere, and when (P-10)."""

    told = ("taken_down_on",)
    restates = (Posting,)

    taken_down_on = DayField(label=gettext_lazy("撤下日期"))
    everywhere = Statement(
        label=gettext_lazy("各处张贴和网站上的名单都已撤下"),
        refusal=gettext_lazy("名单要从每一处撤下（规则 P-10），请撤完再登记。"),
    )

    def records(self) -> list[Record]:
        return taken_down(self.case, self.cleaned_data["taken_down_on"])

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "taken_down_on": str(timezone.localdate(case.effective_at)),
            "everywhere": "on",
        }


def taken_down(case: Any, day: Any) -> list[Record]:
    """Return the postings in force as they are once they came down."""
    return list(_taken_down(case, day))


def _taken_down(case: Any, day: Any) -> Iterator[Record]:
    for posting in records.of(case, Posting):
        yield Posting(
            place=posting.place,
            level=posting.level,
            name=posting.name,
            posted_on=posting.posted_on,
            text_hash=posting.text_hash,
            taken_down_on=posting.taken_down_on or day,
        )
