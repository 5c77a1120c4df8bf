"""Mending on the case page: 取回, 更正 and its confirmation, 撤销系统视为."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.access import CASE_ROLES, Actor
from casework.domain.errors import CaseworkError, Conflict, Invalid, NotNow
from casework.domain.vocabulary import Act
from casework.lifecycle import CaseType
from casework.models import Case
from casework.services import casefile, lateness, mending
from casework.services.casefile import CaseFile
from casework.web.desk.acting import Sent, form_page, go_back
from casework.web.desk.story import Teller, label_of, shown
from casework.web.forms import MomentField, refused
from casework.web.requests import StaffRequest, wearing
from casework.wording import enumeration, word


class ReasonForm(forms.Form):
    """Why something is taken back or reversed."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=lateness.LONGEST)


class CorrectionForm(ReasonForm):
    """What a field should say, why, and what proves it."""

    proof = forms.CharField(
        label=gettext_lazy("凭据"),
        help_text=gettext_lazy("例如邮戳、身份证件、当事人书面说明。"),
        max_length=200,
    )
    field_order = ("value", "reason", "proof")

    def __init__(self, data: Any, *, field: forms.Field, now: Any) -> None:
        super().__init__(data, initial={"value": now})
        self.fields["value"] = field
        self.order_fields(self.field_order)


_NOTES: dict[Act, Any] = {
    Act.TAKE_BACK: gettext_lazy(
        "案件、承办人和期限回到办这一步以前；已经发生的提醒和超期仍留在记录里。"
    ),
    Act.REVERSE_DEEMED: gettext_lazy(
        "案件和期限回到系统视为以前；原来的期限照样是过了的，系统不会再视为一次。"
    ),
    Act.CONFIRM_CORRECTION: gettext_lazy(
        "这项更正会改变期限，确认以后期限按更正后的时间重新计算。"
    ),
}
_DONE: dict[Act, Any] = {
    Act.TAKE_BACK: gettext_lazy("已取回。"),
    Act.REVERSE_DEEMED: gettext_lazy("已撤销系统视为。"),
    Act.CONFIRM_CORRECTION: gettext_lazy("已确认更正，期限重新计算。"),
    Act.CORRECT: gettext_lazy("已更正。"),
    Act.PROPOSE_CORRECTION: gettext_lazy("已提出更正，等另一个人确认后生效。"),
}


@wearing(*CASE_ROLES)
def mend(request: StaffRequest, case_id: int, act: str) -> HttpResponse:
    """Take back, confirm or reverse; for a correction, ask first which field."""
    file = casefile.look(case_id, by=request.actor)
    chosen = _offered(request, file, act)
    if chosen is Act.CORRECT:
        return _fields(request, file)
    data = request.POST if request.method == "POST" else None
    form = (ReasonForm if chosen in _WITH_REASON else forms.Form)(data)
    problem: CaseworkError | None = None
    if request.method == "POST" and form.is_valid():
        sent = Sent.read(request.POST)
        try:
            case = _CALLS[chosen](case_id, request.actor, sent, form)
        except (Conflict, Invalid, NotNow) as mistake:
            problem = mistake
            file = casefile.look(case_id, by=request.actor)
        else:
            messages.success(request, _DONE[chosen])
            return go_back(request.actor, case)
    return form_page(
        request,
        file,
        title=word(chosen),
        form=form,
        problem=problem,
        note=_NOTES[chosen],
        aside=_("是哪一步") if chosen in _WITH_REASON else _("更正的内容"),
        follows=_about(file, chosen),
    )


@wearing(*CASE_ROLES)
def correct(request: StaffRequest, case_id: int, field: str) -> HttpResponse:
    """Ask what a field should say, and correct it, or propose to."""
    file = casefile.look(case_id, by=request.actor)
    _offered(request, file, Act.CORRECT)
    if field not in file.kind.correctable:
        raise Invalid(_("这一项不能更正。"))
    form = _correction_form(request, file, field)
    problem: CaseworkError | None = None
    if request.method == "POST" and form.is_valid():
        sent = Sent.read(request.POST)
        try:
            case = mending.correct(
                case_id,
                field=field,
                **form.cleaned_data,
                by=request.actor,
                version=sent.version,
                command=sent.command,
            )
        except (Conflict, NotNow) as mistake:
            problem = mistake
            file = casefile.look(case_id, by=request.actor)
        except Invalid as mistake:
            told = "value" if mistake.field == field else mistake.field
            refused(form, Invalid(mistake.message, field=told))
        else:
            messages.success(request, _DONE[_what_became(file.kind, field)])
            return go_back(request.actor, case)
    moved = file.kind.correctable[field].moves_clocks
    return form_page(
        request,
        file,
        title=_("更正：%(field)s") % {"field": label_of(file.kind, field)},
        form=form,
        problem=problem,
        note=_("这一项会改变期限，要由另一个人确认后才生效。") if moved else "",
        submit=word(_what_became(file.kind, field)),
        aside=_("现在写的是"),
        follows=_now(file, field),
    )


def _offered(request: StaffRequest, file: CaseFile, act: str) -> Act:
    known = (*_CALLS, Act.CORRECT)
    chosen = next((each for each in known if each == act), None)
    if chosen is None:
        raise Invalid(_("“%(step)s”不是这类案件的步骤。") % {"step": act})
    # A form that comes again has been answered: what it did speaks against it now. One
    # that shows what a field holds is for those who may correct it.
    if request.method != "POST" or chosen is Act.CORRECT:
        barred = mending.refused(file, chosen, by=request.actor)
        if barred is not None:
            raise barred.error
    return chosen


def _fields(request: StaffRequest, file: CaseFile) -> HttpResponse:
    """List what may be corrected, with what it says now."""
    rows = [
        {
            "label": label_of(file.kind, field),
            "now": shown(mending.current(file, field)),
            "moves_clock": bool(correction.moves_clocks),
            "url": reverse("case_correct", args=[file.case.pk, field]),
        }
        for field, correction in file.kind.correctable.items()
    ]
    return render(
        request,
        "desk/corrections.html",
        {
            "case": file.case,
            "rows": rows,
            "title": word(Act.CORRECT),
            "back_url": reverse("case", args=[file.case.pk]),
        },
    )


def _correction_form(
    request: StaffRequest, file: CaseFile, field: str
) -> CorrectionForm:
    asked = deepcopy(file.kind.correctable[field].field)
    if type(asked) is forms.DateTimeField:
        asked = MomentField(required=asked.required)
    asked.label = _("应当是")
    data = request.POST if request.method == "POST" else None
    return CorrectionForm(data, field=asked, now=mending.current(file, field))


def _what_became(kind: CaseType, field: str) -> Act:
    moves = kind.correctable[field].moves_clocks
    return Act.PROPOSE_CORRECTION if moves else Act.CORRECT


def _about(file: CaseFile, act: Act) -> list[tuple[str, str]]:
    """Say what the word would be about: the last step, or the correction that waits."""
    proposed = mending.waiting(file)
    if act is Act.CONFIRM_CORRECTION and proposed is not None:
        field = proposed["field"]
        teller = Teller(file, in_clear=False)
        moved = file.kind.correctable[field].moves_clocks
        return [
            (label_of(file.kind, field), shown(proposed["before"])),
            (_("改成"), shown(proposed["after"])),
            (_("原因"), proposed["reason"]),
            (_("凭据"), proposed["proof"]),
            (_("会变的期限"), enumeration(map(teller.clock, moved))),
        ]
    step = file.kind.steps.get(mending.last_act(file).step.removeprefix("step."))
    return [(word(act), str(step.label))] if step else []


def _now(file: CaseFile, field: str) -> list[tuple[str, str]]:
    return [(label_of(file.kind, field), shown(mending.current(file, field)))]


_WITH_REASON = frozenset({Act.TAKE_BACK, Act.REVERSE_DEEMED})
_CALLS: dict[Act, Callable[[int, Actor, Sent, forms.Form], Case]] = {
    Act.TAKE_BACK: lambda pk, by, sent, form: mending.take_back(
        pk,
        by=by,
        reason=form.cleaned_data["reason"],
        version=sent.version,
        command=sent.command,
    ),
    Act.REVERSE_DEEMED: lambda pk, by, sent, form: mending.reverse_deemed(
        pk,
        by=by,
        reason=form.cleaned_data["reason"],
        version=sent.version,
        command=sent.command,
    ),
    Act.CONFIRM_CORRECTION: lambda pk, by, sent, _form: mending.confirm_correction(
        pk, by=by, version=sent.version, command=sent.command
    ),
}
