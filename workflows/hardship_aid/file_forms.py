"""What the steps of a file ask for (H-33 to H-39)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import access
from casework.domain.vocabulary import CaseKind, Level, Part
from casework.lifecycle import OpeningForm
from casework.models import Case, Party, Record, Unit
from casework.services import records
from casework.wording import word
from workflows.hardship_aid import file_household, stated
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.file_household import FIGURES, PEOPLE
from workflows.hardship_aid.file_vocabulary import ChangeKind, FileKind
from workflows.hardship_aid.forms.base import AidForm, ImpartialForm, SignedForm
from workflows.hardship_aid.forms.fields import (
    DayField,
    LongText,
    PhoneField,
    StampField,
    WordChoice,
)
from workflows.hardship_aid.forms.household import MemberRow
from workflows.hardship_aid.forms.rows import RowsField
from workflows.hardship_aid.models import (
    FileChange,
    FiledMember,
    HardshipAidDetails,
    HardshipFileDetails,
    Objection,
    Removal,
)
from workflows.hardship_aid.vocabulary import (
    Category,
    DeliveryMeans,
    FileState,
    RemovalReason,
    S,
)


class FromApplication(AidForm):
    """A form that takes the household over from an application that was approved."""

    application = forms.CharField(
        label=gettext_lazy("申请编号"),
        max_length=40,
        help_text=gettext_lazy("已经批准的困难职工帮扶申请，本县区的。"),
    )

    def clean_application(self) -> Case | None:
        text = str(self.cleaned_data["application"]).strip()
        if not text:
            return None
        found = self._found(text)
        if found is None:
            raise forms.ValidationError(
                _("本县区没有编号是%(number)s的申请，请核对编号（规则 H-01）。")
                % {"number": text}
            )
        self._approved: HardshipAidDetails = found.hardship_aid_details
        if refusal := _not_ripe(found, self._approved):
            raise forms.ValidationError(refusal)
        return cast(Case, found)

    def _found(self, text: str) -> Any:
        named = Q(number=text)
        if text.isdecimal() and len(text) < 19:
            named |= Q(pk=int(text))
        return (
            access.visible(self.by)
            .filter(named, kind=str(CaseKind.HARDSHIP_AID))
            .filter(county_id=self.case.county_id)
            .select_related("hardship_aid_details")
            .first()
        )

    def _take_over(self, origin: Case, field: str, *, but: tuple[int, ...]) -> None:
        """Keep the household's rows, if it is free in the city."""
        rows = file_household.anew(origin, (*PEOPLE, *FIGURES))
        members = file_household.filed(rows, city_id=self.case.city_id)
        if not members:
            self.add_error(field, _("申请里没有家庭成员的身份证号，不能建档。"))
        elsewhere = file_household.known_elsewhere(
            members, city_id=self.case.city_id, but=but
        )
        if elsewhere:
            self.add_error(field, elsewhere)
        self._rows: list[Record] = [*rows, *members]
        self._members = members

    def records(self) -> list[Record]:
        return self._rows

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        ripe = HardshipAidDetails.objects.filter(
            case__state=str(S.APPROVED), owes_papers=False
        ).exclude(category__in=["", str(Category.NONE)])
        if case.county_id:
            ripe = ripe.filter(case__county_id=case.county_id)
        newest = ripe.select_related("case").order_by("-case_id").first()
        return {"application": newest.case.number if newest else ""}


def _not_ripe(application: Case, details: HardshipAidDetails) -> str:
    """Return why no file can be opened from the application yet; "" when it can."""
    if application.state != str(S.APPROVED):
        told = {"state": word(S(application.state))}
        return _("这件申请现在是“%(state)s”，批准以后才能建档（规则 H-29）。") % told
    if details.owes_papers:
        return _("这件临时救助还欠手续，补齐以后才能建档（规则 H-32）。")
    if details.category in ("", Category.NONE):
        return _("这件申请没有认定困难类别，不能建档（规则 H-02）。")
    return ""


class OpenFileForm(FromApplication, OpeningForm):
    """From which application the file is opened, or from which other union it comes."""

    told = ()
    conditional = frozenset({"application", "moved_file"})

    application = forms.CharField(
        label=gettext_lazy("申请编号"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "没有选转来的档案的必填：已经批准的困难职工帮扶申请，本县区的。"
        ),
    )
    moved_file = forms.ModelChoiceField(
        label=gettext_lazy("转来的档案"),
        queryset=Case.objects.none(),
        empty_label="—",
        required=False,
        help_text=gettext_lazy(
            "没有写申请编号的必填：其他县区转到本单位、等待接收的档案。"
        ),
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        arriving = access.visible(by).filter(
            kind=str(FileKind.HARDSHIP_FILE),
            state=str(FileState.MOVING),
            holder_id=case.holder_id,
            moved_files__isnull=True,
        )
        self.fields["moved_file"].queryset = arriving  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        application, moved = cleaned.get("application"), cleaned.get("moved_file")
        if self.errors:
            return cleaned
        if (application is None) == (moved is None):
            self.add_error(
                "application",
                _(
                    "写申请编号，或者选一份转来的档案，二者只选一个（规则 H-01、H-39）。"
                ),
            )
        elif application is not None:
            self._take_over(application, "application", but=())
            self._refuse_second_file()
            # The file belongs to the street whose application it was.
            self.case.station_id = application.station_id
        elif moved is not None:
            self._take_over(moved, "moved_file", but=(moved.pk,))
        return cleaned

    def _refuse_second_file(self) -> None:
        removed = file_household.removed_here(
            self._members, county_id=self.case.county_id
        )
        if removed:
            self.add_error("application", removed)

    def subject(self) -> str:
        return self._category().zh

    def details(self) -> dict[str, Any]:
        return {
            "application": self.cleaned_data["application"],
            "moved_from": self.cleaned_data["moved_file"],
            "category": self._category(),
            "filed_on": self.today,
        }

    def _category(self) -> Category:
        application, moved = (
            self.cleaned_data[name] for name in ("application", "moved_file")
        )
        if application is not None:
            decided: Category = self._approved.category
            return decided
        category: Category = HardshipFileDetails.objects.get(pk=moved.pk).category
        return category


class RestoreForm(FromApplication, SignedForm):
    """The household is back in hardship: its new application, approved (H-38)."""

    told = ()
    restates = (*PEOPLE, *FIGURES)

    category = StampField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        application = cleaned.get("application")
        if application is None or self.errors:
            return cleaned
        self._take_over(application, "application", but=(self.case.pk,))
        if not self._is_the_same_worker():
            self.add_error(
                "application",
                _("这件申请的申请人不是这份档案的职工，请核对申请编号（规则 H-38）。"),
            )
        cleaned["category"] = self._approved.category
        return cleaned

    def _is_the_same_worker(self) -> bool:
        worker = stated.worker_of(self.case)
        return worker is not None and any(
            isinstance(row, Party)
            and row.part is Part.APPLICANT
            and row.id_index == worker.id_index
            for row in self._rows
        )


class NoticeForm(SignedForm):
    """That and why the file is to be removed, as the household was told (H-37)."""

    told = ("reason", "explanation", "means")
    sealed = frozenset({"explanation"})

    reason = WordChoice(RemovalReason, label=gettext_lazy("撤档原因"))
    explanation = LongText(label=gettext_lazy("情况说明"))
    means = WordChoice(
        DeliveryMeans,
        label=gettext_lazy("告知书怎样送达"),
        help_text=gettext_lazy("办理时间就是送达时间；早先送达的用补录。"),
    )

    def clean_reason(self) -> RemovalReason:
        reason: RemovalReason = self.cleaned_data["reason"]
        passes = self.case.details.passes  # type: ignore[attr-defined]
        needed = figure(self.case, "passing_reviews", on=self.today)
        if reason is RemovalReason.OUT_OF_HARDSHIP and passes < needed:
            raise forms.ValidationError(
                _(
                    "脱困要在观察期前后 %(needed)s 次复核里都达到标准，"
                    "现在是 %(passes)s 次（规则 H-36）。"
                )
                % {"needed": needed, "passes": passes}
            )
        return reason

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            Removal(
                reason=said["reason"],
                served_on=self.today,
                means=said["means"],
                explanation=said["explanation"],
            )
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "reason": str(RemovalReason.OWN_REQUEST),
            "explanation": "本人书面申请撤档。",
            "means": str(DeliveryMeans.IN_PERSON),
        }


class ObjectionForm(SignedForm):
    """What the household says against the removal (H-37)."""

    told = ("content",)
    sealed = frozenset({"name", "phone", "content"})

    name = forms.CharField(label=gettext_lazy("异议人"), max_length=100)
    phone = PhoneField(required=False)
    content = LongText(label=gettext_lazy("异议内容"))

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            Objection(
                received_at=self.at,
                name=said["name"],
                phone=said["phone"],
                content=said["content"],
            )
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"name": "周雅琴", "content": "家里仍有重病支出。"}


class AnswerForm(ImpartialForm):
    """What the check of the objection found, and how the household was told."""

    told = ("findings", "means")
    sealed = frozenset({"findings"})

    findings = LongText(label=gettext_lazy("核查结果"))
    means = WordChoice(DeliveryMeans, label=gettext_lazy("怎样告知家庭"))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "is_impartial": "on",
            "findings": "已核对支出票据。",
            "means": str(DeliveryMeans.IN_PERSON),
        }


class DeregisterForm(ImpartialForm):
    """The decision to remove the file, and how the household is told (H-37)."""

    told = ("opinion", "means")
    sealed = frozenset({"opinion"})
    restates = (FiledMember,)

    opinion = LongText(label=gettext_lazy("审批意见"))
    means = WordChoice(DeliveryMeans, label=gettext_lazy("撤档结果怎样告知家庭"))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "is_impartial": "on",
            "opinion": "同意撤档。",
            "means": str(DeliveryMeans.IN_PERSON),
        }


class MoveOutForm(SignedForm):
    """To which other union of the city the file goes (H-39)."""

    told = ("reason",)
    sealed = frozenset({"reason"})
    restates = (FiledMember,)

    to = forms.ModelChoiceField(
        label=gettext_lazy("接收单位"),
        queryset=Unit.objects.none(),
        empty_label="—",
    )
    reason = LongText(label=gettext_lazy("转出原因"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        others = Unit.objects.within(case.city).at(Level.COUNTY)
        self.fields["to"].queryset = others.filter(  # type: ignore[attr-defined]
            during__contains=self.today
        ).exclude(pk=case.county_id)

    def records(self) -> list[Record]:
        return file_household.members_as(self.case, is_leaving=True)

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        others = Unit.objects.at(Level.COUNTY).exclude(pk=case.county_id)
        if case.city_id:
            others = others.within(case.city)
        other = others.first()
        return {"to": other.pk if other else "", "reason": "职工到当地就业。"}


class ConfirmMoveForm(SignedForm):
    """The file has gone on elsewhere: nobody of the household is filed here any more."""

    told = ()
    restates = (FiledMember,)


class DeclineMoveForm(SignedForm):
    """Why the receiving union sends the file back."""

    told = ("reason",)
    sealed = frozenset({"reason"})
    restates = (FiledMember,)

    reason = LongText(label=gettext_lazy("不接收的原因"))

    def records(self) -> list[Record]:
        return file_household.members_as(self.case, is_leaving=False)

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"reason": "职工的工会关系没有转来。"}


class NationalEntryForm(SignedForm):
    """That the national system now says what the file says (H-33)."""

    told = ("entered_on",)

    entered_on = DayField(label=gettext_lazy("录入日期"))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"entered_on": str(timezone.localdate(case.effective_at))}


class ChangeForm(SignedForm):
    """What has changed in the household since the file was last right (H-33)."""

    told = ("kind", "changed_on", "note")
    sealed = frozenset({"note", "joined"})
    restates: ClassVar[tuple[type[Record], ...]] = ()

    kind = WordChoice(ChangeKind, label=gettext_lazy("什么变了"))
    changed_on = DayField(label=gettext_lazy("变化日期"))
    note = LongText(label=gettext_lazy("变化情况"))
    joined = RowsField(MemberRow, label=gettext_lazy("新增的家庭成员"))
    left = forms.MultipleChoiceField(
        label=gettext_lazy("不再是家庭成员的人"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        left: Any = self.fields["left"]
        left.choices = [
            (str(party.pk), party.name)
            for party in records.of(case, Party)
            if party.part is Part.MEMBER
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self._rows: list[Record] = []
        if cleaned["joined"] or cleaned["left"]:
            for field, mistake in self._restate(cleaned):
                self.add_error(field, mistake)
        return cleaned

    def _restate(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if cleaned["kind"] is not ChangeKind.MEMBERS:
            yield (
                "kind",
                _("有成员增减的，请选“%(kind)s”。")
                % {"kind": word(ChangeKind.MEMBERS)},
            )
        gone = {UUID(text) for text in cleaned["left"]}
        rows = file_household.anew(self.case, PEOPLE, but=gone)
        said = {"members": cleaned["joined"], "address": _address(self.case)}
        rows += [
            row
            for row in stated.members_of(said, self.today)
            if isinstance(row, PEOPLE)
        ]
        numbers = [row.id_number for row in rows if isinstance(row, Party)]
        if len(set(numbers)) < len(numbers):
            yield (
                "joined",
                _(
                    "新增的人已经是家庭成员（规则 H-01），一个身份证号只登记一次；"
                    "要改已登记的人，请同时在“不再是家庭成员的人”里勾选他。"
                ),
            )
        members = file_household.filed(rows, city_id=self.case.city_id)
        elsewhere = file_household.known_elsewhere(
            members, city_id=self.case.city_id, but=(self.case.pk,)
        )
        if elsewhere:
            yield "joined", elsewhere
        self.restates = (*PEOPLE, FiledMember)  # type: ignore[misc]
        self._rows = [*rows, *members]

    def records(self) -> list[Record]:
        said = self.cleaned_data
        change = FileChange(
            kind=said["kind"], changed_on=said["changed_on"], note=said["note"]
        )
        return [change, *self._rows]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "kind": str(ChangeKind.WORK),
            "changed_on": str(timezone.localdate(case.effective_at)),
            "note": "本人到新单位工作。",
        }


def _address(case: Case) -> str:
    worker = stated.worker_of(case)
    return worker.address if worker else ""
