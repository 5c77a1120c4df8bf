"""What the forms of hardship aid have in common."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import wording
from casework.lifecycle import Posted, StepForm
from casework.wording import word
from workflows.hardship_aid.forms.fields import (
    LongText,
    StampField,
    Statement,
    WordChoice,
    masked,
    set_now,
    set_today,
)
from workflows.hardship_aid.forms.rows import ONE_ROW_MORE
from workflows.hardship_aid.models import Decision, HardshipAidDetails
from workflows.hardship_aid.vocabulary import Category, DecisionKind


class AidForm(StepForm):
    """A form that knows the day on which it is asked."""

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        #: Where the case lies as it is asked; the step may hand it on.
        self.level = case.level
        set_today(self.fields.values(), self.today)
        set_now(self.fields.values(), at)

    def refuse_before(
        self, field: str, since: date | datetime | None, event: Any
    ) -> None:
        """Put the mistake beside a day or moment that lies before what it follows."""
        said = self.cleaned_data.get(field)
        if said is None or since is None:
            return
        if isinstance(said, datetime) and isinstance(since, datetime):
            # A form knows minutes only.
            since = since.replace(second=0, microsecond=0)
            told = wording.moment(since)
        else:
            said, since = _day(said), _day(since)
            told = wording.day(since)
        if said < since:
            mistake = _("不能早于%(event)s（%(day)s），请核对。")
            self.add_error(field, mistake % {"event": event, "day": told})

    def full_clean(self) -> None:
        """Say nothing of what is still empty when only one row more was asked for."""
        super().full_clean()
        asked = {
            name: [said for said in told.as_data() if said.code == ONE_ROW_MORE]
            for name, told in self.errors.items()
        }
        if not any(asked.values()):
            return
        self.errors.clear()
        for name, told in asked.items():
            if told:
                self.add_error(name, told)

    def unrevealed(self, typed: Posted) -> Posted:
        """Put the mask for every number that the case holds already."""
        return {
            name: masked(self._field_of(name), said) for name, said in typed.items()
        }

    def _field_of(self, control: str) -> forms.Field | None:
        """Return the field of a control, also of one in a row: `members-0-id_number`."""
        return self.fields.get(control) or self.fields.get(control.split("-")[0])

    @property
    def aid(self) -> HardshipAidDetails:
        """Where the application stands."""
        details: HardshipAidDetails = self.case.details  # type: ignore[attr-defined]
        return details

    @property
    def today(self) -> date:
        """The day of the act, where the office is."""
        return timezone.localdate(self.at)


def _day(value: date) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


class SignedForm(AidForm):
    """A form that tells the step's body who took it."""

    signed_by = StampField()
    signed_on = StampField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["signed_by"] = self.by.person.pk if self.by.person else None
        cleaned["signed_on"] = self.today
        return cleaned

    def decided(self, kind: DecisionKind, **more: Any) -> Decision:
        """Return the record of what whoever signs decides today, with his reasons."""
        said = self.cleaned_data
        more.setdefault("reasons", said["reasons"])
        return Decision(
            kind=kind,
            level=self.level,
            person_id=said["signed_by"],
            decided_on=self.today,
            **more,
        )


class ImpartialForm(SignedForm):
    """A form for whoever judges the household: relatives and the like stand back."""

    is_impartial = Statement(
        label=gettext_lazy("本人与该家庭没有亲属关系，也没有其他利害关系"),
        refusal=gettext_lazy(
            "没有这些关系的请勾选；有的应当回避（规则 E-10），请交给本单位别的人办，"
            "没有别人的报上一级办。"
        ),
    )


class CategoryForm(ImpartialForm):
    """A form that judges the category: the machine proposes, a person says (P-11).

    Who departs from what the figures speak for says why.
    """

    category = WordChoice(Category, label=gettext_lazy("类别"))
    departs_because = LongText(
        label=gettext_lazy("和测算不一致的理由"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("认定的类别和测算不一样的必填。"),
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        if self._proposed:
            self.fields["departs_because"].help_text = _(
                "测算为“%(category)s”；认定为别的类别要写明理由（规则 P-11）。"
            ) % {"category": word(self._proposed)}
        else:
            del self.fields["departs_because"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._departs() and not cleaned.get("departs_because"):
            self.add_error(
                "departs_because",
                _(
                    "测算为“%(category)s”，认定为“%(chosen)s”的要写明理由（规则 P-11）；"
                    "数据有误的请先补充登记。"
                )
                % {
                    "category": word(self._proposed),
                    "chosen": word(cleaned["category"]),
                },
            )
        return cleaned

    def opinion(self) -> str:
        """Return the reasons as the decision keeps them, with why it departs."""
        said = self.cleaned_data
        if not self._departs():
            return str(said["reasons"])
        departure = f"测算为{self._proposed.zh}，认定为{said['category'].zh}"
        return f"{said['reasons']}（{departure}：{said['departs_because']}）"

    @property
    def _proposed(self) -> Any:
        return self.aid.proposed_category

    def _departs(self) -> bool:
        chosen = self.cleaned_data.get("category")
        return bool(chosen and self._proposed and chosen != self._proposed)
