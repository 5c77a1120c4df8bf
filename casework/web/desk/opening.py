"""受理登记: opening a case of any kind that is registered here."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
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
    NotFound,
)
from casework.domain.vocabulary import Act
from casework.lifecycle import CaseType, OpeningForm, Registry
from casework.models import Case
from casework.services import cases
from casework.web.desk import hints
from casework.web.desk.acting import WhenForm, go_back
from casework.web.forms import MomentField, refused
from casework.web.requests import StaffRequest, wearing
from casework.wording import word


class ReceivedForm(WhenForm):
    """When it was received, if not now; then why it was not typed in, and the proof."""

    at = MomentField(label=gettext_lazy("什么时候收到的"), required=False)


def address(actor: Actor) -> str:
    """Return where the actor registers: the kind when there is one, else the choice."""
    found = cases.openable(actor)
    if len(found) == 1:
        return reverse("case_new", args=[found[0].code])
    return reverse("case_kinds") if found else ""


@wearing(*CASE_ROLES)
def kinds(request: StaffRequest) -> HttpResponse:
    """Let the person choose what to register."""
    return render(request, "desk/kinds.html", {"kinds": cases.openable(request.actor)})


@wearing(*CASE_ROLES)
def new(request: StaffRequest, kind: str) -> HttpResponse:
    """Ask for what a case of the kind begins with, and open it."""
    known = _known(kind)
    if request.method != "POST":
        form = cases.opening_form(known, by=request.actor, at=timezone.now())
        form.initial = {**form.initial, **_led_here(known, request)}
        return _page(request, known, form, ReceivedForm(prefix="when"))
    when = ReceivedForm(request.POST, prefix="when")
    if not when.is_valid() or "look" in request.POST:
        return _asked_again(request, known, when, None)
    try:
        case = cases.open(
            kind,
            by=request.actor,
            data=request.POST,
            files=request.FILES,
            at=when.cleaned_data["at"],
            late_reason=when.cleaned_data["late_reason"],
            late_proof=when.cleaned_data["late_proof"],
            command=_command(request),
        )
    except (Conflict, Invalid) as problem:
        return _asked_again(request, known, when, problem)
    case = _taken_on(request.actor, case)
    messages.success(
        request, _("已登记，案件号 %(number)s。") % {"number": case.number}
    )
    return go_back(request.actor, case)


@wearing(*CASE_ROLES)
@require_POST
def new_hints(request: StaffRequest, kind: str) -> HttpResponse:
    """Say what is known already of who is being registered."""
    known = _known(kind)
    refusal = cases.opening_refused(known, by=request.actor)
    if refusal is not None:
        raise refusal.error
    return hints.alone(known, request)


def _known(kind: str) -> CaseType:
    for each in Registry.all():
        if each.code == kind:
            return each
    raise NotFound(_("没有这一类案件。"))


def _led_here(kind: CaseType, request: StaffRequest) -> dict[str, str]:
    """Return what the case that led here fills in: its number, in its field."""
    fields = {
        sequel.field
        for other in Registry.all()
        for sequel in other.sequels
        if sequel.kind == kind.code
    }
    return {name: request.GET[name] for name in fields & request.GET.keys()}


def _taken_on(actor: Actor, case: Case) -> Case:
    """Let who took the matter in go on with it: nobody else knows it yet."""
    if cases.hand_refused(case, Act.CLAIM, by=actor) is not None:
        return case
    try:
        return cases.claim(case.pk, by=actor)
    except Conflict:  # the same form, sent twice at once: the first one has it
        return case


def _asked_again(
    request: StaffRequest,
    kind: CaseType,
    when: ReceivedForm,
    problem: CaseworkError | None,
) -> HttpResponse:
    """Show the form with what was typed, and what speaks against it or is like it."""
    form = cases.opening_form(
        kind,
        by=request.actor,
        at=timezone.now(),
        data=request.POST,
        files=request.FILES,
    )
    form.is_valid()
    if isinstance(problem, Invalid) and not isinstance(problem, InvalidForm):
        refused(when if problem.field in when.fields else form, problem)
    clash = problem if isinstance(problem, Conflict) else None
    return _page(request, kind, form, when, clash)


def _page(
    request: StaffRequest,
    kind: CaseType,
    form: OpeningForm,
    when: ReceivedForm,
    problem: CaseworkError | None = None,
) -> HttpResponse:
    status = 409 if problem else 422 if form.errors or when.errors else 200
    return render(
        request,
        "desk/opening.html",
        {
            "title": _("登记：%(kind)s") % {"kind": word(kind.label)},
            "form": form,
            "when": when,
            "when_is_open": bool(when.errors or when.data.get("when-at")),
            "problem": problem,
            "hints": hints.beside(
                kind,
                request,
                data=request.POST,
                url=reverse("case_new_hints", args=[kind.code]),
            ),
            "command": request.POST.get("command") or uuid4(),
            "back_url": reverse("queue"),
        },
        status=status,
    )


def _command(request: StaffRequest) -> UUID:
    """Return the form's own id, by which a form sent twice opens one case."""
    try:
        return UUID(request.POST.get("command", ""))
    except ValueError:
        raise Invalid(_("表单不完整。请重新打开登记页。")) from None
