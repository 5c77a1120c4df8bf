"""Who sees which case: one declared table, the same in a list, a count and the door."""

import random
from datetime import UTC, datetime

import pytest

from casework import access
from casework.access import LEVELS_OF_ROLE, SIGHT, SYSTEM, Actor
from casework.domain.errors import NotFound
from casework.domain.vocabulary import Level, Relation, Role, Sensitivity
from casework.models import Case, Membership, Unit
from casework.services import casefile
from tests.cast import Cast, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db

#: The table, once more and by hand: role × relation → what is seen.
SEEN = {
    (Role.CASEWORKER, Relation.ASSIGNEE): {"normal", "restricted"},
    (Role.CASEWORKER, Relation.HOLDER): {"normal"},
    (Role.CASEWORKER, Relation.TERRITORY): {"normal"},
    (Role.MEDIATOR, Relation.ASSIGNEE): {"normal", "restricted"},
    (Role.MEDIATOR, Relation.HOLDER): {"normal"},
    (Role.MEDIATOR, Relation.TERRITORY): {"normal"},
    (Role.HELPER, Relation.ASSIGNEE): {"normal", "restricted"},
    (Role.SUPERVISOR, Relation.ASSIGNEE): {"normal", "restricted"},
    (Role.SUPERVISOR, Relation.HOLDER): {"normal", "restricted"},
    (Role.SUPERVISOR, Relation.TERRITORY): {"normal", "restricted"},
    (Role.AUDITOR, Relation.TERRITORY): {"normal", "restricted"},
}
RELATIONS = (Relation.ASSIGNEE, Relation.HOLDER, Relation.TERRITORY)
PLACES = [
    (role, level) for role, levels in LEVELS_OF_ROLE.items() for level in sorted(levels)
]


@pytest.mark.parametrize("sensitivity", list(Sensitivity))
@pytest.mark.parametrize("relation", [*RELATIONS, None])
@pytest.mark.parametrize(("role", "level"), PLACES)
def test_a_cell_of_the_table(
    cast: Cast,
    role: Role,
    level: Level,
    relation: Relation | None,
    sensitivity: Sensitivity,
) -> None:
    hat = _hat(cast, role, level)
    case = _related(cast, hat, relation, sensitivity)
    actor = Actor(None, hat.person, hat)

    seen = relation is not None and sensitivity in SEEN.get((role, relation), set())

    assert access.sees(actor, case) is seen
    assert access.visible(actor).filter(pk=case.pk).exists() is seen
    assert access.visible(actor).count() == int(seen)
    if not seen:
        with pytest.raises(NotFound):
            casefile.take(case.pk, by=actor)


def test_the_table_is_written_twice_alike() -> None:
    declared = {
        (role, relation): {str(degree) for degree in degrees}
        for role, row in SIGHT.items()
        for relation, degrees in row.items()
    }
    assert declared == SEEN


def test_S2_the_queryset_and_the_predicate_agree_on_random_cases(cast: Cast) -> None:
    chance = random.Random(20261123)
    people = [PersonFactory() for _ in range(4)]
    hats = [
        MembershipFactory(
            person=chance.choice(people), role=role, unit=_unit(cast, level)
        )
        for role, level in PLACES
    ]
    stations = [cast.pingjiang, cast.yushan]
    cases = [
        _case(
            cast,
            station=chance.choice(stations),
            holder=chance.choice([*stations, cast.gusu, cast.kunshan, cast.city]),
            assignee_id=chance.choice([None, *(person.pk for person in people)]),
            sensitivity=chance.choice(list(Sensitivity)),
        )
        for _ in range(60)
    ]

    for hat in hats:
        actor = Actor(None, hat.person, hat)
        expected = {case.pk for case in cases if access.sees(actor, case)}
        assert set(access.visible(actor).values_list("pk", flat=True)) == expected


def test_the_system_sees_every_case_and_nobody_without_a_hat_any(cast: Cast) -> None:
    case = _case(cast, station=cast.pingjiang, holder=cast.gusu)

    assert access.sees(SYSTEM, case)
    assert access.visible(SYSTEM).count() == 1
    bare = Actor(None, PersonFactory(), None)
    assert not access.sees(bare, case)
    assert access.visible(bare).count() == 0


def _hat(cast: Cast, role: Role, level: Level) -> Membership:
    hat = MembershipFactory(role=role, unit=_unit(cast, level))
    assert isinstance(hat, Membership)
    return hat


def _unit(cast: Cast, level: Level) -> Unit:
    return {
        Level.STATION: cast.pingjiang,
        Level.COUNTY: cast.gusu,
        Level.CITY: cast.city,
    }[level]


def _related(
    cast: Cast, hat: Membership, relation: Relation | None, sensitivity: Sensitivity
) -> Case:
    """A case that stands to the hat in this relation and in no other."""
    match relation:
        case Relation.ASSIGNEE:
            return _elsewhere(cast, sensitivity, assignee_id=hat.person_id)
        case Relation.HOLDER:
            return _elsewhere(cast, sensitivity, holder=hat.unit)
        case Relation.TERRITORY:
            holder = cast.city if hat.unit != cast.city else cast.gusu
            return _case(
                cast, station=cast.pingjiang, holder=holder, sensitivity=sensitivity
            )
        case _:
            return _elsewhere(cast, sensitivity)


def _elsewhere(cast: Cast, sensitivity: Sensitivity, **given: object) -> Case:
    """A case of another city, so that no hat of the cast reaches its territory."""
    wuxi = Unit.objects.add_child(
        Unit.objects.get(pk=cast.province.pk),
        {
            "code": "3202",
            "level": Level.CITY,
            "kind": "city_centre",
            "name": "无锡市帮扶中心",
            "short_name": "无锡",
            "during": cast.city.during,
        },
    )
    places = {"city": wuxi, "county": None, "station": None, "holder": wuxi}
    return _save({**places, **given, "sensitivity": sensitivity})


def _case(cast: Cast, *, station: Unit, holder: Unit, **given: object) -> Case:
    county = cast.gusu if station == cast.pingjiang else cast.kunshan
    places = {"city": cast.city, "county": county, "station": station}
    return _save({**places, "holder": holder, **given})


def _save(values: dict[str, object]) -> Case:
    moment = datetime(2026, 9, 24, 2, tzinfo=UTC)
    return Case.objects.create(
        kind="inquiry",
        state="registered",
        subject="加班费",
        level=Level.COUNTY,
        opened_at=moment,
        effective_at=moment,
        **values,
    )
