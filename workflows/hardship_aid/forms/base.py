"""What the forms of hardship aid have in common."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.lifecycle import Posted, StepForm
from workflows.hardship_aid.forms.fields import StampField, Statement, masked, set_today
from workflows.hardship_aid.forms.rows import ONE_ROW_MORE
from workflows.hardship_aid.models import HardshipAidDetails


class AidForm(StepForm):
    """A form that knows the day on which it is asked."""

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        #: Where the case lies as it is asked; the step may hand it on.
        self.level = case.level
        set_today(self.fields.values(), self.today)

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


class SignedForm(AidForm):
    """A form that tells the step's body who took it."""

    signed_by = StampField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["signed_by"] = self.by.person.pk if self.by.person else None
        cleaned["signed_on"] = self.today
        return cleaned

    signed_on = StampField()


class ImpartialForm(SignedForm):
    """A form for whoever judges the household: relatives and the like stand back."""

    is_impartial = Statement(
        label=_("本人与该家庭没有亲属关系，也没有其他利害关系"),
        refusal=_(
            "与该家庭有亲属或者其他利害关系的人应当回避（规则 E-10），请由别人办理。"
        ),
    )
