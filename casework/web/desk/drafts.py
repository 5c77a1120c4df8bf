"""Keeping what is typed into a long form, and filling the form in with it again."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import CASE_ROLES
from casework.domain.errors import Conflict, Invalid
from casework.models import FormDraft
from casework.services import drafts
from casework.web.desk.acting import Sent
from casework.web.requests import StaffRequest, wearing
from casework.web.templatetags.days import clock_time

#: The header by which a page saves by itself; it names the person who typed.
_BY_ITSELF = "x-draft"


@wearing(*CASE_ROLES)
def draft(request: StaffRequest, case_id: int, step: str) -> HttpResponse:
    """Save what was typed so far, or forget it; who is led here sees the form."""
    back = redirect("case_step", case_id=case_id, step=step)
    if request.method != "POST":
        return back
    if "drop" in request.POST:
        drafts.drop(case_id, step, by=request.actor)
        return back
    if _BY_ITSELF in request.headers:
        return _saved_by_itself(request, case_id, step)
    messages.success(request, _told(_saved(request, case_id, step)))
    return back


def keep_refused(request: StaffRequest, case_id: int, step: str) -> None:
    """Save what was typed into a form that came back, as far as it can be saved."""
    with suppress(Invalid):
        _saved(request, case_id, step)


def _saved(request: StaffRequest, case_id: int, step: str) -> FormDraft:
    return drafts.save(
        case_id,
        step,
        by=request.actor,
        version=Sent.read(request.POST).version,
        typed=dict(request.POST.lists()),
        at=timezone.now(),
    )


def _saved_by_itself(request: StaffRequest, case_id: int, step: str) -> HttpResponse:
    """Answer a page that saves by itself with the line that it shows."""
    status, is_wrong = 200, True
    try:
        _must_be_who_typed(request)
        told, is_wrong = _told(_saved(request, case_id, step)), False
    except Conflict as mistake:
        told, status = mistake.message, 409
    except Invalid as mistake:
        told, status = mistake.message, 422
    line = {"text": told, "is_wrong": is_wrong}
    return render(request, "desk/draft_said.html", line, status=status)


def _must_be_who_typed(request: StaffRequest) -> None:
    """Refuse what a page sends on for one person where another has logged in since."""
    person = request.actor.person
    if person is None or request.headers[_BY_ITSELF] != str(person.pk):
        raise Conflict(_("现在登录的是另一个人，草稿没有存；请由填写的人登录。"))


def _told(saved: FormDraft) -> str:
    return _("草稿已存 %(time)s") % {"time": clock_time(saved.saved_at)}
