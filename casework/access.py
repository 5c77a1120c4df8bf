"""Who acts, in which hat; which cases exist for him, and what he may do in them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.domain.errors import CaseworkError, Forbidden
from casework.domain.vocabulary import Channel, Level, Relation, Role, Sensitivity
from casework.lifecycle import Step
from casework.models import Case, Membership, Party, Person, Unit, User
from casework.wording import enumeration, word

CASE_ROLES = frozenset({Role.CASEWORKER, Role.MEDIATOR, Role.HELPER, Role.SUPERVISOR})

_EVERY_OFFICE = frozenset({Level.STATION, Level.COUNTY, Level.CITY})
_CENTRES = frozenset({Level.COUNTY, Level.CITY})

#: The levels at which a role may be worn; the federation has no such office elsewhere.
LEVELS_OF_ROLE: dict[Role, frozenset[Level]] = {
    Role.CASEWORKER: _EVERY_OFFICE,
    Role.MEDIATOR: _EVERY_OFFICE,
    Role.HELPER: _CENTRES,
    Role.SUPERVISOR: _EVERY_OFFICE,
    Role.FINANCE: _CENTRES,
    Role.AUDITOR: _CENTRES,
    Role.SYSTEM_ADMINISTRATOR: frozenset({Level.CITY}),
    Role.SECURITY_ADMINISTRATOR: frozenset({Level.CITY}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts now: the account, the person behind it, and the one hat worn."""

    user: User | None
    person: Person | None
    membership: Membership | None
    on_behalf_of: Person | None = None
    channel: Channel = Channel.WEB

    @property
    def role(self) -> Role | None:
        """The role of the hat worn now; None for a person who holds none today."""
        if self is SYSTEM:
            return Role.SYSTEM
        return self.membership.role if self.membership else None

    def wears(self, *roles: Role) -> bool:
        """Whether the hat worn now is one of `roles`."""
        return self.role in roles


@dataclass(frozen=True, slots=True)
class Clause:
    """Cases whose `column` has `value`, at these degrees of sensitivity."""

    column: str
    value: int
    sensitivities: frozenset[Sensitivity]

    @property
    def is_for_all(self) -> bool:
        return len(self.sensitivities) == len(Sensitivity)

    def meets(self, case: Case) -> bool:
        return (
            getattr(case, self.column) == self.value
            and case.sensitivity in self.sensitivities
        )


#: The system itself: migrations, the sweep, the demo.
SYSTEM = Actor(user=None, person=None, membership=None, channel=Channel.COMMAND)


_NORMAL = frozenset({Sensitivity.NORMAL})
_ALL = frozenset(Sensitivity)

#: Which cases a role sees: by its relation to them, at which degrees of sensitivity.
#: A role that is not in the table sees none.
SIGHT: dict[Role, dict[Relation, frozenset[Sensitivity]]] = {
    Role.CASEWORKER: {
        Relation.ASSIGNEE: _ALL,
        Relation.HOLDER: _NORMAL,
        Relation.TERRITORY: _NORMAL,
    },
    Role.MEDIATOR: {
        Relation.ASSIGNEE: _ALL,
        Relation.HOLDER: _NORMAL,
        Relation.TERRITORY: _NORMAL,
    },
    Role.HELPER: {Relation.ASSIGNEE: _ALL},
    Role.SUPERVISOR: {
        Relation.ASSIGNEE: _ALL,
        Relation.HOLDER: _ALL,
        Relation.TERRITORY: _ALL,
    },
    Role.AUDITOR: {Relation.TERRITORY: _ALL},
}

_TERRITORY = {
    Level.STATION: "station_id",
    Level.COUNTY: "county_id",
    Level.CITY: "city_id",
}


def sight(actor: Actor) -> tuple[Clause, ...] | None:
    """Return the clauses of which a visible case meets one; None: it sees every case.

    Lists, details, searches, counts and the door all ask this one function.
    """
    if actor.wears(Role.SYSTEM):
        return None
    hat = actor.membership
    if hat is None:
        return ()
    return tuple(
        Clause(*place, sensitivities)
        for relation, sensitivities in SIGHT.get(hat.role, {}).items()
        if (place := _place(relation, hat)) is not None
    )


def visible(actor: Actor) -> QuerySet[Case]:
    """Return the cases that exist for the actor."""
    clauses = sight(actor)
    return Case.objects.all() if clauses is None else _meeting(clauses).all()


@lru_cache(maxsize=1024)
def _meeting(clauses: tuple[Clause, ...]) -> QuerySet[Case]:
    """Return the cases that meet one; never read itself, its conditions are dear to make."""
    if not clauses:
        return Case.objects.none()
    condition = Q()
    for clause in clauses:
        part = Q(**{clause.column: clause.value})
        if not clause.is_for_all:
            part &= Q(sensitivity__in=sorted(clause.sensitivities))
        condition |= part
    return Case.objects.filter(condition)


def sees(actor: Actor, case: Case) -> bool:
    """Whether the case exists for the actor: the same clauses as `visible`."""
    clauses = sight(actor)
    return clauses is None or any(clause.meets(case) for clause in clauses)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be done, who could do it, and as what it is refused."""

    reason: str
    who: str = ""
    kind: type[CaseworkError] = Forbidden

    @property
    def error(self) -> CaseworkError:
        """The refusal as the door raises it."""
        if not self.who:
            return self.kind(self.reason)
        told = {"reason": self.reason, "who": self.who}
        return self.kind(_("%(reason)s能办：%(who)s。") % told)


def refusal(
    actor: Actor, case: Case, step: Step, *, is_party: bool, at: datetime
) -> Refusal | None:
    """Return why this actor may not take this step here then; None when he may.

    Role, level, relation, conflict of interest, and whom the next level lends; the state
    and the guards are the step's own business.
    """
    reason = _bar(actor, case, step, is_party=is_party)
    if not reason:
        return None
    hat = actor.membership
    is_kept_away = hat is not None and (
        is_party or hat.person_id in _barred(case, step)
    )
    who = _who(step, another=hat.role if hat and is_kept_away else None)
    if step.is_lent and hat is not None and _concerns(hat, case):
        if not is_lent(case, step, on=timezone.localdate(at)):
            return Refusal(reason, who)
        if hat.unit_id == case.holder_id:
            return _lent(case, step)
        if hat.role in step.roles and not is_kept_away:
            return None
    return Refusal(reason, who)


def is_lent(case: Case, step: Step, *, on: date) -> bool:
    """Whether nobody of the unit that has the case may take the step that day.

    Nobody wears a suitable role there but those whom the step bars and the case's own
    parties. Then who wears one in the next higher unit of the case's territory may.
    """
    if lending_unit_id(case) is None or case.level not in step.levels:
        return False
    return has_nobody(case, step, on=on)


def has_nobody(case: Case, step: Step, *, on: date) -> bool:
    """Whether nobody of the unit that has the case may take the step that day."""
    hats = Membership.objects.on(on).filter(unit_id=case.holder_id)
    parties = Party.objects.in_force().filter(case_id=case.pk, person__isnull=False)
    suitable = hats.filter(role__in=[str(role) for role in step.roles])
    free = suitable.exclude(person_id__in=list(_barred(case, step)))
    return not free.exclude(person_id__in=parties.values("person_id")).exists()


def lending_unit_id(case: Case) -> int | None:
    """Return the next higher unit of the case's territory; None above the city."""
    match case.level:
        case Level.STATION:
            return case.county_id or case.city_id
        case Level.COUNTY:
            return case.city_id
        case _:
            return None


def _concerns(hat: Membership, case: Case) -> bool:
    return hat.unit_id in (case.holder_id, lending_unit_id(case))


def _lent(case: Case, step: Step) -> Refusal:
    lender = Unit.objects.get(pk=lending_unit_id(case))
    roles = enumeration(word(role) for role in Role if role in step.roles)
    return Refusal(
        _("本单位没有第二个人能办，由%(unit)s借人办理，岗位是%(roles)s。")
        % {"unit": lender.name, "roles": roles}
    )


def _barred(case: Case, step: Step) -> dict[int, str]:
    """Return who may not take the step because of what he did in the case, and why."""
    found = step.barred(case) if step.barred else {}
    return {person: str(reason) for person, reason in found.items() if person}


def _bar(actor: Actor, case: Case, step: Step, *, is_party: bool) -> str:
    """Return why the actor's own hat and deeds keep him from the step; "" when not."""
    if step.by_system and actor.wears(Role.SYSTEM):
        return ""
    if step.by_system and len(step.roles) == 1:
        return _("这一步由系统在到期时自动办理。")
    if actor.role is None:
        return _("您现在没有任职，不办这一步。")
    if actor.role not in step.roles:
        told = {"role": word(actor.role)}
        return _("您现在的岗位是%(role)s，不办这一步。") % told
    if case.level not in step.levels:
        level = {"level": word(case.level)}
        return _("案件现在在%(level)s，这一步不在这一级办。") % level
    if is_party and Role.APPLICANT not in step.roles:
        return _("您是本案当事人，应当回避。")
    if reason := _unrelated(actor, case, step):
        return reason
    assert actor.person is not None  # who wears a role is a person
    return _barred(case, step).get(actor.person.pk, "")


def _unrelated(actor: Actor, case: Case, step: Step) -> str:
    hat = actor.membership
    assert hat is not None  # a role is worn as a membership
    match step.relation:
        case Relation.ASSIGNEE:
            if case.assignee_id is None:
                return _("案件还没有人签收，先签收再办。")
            if case.assignee_id != hat.person_id:
                return _("案件由别人承办。")
        case Relation.HOLDER if case.holder_id != hat.unit_id:
            return _("案件现在不在您的单位。")
        case Relation.TERRITORY:
            place = _place(Relation.TERRITORY, hat)
            if place is None or getattr(case, place[0]) != place[1]:
                return _("案件不属您的单位管辖。")
    return ""


def supervises(actor: Actor, case: Case) -> bool:
    """Whether the actor heads the unit that has the case."""
    hat = actor.membership
    return (
        hat is not None
        and hat.role is Role.SUPERVISOR
        and hat.unit_id == case.holder_id
    )


def is_of_the_team(actor: Actor, case: Case) -> bool:
    """Whether the actor handles the open case: its assignee, or who heads its unit."""
    return case.closed_at is None and (
        is_assignee(actor, case) or supervises(actor, case)
    )


def is_assignee(actor: Actor, case: Case) -> bool:
    """Whether the case is the actor's own."""
    return actor.person is not None and case.assignee_id == actor.person.pk


def handles(person_id: int, unit_id: int, roles: frozenset[Role], *, on: date) -> bool:
    """Whether the person wears one of the roles in the unit on the day."""
    hats = Membership.objects.on(on).filter(person_id=person_id, unit_id=unit_id)
    return hats.filter(role__in=[str(role) for role in roles]).exists()


def _who(step: Step, *, another: Role | None = None) -> str:
    """Say who may; `another` is the role of the reader, who wears it and still may not."""
    roles = enumeration(
        _("另一名%(role)s") % {"role": word(role)} if role is another else word(role)
        for role in Role
        if role in step.roles
    )
    if step.relation is Relation.ASSIGNEE and not step.by_system:
        return _("本案承办人（%(roles)s）") % {"roles": roles}
    return roles


def _place(relation: Relation, hat: Membership) -> tuple[str, int] | None:
    match relation:
        case Relation.ASSIGNEE:
            return "assignee_id", hat.person_id
        case Relation.HOLDER:
            return "holder_id", hat.unit_id
        case Relation.TERRITORY if hat.unit.level in _TERRITORY:
            return _TERRITORY[hat.unit.level], hat.unit_id
        case _:
            return None


def hats(person: Person, *, on: date) -> list[Membership]:
    """Return the memberships that the person may wear on the day.

    The highest unit comes first, and in it the hat that carries most: it is worn until
    the person chooses another.
    """
    worn = (
        person.memberships.on(on)
        .filter(unit__during__contains=on)
        .select_related("unit", "person")
    )
    return sorted(worn, key=lambda hat: (hat.unit.path, _weight(hat.role), hat.pk))


def _weight(role: Role) -> tuple[bool, int]:
    return role is not Role.SUPERVISOR, list(Role).index(role)


def holds(actor: Actor, unit: Unit) -> bool:
    """Whether the unit lies in the subtree of the hat worn now (SYSTEM holds all)."""
    if actor.wears(Role.SYSTEM):
        return True
    return actor.membership is not None and unit.path.startswith(
        actor.membership.unit.path
    )


def people_in_charge(actor: Actor) -> QuerySet[Person]:
    """Return the people whose accounts and hats the actor may administer.

    They have had a hat in the administrator's city, or have none anywhere yet.
    """
    if actor.wears(Role.SYSTEM):
        return Person.objects.all()
    if not actor.wears(Role.SECURITY_ADMINISTRATOR) or actor.membership is None:
        return Person.objects.none()
    here = Membership.objects.filter(
        person=OuterRef("pk"), unit__in=Unit.objects.within(actor.membership.unit)
    )
    anywhere = Membership.objects.filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(here) | ~Exists(anywhere))
