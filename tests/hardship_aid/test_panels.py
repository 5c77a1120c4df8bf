"""What the case page shows of an application, to whom."""

import re
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from casework.lifecycle import View
from tests.hardship_aid.conftest import CHILD, SPOUSE, WAYS, Way
from tests.hardship_aid.test_bad_input import RECEIPT
from tests.hardship_aid.test_rolls import WORKERS
from tests.web.pages import browse, read
from workflows.hardship_aid import completeness, panels
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


def test_P04_who_turned_fourteen_before_the_registration_needs_no_guardian(
    way: Way,
) -> None:
    child = {**CHILD, "id_number": "320508201209260035"}
    way.clock.set("2026-09-28 10:00")

    way.take("submit", "xiaobo", members=[child])

    assert "监护人" not in shown(way, in_clear=True)


def test_a_scan_counts_as_the_paper(way: Way) -> None:
    way.take("submit", "xiaobo", papers=_without(way, "income_proof"))
    assert way.case.details.is_stated

    way.take("add_material", "xiaobo", paper="income_proof")

    assert way.take("accept", "xiaobo").state == "station_review"


def test_the_record_of_a_visit_is_there_when_the_system_holds_it_H23(way: Way) -> None:
    way.to("station_review")

    text = shown(way, in_clear=True)

    assert _paper(text, "入户核查记录表") == "系统内已有 可另加扫描件"
    assert f"/cases/{way.case.pk}/papers/visit_record/" in text


def test_the_proof_of_publicity_is_there_when_the_system_holds_it_H27(way: Way) -> None:
    way.to("publicity")

    text = shown(way, in_clear=True)

    assert _paper(text, "公示证明") == "系统内已有 可另加扫描件"
    assert f"/cases/{way.case.pk}/papers/publicity/" in text
    assert "申请表、材料和授权都齐了" in text


def test_a_scan_of_what_the_system_holds_is_told_beside_it_H23(way: Way) -> None:
    way.to("station_review")

    way.take("add_material", "xiaobo", paper="visit_record")

    text = shown(way, in_clear=True)
    assert _paper(text, "入户核查记录表") == "系统内已有 扫描件也收了"


def test_a_paper_that_was_ticked_is_no_scan_H27(way: Way) -> None:
    papers = [*_without(way, "none"), "publicity_proof"]
    way.to("publicity", submit={"papers": papers})

    text = shown(way, in_clear=True)

    assert _paper(text, "公示证明") == "系统内已有 纸质件也收了"


def test_a_visit_that_found_nobody_is_no_record_H23(way: Way) -> None:
    way.to("home_visit")
    way.take("nobody_home", "xiaobo")

    assert completeness.kept_papers(way.case) == {}


def test_what_was_done_is_one_story_the_newest_first_H23_H29(way: Way) -> None:
    way.to("publicity")
    way.clock.set("2026-09-25 09:00")
    way.take("object", "amin", received_at="2026-09-25T09:00")
    way.clock.set("2026-09-28 10:00")
    way.take("dismiss_objection", "lanyun")
    way.wait("2026-10-12 09:00")
    way.take("take_down", "xiaobo", taken_down_on="2026-10-12")
    way.take("approve", "chendi")

    told = panels.visits_and_decisions(way.case, _of(way))["happenings"]

    days = [panels.Happening.place(each)[0] for each in told]
    assert days == sorted(days, reverse=True)
    assert [_word(each) for each in told] == [
        *("批准", "公示 已撤下", "公示 已撤下", "异议不成立", "公示异议"),
        *("公示 张贴", "公示 张贴", "复核意见", "经济状况核对 反馈"),
        *("经济状况核对 发函", "初审意见", "入户核查", "约定入户"),
    ]


def test_a_check_that_waits_says_so_and_a_list_that_hangs_H26_H27(way: Way) -> None:
    way.to("info_check")
    assert "发函 · 等待反馈" in shown(way, in_clear=True)

    way.take("receive_check", "amin")
    way.take("publish", "amin")

    text = shown(way, in_clear=True)
    assert "等待反馈" not in text
    assert "张贴 · 县级 · 张贴中" in text
    assert (
        text.index("公示 · ")
        < text.index("经济状况核对 · ")
        < text.index("入户核查 · ")
    )


def _word(each: Any) -> str:
    """Return what a line of the story is about, in a word or two."""
    what = each.what.split(" · ")[0]
    has_two = what in ("公示", "经济状况核对")
    return f"{what} {each.result.split(' · ')[0]}" if has_two else what


def _of(way: Way) -> View:
    at = way.case.effective_at
    return View(actor=way.office.amin, at=at, in_clear=True, is_revealed=False)


def _paper(text: str, name: str) -> str:
    """Return what the list says of a paper, without its marks."""
    row = text.split(f'<th scope="row">{name}</th>')[1].split("</tr>")[0]
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row).split())


def _without(way: Way, code: str) -> list[Any]:
    from workflows.hardship_aid.forms.application import ApplicationForm

    papers = ApplicationForm.example(way.case)["papers"]
    return [paper for paper in papers if paper != code]


def read_by(way: Way, who: str) -> str:
    """Return the panels as this person has them on the page."""
    return read(browse(getattr(way.office, who)), f"/cases/{way.case.pk}/?tab=panels")


def test_P02_others_read_what_it_came_to_and_no_figure(way: Way) -> None:
    way.to("county_review", submit=HOUSEHOLD)

    text = read_by(way, "lanyun")

    for told in ("深度困难职工", "低于低保标准"):
        assert told in text
    for figure in ("300.00", "900.00", "3,600.00", "10,800.00", "医疗支出", "诊断证明"):
        assert figure not in text, figure


def test_P02_an_auditor_reads_the_figures_and_no_kind_of_expense(way: Way) -> None:
    way.to("county_review", submit=HOUSEHOLD)

    text = read_by(way, "fangzheng")

    for figure in ("月人均 300.00 元", "有票据的刚性支出 3,600.00 元", "900.00"):
        assert figure in text, figure
    for hint in ("医疗支出", "诊断证明", "癌症"):
        assert hint not in text, hint


def test_P02_whom_the_next_level_lends_reads_what_he_decides_on(way: Way) -> None:
    way.to("approval", submit=HOUSEHOLD)
    assert "月人均 300.00 元" not in read_by(way, "heshi")
    way.case.details.reviewer = way.office.chendi.person.pk  # type: ignore[union-attr]
    way.case.details.save()

    text = read_by(way, "heshi")

    assert "月人均 300.00 元" in text
    assert "医疗支出" in text
    assert "周雅琴" not in text


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


OBJECTION = {
    "is_anonymous": "",
    "name": "闻素清",
    "phone": "12900006277",
    "content": "反映这家开着网店。",
}


def test_H28_who_checks_an_objection_reads_it_beside_the_form_and_in_its_papers(
    way: Way,
) -> None:
    way.to("objection", object=OBJECTION)
    client, here = browse(way.office.lanyun), f"/cases/{way.case.pk}/"

    for step in ("dismiss_objection", "repost", "uphold_objection"):
        beside = read(client, f"{here}steps/{step}/").partition("cw-beside")[2]
        assert "公示异议 · 闻素清" in beside, step
        assert "开着网店" in beside, step
    register = read(client, f"{here}papers/objection_register/")
    for said in ("闻素清", "12900006277", "开着网店"):
        assert said in register
    assert "周雅琴" not in register


def test_H28_an_auditor_reads_the_objection_and_not_who_objected(way: Way) -> None:
    way.to("objection", object=OBJECTION)
    client = browse(way.office.fangzheng)

    panel = read(client, f"/cases/{way.case.pk}/?tab=panels")
    register = read(client, f"/cases/{way.case.pk}/papers/objection_register/")

    for text in (panel, register):
        assert "开着网店" in text
        assert "闻素清" not in text
        assert "12900006277" not in text


@pytest.mark.parametrize("who", ["xiaobo", "heshi", "mediator"])
def test_H28_others_read_nothing_of_an_objection(way: Way, who: str) -> None:
    way.to("objection", object=OBJECTION)

    text = read_by(way, who)

    assert "公示异议" in text
    assert "开着网店" not in text
    assert "闻素清" not in text


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


def test_the_computation_sums_each_kind_and_leaves_out_nothings(way: Way) -> None:
    working = {**SPOUSE, "status": "at_work", "monthly_income": "100"}
    again = {**RECEIPT, "receipt_number": "YL20260002", "amount": "400"}
    expenses = [RECEIPT, again]
    way.take(
        "submit",
        "xiaobo",
        members=[working, CHILD],
        expenses=expenses,
        consents_children="on",
    )

    told = panels.shown_computation(way.case, _of(way))

    assert [(each["kind"].zh, each["amount"]) for each in told["income"]] == [
        ("工资性收入", "12,000.00")
    ]
    assert [each["amount"] for each in told["expenses"]] == ["4,000.00"]
    assert told["steps"][0]["said"] == (
        "家庭年收入：工资性收入 1,000.00 × 12 月 = 12,000.00 元。"
    )
