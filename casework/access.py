"""Who acts, in which hat, and where that hat may be worn."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from casework.domain.vocabulary import Channel, Level, Role
from casework.models import Membership, Person, Unit, User

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


#: The system itself: migrations, the sweep, the demo.
SYSTEM = Actor(user=None, person=None, membership=None, channel=Channel.COMMAND)


def hats(person: Person, *, on: date) -> list[Membership]:
    """Return the memberships that the person may wear on the day, highest unit first."""
    return list(
        person.memberships.on(on)
        .filter(unit__during__contains=on)
        .select_related("unit", "person")
        .order_by("unit__path", "role", "id")
    )


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
