"""Publicity of a list, and the objections against it (H-27, H-28)."""

import json
from copy import copy
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from django import forms
from django.forms import Media, Script
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.domain.money import in_yuan
from casework.domain.vocabulary import Level
from casework.models import Case, Record
from casework.services import records
from workflows.hardship_aid import computation, public
from workflows.hardship_aid.dossier import posted_text, standing_acts
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.forms.base import CategoryForm, ImpartialForm, SignedForm
from workflows.hardship_aid.forms.fields import (
    DayField,
    LongText,
    MomentField,
    PhoneField,
    Statement,
    WordChoice,
    WordChoices,
    YuanField,
)
from workflows.hardship_aid.forms.rows import RowForm, RowsField
from workflows.hardship_aid.models import (
    Applicant,
    Objection,
    Posting,
)
from workflows.hardship_aid.vocabulary import (
    AidItem,
    Category,
    CityGround,
    DecisionKind,
    FundLevel,
    PostingPlace,
    StaffConcerned,
)


class PlaceRow(RowForm):
    """One place where the list is posted."""

    noun = gettext_lazy("第%(number)s处")

    place = WordChoice(PostingPlace, label=gettext_lazy("在哪里"))
    level = forms.TypedChoiceField(
        label=gettext_lazy("由哪一级张贴"),
        coerce=Level,
        choices=[
            ("", "—"),
            (str(Level.STATION), gettext_lazy("站点")),
            (str(Level.COUNTY), gettext_lazy("县级")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("地点"), max_length=100)


class PostingForm(CategoryForm):
    """Where a list is posted, and its text, proposed from the record (H-27, P-10).

    The proposal follows the category and the item that are chosen until somebody edits it.
    """

    restates = (Posting,)

    text = LongText(
        label=gettext_lazy("公示内容"),
        help_text=gettext_lazy(
            "按档案拟好，可以改。只写姓、遮住名字，以及单位或社区、困难类别、"
            "救助项目和日期（规则 P-10）。"
        ),
    )
    places = RowsField(PlaceRow, label=gettext_lazy("张贴地点"), spare=2, least=1)
    sealed = frozenset({"text", "departs_because"})

    @property
    def media(self) -> Media:
        """The form's own, and the script that lets the proposal follow what is chosen."""
        script: Any = Script("casework/js/publication.js", type="module")
        return super().media + Media(js=[script])

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        asked = self.initial.get("category"), self.initial.get("aid_item")
        text = public.text_of(self._line(*asked), since=self.today)
        self.initial.setdefault("text", text)
        proposals = json.dumps(self._proposals, ensure_ascii=False)
        attrs = {"data-proposals": proposals, "lang": "zh-Hans"}
        self.fields["text"].widget.attrs |= attrs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "places" in cleaned and (told := self._missing_place(cleaned["places"])):
            self.add_error("places", told)
        if cleaned.get("category") is Category.NONE:
            self.add_error(
                "category",
                _(
                    "不符合条件的不公示，请办“不予批准”；正在核查异议的，"
                    "先办“异议成立”（规则 H-02）。"
                ),
            )
        elif cleaned.get("text") and cleaned.get("category"):
            self._check_text(cleaned)
        return cleaned

    def _check_text(self, cleaned: dict[str, Any]) -> None:
        text, chosen = cleaned["text"], (cleaned["category"], cleaned.get("aid_item"))
        line = self._line(*chosen)
        told = list(public.mistakes(text, self.case, line, since=self.today))
        if told and any(text in of.values() for of in self._proposals.values()):
            rewritten: Any = copy(self.data)
            rewritten[self.add_prefix("text")] = public.text_of(line, since=self.today)
            self.data = rewritten
            told = [
                _(
                    "已按所选的类别和救助项目重新拟好（规则 P-10），"
                    "请看一遍再提交，也可以改。"
                )
            ]
        for mistake in told:
            self.add_error("text", mistake)

    def _line(self, category: Any, item: Any) -> dict[str, str]:
        """Return the public line with what is chosen; where no item is asked it stays."""
        if "aid_item" not in self.fields:
            item = self.aid.aid_item
        return {**self._recorded_line, **public.chosen(category, item)}

    @cached_property
    def _recorded_line(self) -> dict[str, str]:
        return public.line_of(self.case)

    @cached_property
    def _proposals(self) -> dict[str, dict[str, str]]:
        """The text for every category and, within, for every item that may be chosen."""
        items = ("", *AidItem) if "aid_item" in self.fields else ("",)
        return {
            str(each): {
                str(item): public.text_of(self._line(each, item), since=self.today)
                for item in items
            }
            for each in Category
            if each is not Category.NONE
        }

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
        is_employed = applicant is not None and applicant.has_employer
        if is_employed and PostingPlace.WORKPLACE not in places:
            return _("公示要张贴在工作单位（规则 H-27）。")
        if len({row["level"] for row in rows}) < 2:
            return _("公示要由两级工会张贴（规则 H-27）：站点和县级各至少一处。")
        return ""

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "is_impartial": "on",
            "category": str(Category.DEEP),
            "text": _example_text(case, Category.DEEP),
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


def _example_text(case: Case, category: Category) -> str:
    """Return a text that speaks of the case's own household, whoever lives in it."""
    line = public.line_of(case) if case.pk else {"name": "周**", "place": "云溪丝织厂"}
    return f"{line['name']}，{line['place']}，{category.zh}。"


class PublishForm(PostingForm):
    """The county's review: what is proposed to be approved, and its publicity."""

    told = (
        *("category", "departs_because", "aid_item", "aid_sum", "fund_level"),
        *("city_grounds", "reasons"),
    )
    conditional = frozenset({"aid_item", "fund_level", "departs_because"})
    sealed = frozenset({"text", "reasons", "departs_because"})
    groups = (
        (
            gettext_lazy("复核意见"),
            (
                *("category", "departs_because", "aid_item", "aid_sum", "fund_level"),
                *("city_grounds", "reasons", "is_impartial"),
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
        self.initial.setdefault("category", case.details.proposed_category)
        self.initial.setdefault("aid_item", case.details.aid_item)
        super().ask(case=case, by=by, at=at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("aid_sum"):
            for name in ("aid_item", "fund_level"):
                if not cleaned.get(name):
                    self.add_error(name, _("有救助金额的要写项目和资金来源。"))
            self._check_ceiling(cleaned)
        return cleaned

    def _check_ceiling(self, cleaned: dict[str, Any]) -> None:
        """F-04: living aid is twelve months of the living standard a household and year.

        What other applications of the year were given comes with the fund ledger.
        """
        standard = computation.terms_of(self.case).standard
        if cleaned.get("aid_item") is not AidItem.LIVING or standard is None:
            return
        most = standard * figure(self.case, "living_months")
        if cleaned["aid_sum"] > most:
            self.add_error(
                "aid_sum",
                _("生活救助每户每年最多 %(most)s 元（规则 F-04），请核对金额。")
                % {"most": in_yuan(most)},
            )

    def records(self) -> list[Record]:
        said = self.cleaned_data
        review = self.decided(
            DecisionKind.REVIEW,
            category=said["category"],
            aid_fen=said["aid_sum"] or 0,
            grounds=[str(ground) for ground in said["city_grounds"]],
            reasons=self.opinion(),
        )
        return [review, *super().records()]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            **super().example(case),
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
    about_staff = WordChoice(
        StaffConcerned,
        label=gettext_lazy("反映工作人员的，是谁的工作"),
        required=False,
        help_text=gettext_lazy(
            "不反映工作人员的不选；选了的，审计员看得到（规则 E-14）。"
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_before("received_at", posted_on(self.case), _("名单张贴"))
        if not cleaned.get("is_anonymous") and not cleaned.get("name"):
            self.add_error("name", _("请写异议人的姓名；不愿留名的勾选匿名异议。"))
        return cleaned

    def records(self) -> list[Record]:
        names = (
            *("received_at", "is_anonymous", "name", "phone", "content"),
            "about_staff",
        )
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
        self.refuse_before("told_on", last.received_at if last else None, _("收到异议"))
        is_told = cleaned.get("told_on") or "told_on" in self.errors
        if last and not last.is_anonymous and not is_told:
            self.add_error("told_on", _("核查结果要答复异议人（规则 H-28）。"))
        return cleaned

    def records(self) -> list[Record]:
        return [self.decided(self.kind)]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"is_impartial": "on", "reasons": "经走访核查，反映的情况不属实。"}


class UpheldObjectionForm(CheckedForm):
    """The objection was right: the county reviews anew."""

    kind = DecisionKind.OBJECTION_UPHELD


class RepostForm(PostingForm):
    """A changed text is posted: the period begins anew."""

    told = ("category", "departs_because", "reasons")
    conditional = frozenset({"departs_because"})
    sealed = frozenset({"text", "reasons", "departs_because"})

    category = WordChoice(Category, label=gettext_lazy("更正后的类别"))
    reasons = LongText(label=gettext_lazy("核查情况和改了什么"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        self.initial.setdefault("category", case.details.category)
        super().ask(case=case, by=by, at=at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text = public.undated(cleaned.get("text", ""))
        if text == public.undated(posted_text(standing_acts(self.case))):
            self.add_error(
                "text", _("公示内容没有变，不用重新公示，请办“异议不成立”。")
            )
        return cleaned

    def records(self) -> list[Record]:
        checked = self.decided(DecisionKind.OBJECTION_UPHELD, reasons=self.opinion())
        return [checked, *super().records()]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            **super().example(case),
            "category": str(Category.RELATIVE),
            "departs_because": "异议人反映的收入属实，计入后接近标准。",
            "text": _example_text(case, Category.RELATIVE),
            "reasons": "核查后类别改为相对困难职工，重新公示。",
        }


class TakeDownForm(SignedForm):
    """That the lists came down everywhere, and when (P-10)."""

    told = ("taken_down_on",)
    restates = (Posting,)

    taken_down_on = DayField(label=gettext_lazy("撤下日期"))
    everywhere = Statement(
        label=gettext_lazy("各处张贴和网站上的名单都已撤下"),
        refusal=gettext_lazy(
            "都已撤下的请勾选；名单要从每一处撤下（规则 P-10），请撤完再登记。"
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_before("taken_down_on", posted_on(self.case), _("名单张贴"))
        return cleaned

    def records(self) -> list[Record]:
        return taken_down(self.case, self.cleaned_data["taken_down_on"])

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "taken_down_on": str(timezone.localdate(case.effective_at)),
            "everywhere": "on",
        }


def posted_on(case: Any) -> date | None:
    """Return the day since when the list hangs, or hung."""
    return max(
        (posting.posted_on for posting in records.of(case, Posting)), default=None
    )


def taken_down(case: Any, day: Any) -> list[Record]:
    """Return the postings in force as they are once they came down."""
    return [
        Posting(
            place=posting.place,
            level=posting.level,
            name=posting.name,
            posted_on=posting.posted_on,
            text_hash=posting.text_hash,
            taken_down_on=posting.taken_down_on or day,
        )
        for posting in records.of(case, Posting)
    ]
