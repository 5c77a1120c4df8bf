"""The home visit and the first opinion (H-23, H-24)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import wording
from casework.domain.vocabulary import Role
from casework.models import Case, Membership, Person, Record
from casework.services import records
from casework.wording import enumeration, word
from workflows.hardship_aid import computation
from workflows.hardship_aid.forms.acceptance import AttemptForm
from workflows.hardship_aid.forms.base import CategoryForm, SignedForm
from workflows.hardship_aid.forms.evidence import EvidenceForm
from workflows.hardship_aid.forms.fields import (
    LongText,
    MomentField,
    RowChoice,
    StampField,
    Statement,
    WordChoice,
    WordChoices,
    YuanField,
)
from workflows.hardship_aid.models import (
    Computation,
    ContactAttempt,
    HomeVisit,
    VisitPlan,
)
from workflows.hardship_aid.vocabulary import (
    Agreement,
    AttemptChannel,
    AttemptOutcome,
    Category,
    DecisionKind,
    ExclusionGround,
    VehicleUse,
    VisitOutcome,
)

#: A second try is at another time of day: so far away at least.
OTHER_TIME_OF_DAY = timedelta(hours=3)
#: Who comes a little early still keeps the appointment.
EARLY = timedelta(minutes=15)


class VisitorsForm(SignedForm):
    """Two visitors: one of the unit, and a colleague or a named outsider (H-23)."""

    conditional = frozenset({"second_visitor", "outsider_name", "outsider_body"})

    first_visitor = RowChoice(
        label=gettext_lazy("核查人"),
        help_text=gettext_lazy("案件所在单位的人。"),
    )
    second_visitor = RowChoice(
        label=gettext_lazy("同行的同事"),
        required=False,
        help_text=gettext_lazy("没有同行的同事的，在下面写同行人的姓名和单位。"),
    )
    outsider_name = forms.CharField(
        label=gettext_lazy("同行人姓名"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("没有选同行的同事的必填。"),
    )
    outsider_body = forms.CharField(
        label=gettext_lazy("同行人单位"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("写了同行人姓名的必填。"),
    )
    no_relatives = Statement(
        label=gettext_lazy("核查人都不是申请人的亲属"),
        refusal=gettext_lazy(
            "都不是亲属的请勾选；申请人的亲属不能参加入户核查（规则 H-23），请换一个人。"
        ),
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        hats = cache(lambda: _colleagues(case, on=self.today))
        told = cache(lambda: _labels(hats()))
        held_by = {"first_visitor": case.holder_id, "second_visitor": None}
        for name, unit_id in held_by.items():
            self.fields[name].offer(  # type: ignore[attr-defined]
                partial(_people, hats, unit_id), told=lambda person: told()[person.pk]
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for field, mistake in self._of_the_visitors(cleaned):
            self.add_error(field, mistake)
        return cleaned

    def _of_the_visitors(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        second, outsider = cleaned.get("second_visitor"), cleaned.get("outsider_name")
        if "second_visitor" in self.errors:
            return
        if not second and not outsider:
            yield (
                "second_visitor",
                _("入户核查要有两个人（规则 H-23）：请再选一个同事，或者写明同行人。"),
            )
        elif second and second == cleaned.get("first_visitor"):
            yield "second_visitor", _("两个核查人不能是同一个人（规则 H-23）。")
        elif second and outsider:
            yield "outsider_name", _("同事和单位以外的同行人只填一种。")
        if outsider and not cleaned.get("outsider_body"):
            yield "outsider_body", _("请写明同行人的单位，例如社区居委会。")

    def visitors(self) -> dict[str, Any]:
        """Return the visitors as the columns of a plan and of a visit have them."""
        names = ("first_visitor", "second_visitor", "outsider_name", "outsider_body")
        return {name: self.cleaned_data[name] for name in names}

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        first = Membership.objects.filter(
            unit_id=case.holder_id, role__in=_VISIT
        ).first()
        return {
            "first_visitor": str(first.person_id) if first else "",
            "outsider_name": "严晓东",
            "outsider_body": "云溪社区居委会",
            "no_relatives": "on",
        }


#: Who goes to a home: those who handle cases, in any of these hats.
_VISIT = [str(role) for role in (Role.CASEWORKER, Role.MEDIATOR, Role.SUPERVISOR)]


def _colleagues(case: Any, *, on: date) -> list[Membership]:
    """Return the hats of who may go that day, in the county and its stations.

    Those of the case's own station come first, then by the names of people.
    """
    unit, ours = case.county or case.city, case.station_id or case.holder_id
    hats = Membership.objects.on(on).filter(
        unit__path__gte=unit.path, unit__path__lt=unit.path_end, role__in=_VISIT
    )
    named = hats.select_related("person", "unit").order_by("person__name", "person_id")
    return sorted(named, key=lambda hat: hat.unit_id != ours)


def _people(
    hats: Callable[[], Iterable[Membership]], unit_id: int | None
) -> dict[str, Person]:
    """Return who wears the hats, by their keys: those of one unit, or all."""
    those = (hat for hat in hats() if unit_id in (None, hat.unit_id))
    return {str(hat.person_id): hat.person for hat in those}


def _labels(hats: Iterable[Membership]) -> dict[int, str]:
    """Return each person with every hat that he wears: role and unit."""
    worn: dict[int, list[Membership]] = {}
    for hat in hats:
        worn.setdefault(hat.person_id, []).append(hat)
    return {
        person: f"{those[0].person.name} · "
        + enumeration(
            _("%(unit)s%(role)s") % {"unit": hat.unit.name, "role": word(hat.role)}
            for hat in those
        )
        for person, those in worn.items()
    }


class ArrangeVisitForm(VisitorsForm):
    """Who goes to the home, and when."""

    told = ("planned_at", "outsider_name", "outsider_body")
    restates = (VisitPlan,)

    planned_at = MomentField(label=gettext_lazy("约在什么时候"), may_be_ahead=True)

    def clean_planned_at(self) -> datetime:
        planned: datetime = self.cleaned_data["planned_at"]
        if planned < self.at:
            raise forms.ValidationError(_("约定的时间不能早于现在。"))
        return planned

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        last = _last_absence(self.case)
        planned = cleaned.get("planned_at")
        if last and planned and _same_time_of_day(last.at, planned):
            self.add_error(
                "planned_at",
                _("上次家里没人，请换一个时间段再去（规则 H-23，至少相差三小时）。"),
            )
        return cleaned

    def records(self) -> list[Record]:
        return [
            VisitPlan(planned_at=self.cleaned_data["planned_at"], **self.visitors())
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        ahead = case.effective_at + EARLY
        if (last := _last_absence(case)) and _same_time_of_day(last.at, ahead):
            ahead += 2 * OTHER_TIME_OF_DAY
        return {**super().example(case), "planned_at": ahead.isoformat()}


def _last_absence(case: Any) -> ContactAttempt | None:
    absences = [
        attempt
        for attempt in records.of(case, ContactAttempt)
        if attempt.channel is AttemptChannel.NOTICE
    ]
    return max(absences, key=lambda absence: absence.at, default=None)


def _same_time_of_day(one: datetime, other: datetime) -> bool:
    seconds = abs((one - other).total_seconds()) % 86_400
    return min(seconds, 86_400 - seconds) < OTHER_TIME_OF_DAY.total_seconds()


def _too_early(case: Any, went: datetime) -> str:
    """Say so when somebody went before the time for which he was announced (H-23).

    That is the time of the appointment, or of the notice that was left at the door since.
    """
    plan, absence = records.one(case, VisitPlan), _last_absence(case)
    announced = plan.planned_at if plan else None
    if absence and absence.again_at and (not plan or plan.version < absence.version):
        announced = absence.again_at
    # A form knows minutes only.
    if announced is None or went >= (announced - EARLY).replace(
        second=0, microsecond=0
    ):
        return ""
    return _(
        "不能早于约定的时间（%(time)s），请核对；换了时间去的，请先办“约定入户”重新约定"
        "（规则 H-23）。"
    ) % {"time": wording.moment(announced)}


class AbsenceForm(SignedForm):
    """Nobody was at home; a notice was left at the door."""

    told: ClassVar[tuple[str, ...]] = ("tried_at", "note")
    sealed = frozenset({"note"})

    tried_at = MomentField(label=gettext_lazy("什么时候去的"))
    left_notice = Statement(
        label=gettext_lazy("已在门上留下通知单"),
        refusal=gettext_lazy(
            "已经留下的请勾选；家里没人要留下通知单（规则 H-23），写明怎样再联系和电话，"
            "补留以后再登记。"
        ),
    )
    note = LongText(label=gettext_lazy("说明"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_before("tried_at", self.case.opened_at, _("收件"))
        tried = cleaned.get("tried_at")
        if tried and (mistake := self._mistake_of(tried)):
            self.add_error("tried_at", mistake)
        return cleaned

    def _mistake_of(self, tried: datetime) -> str:
        return _too_early(self.case, tried)

    def records(self) -> list[Record]:
        said = self.cleaned_data
        return [
            ContactAttempt(
                at=said["tried_at"],
                channel=AttemptChannel.NOTICE,
                outcome=AttemptOutcome.NO_ANSWER,
                note=said["note"],
                again_at=said.get("again_at"),
            )
        ]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"tried_at": case.effective_at.isoformat(), "left_notice": "on"}


class NobodyHomeForm(AbsenceForm):
    """The first time: the notice says when they come again."""

    told = ("tried_at", "again_at", "note")

    again_at = MomentField(
        label=gettext_lazy("通知单上写的再来的时间"),
        may_be_ahead=True,
        help_text=gettext_lazy("换一个时间段，至少相差三小时（规则 H-23）。"),
    )
    field_order = ("tried_at", "again_at", "left_notice", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        tried, again = cleaned.get("tried_at"), cleaned.get("again_at")
        if again and again <= self.at:
            self.add_error("again_at", _("再来的时间要在现在以后。"))
        elif tried and again and _same_time_of_day(tried, again):
            self.add_error(
                "again_at",
                _("这次家里没人，请换一个时间段再来（规则 H-23，至少相差三小时）。"),
            )
        return cleaned

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        again = case.effective_at + timedelta(days=1) + 2 * OTHER_TIME_OF_DAY
        return {**super().example(case), "again_at": again.isoformat()}


class NobodyHomeAgainForm(AbsenceForm):
    """The second time: at another time of day; what follows is not promised any more."""

    def _mistake_of(self, tried: datetime) -> str:
        mistake, last = super()._mistake_of(tried), _last_absence(self.case)
        if mistake or last is None or not _same_time_of_day(last.at, tried):
            return mistake
        return _(
            "上次家里没人是%(time)s，再去要换一个时间段（规则 H-23，至少相差三小时）；"
            "请核对时间，同一次不要登记两遍。"
        ) % {"time": wording.moment(last.at)}


class SeekContactForm(AttemptForm):
    """An attempt to reach a family that was not at home twice."""


class ThirdVisitForm(SignedForm):
    """Why a third visit is made."""

    told = ("reasons",)

    reasons = LongText(label=gettext_lazy("理由"))
    sealed = frozenset({"reasons"})

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"reasons": "邻居说家人住院陪护，周末在家。"}


class RecordVisitForm(EvidenceForm, VisitorsForm):
    """What the visitors saw, asked and heard; three signatures (一访二看三核四评)."""

    told = ("outcome", "visited_at", "housing", "vehicle", "exclusions", "seen")
    conditional = VisitorsForm.conditional | {"housing", "vehicle", "seen"}
    sealed = frozenset(
        {"seen", "neighbours", "medical_monthly", "family_signer", "exclusions"}
    )
    restates = (Computation,)
    groups = (
        (
            gettext_lazy("谁去的"),
            (
                *("visited_at", "first_visitor", "second_visitor", "outsider_name"),
                *("outsider_body", "no_relatives"),
            ),
        ),
        (
            gettext_lazy("看到的情况"),
            (
                *("outcome", "housing", "vehicle", "medical_monthly", "exclusions"),
                *("seen", "neighbours"),
            ),
        ),
    )

    visited_at = MomentField(label=gettext_lazy("入户时间"))
    outcome = WordChoice(VisitOutcome, label=gettext_lazy("结果"))
    housing = WordChoice(
        Agreement,
        label=gettext_lazy("住房和申请写的一样吗"),
        required=False,
        help_text=gettext_lazy("结果是已核查的必填。"),
        widget=forms.RadioSelect,
    )
    vehicle = WordChoice(
        VehicleUse,
        label=gettext_lazy("有没有汽车"),
        required=False,
        help_text=gettext_lazy("结果是已核查的必填。"),
        widget=forms.RadioSelect,
    )
    medical_monthly = YuanField(
        label=gettext_lazy("每月吃药看病自己出多少（元）"), required=False
    )
    exclusions = WordChoices(
        ExclusionGround, label=gettext_lazy("发现的排除情形"), required=False
    )
    seen = LongText(
        label=gettext_lazy("看到、问到的情况"),
        required=False,
        help_text=gettext_lazy("结果是已核查的必填。"),
    )
    neighbours = LongText(label=gettext_lazy("邻居怎么说"), required=False)
    photos_allowed = forms.BooleanField(
        label=gettext_lazy("家人同意拍照"), required=False
    )
    is_signed_by_first = forms.BooleanField(
        label=gettext_lazy("核查人已签名"), required=False
    )
    is_signed_by_second = forms.BooleanField(
        label=gettext_lazy("同行人已签名"), required=False
    )
    is_signed_by_family = forms.BooleanField(
        label=gettext_lazy("家庭成员已签名"), required=False
    )

    proposed_category = StampField()
    inputs_digest = StampField()

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (str(outcome), word(outcome))
            for outcome in VisitOutcome
            if outcome is not VisitOutcome.NOBODY_HOME
        ]
        if not self.is_bound and (plan := records.one(case, VisitPlan)):
            self.initial = {
                "first_visitor": plan.first_visitor_id,
                "second_visitor": plan.second_visitor_id,
                "outsider_name": plan.outsider_name,
                "outsider_body": plan.outsider_body,
                "visited_at": min(plan.planned_at, self.at),
            }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_before("visited_at", self.case.opened_at, _("收件"))
        visited = cleaned.get("visited_at")
        if visited and (mistake := _too_early(self.case, visited)):
            self.add_error("visited_at", mistake)
        if cleaned.get("outcome") is VisitOutcome.DONE:
            self._must_be_whole(cleaned)
        if not self.errors:
            self._computed = computation.renewed(self.case, cleaned["exclusions"])
            cleaned |= computation.stamps(self._computed)
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        same = ("visited_at", "outcome", "housing", "vehicle", "seen", "neighbours")
        signed = ("is_signed_by_first", "is_signed_by_second", "is_signed_by_family")
        visit = HomeVisit(
            medical_monthly_fen=said["medical_monthly"],
            photos_allowed=said["photos_allowed"],
            **{name: said[name] for name in (*same, *signed)},
            **self.visitors(),
        )
        return [visit, *filter(None, [self._computed]), *self.evidence()]

    def _must_be_whole(self, cleaned: dict[str, Any]) -> None:
        for name in ("housing", "vehicle", "seen"):
            if not cleaned.get(name):
                self.add_error(name, _("核查完成的要填这一项。"))
        for name in (
            "is_signed_by_first",
            "is_signed_by_second",
            "is_signed_by_family",
        ):
            if not cleaned.get(name):
                self.add_error(
                    name, _("记录要由两名核查人和家庭成员签名（规则 H-23）。")
                )

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            **super().example(case),
            "visited_at": case.effective_at.isoformat(),
            "outcome": str(VisitOutcome.DONE),
            "housing": str(Agreement.SAME),
            "vehicle": str(VehicleUse.NONE),
            "seen": "住房42平方米，家电陈旧，与申请一致。",
            "neighbours": "平时靠打零工。",
            "is_signed_by_first": "on",
            "is_signed_by_second": "on",
            "is_signed_by_family": "on",
            "family_signer": "周雅琴",
        }


class OpinionForm(CategoryForm):
    """The station's first opinion (H-24): the machine proposed, the head says."""

    told = ("category", "departs_because", "reasons")
    conditional = frozenset({"departs_because"})
    sealed = frozenset({"reasons", "departs_because"})

    category = WordChoice(Category, label=gettext_lazy("初审认定的类别"))
    reasons = LongText(label=gettext_lazy("初审意见"))

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.initial.setdefault("category", case.details.proposed_category)

    def records(self) -> list[Record]:
        category = self.cleaned_data["category"]
        opinion = self.opinion()
        return [self.decided(DecisionKind.OPINION, category=category, reasons=opinion)]

    @classmethod
    def example(cls, case: Any) -> dict[str, Any]:
        return {
            "is_impartial": "on",
            "category": str(case.details.proposed_category or Category.DEEP),
            "reasons": "情况属实，建议认定。",
        }
