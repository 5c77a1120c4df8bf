"""Queues: which cases stand where in a unit, in the order in which they fall due.

Every list is one range of an index `case_queue_*` and is paged by its key; every number
is counted no further than `MOST`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from casework.access import CASE_ROLES, SIGHT, Actor, visible
from casework.domain.vocabulary import (
    ClockState,
    Level,
    Light,
    Relation,
    Tab,
    Word,
)
from casework.lifecycle import Registry
from casework.models import NEVER, Act, Case, Clock, Party
from casework.reports import decisions

#: Nobody counts further by eye; a number that is larger reads `1000+`.
MOST = 1000
PAGE = 50

_PLACES = {
    Level.STATION: "station_id",
    Level.COUNTY: "county_id",
    Level.CITY: "city_id",
}
#: From which level a case comes next, seen from the unit that waits for it.
_FEEDS = {
    Level.CITY: Level.COUNTY,
    Level.COUNTY: Level.STATION,
    Level.STATION: Level.COUNTY,
}


class Scope(Word):
    """Whose cases a queue shows, from one's own outwards."""

    MINE = "mine", "我的", "Mine"
    UNIT = "unit", "本单位", "This unit"
    COUNTIES = "counties", "县级中心", "County centres"
    STATIONS = "stations", "下辖站点", "Stations below"


#: The tabs that are ordered by what falls due; the others by what the person did last.
BY_DUE = (Tab.TODO, Tab.DECIDE, Tab.UNASSIGNED, Tab.UPCOMING)
BY_ACT = (Tab.DONE, Tab.STARTED)
TABS = (*BY_DUE, *BY_ACT)
#: How many deadlines, and how many decisions, stand on the desk.
FEW = 5
#: How long before its next date a case that rests is work again: longer than the
#: thirty working days of the longest period that calls for an act of the office.
WAKES = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a list: what the next page begins after."""

    due: datetime | None
    id: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Return the position that `str()` wrote; None for anything else."""
        due, _, number = text.rpartition("~")
        try:
            return cls(datetime.fromisoformat(due) if due else None, int(number))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.due.isoformat() if self.due else ''}~{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of a list, with clocks and parties, and where the next page begins."""

    cases: list[Case]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Load:
    """What waits for a person today: the numbers of the desk, each up to `MOST`.

    A head answers for the periods of his unit, everybody else for those of his cases.
    """

    todo: int
    to_decide: int
    unassigned: int
    due_today: int
    overdue: int


def scopes(actor: Actor) -> list[Scope]:
    """Return whose cases the hat may list.

    A helper sees only what is given to him; an auditor has no cases, but lists those of
    his territory.
    """
    hat = actor.membership
    if hat is None or hat.role not in SIGHT:
        return []
    sight = SIGHT[hat.role]
    if sight.keys() <= {Relation.ASSIGNEE}:
        return [Scope.MINE]
    by_level = {
        Level.CITY: [Scope.MINE, Scope.UNIT, Scope.COUNTIES, Scope.STATIONS],
        Level.COUNTY: [Scope.MINE, Scope.UNIT, Scope.STATIONS],
        Level.STATION: [Scope.MINE, Scope.UNIT],
    }
    found = by_level.get(hat.unit.level, [])
    return found if Relation.ASSIGNEE in sight else found[1:]


def tabs(actor: Actor) -> list[Tab]:
    """Return the tabs that the hat has.

    Only who decides has what waits for decision; who only reads has what is open.
    """
    if actor.role not in CASE_ROLES:
        return [Tab.TODO]
    return [tab for tab in TABS if tab is not Tab.DECIDE or decisions.decides(actor)]


def queue(actor: Actor, tab: Tab, scope: Scope, *, now: datetime) -> QuerySet[Case]:
    """Return the open cases of a tab that is ordered by what falls due, in that order."""
    cases = visible(actor).filter(closed_at__isnull=True)
    match tab:
        case Tab.UPCOMING:
            cases = cases.filter(_coming(actor))
        case Tab.DECIDE:
            # What a head decides lies in his unit, whosever case it is.
            waiting = decisions.waiting_for(actor, now=now)
            cases = cases.filter(_lying(actor, Scope.UNIT), waiting)
        case Tab.UNASSIGNED:
            # Nobody's case is mine; what I could take on lies in my unit.
            wanted = Scope.UNIT if scope is Scope.MINE else scope
            cases = cases.filter(_lying(actor, wanted), assignee__isnull=True)
            cases = cases.exclude(_resting(now))
        case _:
            cases = cases.filter(_lying(actor, scope))
            if scope is Scope.MINE:
                cases = cases.exclude(decisions.left_to_heads(actor))
    return cases.order_by("next_due_at", "id")


def narrowed(cases: QuerySet[Case], light: Light, *, now: datetime) -> QuerySet[Case]:
    """Leave out cases that cannot show the light; which of the others do is worked out.

    Overdue is a range of the queue's own index. What is due soon depends on the length
    of each period in working time, which no column holds.
    """
    paused = Clock.objects.filter(case=OuterRef("pk"), state=ClockState.PAUSED)
    match light:
        case Light.RED:
            return cases.filter(next_due_at__lt=now)
        case Light.PAUSED:
            return cases.filter(Exists(paused), next_due_at__gte=now)
        case _:
            return cases.filter(~Exists(paused), next_due_at__gte=now)


def acted(actor: Actor, tab: Tab) -> QuerySet[Act]:
    """Return the person's last act (or opening) in each case he still sees, newest first."""
    mine = Act.objects.filter(person=actor.person, case__in=visible(actor))
    if tab is Tab.STARTED:
        mine = mine.filter(version=1)
    else:
        later = Act.objects.filter(
            case=OuterRef("case"), person=actor.person, version__gt=OuterRef("version")
        )
        mine = mine.filter(~Exists(later))
    return mine.order_by("-id")


def page(
    cases: QuerySet[Case],
    *,
    after: Place | None,
    keep: Callable[[Case], bool] | None = None,
) -> Page:
    """Return the next cases of a queue after a position.

    `keep` lets only some of them through: then up to `MOST` are looked at for a page.
    """
    if after is not None and after.due is not None:
        beyond = Q(next_due_at__gt=after.due) | Q(id__gt=after.id)
        cases = cases.filter(beyond, next_due_at__gte=after.due)
    most = PAGE if keep is None else MOST
    found = list(with_rows(cases)[: most + 1])
    kept = [case for case in found[:most] if keep is None or keep(case)]
    shown = kept[:PAGE]
    if len(kept) > PAGE:
        return Page(shown, Place(shown[-1].next_due_at, shown[-1].pk))
    last = found[most - 1] if len(found) > most else None
    return Page(shown, Place(last.next_due_at, last.pk) if last else None)


def acted_page(acts: QuerySet[Act], *, after: Place | None) -> Page:
    """Return the cases of the next acts after a position, in the order of the acts."""
    if after is not None:
        acts = acts.filter(id__lt=after.id)
    found = list(acts.values_list("id", "case_id")[: PAGE + 1])
    shown = found[:PAGE]
    cases = with_rows(Case.objects.filter(pk__in=[pk for _, pk in shown])).in_bulk()
    more = Place(None, shown[-1][0]) if len(found) > PAGE else None
    return Page([cases[pk] for _, pk in shown], more)


def one(actor: Actor, case_id: int) -> Case | None:
    """Return one case as a list shows it; None when it does not exist for the actor."""
    return with_rows(visible(actor)).filter(pk=case_id).first()


def counts(
    actor: Actor, *, scope: Scope, now: datetime
) -> tuple[dict[Tab, int], dict[Scope, int]]:
    """Count the tabs in a scope, and the open cases of every scope: one statement."""
    wider = scopes(actor)
    by_due = [tab for tab in tabs(actor) if tab in BY_DUE]
    found = _count(
        *(queue(actor, tab, scope, now=now) for tab in by_due),
        acted(actor, Tab.STARTED),
        *(queue(actor, Tab.TODO, each, now=now) for each in wider),
    )
    counted = (*by_due, Tab.STARTED)
    return (
        dict(zip(counted, found[: len(counted)], strict=True)),
        dict(zip(wider, found[len(counted) :], strict=True)),
    )


def load(actor: Actor, *, now: datetime) -> Load:
    """Count what waits for a person: one statement."""
    answered_for = queue(actor, Tab.TODO, answers_for(actor), now=now)
    return Load(
        *_count(
            queue(actor, Tab.TODO, Scope.MINE, now=now),
            queue(actor, Tab.DECIDE, Scope.UNIT, now=now),
            queue(actor, Tab.UNASSIGNED, Scope.UNIT, now=now),
            answered_for.filter(next_due_at__gte=now, next_due_at__lte=end_of(now)),
            answered_for.filter(next_due_at__lt=now),
        )
    )


def answers_for(actor: Actor) -> Scope:
    """Return for whose deadlines the hat answers: a head for those of his unit."""
    return Scope.UNIT if decisions.decides(actor) else Scope.MINE


def first(actor: Actor, tab: Tab, *, now: datetime) -> list[Case]:
    """Return the few cases that come first in a tab, as a list shows them.

    What has no period running falls due never, and is no deadline.
    """
    found = queue(actor, tab, answers_for(actor), now=now)
    if tab is Tab.TODO:
        found = found.filter(next_due_at__lt=NEVER)
    return list(with_rows(found)[:FEW])


def end_of(moment: datetime) -> datetime:
    """Return the midnight that ends the day; what is due at 24:00 is due that day."""
    tomorrow = timezone.localdate(moment) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


def _lying(actor: Actor, scope: Scope) -> Q:
    hat = actor.membership
    if hat is None or scope not in scopes(actor):
        return Q(pk__in=[])
    match scope:
        case Scope.MINE:
            return Q(assignee_id=hat.person_id)
        case Scope.UNIT:
            # Whoever has it now works on it, wherever it belongs (H-39).
            return Q(holder_id=hat.unit_id)
        case Scope.COUNTIES:
            below = Level.COUNTY
        case Scope.STATIONS:
            below = Level.STATION
    return Q(**{_PLACES[hat.unit.level]: hat.unit_id}, level=below)


def _resting(now: datetime) -> Q:
    """Cases that wait for time alone: without a task there is nothing to take on."""
    states = Q(pk__in=[])
    for kind in Registry.all():
        if kind.resting:
            states |= Q(kind=kind.code, state__in=sorted(map(str, kind.resting)))
    return Q(states, next_due_at__gt=now + WAKES)


def _coming(actor: Actor) -> Q:
    """Cases elsewhere whose state has a step that hands them to the actor's unit."""
    hat = actor.membership
    if hat is None or hat.unit.level not in _FEEDS:
        return Q(pk__in=[])
    own = hat.unit.level
    waiting = Q(pk__in=[])
    for kind in Registry.all():
        steps = [step for step in kind.steps.values() if step.hand_to is own]
        states = sorted({str(state) for step in steps for state in step.sources})
        if states:
            waiting |= Q(kind=kind.code, state__in=states)
    return Q(waiting, **{_PLACES[own]: hat.unit_id}, level=_FEEDS[own])


def with_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Let the cases come with what a list shows of them."""
    clocks = Clock.objects.select_related("rule").order_by("id")
    return cases.select_related("assignee", "county").prefetch_related(
        Prefetch("clocks", clocks),
        "clocks__pauses",
        Prefetch("party_records", Party.objects.in_force()),
    )


def _count(*lists: QuerySet[Case] | QuerySet[Act]) -> list[int]:
    parts: list[str] = []
    values: list[Any] = []
    for rows in lists:
        wanted = rows.order_by().values("pk")[: MOST + 1].query
        try:
            sql, params = wanted.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())
