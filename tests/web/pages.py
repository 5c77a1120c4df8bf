"""Pages asked for with Django's client, as one of the cast."""

from typing import Any

from django.test import Client

from casework.access import Actor
from casework.models import Case
from casework.services import cases
from tests.cast import Cast
from tests.inquiry.forms import InquiryForm
from tests.web.visits import BACKEND


def browse(actor: Actor, *, language: str = "zh-hans") -> Client:
    """Return a client that is logged in as the actor."""
    assert actor.user is not None
    actor.user.language = language
    actor.user.save(update_fields=["language"])
    client = Client()
    client.force_login(actor.user, backend=BACKEND)
    return client


def read(client: Client, address: str, **headers: Any) -> str:
    """Return the page at an address, which opens."""
    response = client.get(address, **headers)
    assert response.status_code == 200, address
    return response.content.decode()


def register(by: Actor, *, name: str = "周雅琴", question: str = "加班费") -> Case:
    """Open an inquiry at the actor's unit; nobody has taken it on."""
    data = {**InquiryForm.example(Case()), "name": name, "question": question}
    return cases.open("inquiry", by=by, data=data)


def accepted(cast: Cast) -> Case:
    """Return an inquiry that 小博 accepted: it lies at the county centre, nobody's."""
    case = register(cast.xiaobo)
    cases.claim(case.pk, by=cast.xiaobo)
    return cases.act(case.pk, "accept", by=cast.xiaobo, version=None, data={})
