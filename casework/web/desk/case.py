"""The case page: who, what, where, every clock, what can be done, what cannot and why."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import CASE_ROLES, Actor
from casework.domain.vocabulary import (
    Level,
    Light,
    Part,
    Role,
)
from casework.models import Case, Event, Material, Party, Unit
from casework.reports import timeline, verified
from casework.services import (
    audit,
    casefile,
    cases,
    drafts,
    reveals,
    verification,
)
from casework.services.casefile import CaseFile
from casework.web.desk import materials, names, papers, progress, reading, turns
from casework.web.desk.standing import Standing, stand
from casework.web.desk.story import Teller, rung_words
from casework.web.requests import StaffRequest, wearing
from casework.web.templatetags.days import clock_time
from casework.wording import enumeration

#: Who may open the page of a case; which cases exist for him is another question.
READERS = (*sorted(CASE_ROLES), Role.AUDITOR)

#: Session key: which cases were verified, and how many faults were found then.
_VERIFIED = "cases_verified"

#: How many cards stand beside each other.
_ONE_ROW = 3

_LEVELS = (Level.STATION, Level.COUNTY, Level.CITY)


@dataclass(frozen=True, slots=True)
class Stop:
    """One unit of the case's territory, from the station up."""

    unit: Unit
    is_here: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the list of the auditor."""

    event: Event
    title: str
    hash: str
    damages: list[str]


@wearing(*READERS)
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    """Show a case with the tab that the address asks for."""
    file = casefile.look(case_id, by=request.actor)
    context = _context(request, file, shows_numbers=True)
    tab = request.GET.get("tab", "story")
    match tab:
        case "proof":
            context |= _proof(request, file)
        case "clocks":
            context["ladders"] = _ladders(file)
        case "materials":
            context |= materials.listing(file.case, request.actor)
        case "panels" if file.kind.panels:
            context |= papers.panels(request, file)
        case "papers" if file.kind.papers:
            context |= papers.listing(file)
        case _:
            tab = "story"
            context |= _story(request, file, context["teller"])
    offered = cases.choices(case_id, by=request.actor)
    sequels = _sequels(request.actor, file)
    here = reverse("case", args=[case_id])
    context |= {
        "tab": tab,
        "tabs": _tabs(here, tab, file),
        "acts": turns.offered(request.actor, file, offered, has_sequel=bool(sequels)),
        "begun": drafts.steps_begun(case_id, by=request.actor),
        "sequels": sequels,
        "paper_url": reverse("case_print", args=[case_id]),
        "may_reveal": not reveals.refusal(request.actor, file.case),
    }
    return render(request, "desk/case.html", context)


@wearing(*READERS)
def paper(request: StaffRequest, case_id: int) -> HttpResponse:
    """Show the case as it is printed: the whole story, oldest first; printing is logged."""
    file = casefile.look(case_id, by=request.actor)
    context = _context(request, file, shows_numbers=False)
    facts = timeline.whole_story(file.case)
    context["days"] = context["teller"].days(facts, today=timezone.localdate(file.now))
    context["printed"] = audit.looked(
        "case.printed", by=request.actor, cases=[file.case]
    )
    context["count"] = len(facts)
    return render(request, "desk/case_paper.html", context)


def _context(
    request: StaffRequest, file: CaseFile, *, shows_numbers: bool
) -> dict[str, Any]:
    """Return what the page and its print have in common.

    The page shows numbers in full while the reader has leave to see them.
    """
    found, actor = file.case, request.actor
    in_clear = names.is_of_the_team(actor, found)
    parties = sorted(Party.objects.in_force().filter(case=found), key=_place)
    if in_clear and parties:
        reading.note(request, found)
    revealed = reveals.in_force(found, by=actor, at=file.now) if shows_numbers else None
    standings = [stand(sheet, now=file.now) for sheet in _newest(file)]
    teller = Teller(file, in_clear=in_clear, audits=actor.wears(Role.AUDITOR))
    passed = timeline.passed(found)
    return {
        "case": found,
        "kind": file.kind.label,
        "state": file.kind.state(found.state),
        "light": _worst(standings),
        "now": file.now,
        "teller": teller,
        "in_clear": in_clear,
        "title": _title(file, parties, in_clear=in_clear),
        "parties": [
            names.card(party, in_clear=in_clear, is_revealed=revealed is not None)
            for party in parties
        ],
        "revealed": revealed,
        "progress": progress.of(file, passed, teller),
        "stops": _stops(found),
        **_clocks(standings),
    }


def _note_verifying(request: StaffRequest, case: Case, *, harms: int) -> None:
    """Log that the auditor verified it, and what came of it: once a session and case."""
    done = request.session.get(_VERIFIED, [])
    if [case.pk, harms] not in done:
        audit.looked(verified.VERB, by=request.actor, cases=[case], harms=harms)
        request.session[_VERIFIED] = [*done, [case.pk, harms]]


def _newest(file: CaseFile) -> list[Any]:
    """Return the last cycle of every period, the one that is due next first."""
    last = {sheet.target: sheet for sheet in file.clocks.sheets}
    far = datetime.max.replace(tzinfo=timezone.get_default_timezone())
    return sorted(
        last.values(), key=lambda s: (not s.is_going, s.clock.due_at or far, s.target)
    )


def _clocks(standings: Iterable[Standing]) -> dict[str, list[Standing]]:
    """Return the periods as cards; the stopped ones fold away when they are many."""
    shown = [each for each in standings if each.light is not None]
    if len(shown) <= _ONE_ROW:
        return {"clocks": shown, "stopped_clocks": []}
    return {
        "clocks": [each for each in shown if each.is_going],
        "stopped_clocks": [each for each in shown if not each.is_going],
    }


def _worst(standings: Iterable[Standing]) -> Light | None:
    order = [Light.RED, Light.AMBER, Light.PAUSED, Light.PROVISIONAL, Light.GREEN]
    lights = [each.light for each in standings if each.is_going and each.light]
    return min(lights, key=order.index, default=None)


def _place(party: Party) -> tuple[int, str]:
    """Sort parties: who applies comes first, then the others in the glossary's order."""
    return list(Part).index(party.part), party.name


def _title(file: CaseFile, parties: list[Party], *, in_clear: bool) -> str:
    told = [
        names.party_name(party, in_clear=in_clear)
        for party in parties
        if party.part in (Part.APPLICANT, Part.RESPONDENT)
    ]
    who = (
        _("%(one)s 与%(other)s") % {"one": told[0], "other": told[1]}
        if (len(told) == 2)
        else enumeration(told)
    )
    about = file.kind.told(file.case.subject)
    return " · ".join(part for part in (who, about) if part)


def _stops(case: Case) -> list[Stop]:
    ids = {
        Level.STATION: case.station_id,
        Level.COUNTY: case.county_id,
        Level.CITY: case.city_id,
    }
    units = Unit.objects.in_bulk([pk for pk in ids.values() if pk] + [case.holder_id])
    return [
        Stop(units[pk], pk == case.holder_id)
        for level in _LEVELS
        if (pk := ids[level]) is not None
    ]


def _sequels(actor: Actor, file: CaseFile) -> list[tuple[Any, str]]:
    """Return what the case leads to and the actor may register: its name, its form."""
    state = file.kind.state(file.case.state)
    due = [
        sequel
        for sequel in file.kind.sequels
        if state in sequel.states and sequel.is_due(file.case)
    ]
    openable = {kind.code for kind in cases.openable(actor)} if due else set()
    return [
        (
            sequel.label,
            f"{reverse('case_new', args=[sequel.kind])}?"
            f"{urlencode({sequel.field: file.case.number})}",
        )
        for sequel in due
        if sequel.kind in openable
    ]


def _tabs(here: str, current: str, file: CaseFile) -> list[dict[str, Any]]:
    facts = f"{here}?tab=panels#record", _("案情"), None
    issued = f"{here}?tab=papers#record", _("文书"), None
    brought = f"{here}?tab=materials#record", _("材料"), None
    return [
        {"url": url, "label": label, "current": name == current, "count": count}
        for name, url, label, count in (
            ("story", f"{here}#record", _("时间轴"), file.case.event_count),
            *([("panels", *facts)] if file.kind.panels else []),
            *([("papers", *issued)] if file.kind.papers else []),
            *([("materials", *brought)] if Material in file.kind.records else []),
            ("clocks", f"{here}?tab=clocks#record", _("期限"), None),
            ("proof", f"{here}?tab=proof#record", _("核验"), None),
        )
    ]


def _story(request: StaffRequest, file: CaseFile, teller: Teller) -> dict[str, Any]:
    asked = request.GET.get("before", "")
    told = timeline.story(file.case, before=int(asked) if asked.isdecimal() else None)
    here = reverse("case", args=[file.case.pk])
    return {
        "days": teller.days(told.facts, today=timezone.localdate(file.now)),
        "older_url": f"{here}?before={told.older}#record" if told.older else "",
        "newest_url": f"{here}#record" if asked else "",
    }


def _ladders(file: CaseFile) -> list[dict[str, Any]]:
    """Return every cycle of every period with the rungs of its ladder."""
    return [
        {
            "standing": stand(sheet, now=file.now),
            "state": sheet.clock.state,
            "rungs": [
                (rung, rung_words(sheet.rule, rung.code))
                for rung in sorted(sheet.rungs.values(), key=lambda r: r.number)
            ],
        }
        for sheet in reversed(file.clocks.sheets)
    ]


def _proof(request: StaffRequest, file: CaseFile) -> dict[str, Any]:
    """Verify the case as the command does, and lay its events out; one of them opened."""
    harms: list[verification.Harm] = []
    walked = verification.verify(cases=[file.case.pk], tell=harms.append)
    if request.actor.wears(Role.AUDITOR):
        _note_verifying(request, file.case, harms=walked.harms)
    damages: dict[int, list[str]] = {}
    for harm in harms:
        damages.setdefault(harm.sequence, []).append(harm.sentence)
    facts = {fact.sequence: fact for fact in timeline.whole_story(file.case)}
    teller = Teller(file, in_clear=False)
    entries = [
        Entry(
            event,
            teller.title(facts[event.sequence]),
            bytes(event.hash).hex(),
            damages.get(event.sequence, []),
        )
        for event in reversed(timeline.events(file.case))
    ]
    asked = request.GET.get("event", "")
    chosen = int(asked) if asked.isdecimal() else file.case.event_count
    opened = next((e for e in entries if e.event.sequence == chosen), None)
    return {
        "entries": entries,
        "opened": opened,
        "opened_fact": facts.get(chosen),
        "opened_body": _body(facts[chosen].record) if opened else "",
        "harms": walked.harms,
        # What is wrong with the rows that the events leave behind has no number.
        "first_damage": min((number for number in damages if number), default=None),
        "damages": sorted(damages.items()),
        "is_demo": walked.is_demo,
        "checked_at": clock_time(file.now),
        "total": len(entries),
    }


def _body(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
