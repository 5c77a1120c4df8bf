"""What the case page shows of an application, to whom."""

from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from casework.lifecycle import View
from tests.hardship_aid.conftest import WAYS, Way
from tests.hardship_aid.test_bad_input import RECEIPT
from tests.hardship_aid.test_guards import SPOUSE
from tests.hardship_aid.test_rolls import WORKERS
from tests.web.pages import browse, read
from workflows.hardship_aid.panels import PANELS

pytestmark = pytest.mark.django_db

SECRETS = (
    "周雅琴",
    "陆志远",
    "12900006204",
    "云溪新村",
    "癌症",
    "YL20260001",
    "本人收入低",
)
NUMBERS = ("320508198503070027", "32050819830412001X")
HOUSEHOLD = {
    "members": [{**SPOUSE, "health": "cancer", "has_authorised": True}],
    "expenses": [RECEIPT],
    "papers": [
        *("application", "id_card", "household_book", "authorisation"),
        *("union_membership", "income_proof", "diagnosis", "medical_receipts"),
    ],
}


def shown(way: Way, *, in_clear: bool, is_revealed: bool = False) -> str:
    """Return the panels as one text."""
    actor = way.office.amin
    at = way.case.effective_at
    view = View(actor=actor, at=at, in_clear=in_clear, is_revealed=is_revealed)
    return "\n".join(
        render_to_string(
            panel.template, {**panel.context(way.case, view), "case": way.case}
        )
        for panel in PANELS
    )


@pytest.mark.parametrize("state", WAYS)
def test_the_panels_are_drawn_in_every_state(way: Way, state: str) -> None:
    way.to(state)

    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert shown(way, in_clear=True)


def test_the_team_sees_the_household_and_no_whole_number(way: Way) -> None:
    way.to("county_review", submit=HOUSEHOLD)

    text = shown(way, in_clear=True)

    for told in SECRETS:
        assert told in text, told
    for number in NUMBERS:
        assert number not in text
    assert "3205**********0027" in text


def test_others_see_no_name_no_illness_no_receipt(way: Way) -> None:
    way.to("county_review", submit=HOUSEHOLD)

    text = shown(way, in_clear=False)

    for told in (*SECRETS, *NUMBERS):
        assert told not in text, told
    assert "周*琴" in text


def test_a_decision_names_the_level_that_took_it(way: Way) -> None:
    way.to("county_review")

    assert "初审意见 · 站点 · 苏站长" in shown(way, in_clear=True)


def test_a_leave_shows_numbers_in_full(way: Way) -> None:
    way.to("county_review", submit=HOUSEHOLD)

    text = shown(way, in_clear=True, is_revealed=True)

    assert all(number in text for number in NUMBERS)


def test_the_computation_stands_beside_its_inputs(way: Way) -> None:
    way.take("submit", "xiaobo", **HOUSEHOLD)

    text = shown(way, in_clear=True)

    # 900 × 12 less a receipt of 3,600, for two: 300 yuan a head and month.
    assert "月人均 300.00 元" in text
    assert "深度困难职工" in text
    assert "测算只是建议" in text


def test_what_is_missing_is_named(way: Way) -> None:
    way.take("submit", "xiaobo", papers=["application"], members=[SPOUSE])

    text = shown(way, in_clear=False)

    assert "陆*远" in text
    assert text.count("缺") >= 4


def test_a_scan_counts_as_the_paper(way: Way) -> None:
    way.take("submit", "xiaobo", papers=_without(way, "income_proof"))
    assert way.case.details.is_stated

    way.take("add_material", "xiaobo", paper="income_proof")

    assert way.take("accept", "xiaobo").state == "station_review"


def _without(way: Way, code: str) -> list[Any]:
    from workflows.hardship_aid.forms.application import ApplicationForm

    papers = ApplicationForm.example(way.case)["papers"]
    return [paper for paper in papers if paper != code]


@pytest.mark.parametrize(
    ("state", "step", "who"),
    [
        ("station_review", "report_up", "station_head"),
        ("county_review", "publish", "amin"),
        ("county_review", "reject", "chendi"),
        ("objection", "dismiss_objection", "lanyun"),
        ("approval", "approve", "chendi"),
        ("city_review", "city_approve", "heshi"),
        ("reconsideration", "uphold_rejection", "heshi"),
    ],
)
def test_who_decides_reads_the_figures_beside_the_form(
    way: Way, state: str, step: str, who: str
) -> None:
    way.to(state, submit=HOUSEHOLD)
    reader = way.office.actors[who]

    html = read(browse(reader), f"/cases/{way.case.pk}/steps/{step}/")

    form, _aside, beside = html.partition("cw-beside")
    assert "<form" in form
    for said in ("测算建议", "怎样算出来的", "入户核查", "配偶", "诊断证明"):
        assert said in beside


@pytest.mark.parametrize(
    ("state", "step"), [("submitted", "accept"), ("submitted", "refuse_acceptance")]
)
def test_who_accepts_reads_what_is_missing_beside_the_form(
    way: Way, state: str, step: str
) -> None:
    way.to(state, submit=HOUSEHOLD)

    html = read(browse(way.office.xiaobo), f"/cases/{way.case.pk}/steps/{step}/")

    beside = html.partition("cw-beside")[2]
    for said in ("要有的", "自付医疗费票据", "陆志远", "怎样算出来的"):
        assert said in beside


def test_a_bigger_household_costs_no_more_statements(way: Way) -> None:
    """The panels beside a decision are read at once, however much there is."""
    other = Way(way.office, way.clock)
    costs = []
    for each, submit in ((other, {"id_number": WORKERS[0]}), (way, HOUSEHOLD)):
        each.to("station_review", submit=submit)
        client = browse(way.office.station_head)
        address = f"/cases/{each.case.pk}/steps/report_up/"
        read(client, address)
        with CaptureQueriesContext(connection) as captured:
            read(client, address)
        costs.append(len(captured))

    assert costs[0] == costs[1]
