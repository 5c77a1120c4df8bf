"""Who works where in the demo: the hats of an office, as those who act."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from casework.access import SYSTEM, Actor
from casework.demo.fiction import Fiction
from casework.demo.staff import SINCE
from casework.domain.vocabulary import Channel, Level, Role
from casework.models import Membership, Unit
from casework.services import people

#: What an office needs so that nobody decides what he has prepared himself.
_NEEDED = {
    Level.STATION: {Role.CASEWORKER: 2, Role.SUPERVISOR: 1},
    Level.COUNTY: {Role.CASEWORKER: 3, Role.SUPERVISOR: 2},
    Level.CITY: {Role.CASEWORKER: 1, Role.SUPERVISOR: 2},
}


@dataclass(slots=True)
class Office:
    """One unit with the people who handle its cases."""

    unit: Unit
    caseworkers: list[Actor] = field(default_factory=list)
    supervisors: list[Actor] = field(default_factory=list)
    _letters: Counter[tuple[str, int]] = field(default_factory=Counter)

    def letter(self, series: str, *, on: date) -> str:
        """Return the number of the office's next letter of a series in the year."""
        self._letters[series, on.year] += 1
        number = self._letters[series, on.year]
        return f"{self.unit.short_name}{series}〔{on.year}〕{number}号"


def staffed(units: Iterable[Unit], *, fiction: Fiction) -> dict[int, Office]:
    """Return the offices of the units by their ids; whom they lack is appointed."""
    offices = {unit.pk: Office(unit) for unit in units}
    hats = Membership.objects.filter(unit__in=offices).select_related("person", "unit")
    for hat in hats.order_by("pk"):
        _seat(offices[hat.unit_id], hat)
    for office in offices.values():
        for role, needed in _NEEDED[office.unit.level].items():
            for _place in range(needed - len(_seats(office, role))):
                _seat(office, _appointed(office.unit, role, fiction))
    return offices


def another(actors: list[Actor], dice: Random, *, than: Iterable[Actor]) -> Actor:
    """Return one of the actors who is none of the others; somebody, if all are."""
    barred = set(than)
    return dice.choice([each for each in actors if each not in barred] or actors)


def _appointed(unit: Unit, role: Role, fiction: Fiction) -> Membership:
    one = fiction.adult(today=SINCE, youngest=26, oldest=57)
    person = people.register_person(name=one.name, by=SYSTEM)
    return people.appoint(
        person=person, unit=unit, role=role, first_day=SINCE, by=SYSTEM
    )


def _seats(office: Office, role: Role) -> list[Actor]:
    return office.supervisors if role is Role.SUPERVISOR else office.caseworkers


def _seat(office: Office, hat: Membership) -> None:
    if hat.role in (Role.CASEWORKER, Role.SUPERVISOR):
        actor = Actor(
            user=None, person=hat.person, membership=hat, channel=Channel.DEMO
        )
        _seats(office, hat.role).append(actor)
