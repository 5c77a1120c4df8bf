"""The people every test knows, in a small piece of the network.

阿敏 is the caseworker whose case it is, 小博 works at a station, 陈迪 heads the county
centre, 丁岚 at another county must see nothing, 方正 audits, 高静 keeps the money, 何市
heads the city centre; 席通 runs the system and 安泉 its accounts.
"""

from dataclasses import dataclass, field
from datetime import date

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.access import Actor
from casework.domain.vocabulary import Level, Role, UnitKind
from casework.models import Membership, Person, Unit, User

SINCE = date(2025, 1, 1)
ALWAYS = DateRange(SINCE, None)
PASSWORD = "correct-horse-battery"


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"张{n}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    person = factory.SubFactory(PersonFactory)

    @factory.post_generation
    def password(self: User, create: bool, extracted: str | None) -> None:
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    during = ALWAYS


@dataclass
class Cast:
    """The network, and each person's actor by the first half of the name above."""

    nation: Unit
    province: Unit
    city: Unit
    gusu: Unit
    kunshan: Unit
    pingjiang: Unit
    yushan: Unit
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


def call_the_cast() -> Cast:
    """Make the network and everybody in it."""
    nation = Unit.objects.add_root(
        _unit("0", Level.NATION, UnitKind.FEDERATION, "全国总工会")
    )
    province = _below(nation, "32", Level.PROVINCE, UnitKind.FEDERATION, "江苏省总工会")
    city = _below(province, "3205", Level.CITY, UnitKind.CITY_CENTRE, "苏州市帮扶中心")
    gusu = _below(
        city, "320508", Level.COUNTY, UnitKind.COUNTY_CENTRE, "姑苏区帮扶中心"
    )
    kunshan = _below(
        city, "320583", Level.COUNTY, UnitKind.COUNTY_CENTRE, "昆山市帮扶中心"
    )
    pingjiang = _below(
        gusu, "320508018", Level.STATION, UnitKind.STREET_STATION, "平江街道帮扶站"
    )
    yushan = _below(
        kunshan, "320583100", Level.STATION, UnitKind.STREET_STATION, "玉山镇帮扶站"
    )
    cast = Cast(nation, province, city, gusu, kunshan, pingjiang, yushan)
    for key, name, role, unit in (
        ("amin", "阿敏", Role.CASEWORKER, gusu),
        ("xiaobo", "小博", Role.CASEWORKER, pingjiang),
        ("mediator", "沈静怡", Role.MEDIATOR, gusu),
        ("helper", "陆晓帆", Role.HELPER, gusu),
        ("chendi", "陈迪", Role.SUPERVISOR, gusu),
        ("dinglan", "丁岚", Role.CASEWORKER, kunshan),
        ("fangzheng", "方正", Role.AUDITOR, city),
        ("gaojing", "高静", Role.FINANCE, gusu),
        ("heshi", "何市", Role.SUPERVISOR, city),
        ("xitong", "席通", Role.SYSTEM_ADMINISTRATOR, city),
        ("anquan", "安泉", Role.SECURITY_ADMINISTRATOR, city),
    ):
        cast.actors[key] = _enter(key, name, role, unit)
    return cast


def _unit(code: str, level: Level, kind: UnitKind, name: str) -> dict[str, object]:
    short = name.removesuffix("帮扶中心").removesuffix("帮扶站").removesuffix("总工会")
    return {
        "code": code,
        "level": level,
        "kind": kind,
        "name": name,
        "short_name": short,
        "during": ALWAYS,
    }


def _below(parent: Unit, code: str, level: Level, kind: UnitKind, name: str) -> Unit:
    parent.refresh_from_db()
    unit: Unit = Unit.objects.add_child(parent, _unit(code, level, kind, name))
    return unit


def _enter(key: str, name: str, role: Role, unit: Unit) -> Actor:
    user = UserFactory(username=key, person__name=name)
    hat = MembershipFactory(person=user.person, unit=unit, role=role)
    return Actor(user=user, person=user.person, membership=hat)
