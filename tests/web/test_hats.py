"""Which hat is worn when nobody has chosen one."""

import pytest
from django.test import Client

from casework.domain.vocabulary import Role
from tests.cast import Cast, MembershipFactory

pytestmark = pytest.mark.django_db


def test_the_hat_that_carries_most_is_worn_first(client: Client, cast: Cast) -> None:
    person, user = cast.chendi.person, cast.chendi.user
    assert user is not None
    for role in (Role.MEDIATOR, Role.CASEWORKER):
        MembershipFactory(person=person, unit=cast.gusu, role=role)
    client.force_login(user)

    request = client.get("/").wsgi_request

    assert [hat.role for hat in request.hats] == [  # type: ignore[attr-defined]
        Role.SUPERVISOR,
        Role.CASEWORKER,
        Role.MEDIATOR,
    ]
