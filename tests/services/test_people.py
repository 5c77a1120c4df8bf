"""Accounts and hats: what may be given to whom, by whom, and what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.utils import DatabaseError

from casework import access
from casework.access import LEVELS_OF_ROLE, SYSTEM
from casework.domain.errors import Forbidden, Invalid
from casework.domain.vocabulary import Level, Role, UnitKind
from casework.models import Event, Membership, Outbox, Person, Unit, User
from casework.services import people
from tests.cast import Cast, MembershipFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 29)


@pytest.fixture
def newcomer() -> Person:
    return PersonFactory(name="柏新")


def test_a_person_gets_an_account_whose_password_must_be_changed(cast: Cast) -> None:
    user, password = people.register_with_account(
        name=" 柏新 ", username="baixin", by=cast.anquan
    )

    assert user.person.name == "柏新"
    assert user.check_password(password)
    assert user.must_change_password


def test_an_account_needs_a_person(cast: Cast) -> None:
    with pytest.raises(Invalid, match="账号必须对应一个人") as refusal:
        people.open_account(person=None, username="nobody", by=cast.anquan)
    assert refusal.value.field == "person"

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="nobody")


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("amin", "已经有了"),
        ("two words", "不能有空格"),
        ("", "请填写"),
        ("长" * 61, "60"),
    ],
)
def test_a_bad_log_in_name_leaves_nothing_behind(
    cast: Cast, username: str, sentence: str
) -> None:
    before = Person.objects.count()

    with pytest.raises(Invalid, match=sentence) as refusal:
        people.register_with_account(name="柏新", username=username, by=cast.anquan)

    assert refusal.value.field == "username"
    assert Person.objects.count() == before


def test_a_name_of_300_characters_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="100") as refusal:
        people.register_person(name="名" * 300, by=cast.anquan)
    assert refusal.value.field == "name"


def test_two_overlapping_memberships_are_refused_with_the_first_ones_term(
    cast: Cast, newcomer: Person
) -> None:
    people.appoint(
        person=newcomer,
        unit=cast.gusu,
        role=Role.CASEWORKER,
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
        by=cast.anquan,
    )

    with pytest.raises(Invalid, match="2026年1月1日 至 2026年12月31日") as refusal:
        people.appoint(
            person=newcomer,
            unit=cast.gusu,
            role=Role.CASEWORKER,
            first_day=date(2026, 12, 31),
            by=cast.anquan,
        )

    assert refusal.value.field == "first_day"
    assert newcomer.memberships.count() == 1


def test_the_database_itself_refuses_an_overlap(cast: Cast, newcomer: Person) -> None:
    during = DateRange(date(2026, 1, 1), date(2027, 1, 1))
    MembershipFactory(
        person=newcomer, unit=cast.gusu, role=Role.CASEWORKER, during=during
    )

    with (
        pytest.raises(IntegrityError, match="membership_does_not_overlap"),
        transaction.atomic(),
    ):
        MembershipFactory(
            person=newcomer, unit=cast.gusu, role=Role.CASEWORKER, during=during
        )


@pytest.mark.parametrize("change", ["role", "unit", "term"])
def test_another_role_unit_or_term_is_another_hat(
    cast: Cast, newcomer: Person, change: str
) -> None:
    hat: dict[str, Any] = {
        "person": newcomer,
        "unit": cast.gusu,
        "role": Role.CASEWORKER,
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 6, 30),
        "by": cast.anquan,
    }
    people.appoint(**hat)
    changes: dict[str, dict[str, Any]] = {
        "role": {"role": Role.MEDIATOR},
        "unit": {"unit": cast.pingjiang},
        "term": {"first_day": date(2026, 7, 1), "last_day": None},
    }

    people.appoint(**(hat | changes[change]))

    assert newcomer.memberships.count() == 2


@pytest.mark.parametrize("role", list(LEVELS_OF_ROLE))
@pytest.mark.parametrize("level", list(Level))
def test_a_role_is_given_only_at_its_levels(
    cast: Cast, newcomer: Person, role: Role, level: Level
) -> None:
    unit = {
        Level.NATION: cast.nation,
        Level.PROVINCE: cast.province,
        Level.CITY: cast.city,
        Level.COUNTY: cast.gusu,
        Level.STATION: cast.pingjiang,
    }[level]

    def give() -> Membership:
        return people.appoint(
            person=newcomer, unit=unit, role=role, first_day=TODAY, by=SYSTEM
        )

    if level in LEVELS_OF_ROLE[role]:
        assert give().role is role
    else:
        with pytest.raises(Invalid, match="只设在") as refusal:
            give()
        assert refusal.value.field == "role"


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.APPLICANT])
def test_nobody_is_appointed_system_or_applicant(
    cast: Cast, newcomer: Person, role: Role
) -> None:
    with pytest.raises(Invalid, match="只设在"):
        people.appoint(
            person=newcomer, unit=cast.city, role=role, first_day=TODAY, by=SYSTEM
        )


def test_a_hat_ends_and_stays_on_record(cast: Cast) -> None:
    hat = cast.amin.membership
    assert hat is not None

    people.end_appointment(membership=hat, last_day=TODAY, by=cast.anquan)

    assert access.hats(hat.person, on=TODAY) == [hat]
    assert access.hats(hat.person, on=date(2026, 9, 30)) == []
    assert hat.last_day == TODAY


@pytest.mark.parametrize(
    ("last_day", "sentence"),
    [(date(2025, 12, 31), "不能早于"), (date(2026, 7, 1), "另办一次任职")],
)
def test_an_end_outside_the_term_is_refused(
    cast: Cast, newcomer: Person, last_day: date, sentence: str
) -> None:
    hat = people.appoint(
        person=newcomer,
        unit=cast.gusu,
        role=Role.CASEWORKER,
        first_day=date(2026, 1, 1),
        last_day=date(2026, 6, 30),
        by=cast.anquan,
    )

    with pytest.raises(Invalid, match=sentence):
        people.end_appointment(membership=hat, last_day=last_day, by=cast.anquan)


def test_a_membership_cannot_be_deleted_by_anybody(cast: Cast) -> None:
    hat = cast.amin.membership
    assert hat is not None
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        hat.delete()


EVERYBODY_ELSE = ["amin", "xiaobo", "chendi", "fangzheng", "gaojing", "heshi", "xitong"]


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_only_a_security_administrator_touches_accounts(cast: Cast, who: str) -> None:
    actor = cast.actors[who]
    acts: list[Callable[[], Any]] = [
        lambda: people.register_person(name="柏新", by=actor),
        lambda: people.open_account(
            person=cast.amin.person, username="second", by=actor
        ),
        lambda: people.reset_password(user=_account(cast, "amin"), by=actor),
        lambda: people.close_account(user=_account(cast, "amin"), by=actor),
        lambda: people.appoint(
            person=_person(cast, "amin"),
            unit=cast.city,
            role=Role.SUPERVISOR,
            first_day=TODAY,
            by=actor,
        ),
        lambda: people.end_appointment(
            membership=_person(cast, "amin").memberships.get(), last_day=TODAY, by=actor
        ),
    ]
    for act in acts:
        with pytest.raises(Forbidden, match="安全管理员"):
            act()


def test_nobody_appoints_or_closes_himself(cast: Cast) -> None:
    myself = _person(cast, "anquan")
    with pytest.raises(Forbidden, match="不能给自己"):
        people.appoint(
            person=myself,
            unit=cast.city,
            role=Role.SUPERVISOR,
            first_day=TODAY,
            by=cast.anquan,
        )
    with pytest.raises(Forbidden, match="不能给自己"):
        people.close_account(user=_account(cast, "anquan"), by=cast.anquan)


def test_a_second_account_of_the_same_person_is_still_oneself(cast: Cast) -> None:
    second = UserFactory(username="anquan2", person=cast.anquan.person)
    with pytest.raises(Forbidden, match="不能给自己"):
        people.close_account(user=second, by=cast.anquan)


def test_another_citys_people_and_units_are_out_of_reach(cast: Cast) -> None:
    province = cast.province
    province.refresh_from_db()
    wuxi = Unit.objects.add_child(
        province,
        {
            "code": "3202",
            "level": Level.CITY,
            "kind": UnitKind.CITY_CENTRE,
            "name": "无锡市帮扶中心",
            "short_name": "无锡",
            "during": cast.city.during,
        },
    )
    stranger = MembershipFactory(unit=wuxi, role=Role.CASEWORKER).person

    with pytest.raises(Forbidden, match="不在您管的城市任职"):
        people.open_account(person=stranger, username="stranger", by=cast.anquan)
    with pytest.raises(Forbidden, match="不在您管的范围内"):
        people.appoint(
            person=_person(cast, "amin"),
            unit=wuxi,
            role=Role.CASEWORKER,
            first_day=TODAY,
            by=cast.anquan,
        )


def _person(cast: Cast, who: str) -> Person:
    person = cast.actors[who].person
    assert person is not None
    return person


def _account(cast: Cast, who: str) -> User:
    user = cast.actors[who].user
    assert user is not None
    return user


def test_every_change_is_an_event_of_the_units_chain(cast: Cast) -> None:
    user, _password = people.register_with_account(
        name="柏新", username="baixin", by=cast.anquan
    )
    people.appoint(
        person=user.person,
        unit=cast.gusu,
        role=Role.CASEWORKER,
        first_day=TODAY,
        by=cast.anquan,
    )
    people.close_account(user=user, by=cast.anquan)

    told = Event.objects.filter(chain__startswith="sys:").order_by("id")
    assert [(event.chain, event.verb) for event in told] == [
        ("sys:3205", "account.opened"),
        ("sys:320508", "hat.given"),
        ("sys:3205", "account.closed"),
    ]
    assert Outbox.objects.count() == len(told)
