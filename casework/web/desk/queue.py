"""The queue: what waits for a unit or a person, the nearest end first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.access import CASE_ROLES, Actor
from casework.domain.errors import CaseworkError, Conflict, NotFound
from casework.domain.vocabulary import Act, Level, Light, Part, Role, Tab, Word
from casework.lifecycle import Registry
from casework.models import NEVER, Case
from casework.reports import caseload, decisions
from casework.reports.caseload import MOST, Page, Place, Scope
from casework.services import cases
from casework.web.desk import names, opening
from casework.web.desk.standing import (
    RowStanding,
    Standing,
    of_targets,
    row_standing,
    sheets_of,
    stand,
)
from casework.web.requests import StaffRequest, wearing
from casework.web.templatetags.days import last_day
from casework.wording import word

#: Why a tab can be empty: what would stand there.
EMPTY: dict[Tab, tuple[Promise, Promise]] = {
    Tab.TODO: (
        _("没有要办的案件"),
        _("轮到您或本单位办的案件排在这里，最先到期的在最上面。"),
    ),
    Tab.DECIDE: (
        _("没有等您审批的案件"),
        _("在本单位、只等负责人决定的案件排在这里，不论由谁承办。"),
    ),
    Tab.UNASSIGNED: (
        _("没有待签收的案件"),
        _("到了本单位、还没有人签收的案件排在这里。期限从派来那一刻起算，不等签收。"),
    ),
    Tab.UPCOMING: (
        _("没有即将到来的案件"),
        _("下一步会轮到本单位的案件先在这里露面，好提前安排。"),
    ),
    Tab.DONE: (
        _("还没有办过的案件"),
        _("您办过一步的案件都留在这里，随时可以看它后来怎么样了。"),
    ),
    Tab.STARTED: (
        _("还没有您发起的案件"),
        _("您登记、由别人接着办的案件在这里，办到哪一步一看便知。"),
    ),
    Tab.COPIED: (
        _("没有抄送给您的案件"),
        _("抄送只是告知，不用您办；看过以后仍留在这里。"),
    ),
}

#: How to read the lights of the queue.
LIGHTS: dict[Light, Promise] = {
    Light.RED: _("期限已过。先办，并写明原因。"),
    Light.AMBER: _("期限用掉了八成，或者今天是最后一个工作日。"),
    Light.GREEN: _("期限还宽。"),
    Light.PAUSED: _("本级不计时，例如在等补充材料；外面的期限照走。"),
    Light.PROVISIONAL: _("那一年的放假安排还没公布，日期可能变。"),
}


#: Who may list cases: an auditor reads what he takes no part in.
READERS = (*sorted(CASE_ROLES), Role.AUDITOR)

#: Which lights a queue can be narrowed to.
FILTERS = (Light.RED, Light.AMBER, Light.GREEN, Light.PAUSED, Light.PROVISIONAL)


@dataclass(frozen=True, slots=True)
class State:
    """What the address asks for: the URL is the state of the page."""

    scope: Scope
    tab: Tab
    light: Light | None
    after: Place | None

    def url(self, **changes: Any) -> str:
        """Return the address with some of it changed; a change begins at the top."""
        asked: dict[str, Any] = {
            "scope": self.scope,
            "tab": self.tab,
            "light": self.light,
            **changes,
        }
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in asked.items() if value})
        return f"{reverse('queue')}?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue."""

    case: Case
    kind: Word
    state: Word
    standing: RowStanding
    party: str
    source: str
    can_claim: bool
    #: The period that the reader's decision ends, where that is what the list is about.
    decided: Standing | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that fall due together; no count where the page does not show them all."""

    title: str
    note: str
    rows: list[Row]
    is_whole: bool


@wearing(*READERS)
def queue(request: StaffRequest) -> HttpResponse:
    """Show the queue, one scope and tab at a time."""
    now = timezone.now()
    state = _state(request)
    page = _page(request.actor, state, now)
    rows = rows_of(request.actor, state.tab, page.cases, now)
    is_whole = page.next is None and state.after is None
    tabs, scopes = caseload.counts(request.actor, scope=state.scope, now=now)
    return render(
        request,
        "desk/queue_list.html" if request.htmx else "desk/queue.html",
        {
            "works": request.actor.role in CASE_ROLES,
            "scopes": _scope_links(request.actor, state, scopes),
            "tabs": _tab_links(request.actor, state, tabs),
            "filters": _filter_links(state, rows if is_whole else []),
            "groups": _groups(state, rows, now, is_whole=is_whole),
            "shown": len(rows),
            "whole": is_whole,
            "next_url": state.url(after=page.next) if page.next else "",
            "first_url": state.url() if state.after else "",
            "empty": EMPTY[state.tab],
            "light": state.light,
            "all_url": state.url(light=None),
            "here": request.get_full_path(),
            "can_claim": any(row.can_claim for row in rows),
            "register_url": opening.address(request.actor),
            "now": now,
        },
    )


@wearing(*READERS)
def peek(request: StaffRequest, case_id: int) -> HttpResponse:
    """Show a case beside the queue: where it is, every clock that runs, what comes next."""
    case = caseload.one(request.actor, case_id)
    if case is None:
        raise NotFound(gettext("没有这件案件。"))
    now = timezone.now()
    going = [stand(sheet, now=now) for sheet in sheets_of(case) if sheet.is_going]
    offered = cases.choices(case_id, by=request.actor)
    return render(
        request,
        "desk/peek.html",
        {
            "row": row(request.actor, case, now),
            "clocks": going,
            "steps": [choice.step for choice in offered if choice.is_allowed],
        },
    )


@require_POST
@wearing(*CASE_ROLES)
def claim(request: StaffRequest) -> HttpResponse:
    """Take several cases on, and say of each whether it worked."""
    taken: list[Case] = []
    lost: list[str] = []
    one = request.POST.get("one")
    for pk in [one] if one else request.POST.getlist("case"):
        if not pk.isdecimal():
            continue
        try:
            taken.append(cases.claim(int(pk), by=request.actor))
        except Conflict:
            lost.append(_faster(request.actor, int(pk)))
        except CaseworkError as refusal:
            lost.append(refusal.message)
    _tell(request, taken, lost)
    asked = request.POST.get("next", "")
    home = reverse("queue")
    return redirect(asked if asked.split("?")[0] == home else home)


def capped(number: int) -> str:
    """Say a number that was counted up to a limit: `1000+`."""
    return f"{MOST}+" if number > MOST else str(number)


def _state(request: StaffRequest) -> State:
    allowed = caseload.scopes(request.actor)
    asked = request.GET.get("scope", "")
    tab, light = request.GET.get("tab", ""), request.GET.get("light", "")
    # A head comes for what waits for him; the cases are the caseworkers'.
    main = Tab.DECIDE if decisions.decides(request.actor) else Tab.TODO
    return State(
        scope=next((s for s in allowed if s == asked), allowed[0]),
        tab=next((t for t in caseload.tabs(request.actor) if t == tab), main),
        light=next((each for each in FILTERS if each == light), None),
        after=Place.read(request.GET.get("after", "")),
    )


def _page(actor: Actor, state: State, now: datetime) -> Page:
    if state.tab in caseload.BY_ACT:
        return caseload.acted_page(caseload.acted(actor, state.tab), after=state.after)

    found = caseload.queue(actor, state.tab, state.scope, now=now)
    light = state.light
    if light is None:
        return caseload.page(found, after=state.after)
    return caseload.page(
        caseload.narrowed(found, light, now=now),
        after=state.after,
        keep=lambda case: row_standing(case, now=now).light is light,
    )


def rows_of(actor: Actor, tab: Tab, listed: Iterable[Case], now: datetime) -> list[Row]:
    """Return the lines of a tab; what waits for a decision says which period that ends."""
    rows = [row(actor, case, now) for case in listed]
    if tab is not Tab.DECIDE:
        return rows
    ended = decisions.periods(actor)
    return [
        replace(
            each, decided=of_targets(each.case, ended.get(each.case.kind, ()), now=now)
        )
        for each in rows
    ]


def row(actor: Actor, case: Case, now: datetime) -> Row:
    """Return a case as one line, with its applicants as the actor may see them."""
    kind = Registry.get(case.kind)
    return Row(
        case=case,
        kind=kind.label,
        state=kind.state(case.state),
        standing=row_standing(case, now=now),
        party=_applicants(case, in_clear=names.is_assignee(actor, case)),
        source=_source(case),
        can_claim=case.assignee_id is None
        and cases.hand_refused(case, Act.CLAIM, by=actor) is None,
    )


def _applicants(case: Case, *, in_clear: bool) -> str:
    named = [
        names.party_name(party, in_clear=in_clear and case.closed_at is None)
        for party in case.party_records.all()
        if party.part == Part.APPLICANT
    ]
    if len(named) > 1:
        return gettext("%(name)s等 %(n)s 人") % {"name": named[0], "n": len(named)}
    return "".join(named)


def _source(case: Case) -> str:
    """Say from which level the case came, or from which county if it belongs elsewhere."""
    if case.county and case.holder_id not in (
        *(case.station_id, case.county_id, case.city_id),
    ):
        return case.county.short_name
    began = (
        Level.STATION
        if case.station_id
        else Level.COUNTY
        if case.county_id
        else Level.CITY
    )
    return gettext("本级") if began == case.level else word(began)


def _scope_links(
    actor: Actor, state: State, counts: dict[Scope, int]
) -> list[dict[str, Any]]:
    return [
        {
            "url": state.url(scope=scope, light=None),
            "label": _scope_label(actor, scope),
            "count": capped(counts[scope]),
            "current": scope is state.scope,
        }
        for scope in counts
    ]


def _scope_label(actor: Actor, scope: Scope) -> str:
    hat = actor.membership
    assert hat is not None
    if scope is Scope.UNIT:
        return gettext("本站") if hat.unit.level == Level.STATION else gettext("本中心")
    if scope is Scope.STATIONS and hat.unit.level == Level.CITY:
        return gettext("各站点")
    return word(scope)


def _tab_links(
    actor: Actor, state: State, counts: dict[Tab, int]
) -> list[dict[str, Any]]:
    return [
        {
            "url": state.url(tab=tab, light=None),
            "label": word(tab),
            "count": capped(counts[tab]) if tab in counts else None,
            "current": tab is state.tab,
        }
        for tab in caseload.tabs(actor)
    ]


def _filter_links(state: State, rows: list[Row]) -> list[dict[str, Any]]:
    """Return the lights as links; their numbers only where every row is on the page."""
    if state.tab in caseload.BY_ACT:
        return []
    found = Counter(row.standing.light for row in rows)
    return [
        {
            "url": state.url(light=None if light is state.light else light),
            "light": light,
            "current": light is state.light,
            "count": found[light] if rows and not state.light else None,
        }
        for light in FILTERS
    ]


def _groups(
    state: State, rows: list[Row], now: datetime, *, is_whole: bool
) -> list[Group]:
    if state.tab in caseload.BY_ACT:
        return [Group("", "", rows, is_whole)] if rows else []
    grouped = groupby(rows, key=lambda row: _when(row.case.next_due_at, now))
    return [Group(*title, list(those), is_whole) for title, those in grouped]


def _when(due_at: datetime, now: datetime) -> tuple[str, str]:
    """Return the title under which a case that is due then stands, and a note."""
    if due_at < now:
        return gettext("已超期"), gettext("先办这里")
    if due_at >= NEVER:
        return gettext("不在计时"), gettext("期限停着，或者已经没有期限在走")
    today, until = timezone.localdate(now), last_day(due_at)
    sunday = today + timedelta(days=6 - today.weekday())
    if until == today:
        return gettext("今天到期"), ""
    if until <= sunday:
        return gettext("本周到期"), ""
    if until <= sunday + timedelta(days=7):
        return gettext("下周到期"), ""
    return gettext("以后到期"), ""


def _faster(actor: Actor, case_id: int) -> str:
    """Say who was faster, or why a case could not be taken on."""
    case = caseload.one(actor, case_id)
    if case is None or case.assignee is None:
        return gettext("有一件已经不在这里")
    return gettext("%(number)s 被 %(name)s 先签收") % {
        "number": case.number or case.pk,
        "name": case.assignee.name,
    }


def _tell(request: StaffRequest, taken: list[Case], lost: list[str]) -> None:
    if not taken and not lost:
        messages.warning(request, gettext("没有选中案件。先在左边打勾，再签收。"))
        return
    told = []
    if len(taken) == 1:
        told.append(gettext("已签收 %(number)s") % {"number": taken[0].number})
    elif taken:
        n = len(taken)
        told.append(ngettext("已签收 %(n)s 件", "已签收 %(n)s 件", n) % {"n": n})
    sentence = gettext("，").join([*told, *_unique(lost)]) + gettext("。")
    (messages.warning if lost else messages.success)(request, sentence)


def _unique(sentences: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(sentence.rstrip("。.") for sentence in sentences)
