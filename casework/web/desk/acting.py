"""The page on which something is done to a case: its form, what speaks against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import access
from casework.access import Actor, Refusal
from casework.domain.errors import CaseworkError, Conflict, Invalid, Taken
from casework.models import Case
from casework.reports import timeline
from casework.services import lateness
from casework.services.casefile import CaseFile
from casework.services.drafts import Draft
from casework.web.desk.hints import Beside
from casework.web.desk.papers import Part
from casework.web.desk.story import Moment, Teller
from casework.web.forms import MomentField
from casework.web.requests import StaffRequest


class WhenForm(forms.Form):
    """When it happened, if not now; what is recorded later says why, and proves it (补录)."""

    conditional = frozenset({"late_reason"})

    at = MomentField(label=gettext_lazy("什么时候办的"), required=False)
    late_reason = forms.CharField(
        label=gettext_lazy("为什么当时没有录入"),
        max_length=lateness.LONGEST,
        required=False,
        help_text=gettext_lazy("写了早先时间的必填。"),
    )
    late_proof = forms.CharField(
        label=gettext_lazy("凭证"),
        max_length=lateness.LONGEST,
        required=False,
        help_text=gettext_lazy("例如收件登记簿第几页、邮戳、电话记录。"),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a form beside its fields: the version seen, the form's own id."""

    version: int
    command: UUID | None

    @classmethod
    def read(cls, data: Mapping[str, str]) -> "Sent":
        """Read it; raises Invalid when it is missing: the page was not ours."""
        version = data.get("version", "")
        if not version.isdecimal():
            raise Invalid(_("表单不完整。请回到案件页，重新打开这一步。"))
        try:
            command = UUID(data.get("command", ""))
        except ValueError:
            command = None
        return cls(int(version), command)


def form_page(
    request: StaffRequest,
    file: CaseFile,
    *,
    title: str,
    form: forms.Form,
    problem: CaseworkError | None,
    when: WhenForm | None = None,
    barred: Refusal | None = None,
    aside: str = "",
    follows: Sequence[tuple[Any, Any]] = (),
    beside: Sequence[Part] = (),
    note: Any = "",
    submit: str = "",
    hints: Beside | None = None,
    draft: Draft | None = None,
    draft_url: str = "",
) -> HttpResponse:
    """Show the form of an act on a case; 409 when the page is stale, 422 for mistakes."""
    is_wrong = bool(form.errors or (when and when.errors))
    status = (
        409 if isinstance(problem, Conflict) else 422 if problem or is_wrong else 200
    )
    is_stale = status == 409 and not isinstance(problem, Taken)
    kept = request.POST.get("command") if status != 409 else None
    return render(
        request,
        "desk/step.html",
        {
            "case": file.case,
            "state": file.kind.state(file.case.state),
            "title": title,
            "form": form,
            "when": when,
            "when_is_open": bool(when and (when.errors or when["at"].value())),
            "problem": problem,
            "is_stale": is_stale,
            "newest": _newest(file) if is_stale else None,
            "barred": barred,
            "aside": aside or _("办了以后"),
            "follows": follows,
            "beside": beside,
            "submit": submit or title,
            "note": note,
            "hints": hints,
            "draft": draft,
            "draft_url": draft_url,
            "version": file.case.version,
            "command": kept or uuid4(),
            "back_url": reverse("case", args=[file.case.pk]),
        },
        status=status,
    )


def _newest(file: CaseFile) -> Moment | None:
    """Return what was done last: what the person had not seen."""
    told = timeline.story(file.case, most=1)
    teller = Teller(file, in_clear=False)
    return teller.moment(told.facts[0]) if told.facts else None


def go_back(actor: Actor, case: Case) -> HttpResponse:
    """Go back to the case, or to the queue when it is no longer the actor's to see."""
    if access.sees(actor, case):
        return redirect("case", case_id=case.pk)
    return redirect("queue")
