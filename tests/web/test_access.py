"""Who opens which page: every address of the site, every role, and nobody at all.

A route that is not in the table fails the build, so a page cannot come without a
decision about who may see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casework.access import CASE_ROLES, LEVELS_OF_ROLE
from casework.domain.vocabulary import Role
from casework.models import Case, Material, MaterialContent, User
from casework.services import cases
from tests.cast import Cast
from tests.inquiry.forms import InquiryForm

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(LEVELS_OF_ROLE)
SECURITY = frozenset({Role.SECURITY_ADMINISTRATOR})


@dataclass(frozen=True)
class Page:
    """Which roles open it, how it is asked for, and what it answers then."""

    roles: frozenset[Role]
    kwargs: dict[str, Any] | None = None
    method: str = "get"
    answer: int = 200
    #: Roles for whom the page opens, and the case itself says why they may not.
    barred: frozenset[Role] = frozenset()


READERS = CASE_ROLES | {Role.AUDITOR}
HELD = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
HEAD = frozenset({Role.SUPERVISOR})
#: The roll of the county centre.
WAITING = {"kind": "inquiry", "code": "waiting"}

TABLE: dict[str, Page] = {
    "desk": Page(EVERYBODY),
    "queue": Page(READERS),
    "queue_claim": Page(CASE_ROLES, method="post", answer=302),
    "case": Page(READERS, {"case_id": "accepted"}),
    "case_peek": Page(READERS, {"case_id": "accepted"}),
    "case_print": Page(READERS, {"case_id": "accepted"}),
    "case_clock": Page(READERS, {"case_id": "accepted", "target": "handling"}),
    "case_material": Page(READERS, {"case_id": "accepted", "material_id": "a scan"}),
    "case_step": Page(
        HELD, {"case_id": "accepted", "step": "answer"}, barred=CASE_ROLES - HELD
    ),
    # Without a form there is nothing to keep.
    "case_draft": Page(
        CASE_ROLES,
        {"case_id": "accepted", "step": "answer"},
        method="post",
        answer=422,
    ),
    "case_hand": Page(
        HEAD, {"case_id": "accepted", "act": "assign"}, barred=CASE_ROLES - HEAD
    ),
    "case_reveal": Page(READERS, {"case_id": "accepted"}),
    "search": Page(READERS),
    "case_mend": Page(CASE_ROLES, {"case_id": "accepted", "act": "correct"}),
    "case_correct": Page(CASE_ROLES, {"case_id": "accepted", "field": "question"}),
    "case_kinds": Page(CASE_ROLES),
    "case_new": Page(
        frozenset({Role.CASEWORKER}),
        {"kind": "inquiry"},
        barred=CASE_ROLES - {Role.CASEWORKER},
    ),
    # The kind of the tests looks for nobody: nothing to tell.
    "case_new_hints": Page(
        frozenset({Role.CASEWORKER}),
        {"kind": "inquiry"},
        method="post",
        answer=204,
        barred=CASE_ROLES - {Role.CASEWORKER},
    ),
    "case_step_hints": Page(
        HELD,
        {"case_id": "accepted", "step": "answer"},
        method="post",
        answer=204,
        barred=CASE_ROLES - HELD,
    ),
    "case_paper": Page(READERS, {"case_id": "accepted", "code": "letter"}),
    "case_workbook": Page(READERS, {"case_id": "accepted", "code": "letter"}),
    "roll": Page(HELD, WAITING, barred=READERS - HELD),
    "roll_print": Page(HELD, WAITING, barred=READERS - HELD),
    "roll_step": Page(HELD, WAITING, answer=302, barred=CASE_ROLES - HELD),
    "session": Page(EVERYBODY, answer=204),
    "wear_hat": Page(EVERYBODY, method="post", answer=302),
    "change_password": Page(EVERYBODY),
    "network": Page(EVERYBODY),
    "network_unit": Page(EVERYBODY, {"code": "320508"}),
    "network_open": Page(SECURITY, {"code": "320508"}),
    "network_rename": Page(SECURITY, {"code": "320508018"}),
    "network_close": Page(SECURITY, {"code": "320508018"}),
    "people": Page(SECURITY),
    "people_new": Page(SECURITY),
    "people_one": Page(SECURITY, {"pk": "amin"}),
    "people_account": Page(SECURITY, {"pk": "amin"}),
    "people_appoint": Page(SECURITY, {"pk": "amin"}),
    "people_end": Page(SECURITY, {"pk": "amin", "hat": "amin"}),
    "people_account_act": Page(
        SECURITY,
        {"pk": "amin", "account": "amin", "act": "close"},
        method="post",
        answer=302,
    ),
    "system": Page(frozenset({Role.SYSTEM_ADMINISTRATOR})),
}
#: Open before log-in; each is tested by itself in test_session.py.
OPEN = {"log_in", "log_out", "preferences"}

WHO = {
    Role.CASEWORKER: "amin",
    Role.MEDIATOR: "mediator",
    Role.HELPER: "helper",
    Role.SUPERVISOR: "chendi",
    Role.FINANCE: "gaojing",
    Role.AUDITOR: "fangzheng",
    Role.SYSTEM_ADMINISTRATOR: "xitong",
    Role.SECURITY_ADMINISTRATOR: "anquan",
}


def test_every_route_is_in_the_table() -> None:
    assert set(_names(get_resolver())) == set(TABLE) | OPEN


def test_every_role_is_in_the_cast() -> None:
    assert set(WHO) == EVERYBODY


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("role", WHO)
def test_a_page_opens_for_its_roles_and_for_no_other(
    client: Client, cast: Cast, role: Role, name: str
) -> None:
    page = TABLE[name]
    client.force_login(_user(cast, WHO[role]))

    response = ask(client, cast, name, page)

    if role in page.roles:
        assert response.status_code == page.answer
    elif role in page.barred:
        assert response.status_code == 403
        assert "能办：" in response.content.decode()
    else:
        assert response.status_code == 403
        assert "能打开的岗位" in response.content.decode()


@pytest.mark.parametrize("name", TABLE)
def test_nobody_gets_in_without_logging_in(
    client: Client, cast: Cast, name: str
) -> None:
    response = ask(client, cast, name, TABLE[name])

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("log_in"))


@pytest.mark.parametrize("name", [n for n in TABLE if TABLE[n].roles != EVERYBODY])
def test_a_person_without_a_hat_reads_whom_to_ask(
    client: Client, cast: Cast, name: str
) -> None:
    user = _user(cast, "amin")
    user.person.memberships.update(during=DateRange(date(2025, 1, 1), date(2025, 2, 1)))
    client.force_login(user)

    response = ask(client, cast, name, TABLE[name])

    assert response.status_code == 403
    assert "请找安全管理员办理任职" in response.content.decode()


def _names(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{entry} has no name"
            yield entry.name


def ask(client: Client, cast: Cast, name: str, page: Page) -> Any:
    kwargs = dict(page.kwargs or {})
    if "case_id" in kwargs:
        kwargs["case_id"] = _accepted(cast, client)
    if "material_id" in kwargs:
        kwargs["material_id"] = _material(kwargs["case_id"])
    url = reverse(name, kwargs=filled(cast, kwargs))
    return getattr(client, page.method)(url)


def filled(cast: Cast, kwargs: dict[str, Any]) -> dict[str, Any]:
    rows = {"pk": "person", "hat": "membership", "account": "user"}
    return {
        key: getattr(cast.actors[value], rows[key]).pk if key in rows else value
        for key, value in kwargs.items()
    }


def _accepted(cast: Cast, client: Client) -> int:
    """Return a case that was accepted at the county centre, given to whoever asks.

    A helper sees no other; for everybody else it makes no difference.
    """
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    cases.claim(case.pk, by=cast.xiaobo)
    cases.act(case.pk, "accept", by=cast.xiaobo, version=None, data={})
    asking = User.objects.filter(pk=client.session.get("_auth_user_id", 0))
    Case.objects.filter(pk=case.pk).update(assignee=asking.values("person"))
    return case.pk


def _material(case_id: int) -> UUID:
    material = Material.objects.create(
        case_id=case_id, version=1, code="supplied", title="材料", size=1, pages=1
    )
    MaterialContent.objects.create(material=material)
    return material.pk


def _user(cast: Cast, who: str) -> User:
    user = cast.actors[who].user
    assert user is not None
    return user
