"""Rolls: a unit's cases as one sheet, on the screen and on paper, decided together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from casework import access
from casework.access import CASE_ROLES, Actor
from casework.domain.errors import Invalid, NotFound
from casework.lifecycle import Step
from casework.models import Case, Event
from casework.reports import caseload
from casework.reports import rolls as reports
from casework.reports.caseload import Place
from casework.reports.rolls import Line, Offered
from casework.services import audit, materials, rolls
from casework.services.rolls import Outcome, Ticked
from casework.web.desk import reading
from casework.web.desk.case import READERS
from casework.web.requests import StaffRequest, wearing


@dataclass(frozen=True, slots=True)
class Row:
    """A ticked case on the page of its step, and on the page that tells what became of it."""

    case_id: int
    case: Case | None
    version: int = 0
    refused: str = ""
    brief: Sequence[str] = ()


@wearing(*READERS)
def roll(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show the roll of the unit, one page at a time."""
    found = reports.find(request.actor, kind, code)
    now = timezone.now()
    after = Place.read(request.GET.get("after", ""))
    page = reports.sheet(request.actor, found, now=now, after=after)
    _note_reading(request, found, page.lines)
    here = reverse("roll", args=[kind, code])
    return render(
        request,
        "desk/roll.html",
        {
            **_about(found),
            "step": _offered_step(request.actor, found),
            "lines": page.lines,
            "now": now,
            "next_url": f"{here}?{urlencode({'after': str(page.next)})}"
            if page.next
            else "",
            "first_url": here if after else "",
            "print_url": reverse("roll_print", args=[kind, code]),
            "step_url": reverse("roll_step", args=[kind, code]),
        },
    )


@wearing(*READERS)
def sheet(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show the roll as it is printed, whole; that it was is logged with its cases."""
    found = reports.find(request.actor, kind, code)
    now = timezone.now()
    whole = reports.whole_sheet(request.actor, found, now=now)
    cases = [line.case for line in whole.lines]
    printed = _note("roll.printed", request, found, cases)
    return render(
        request,
        "desk/roll_sheet.html",
        {
            **_about(found),
            "lines": whole.lines,
            "is_cut": whole.next is not None,
            "most": caseload.MOST,
            "now": now,
            "printed": printed,
            "goes_out": found.roll.goes_out,
            "is_print": True,
            "back_url": reverse("roll", args=[kind, code]),
        },
    )


@wearing(*CASE_ROLES)
def step(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Ask once for the ticked cases, and let each take the roll's step."""
    found = reports.find(request.actor, kind, code)
    if not found.roll.step:
        raise NotFound(_("这份名单没有一起办的一步。"))
    sent = request.POST if request.method == "POST" else request.GET
    ticked = _ticked(sent)
    if not ticked:
        messages.warning(request, _("没有选中案件。先在左边打勾，再一起办。"))
        return redirect("roll", kind=kind, code=code)
    if request.method != "POST":
        return _asked(request, found, ticked)
    materials.prepare(request.FILES)
    asked: dict[str, Any] = {
        "by": request.actor,
        "data": request.POST,
        "files": request.FILES,
    }
    mistaken = rolls.mistaken(found.kind, found.roll, ticked, **asked)
    if mistaken is not None:
        return _asked(request, found, ticked, mistaken)
    command = _command(request.POST)
    done = rolls.decide(found.kind, found.roll, ticked, command=command, **asked)
    return _told(request, found, done)


def _asked(
    request: StaffRequest, found: Offered, ticked: list[Ticked], form: Any = None
) -> HttpResponse:
    given = form is not None
    form = form or rolls.asked(found.kind, found.roll, ticked, by=request.actor)
    ids = [each.case_id for each in ticked]
    known = _seen(request.actor, ids)
    lines = reports.lines(request.actor, found, ids, now=timezone.now())
    _note_reading(request, found, lines)
    briefs = {
        line.case.pk: [str(said) for said in found.roll.brief(line.said) if said]
        for line in lines
    }
    context = {
        **_about(found),
        "form": form,
        "rows": [
            Row(
                each.case_id,
                known.get(each.case_id),
                each.version,
                brief=briefs.get(each.case_id, ()),
            )
            for each in ticked
        ],
        "command": request.POST.get("command") or uuid4(),
        "back_url": reverse("roll", args=[found.kind.code, found.roll.code]),
    }
    return render(request, "desk/roll_step.html", context, status=422 if given else 200)


def _told(
    request: StaffRequest, found: Offered, outcomes: list[Outcome]
) -> HttpResponse:
    known = _seen(request.actor, [each.case_id for each in outcomes])
    rows = [
        Row(each.case_id, each.case or known.get(each.case_id), refused=each.refused)
        for each in outcomes
    ]
    context = {
        **_about(found),
        "rows": rows,
        "done": sum(not row.refused for row in rows),
        "refused": sum(bool(row.refused) for row in rows),
        "back_url": reverse("roll", args=[found.kind.code, found.roll.code]),
    }
    return render(request, "desk/roll_result.html", context)


def _about(found: Offered) -> dict[str, Any]:
    step = rolls.step_of(found.kind, found.roll) if found.roll.step else None
    return {
        "roll": found.roll,
        "kind": found.kind.label,
        "unit": found.unit,
        "step": step,
    }


def _offered_step(actor: Actor, found: Offered) -> Step | None:
    """Return the step that the reader's role takes with ticked cases; None for others."""
    step = rolls.step_of(found.kind, found.roll) if found.roll.step else None
    return step if step and actor.role in step.roles else None


def _seen(actor: Actor, ids: list[int]) -> dict[int, Case]:
    """Return those of the cases that exist for the actor."""
    return access.visible(actor).in_bulk(ids)


def _ticked(sent: QueryDict) -> list[Ticked]:
    """Read which cases were ticked, each with the version that was on the page."""
    ticked = []
    for said in dict.fromkeys(sent.getlist("case")):
        pk, _colon, version = said.partition(":")
        if pk.isdecimal() and version.isdecimal():
            ticked.append(Ticked(int(pk), int(version)))
    return ticked[: caseload.PAGE]


def _command(sent: QueryDict) -> UUID:
    try:
        return UUID(sent.get("command", ""))
    except ValueError:
        raise Invalid(_("表单不完整。请回到名单，重新打开这一步。")) from None


def _note_reading(request: StaffRequest, found: Offered, lines: list[Line]) -> None:
    """Log whose names were read in clear, those that were not read before."""
    fresh = reading.fresh(request, [line.case for line in lines if line.in_clear])
    if fresh:
        _note("roll.read", request, found, fresh)


def _note(verb: str, request: StaffRequest, found: Offered, read: list[Case]) -> Event:
    roll = f"{found.kind.code}/{found.roll.code}"
    return audit.looked(verb, by=request.actor, cases=read, roll=roll)
