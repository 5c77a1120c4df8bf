"""The papers and panels of a case's kind: their list, one on A4, one as a workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from casework.access import CASE_ROLES, Actor
from casework.domain.errors import NotFound, NotNow
from casework.domain.vocabulary import Role
from casework.lifecycle import Panel, Paper, Step, View
from casework.models import Event
from casework.services import audit, casefile, reveals
from casework.services.casefile import CaseFile
from casework.web.desk import names, reading
from casework.web.requests import StaffRequest, wearing

READERS = (*sorted(CASE_ROLES), Role.AUDITOR)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper in the list of a case; without an address it is not ready."""

    paper: Paper
    url: str = ""
    workbook_url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A panel of the kind, drawn for the reader."""

    panel: Panel
    inside: SafeString


@wearing(*READERS)
def paper(request: StaffRequest, case_id: int, code: str) -> HttpResponse:
    """Show a paper as it is printed; that it was is logged."""
    file = casefile.look(case_id, by=request.actor)
    found = _ready(file, code)
    view = view_of(request.actor, file)
    context = found.context(file.case, view)
    shared = {
        "case": file.case,
        "kind": file.kind.label,
        "state": file.kind.state(file.case.state),
        "paper": found,
        "goes_out": found.goes_out,
        "view": view,
        "is_masked": found.has_numbers and not view.is_revealed,
        "barred": reveals.refusal(request.actor, file.case),
        "printed": _note("paper.printed", request, file, found),
        "workbook_url": _entry(file, found).workbook_url,
    }
    return render(request, found.template, {**context, **shared})


@wearing(*READERS)
def workbook(request: StaffRequest, case_id: int, code: str) -> HttpResponse:
    """Hand a paper over as a workbook; that it was is logged."""
    file = casefile.look(case_id, by=request.actor)
    found = _ready(file, code)
    if found.workbook is None:
        raise NotFound(_("这份文书没有表格文件。"))
    content = found.workbook(file.case, view_of(request.actor, file))
    _note("paper.downloaded", request, file, found)
    named = content_disposition_header(True, f"{found.title} {file.case.number}.xlsx")
    return HttpResponse(
        content,
        content_type=WORKBOOK,
        headers={
            "Content-Disposition": named or "attachment",
            "Cache-Control": "no-store",
        },
    )


def listing(file: CaseFile) -> dict[str, Any]:
    """Return what `desk/case_papers.html` shows: the papers there are, and those later."""
    entries = [_entry(file, each) for each in file.kind.papers]
    return {
        "papers": [entry for entry in entries if entry.url],
        "papers_later": [entry for entry in entries if not entry.url],
    }


def panels(request: StaffRequest, file: CaseFile) -> dict[str, Any]:
    """Return what `desk/case_panels.html` shows: each panel of the kind, drawn."""
    return {"panels": _parts(request, file, file.kind.panels)}


def beside(request: StaffRequest, file: CaseFile, step: Step) -> list[Part]:
    """Return the panels that the step shows beside its form, drawn; reading is logged."""
    if not step.beside:
        return []
    by_code = {panel.code: panel for panel in file.kind.panels}
    parts = _parts(request, file, [by_code[code] for code in step.beside])
    if names.is_of_the_team(request.actor, file.case):
        reading.note(request, file.case)
    return parts


def view_of(actor: Actor, file: CaseFile) -> View:
    """Return for whom the parts of the case are drawn: names for its team, numbers by leave."""
    return View(
        actor=actor,
        at=file.now,
        in_clear=names.is_of_the_team(actor, file.case),
        is_revealed=reveals.in_force(file.case, by=actor, at=file.now) is not None,
    )


def _parts(request: StaffRequest, file: CaseFile, shown: Iterable[Panel]) -> list[Part]:
    view = view_of(request.actor, file)
    return [Part(panel, _drawn(request, file, panel, view)) for panel in shown]


def _drawn(
    request: StaffRequest, file: CaseFile, panel: Panel, view: View
) -> SafeString:
    context = panel.context(file.case, view)
    shared = {"case": file.case, "view": view, "panel": panel}
    return render_to_string(panel.template, {**context, **shared}, request)


def _ready(file: CaseFile, code: str) -> Paper:
    found = next((each for each in file.kind.papers if each.code == code), None)
    if found is None:
        raise NotFound(_("没有这份文书。"))
    if not found.is_ready(file.case):
        told = {"title": found.title, "awaits": found.awaits}
        raise NotNow(_("还没有《%(title)s》。%(awaits)s") % told)
    return found


def _entry(file: CaseFile, found: Paper) -> Entry:
    if not found.is_ready(file.case):
        return Entry(found)
    asked = [file.case.pk, found.code]
    has_one = found.workbook is not None
    return Entry(
        found,
        reverse("case_paper", args=asked),
        reverse("case_workbook", args=asked) if has_one else "",
    )


def _note(verb: str, request: StaffRequest, file: CaseFile, found: Paper) -> Event:
    return audit.looked(verb, by=request.actor, cases=[file.case], paper=found.code)
