"""The application in the browser's own terms: rows, buttons, what was typed stays."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.engine.statetable import allowed
from tests.hardship_aid.conftest import SPOUSE, Way
from tests.hardship_aid.test_bad_input import RECEIPT
from tests.web.pages import browse
from workflows.hardship_aid import duplicates
from workflows.hardship_aid.forms.application import ApplicationForm
from workflows.hardship_aid.models import HouseholdMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(way: Way) -> Client:
    return browse(way.office.xiaobo)


def page(way: Way, step: str) -> str:
    """Return the address of a step."""
    return reverse("case_step", args=[way.case.pk, step])


def filled(way: Way, text: str, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends from the page, the example typed in."""
    hidden = dict(re.findall(r'name="(version|command)" value="([^"]+)"', text))
    example = ApplicationForm.example(way.case)
    plain = {
        name: value
        for name, value in example.items()
        if name not in ("members", "income", "expenses")
    }
    rows = {f"{name}-rows": "1" for name in ("members", "income", "expenses")}
    return {**hidden, **plain, **rows, **changes}


def test_the_form_shows_the_notice_and_ticks_nothing(way: Way, client: Client) -> None:
    text = client.get(page(way, "submit")).content.decode()

    assert "困难职工帮扶个人信息告知书 · 2026-1" in text
    assert 'value="周雅琴"' in text  # from the receipt
    ticked = re.findall(r'<input type="checkbox"[^>]*checked', text)
    assert ticked == []


def test_a_row_is_added_without_a_script_and_what_was_typed_stays(
    way: Way, client: Client
) -> None:
    text = client.get(page(way, "submit")).content.decode()
    member = {f"members-0-{name}": value for name, value in SPOUSE.items()}

    answer = client.post(
        page(way, "submit"), filled(way, text, **member, **{"members-add": "1"})
    )

    again = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="陆志远"' in again
    assert 'name="members-1-name"' in again
    assert 'name="members-rows" value="2"' in again


def test_a_mistake_in_a_row_is_shown_in_the_row(way: Way, client: Client) -> None:
    text = client.get(page(way, "submit")).content.decode()
    member = {f"members-0-{name}": value for name, value in SPOUSE.items()}
    member["members-0-monthly_income"] = "-1"

    again = client.post(page(way, "submit"), filled(way, text, **member))

    assert again.status_code == 422
    assert again.content.decode().count("金额不能是负数") >= 2  # in the row, and above


def test_a_row_is_drawn_with_the_mistakes_that_it_has_and_no_others(
    way: Way, client: Client
) -> None:
    """What a row shows is what was judged: the mask stands for the number held."""
    way.take("submit", "xiaobo", members=[{**SPOUSE, "has_authorised": True}])
    text = client.get(page(way, "amend")).content.decode()
    member = {f"members-0-{name}": value for name, value in SPOUSE.items()}
    member["members-0-id_number"] = "3205**********001X"
    member["members-0-enrolled_on"] = "2030-09-01"

    again = client.post(page(way, "amend"), filled(way, text, **member))

    html = again.content.decode()
    assert again.status_code == 422
    assert html.count("日期不能晚于今天") >= 2  # in the row, and above
    assert "身份证号码只有数字" not in html


def test_the_application_is_registered_and_the_case_page_shows_it(
    way: Way, client: Client
) -> None:
    text = client.get(page(way, "submit")).content.decode()
    member = {f"members-0-{name}": value for name, value in SPOUSE.items()}
    member["members-0-has_authorised"] = "on"

    answer = client.post(page(way, "submit"), filled(way, text, **member))

    assert answer.status_code == 302
    assert HouseholdMember.objects.in_force().filter(case=way.case).count() == 2
    shown = client.get(answer["Location"] + "?tab=panels").content.decode()
    assert "陆志远" in shown
    assert "32050819830412001X" not in shown
    again = client.get(page(way, "amend")).content.decode()
    assert 'value="陆志远"' in again


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", ["submitted", "correcting", "home_visit"])
def test_every_form_of_the_state_opens(way: Way, state: str, language: str) -> None:
    way.to(state)
    client = browse(way.office.xiaobo, language=language)

    for name in allowed(way.case, way.office.xiaobo):
        assert client.get(page(way, name)).status_code == 200, name


def test_E_11_a_receipt_used_elsewhere_stands_at_its_row_and_nothing_gets_past_it(
    way: Way, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.take("submit", "xiaobo", expenses=[RECEIPT])
    other = Way(way.office, way.clock)
    text = client.get(page(other, "submit")).content.decode()
    typed = {f"expenses-0-{name}": value for name, value in RECEIPT.items()}
    sent = filled(other, text, **typed)

    answer = client.post(page(other, "submit"), sent)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'href="#id_expenses"' in html
    assert "YL20260001" in html
    assert "照样办" not in html

    monkeypatch.setattr(duplicates, "receipts_elsewhere", lambda _case, _uses: {})
    answer = client.post(page(other, "submit"), sent)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "刚刚用在本市的另一件申请里" in html
    assert "照样办" not in html


def test_paper_shows_the_periods_that_stopped(way: Way) -> None:
    way.to("approval")

    html = browse(way.office.amin).get(f"/cases/{way.case.pk}/print/").content.decode()

    assert '<details class="cw-card cw-stopped" open>' in html
