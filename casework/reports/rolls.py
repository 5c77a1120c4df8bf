"""Rolls: a unit's cases in certain states as one sheet (公示名单, 上会清单).

A roll is one range of an index `case_queue_*`, ordered by what falls due and paged by
its key like a queue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework import access
from casework.access import Actor, Refusal
from casework.domain.errors import NotFound
from casework.domain.vocabulary import Level, Role
from casework.lifecycle import CaseType, Registry, Roll, View
from casework.models import Case, Unit
from casework.reports import caseload
from casework.reports.caseload import MOST, Place
from casework.wording import enumeration, word


@dataclass(frozen=True, slots=True)
class Offered:
    """A roll of a kind, as it is offered in a unit."""

    kind: CaseType
    roll: Roll
    unit: Unit


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a roll, and what the roll says of it."""

    case: Case
    said: dict[str, Any]
    in_clear: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some lines of a roll, and where the next page begins."""

    lines: list[Line]
    next: Place | None


def offered(actor: Actor) -> list[Offered]:
    """Return the rolls of the unit in which the actor works now."""
    hat = actor.membership
    return [
        Offered(kind, roll, hat.unit)
        for kind in Registry.all()
        for roll in kind.rolls
        if hat is not None and refusal(actor, roll) is None
    ]


def find(actor: Actor, kind: str, code: str) -> Offered:
    """Return the roll; raises NotFound for an unknown one, Forbidden with the reason."""
    known = {
        (each.code, roll.code): (each, roll)
        for each in Registry.all()
        for roll in each.rolls
    }
    if (kind, code) not in known:
        raise NotFound(_("没有这份名单。"))
    case_type, roll = known[kind, code]
    barred = refusal(actor, roll)
    if barred is not None:
        raise barred.error
    assert actor.membership is not None
    return Offered(case_type, roll, actor.membership.unit)


def refusal(actor: Actor, roll: Roll) -> Refusal | None:
    """Return why the actor does not work with the roll; None when he does."""
    levels = enumeration(word(level) for level in Level if level in roll.levels)
    roles = enumeration(word(role) for role in Role if role in roll.roles)
    who = _("%(levels)s的%(roles)s") % {"levels": levels, "roles": roles}
    hat = actor.membership
    if hat is None or hat.role not in roll.roles:
        return Refusal(_("您现在的岗位不用这份名单。"), who)
    if hat.unit.level not in roll.levels:
        told = {"level": word(hat.unit.level)}
        return Refusal(_("%(level)s没有这份名单。") % told, who)
    return None


def cases(actor: Actor, found: Offered) -> QuerySet[Case]:
    """Return the open cases of the roll's unit in its states, the nearest end first."""
    place = {f"{found.unit.level}_id": found.unit.pk}
    waiting = access.visible(actor).filter(
        **place,
        closed_at__isnull=True,
        kind=found.kind.code,
        state__in=sorted(str(state) for state in found.roll.states),
    )
    return found.roll.rows(waiting).order_by("next_due_at", "id")


def sheet(actor: Actor, found: Offered, *, now: datetime, after: Place | None) -> Sheet:
    """Return the next lines of the roll after a position."""
    page = caseload.page(cases(actor, found), after=after)
    return Sheet(list(_lines(actor, found.roll, page.cases, now)), page.next)


def lines(
    actor: Actor, found: Offered, ids: Iterable[int], *, now: datetime
) -> list[Line]:
    """Return what the roll says of these cases; not of one that has left it."""
    rows = caseload.with_rows(cases(actor, found).filter(pk__in=ids))
    return list(_lines(actor, found.roll, rows, now))


def whole_sheet(actor: Actor, found: Offered, *, now: datetime) -> Sheet:
    """Return the roll as it is printed: its first `MOST` lines."""
    rows = list(caseload.with_rows(cases(actor, found))[: MOST + 1])
    last = rows[MOST - 1] if len(rows) > MOST else None
    return Sheet(
        list(_lines(actor, found.roll, rows[:MOST], now)),
        Place(last.next_due_at, last.pk) if last else None,
    )


def _lines(
    actor: Actor, roll: Roll, rows: Iterable[Case], now: datetime
) -> Iterator[Line]:
    for case in rows:
        in_clear = access.is_of_the_team(actor, case)
        said = roll.line(case, View(actor=actor, at=now, in_clear=in_clear))
        if said is not None:
            yield Line(case, said, in_clear)
