"""What waits for the decision of a unit's head, worked out from the declarations.

No list of approvals is kept anywhere: a case waits for a role when only that role takes
it on from where it is, or when a period runs that its steps end and nobody's without it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from casework.access import Actor
from casework.domain.vocabulary import (
    ClockKind,
    ClockState,
    ClockVerb,
    Level,
    Relation,
    Role,
)
from casework.lifecycle import CaseType, Registry, Step
from casework.models import Clock, Membership


@dataclass(frozen=True, slots=True)
class Awaited:
    """Where cases of a kind wait for a role."""

    kind: str
    #: States that nobody else leads out of.
    states: frozenset[str]
    #: States that others lead out of, too: they wait while one of the periods runs.
    timed: frozenset[str]
    periods: frozenset[str]


def decides(actor: Actor) -> bool:
    """Whether the actor's hat is one that decides for its unit."""
    return actor.wears(Role.SUPERVISOR)


def waiting_for(actor: Actor, *, now: datetime) -> Q:
    """Return which cases that lie in the actor's unit wait for his decision.

    Whose case it is to work on makes no difference; what is another head's own is his.
    """
    hat = actor.membership
    if hat is None or not decides(actor):
        return Q(pk__in=[])
    found = Q(pk__in=[])
    for kind in Registry.all():
        awaited = awaited_of(kind, hat.role, hat.unit.level)
        running = Clock.objects.filter(
            # What is only waited for has nothing to decide before its end.
            ~Q(rule__terms__kind=str(ClockKind.WAITING)) | Q(due_at__lte=now),
            case=OuterRef("pk"),
            state=ClockState.RUNNING,
            target__in=sorted(awaited.periods),
        )
        if awaited.states:
            found |= Q(kind=kind.code, state__in=sorted(awaited.states))
        if awaited.timed:
            found |= Q(Exists(running), kind=kind.code, state__in=sorted(awaited.timed))
    heads = Membership.objects.on(timezone.localdate(now)).filter(
        unit=hat.unit_id, role=str(hat.role), person=OuterRef("assignee")
    )
    is_anothers = Exists(heads.exclude(person=hat.person_id))
    return Q(found, ~is_anothers, holder=hat.unit_id)


def left_to_heads(actor: Actor) -> Q:
    """Return which cases wait for the head of the actor's unit and for nobody else."""
    hat = actor.membership
    left = Q(pk__in=[])
    if hat is None or decides(actor):
        return left
    for kind in Registry.all():
        states = awaited_of(kind, Role.SUPERVISOR, hat.unit.level).states
        if states:
            left |= Q(kind=kind.code, state__in=sorted(states), holder=hat.unit_id)
    return left


def periods(actor: Actor) -> dict[str, frozenset[str]]:
    """Return the periods that a decision of the actor's would end, by kind of case."""
    hat = actor.membership
    if hat is None or not decides(actor):
        return {}
    return {
        kind.code: awaited_of(kind, hat.role, hat.unit.level).periods
        for kind in Registry.all()
    }


def awaited_of(kind: CaseType, role: Role, level: Level) -> Awaited:
    """Return where cases of the kind wait for the role at the level."""
    own = [step for step in kind.steps.values() if _is_own(step, role, level)]
    others = [
        step
        for step in kind.steps.values()
        if role not in step.roles and not step.by_system
    ]
    periods = _ended(own) - _ended(others)
    timed = {
        str(state) for step in own if _ended([step]) & periods for state in step.sources
    }
    states = {
        str(state)
        for state in kind.states
        if (ways := list(_ways_out(kind, str(state), level)))
        and all(step in own for step in ways)
    }
    return Awaited(
        kind=kind.code,
        states=frozenset(states),
        timed=frozenset(timed - states),
        periods=frozenset(periods),
    )


def _is_own(step: Step, role: Role, level: Level) -> bool:
    """Whether the role alone takes the step for its unit, and it moves the case."""
    return (
        step.roles == {role}
        and step.relation is Relation.HOLDER
        and level in step.levels
        and step.target is not None
    )


def _ended(steps: list[Step]) -> set[str]:
    return {
        directive.target
        for step in steps
        for directive in step.clocks
        if directive.verb is ClockVerb.STOP
    }


def _ways_out(kind: CaseType, state: str, level: Level) -> Iterator[Step]:
    for step in kind.steps.values():
        moves = state in step.sources and step.target not in (None, state)
        if moves and level in step.levels and not step.by_system:
            yield step
