"""Taking a step, and putting a case into other hands: a form, one act, what happened."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from casework.access import CASE_ROLES, Actor
from casework.domain.errors import (
    CaseworkError,
    Conflict,
    Invalid,
    InvalidForm,
    NotNow,
)
from casework.domain.vocabulary import Act, ClockState, ClockVerb
from casework.lifecycle import Directive, Files, Registry, Step, StepForm
from casework.models import Case, Membership
from casework.reports import timeline
from casework.services import casefile, cases, drafts, materials
from casework.services.casefile import CaseFile
from casework.services.drafts import Draft
from casework.web.desk import hints, papers
from casework.web.desk.acting import Sent, WhenForm, form_page, go_back
from casework.web.desk.drafts import keep_refused
from casework.web.desk.story import Teller
from casework.web.forms import fill_in, refused
from casework.web.requests import StaffRequest, wearing
from casework.wording import word


class AssigneeForm(forms.Form):
    """To whom a case is given: the people of its unit who handle this kind."""

    to = forms.ChoiceField(label=gettext_lazy("指派给"))

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people


#: An act may write a few events; the one that tells the step is among the newest.
_FEW = 5


@wearing(*CASE_ROLES)
def step(request: StaffRequest, case_id: int, step: str) -> HttpResponse:
    """Ask for what a step needs, and take it."""
    if request.method != "POST":
        file = casefile.look(case_id, by=request.actor)
        taken = _known(file, step)
        barred = cases.refused(file, taken, by=request.actor, at=file.now)
        if barred is not None:
            raise barred.error
        return _asked(request, file, taken)
    when = WhenForm(request.POST, prefix="when")
    sent = Sent.read(request.POST)
    if not when.is_valid():
        file = casefile.look(case_id, by=request.actor)
        barred = cases.refused(file, _known(file, step), by=request.actor, at=file.now)
        if barred is not None:  # what the form offers may name people
            raise barred.error
        return _asked_again(request, case_id, step, when, None)
    materials.prepare(request.FILES)
    try:
        case = cases.act(
            case_id,
            step,
            by=request.actor,
            version=sent.version,
            data=request.POST,
            files=request.FILES,
            at=when.cleaned_data["at"],
            late_reason=when.cleaned_data["late_reason"],
            late_proof=when.cleaned_data["late_proof"],
            command=sent.command,
        )
    except (Conflict, Invalid, NotNow) as problem:
        return _asked_again(request, case_id, step, when, problem)
    drafts.drop(case_id, step, by=request.actor)
    messages.success(request, _told(case, step))
    back = go_back(request.actor, case)
    if (
        "x-draft" in request.headers
    ):  # a page with a draft forgets it, and only then goes
        return JsonResponse({"to": back["Location"]})
    return back


@wearing(*CASE_ROLES)
@require_POST
def step_hints(request: StaffRequest, case_id: int, step: str) -> HttpResponse:
    """Say where else somebody is known whom the form of the step names."""
    file = casefile.look(case_id, by=request.actor)
    asked = _known(file, step)
    barred = cases.refused(file, asked, by=request.actor, at=file.now)
    if barred is None:
        return hints.alone(file.kind, request, case=file.case)
    if isinstance(barred.error, NotNow):
        # The form was sent while the question was on its way: its page is gone.
        return HttpResponse(status=204)
    raise barred.error


@wearing(*CASE_ROLES)
def hand(request: StaffRequest, case_id: int, act: str) -> HttpResponse:
    """Take a case on, give it back or assign it."""
    file = casefile.look(case_id, by=request.actor)
    chosen = next((known for known in _HANDS if known == act), None)
    if chosen is None:
        raise _unknown(act)
    barred = cases.hand_refused(file.case, chosen, by=request.actor)
    if barred is not None:
        raise barred.error
    form = _hand_form(request, file, chosen)
    problem: CaseworkError | None = None
    if request.method == "POST" and form.is_valid():
        sent = Sent.read(request.POST)
        try:
            case = _HANDS[chosen](case_id, request.actor, sent.version, form)
        except (Conflict, Invalid) as mistake:
            problem = mistake
            file = casefile.look(case_id, by=request.actor)
        else:
            messages.success(request, _put(chosen, case))
            return go_back(request.actor, case)
    return form_page(
        request,
        file,
        title=word(chosen),
        form=form,
        problem=problem,
        note=_HAND_NOTES[chosen],
    )


def _hand_form(request: StaffRequest, file: CaseFile, act: Act) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    if act is not Act.ASSIGN:
        return forms.Form(data)
    hats = (
        Membership.objects.on(timezone.localdate(file.now))
        .filter(unit=file.case.holder_id, role__in=[str(r) for r in file.kind.handlers])
        .select_related("person")
        .order_by("person__name")
    )
    people = {
        str(hat.person_id): f"{hat.person.name} · {word(hat.role)}"
        for hat in hats
        if hat.person_id != file.case.assignee_id
    }
    return AssigneeForm(data, people=list(people.items()))


_HANDS: dict[Act, Callable[[int, Actor, int, forms.Form], Case]] = {
    Act.CLAIM: lambda pk, by, version, _form: cases.claim(pk, by=by, version=version),
    Act.RELEASE: lambda pk, by, version, _form: cases.release(
        pk, by=by, version=version
    ),
    Act.ASSIGN: lambda pk, by, version, form: cases.assign(
        pk, to=int(form.cleaned_data["to"]), by=by, version=version
    ),
}
_HAND_NOTES: dict[Act, Any] = {
    Act.CLAIM: gettext_lazy("签收以后案件由您承办。期限从派来那一刻起算，不等签收。"),
    Act.RELEASE: gettext_lazy("退签以后案件仍在本单位，谁都可以签收；期限照走。"),
    Act.ASSIGN: gettext_lazy("指派以后案件由他承办；期限照走。"),
}


def _known(file: CaseFile, step: str) -> Step:
    if step not in file.kind.steps:
        raise _unknown(step)
    return file.kind.steps[step]


def _unknown(step: str) -> Invalid:
    return Invalid(_("“%(step)s”不是这类案件的步骤。") % {"step": step})


def _form(
    file: CaseFile,
    step: Step,
    by: Actor,
    data: Mapping[str, Any] | None = None,
    files: Files | None = None,
) -> StepForm:
    form = step.form(data, files)
    form.ask(case=file.case, by=by, at=file.now)
    return form


def _asked(request: StaffRequest, file: CaseFile, step: Step) -> HttpResponse:
    """Show the form, filled in with the draft of it that the person has."""
    form, when = _form(file, step, request.actor), WhenForm(prefix="when")
    draft = None
    if form.is_kept:
        draft = drafts.load(file.case.pk, step.name, by=request.actor)
    if draft is not None:
        fill_in(form, draft.typed)
        fill_in(when, draft.typed)
    return _step_page(request, file, step, form, when, draft=draft)


def _asked_again(
    request: StaffRequest,
    case_id: int,
    name: str,
    when: WhenForm,
    problem: CaseworkError | None,
) -> HttpResponse:
    """Show the form with what was typed, and what speaks against it."""
    file = casefile.look(case_id, by=request.actor)
    step = _known(file, name)
    form = _form(file, step, request.actor, request.POST, request.FILES)
    form.is_valid()
    if form.is_kept:
        keep_refused(request, case_id, name)
    if isinstance(problem, Invalid) and not isinstance(problem, InvalidForm):
        refused(when if problem.field in when.fields else form, problem)
        problem = None
    elif isinstance(problem, InvalidForm):
        problem = None
    return _step_page(request, file, step, form, when, problem)


def _step_page(
    request: StaffRequest,
    file: CaseFile,
    step: Step,
    form: StepForm,
    when: WhenForm,
    problem: CaseworkError | None = None,
    draft: Draft | None = None,
) -> HttpResponse:
    barred = cases.refused(file, step, by=request.actor, at=file.now)
    return form_page(
        request,
        file,
        title=str(step.label),
        form=form,
        when=when,
        problem=problem,
        barred=barred,
        follows=_follows(file, step),
        hints=None if barred else _hints(request, file, step, form),
        draft=draft,
        draft_url=reverse("case_draft", args=[file.case.pk, step.name])
        if form.is_kept
        else "",
        # Who may not decide it now has nothing to weigh.
        beside=papers.beside(request, file, step) if barred is None else (),
    )


def _hints(
    request: StaffRequest, file: CaseFile, step: Step, form: StepForm
) -> hints.Beside | None:
    """Return what is known of whom the form names, as it was typed or as it stands."""
    if not step.form.names_people:
        return None
    return hints.beside(
        file.kind,
        request,
        data=request.POST or form.initial,
        url=reverse("case_step_hints", args=[file.case.pk, step.name]),
        case=file.case,
    )


def _follows(file: CaseFile, step: Step) -> list[tuple[str, str]]:
    """Say what the step does beside what is filled in, from its own declaration."""
    teller = Teller(file, in_clear=False)
    told: list[tuple[str, str]] = []
    if step.target is not None:
        told.append((_("状态"), teller.state(str(step.target))))
    if step.hand_to is not None and step.hand_to != file.case.level:
        told.append((_("转到"), word(step.hand_to)))
    told += [
        (word(each.verb), teller.clock(each.target))
        for each in step.clocks
        if _applies(file, each)
    ]
    if step.paper:
        told.append((_("文书"), str(step.paper)))
    if step.basis:
        told.append((_("依据"), step.basis))
    return told


def _applies(file: CaseFile, directive: Directive) -> bool:
    """Whether a directive finds the clock that it would change, as the case stands."""
    going = file.clocks.going(directive.target)
    match directive.verb:
        case ClockVerb.START:
            return going is None
        case ClockVerb.RESTART | ClockVerb.REOPEN:
            return True
        case ClockVerb.RESUME:
            return going is not None and going.clock.state == ClockState.PAUSED
        case _:
            return going is not None


def _told(case: Case, step: str) -> str:
    """Say what happened: the step, the state the case is in, and where it lies now."""
    kind = Registry.get(case.kind)
    parts = [_("已办“%(step)s”") % {"step": kind.steps[step].label}]
    facts = timeline.story(case, most=_FEW).facts
    fact = next((each for each in facts if each.verb == f"step.{step}"), None)
    for change in fact.changes if fact else []:
        if change.column == "state":
            state = word(kind.state(change.after))
            parts.append(_("案件现在是“%(state)s”") % {"state": state})
        if change.column == "holder_id":
            parts.append(_("转到%(unit)s") % {"unit": change.after})
    return _("，").join(parts) + _("。")


def _put(act: Act, case: Case) -> str:
    if act is Act.ASSIGN and case.assignee is not None:
        return _("已指派给%(name)s。") % {"name": case.assignee.name}
    if act is Act.CLAIM:
        return _("已签收，案件由您承办。")
    return _("已退签，案件回到本单位待签收。")
