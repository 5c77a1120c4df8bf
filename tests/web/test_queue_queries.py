"""How many statements a page costs: the same for one row as for forty.

`query_counts.json` is what each page cost when somebody last looked. A page that costs
more fails; after a change that is meant, CASEWORK_RENEW_QUERY_COUNTS=1 writes it anew.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Case
from casework.services import cases
from tests.cast import Cast
from tests.inquiry.forms import InquiryForm

pytestmark = pytest.mark.django_db

KEPT = Path(__file__).with_name("query_counts.json")
RENEW = "CASEWORK_RENEW_QUERY_COUNTS"
PAGES = {
    "desk": "/",
    "queue": "/queue/?scope=unit",
    "queue of a light": "/queue/?scope=unit&light=green",
    "queue unassigned": "/queue/?scope=unit&tab=unassigned",
    "queue upcoming": "/queue/?tab=upcoming",
    "queue done": "/queue/?tab=done",
    "queue started": "/queue/?tab=started",
    "case": "/cases/{case}/",
    "case with its clocks": "/cases/{case}/?tab=clocks",
    "case with its panels": "/cases/{case}/?tab=panels",
    "case with its papers": "/cases/{case}/?tab=papers",
    "case with its proof": "/cases/{case}/?tab=proof",
    "case peek": "/cases/{case}/peek/",
    "case clock": "/cases/{case}/clocks/acceptance/",
    "case step": "/cases/{case}/steps/accept/",
    "case step beside its panels": "/cases/{case}/steps/ask_for_papers/",
    "roll": "/rolls/inquiry/waiting/",
    "search": "/search/",
}
#: What a list may cost at most, with who is logged in and what he wears.
MOST = 12


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_what_it_cost_before(cast: Cast, name: str) -> None:
    _register(cast, 4)
    client = _as_amin(cast)

    found = _cost(client, name)

    kept: dict[str, int] = json.loads(KEPT.read_text())
    if os.environ.get(RENEW):
        KEPT.write_text(
            json.dumps({**kept, name: found}, indent=2, sort_keys=True) + "\n"
        )
    else:
        assert found == kept.get(name), f"{name}: if this is meant, set {RENEW}=1"


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name.startswith(("queue", "search"))]
)
def test_more_rows_cost_no_more_statements(cast: Cast, name: str) -> None:
    client = _as_amin(cast)
    _register(cast, 4)
    few = _cost(client, name)
    _register(cast, 36)

    many = _cost(client, name)

    assert many == few
    assert many <= MOST


def test_every_list_has_its_number() -> None:
    assert set(json.loads(KEPT.read_text())) == set(PAGES)


def _register(cast: Cast, number: int) -> None:
    for place in range(number):
        by = cast.xiaobo if place % 4 == 1 else cast.amin
        case = cases.open("inquiry", by=by, data=InquiryForm.example(Case()))
        if place % 2 == 0:
            cases.claim(case.pk, by=by)


def _as_amin(cast: Cast) -> Client:
    client = Client()
    assert cast.amin.user is not None
    client.force_login(cast.amin.user)
    return client


def _cost(client: Client, name: str) -> int:
    case = Case.objects.filter(assignee__isnull=False).order_by("id").first()
    address = PAGES[name].format(case=case.pk if case else 0)
    if name == "search":  # the address of a result is made for who asked
        address = client.post(address, {"text": "雅琴"})["Location"]
    # The first visit reads calendars and rules into memory, and logs that names were read.
    _get(client, address)
    with CaptureQueriesContext(connection) as captured:
        _get(client, address)
    return len(captured)


def _get(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    return response
