"""The fictional staff of the demo city: one account for every role, some hats doubled.

The names are invented. Everybody shares one published password, so a demo is never
a production site.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.contrib.auth.hashers import make_password

from casework.access import SYSTEM
from casework.domain.vocabulary import Role
from casework.models import Membership, Person, Unit, User
from casework.services import people

PASSWORD = "casework-demo"
#: Before the first day of any year that the demo may tell.
SINCE = date(2023, 7, 1)

#: 苏州市, its 姑苏区 and 昆山市, and stations of their streets (division codes).
CITY, GUSU, KUNSHAN = "3205", "320508", "320583"
SHUANGTA, PINGJIANG, YUSHAN = "320508021", "320508018", "320583100"


@dataclass(frozen=True, slots=True)
class Staff:
    """One person of the demo with the account and the hats that go with it."""

    username: str
    name: str
    hats: tuple[tuple[Role, str], ...]


STAFF = (
    Staff("amin", "阿敏", ((Role.CASEWORKER, GUSU),)),
    Staff("xiaobo", "小博", ((Role.CASEWORKER, PINGJIANG),)),
    Staff("wenjing", "文静", ((Role.CASEWORKER, PINGJIANG),)),
    Staff("guming", "顾明", ((Role.CASEWORKER, SHUANGTA), (Role.MEDIATOR, SHUANGTA))),
    Staff("jinlan", "金岚", ((Role.CASEWORKER, GUSU),)),
    Staff("shenjingyi", "沈静怡", ((Role.MEDIATOR, GUSU),)),
    Staff("luxiaofan", "陆晓帆", ((Role.HELPER, GUSU),)),
    Staff("chendi", "陈迪", ((Role.SUPERVISOR, GUSU), (Role.MEDIATOR, GUSU))),
    Staff("luchunhua", "陆春华", ((Role.SUPERVISOR, GUSU),)),
    Staff("zhanzhang", "苏站长", ((Role.SUPERVISOR, PINGJIANG),)),
    Staff("dinglan", "丁岚", ((Role.CASEWORKER, KUNSHAN),)),
    Staff("yushan", "余珊", ((Role.CASEWORKER, YUSHAN),)),
    Staff("tangweidong", "汤卫东", ((Role.CASEWORKER, CITY),)),
    Staff("heshi", "何市", ((Role.SUPERVISOR, CITY),)),
    Staff("gaojing", "高静", ((Role.FINANCE, GUSU), (Role.FINANCE, CITY))),
    Staff("fangzheng", "方正", ((Role.AUDITOR, CITY),)),
    Staff("xitong", "席通", ((Role.SYSTEM_ADMINISTRATOR, CITY),)),
    Staff("anquan", "安泉", ((Role.SECURITY_ADMINISTRATOR, CITY),)),
    Staff("anke", "安可", ((Role.SECURITY_ADMINISTRATOR, CITY),)),
)


@lru_cache
def _hashed() -> str:
    return make_password(PASSWORD)


def appoint(member: Staff) -> Person:
    """Register one of the staff, open the account and give the hats."""
    user, _initial = people.register_with_account(
        name=member.name, username=member.username, by=SYSTEM
    )
    # Everybody's is the same and published: hashed once, not once for each.
    User.objects.filter(pk=user.pk).update(
        password=_hashed(), must_change_password=False
    )
    for role, code in member.hats:
        people.appoint(
            person=user.person,
            unit=Unit.objects.get(code=code),
            role=role,
            first_day=SINCE,
            by=SYSTEM,
        )
    return user.person


def log_ins() -> list[tuple[str, list[Membership]]]:
    """Return the demo's accounts with the hats of each, in the order of `STAFF`."""
    accounts = {
        user.username: user
        for user in User.objects.filter(
            username__in=[staff.username for staff in STAFF]
        )
        .select_related("person")
        .prefetch_related("person__memberships__unit")
    }
    return [
        (staff.username, list(accounts[staff.username].person.memberships.all()))
        for staff in STAFF
        if staff.username in accounts
    ]
