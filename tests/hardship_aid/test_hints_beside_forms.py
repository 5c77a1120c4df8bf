"""Whether a household is known already is told beside every form that names people."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Event
from tests.cast import Cast
from tests.hardship_aid.conftest import KIND, SPOUSE, Way, application_at
from tests.web.pages import browse, read

pytestmark = pytest.mark.django_db

ID_NUMBER = "320508198503070027"
NEW = f"/cases/new/{KIND}/"
NOTHING = "没有找到相同的"
KNOWN = "这个家庭里有人已经登记过：昆山市帮扶中心的昆山市工帮〔2026〕0001"


@pytest.fixture
def client(way: Way, office: Cast) -> Client:
    """A browser of the station; the household applied in another county as well."""
    application_at(office, office.dinglan, office.yushan.pk)
    return browse(office.xiaobo)


def _asked(way: Way, client: Client, step: str = "submit", **typed: Any) -> str:
    address = reverse("case_step_hints", args=[way.case.pk, step])
    answer = client.post(address, typed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_H_01_the_number_of_the_worker_is_looked_up_while_it_is_typed(
    way: Way, client: Client
) -> None:
    told = _asked(way, client, id_number=ID_NUMBER)

    assert KNOWN in told
    assert "周雅琴" not in told
    assert "<html" not in told
    assert Event.objects.filter(verb="household.found").count() == 1


def test_H_01_so_is_the_number_of_a_member(way: Way, client: Client) -> None:
    row = {"members-rows": "1", "members-0-id_number": ID_NUMBER}

    assert KNOWN in _asked(way, client, **row)


def test_a_half_typed_number_is_not_looked_up(way: Way, client: Client) -> None:
    assert not _asked(way, client, id_number=ID_NUMBER[:-1]).strip()
    assert not Event.objects.filter(verb="household.found").exists()


def test_a_question_that_the_form_overtook_is_not_answered(
    way: Way, client: Client
) -> None:
    way.take("submit", "xiaobo")
    address = reverse("case_step_hints", args=[way.case.pk, "submit"])

    answer = client.post(address, {"id_number": ID_NUMBER})

    assert (answer.status_code, answer.content) == (204, b"")
    assert not Event.objects.filter(verb="household.found").exists()


def test_the_form_asks_while_it_is_typed(way: Way, client: Client) -> None:
    html = read(client, reverse("case_step", args=[way.case.pk, "submit"]))

    assert f'hx-post="/cases/{way.case.pk}/steps/submit/hints/"' in html
    assert '<form id="form"' in html


def test_H_01_who_amends_reads_where_else_the_household_is_known(
    way: Way, client: Client
) -> None:
    way.take("submit", "xiaobo")

    html = read(client, reverse("case_step", args=[way.case.pk, "amend"]))

    assert KNOWN in html
    assert f"{way.case.number}（" not in html  # never the case itself


def test_a_masked_number_is_the_one_that_the_case_holds(
    way: Way, client: Client
) -> None:
    way.take("submit", "xiaobo")

    assert KNOWN in _asked(way, client, "amend", id_number="3205**********0027")


def test_a_household_that_is_nowhere_else_is_said_to_be_so(
    way: Way, office: Cast
) -> None:
    way.take("submit", "xiaobo")
    client = browse(office.xiaobo)

    html = read(client, reverse("case_step", args=[way.case.pk, "amend"]))

    assert NOTHING in html


def test_nothing_is_said_before_anybody_is_named(way: Way, client: Client) -> None:
    assert NOTHING not in read(client, NEW)
    empty = client.post(NEW, {"name": "", "phone": "", "look": "1"}).content.decode()
    assert NOTHING not in empty

    named = {"name": "陆志远", "phone": "129 0000 6299", "look": "1"}
    assert NOTHING in client.post(NEW, named).content.decode()


def test_the_receipt_asks_while_it_is_typed(client: Client) -> None:
    typed = {"name": "周雅琴", "phone": "129 0000 6204"}

    told = client.post(f"{NEW}hints/", typed).content.decode()

    assert KNOWN in told
    assert f'hx-post="{NEW}hints/"' in read(client, NEW)


def test_other_steps_look_for_nobody(way: Way, client: Client) -> None:
    way.take("submit", "xiaobo", members=[SPOUSE])

    html = read(client, reverse("case_step", args=[way.case.pk, "ask_for_papers"]))

    assert "hx-post" not in html
    assert KNOWN not in html
