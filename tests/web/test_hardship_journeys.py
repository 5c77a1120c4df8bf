"""Whole applications in the browser, by the people whose work each step is."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from time_machine import TimeMachineFixture

from casework.domain.vocabulary import Role
from casework.models import Act, Case, Event
from tests.cast import Cast
from tests.engine.conftest import verify_whole
from tests.web.journeys import SCAN, Desk, Network, fill, sign
from tests.web.test_frame_accessibility import violations
from tests.web.visits import PHONE, Visits
from workflows.hardship_aid.vocabulary import PaperCode

pytestmark = pytest.mark.django_db

WORKER, SPOUSE, CHILD = "320508198503070027", "320508198312190034", "320508201406160033"
RECEIPT = {
    "name": "周雅琴",
    "phone": "129 0000 6204",
    "wish": "file",
    "receipt_channel": "visit",
}
MEMBERS: list[dict[str, Any]] = [
    {
        "name": "陆志远",
        "relation": "spouse",
        "id_number": SPOUSE,
        "monthly_income": "0",
        "health": "ordinary",
        "insurance": "resident",
        "status": "unemployed",
        "has_authorised": True,
    },
    {
        "name": "陆晓禾",
        "relation": "child",
        "id_number": CHILD,
        "monthly_income": "0",
        "health": "good",
        "insurance": "resident",
        "status": "student",
        "place": "实验小学",
    },
]
APPLICATION: dict[str, Any] = {
    "notice_read": True,
    "consents_sensitive": True,
    "consents_sharing": True,
    "consents_publication": True,
    "consents_children": True,
    "wish": "file",
    "statement": "单位停产半年，本人收入低，孩子上学。",
    "main_cause": "low_income",
    "id_number": WORKER,
    "ethnicity": "汉族",
    "marital_status": "married",
    "health": "good",
    "status": "at_work",
    "model_worker": "none",
    "insurance": "employee",
    "monthly_income": "1,860.50",
    "address": "平江街道云溪新村12幢104室",
    "registration": "urban",
    "registered_at": "江苏省苏州市姑苏区",
    "housing": "public_rental",
    "floor_area": "42",
    "employer_name": "云溪丝织厂",
    "industry": "C",
    "works_since": "2008-07-01",
    "members": MEMBERS,
    "income": [{"kind": "property", "yearly": "1200"}],
    "expenses": [
        {
            "kind": "medical",
            "amount": "3600",
            "receipt_number": "YL20260001",
            "receipt_date": "2026-08-01",
        }
    ],
    "papers": [str(code) for code in PaperCode][:12],
    "has_authorised": True,
    "signature": "signature",
}


@pytest.fixture
def network(
    visits: Visits, cast: Cast, own_database: str, time_machine: TimeMachineFixture
) -> Iterator[Network]:
    """The people and the browser, on Thursday 2026-09-24 10:00."""
    network = Network(cast, visits, own_database, time_machine)
    network.at("2026-09-24 10:00")
    yield network
    assert visits.complaints == []
    assert visits.asked_elsewhere == []


def register(network: Network, **otherwise: Any) -> Case:
    """Take an application in and register it whole, at the station."""
    desk = network.desk("xiaobo")
    case = desk.receive("hardship_aid", **RECEIPT)
    home = str(network.cast.pingjiang.pk)
    desk.take(case, "submit", **{**APPLICATION, "lives_in": home, **otherwise})
    return case


def test_from_the_receipt_to_the_archive(network: Network) -> None:
    case = _received_and_registered(network)
    _visited(network, case)
    _reviewed(network, case)
    network.pass_until("2026-10-12 09:00")
    _approved(network, case)
    _filed(network, case)

    case = Case.objects.get(pk=case.pk)
    assert case.state == "archived"
    taken = Act.objects.filter(case=case, person__isnull=False)
    assert taken.values("person").distinct().count() >= 6
    verify_whole(case)


def _received_and_registered(network: Network) -> Case:
    desk = network.desk("xiaobo")
    case = desk.receive("hardship_aid", **RECEIPT)
    desk.shoot("desk-after-receipt")
    desk.open(case)
    desk.shoot("case-draft")
    home = str(network.cast.pingjiang.pk)
    desk.take(case, "submit", **{**APPLICATION, "lives_in": home})
    desk.shoot("case-submitted")
    desk.take(case, "accept", is_impartial=True)
    return case


def _visited(network: Network, case: Case) -> None:
    cast = network.cast
    desk = network.desk("xiaobo")
    pair: dict[str, Any] = {
        "first_visitor": str(cast.xiaobo.person.pk),  # type: ignore[union-attr]
        "second_visitor": str(cast.miaoqing.person.pk),  # type: ignore[union-attr]
    }
    planned: dict[str, Any] = {"planned_at": "2026-09-25T09:30", "no_relatives": True}
    desk.take(case, "arrange_visit", **pair, **planned)
    desk.shoot("case-home-visit")
    network.at("2026-09-25 10:20")
    phone = network.desk("xiaobo", screen=PHONE)
    phone.begin(case, "record_visit")
    phone.shoot("record_visit-empty", ways=1)
    page = phone.page
    page.check("#id_photos_allowed")
    page.set_input_files("#id_photos", SCAN)
    expect(page.locator(".cw-shots img")).to_have_count(1)
    fill(
        page,
        {
            "outcome": "done",
            "housing": "same",
            "vehicle": "none",
            "medical_monthly": "300",
            "seen": "住房42平方米，家电陈旧，与申请一致。",
            "neighbours": "平时靠打零工。",
            "no_relatives": True,
            "family_signer": "陆志远",
        },
    )
    for name in ("family_signature", "first_signature", "second_signature"):
        sign(page, name)
    phone.shoot("record_visit-filled", ways=1)
    phone.send()
    phone.expect_done("record_visit")
    phone.shoot("case-visited")
    opinion = {"category": "deep", "reasons": "情况属实，建议认定。"}
    network.desk("suzhan").take(case, "report_up", is_impartial=True, **opinion)


def _reviewed(network: Network, case: Case) -> None:
    network.at("2026-09-27 09:00")  # a make-up Sunday before the holiday, or not
    desk = network.desk("amin")
    desk.open(case, "panels")
    desk.shoot("panels-at-the-county")
    desk.take(case, "request_check", letter_number="姑工核〔2026〕15号")
    network.at("2026-09-28 15:00")
    desk = network.desk("amin")
    desk.take(
        case,
        "receive_check",
        report_number="姑核报〔2026〕88号",
        received_on="2026-09-28",
        findings=[
            {"source": source, "finding": "agrees"}
            for source in ("property", "vehicles", "companies", "tax")
        ],
        result="agrees",
    )
    desk.take(case, "publish", **PUBLICATION)
    desk.shoot("case-in-publicity")
    desk.page.goto("/rolls/hardship_aid/publicity/")
    desk.shoot("roll-publicity")


def _approved(network: Network, case: Case) -> None:
    down: dict[str, Any] = {"taken_down_on": "2026-10-12", "everywhere": True}
    network.desk("miaoqing").take(case, "take_down", **down)
    desk = network.desk("chendi")
    desk.page.goto("/")
    desk.shoot("desk-of-the-head")
    desk.page.click("a[href='/rolls/hardship_aid/meeting/']")
    desk.shoot("roll-meeting")
    desk.page.check(f"input[name=case][value^='{case.pk}:']")
    desk.page.click(".cw-bulk .btn")
    desk.shoot("roll-meeting-step")
    fill(desk.page, {**MINUTES, "minutes_scan": SCAN})
    desk.send()
    expect(desk.page.locator("main .cw-note.is-ok")).to_contain_text("1")
    desk.shoot("roll-meeting-done", ways=1)
    desk.open(case)
    desk.shoot("case-approved")
    desk.open(case, "panels")
    desk.shoot("panels-approved")
    desk.open(case, "papers")
    desk.shoot("papers-approved")
    desk.open(case, "materials")
    desk.shoot("materials-approved")


def _filed(network: Network, case: Case) -> None:
    case = Case.objects.get(pk=case.pk)
    desk = network.desk("lanyun")
    desk.open(case)
    desk.page.get_by_role("link", name="建立档案").click()
    desk.shoot("hardship_file-new")
    expect(desk.page.locator("[name=application]")).to_have_value(str(case.number))
    desk.send()
    expect(desk.page.locator("main .cw-errors")).to_have_count(0)
    file = Case.objects.latest("id")
    assert (file.kind, file.state) == ("hardship_file", "active")
    desk.open(file)
    desk.shoot("file-active")
    desk.open(file, "panels")
    desk.shoot("file-panels")
    network.desk("guoping").take(case, "file_built")
    desk = network.desk("amin")
    desk.take(case, "archive", pages="24", is_complete=True)
    desk.open(case)
    desk.shoot("case-archived")


PUBLICATION: dict[str, Any] = {
    "category": "deep",
    "reasons": "材料齐全，核对相符，拟认定。",
    "is_impartial": True,
    "text": "周**，云溪丝织厂，深度困难职工。",
    "places": [
        {"place": "workplace", "level": "county", "name": "云溪丝织厂公告栏"},
        {"place": "community", "level": "station", "name": "云溪社区公告栏"},
    ],
}
MINUTES: dict[str, Any] = {
    "is_impartial": True,
    "reasons": "同意。",
    "minutes_number": "主席办公会纪要〔2026〕9号",
    "met_on": "2026-10-12",
}


@pytest.mark.slow
def test_a_rejection_is_reversed_by_the_city(network: Network) -> None:
    case = register(network, monthly_income="9000")
    network.desk("xiaobo").take(case, "accept", is_impartial=True, shot="-")
    _walk_to_the_county(network, case, category="none")
    network.at("2026-09-28 15:00")
    head = network.desk("chendi")
    head.take(
        case,
        "reject",
        is_impartial=True,
        grounds=["check_differs"],
        reasons="核对结果与申报不符。",
    )
    head.shoot("case-rejected")
    head.page.goto(f"/cases/{case.pk}/papers/rejection_notice/")
    head.shoot("paper-rejection-notice", ways=1)
    network.desk("lanyun").take(
        case, "serve", served_on="2026-09-28", means="in_person"
    )
    network.at("2026-09-30 09:30")
    desk = network.desk("lanyun")
    desk.take(
        case, "ask_reconsideration", reasons="医疗支出没有算进去。", is_signed=True
    )
    network.at("2026-10-09 10:00")
    city = network.desk("heshi")
    city.open(case)
    city.shoot("case-at-the-city")
    city.take(
        case, "reverse_rejection", is_impartial=True, reasons="原决定漏算医疗支出。"
    )
    city.shoot("case-reversed")

    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.level) == ("county_review", "county")
    verify_whole(case)


def _walk_to_the_county(
    network: Network, case: Case, *, category: str = "deep"
) -> None:
    cast = network.cast
    desk = network.desk("xiaobo")
    pair: dict[str, Any] = {
        "first_visitor": str(cast.xiaobo.person.pk),  # type: ignore[union-attr]
        "outsider_name": "严晓东",
        "outsider_body": "云溪社区居委会",
        "no_relatives": True,
    }
    desk.take(case, "arrange_visit", shot="-", planned_at="2026-09-25T09:30", **pair)
    network.at("2026-09-25 10:20")
    desk = network.desk("xiaobo")
    desk.begin(case, "record_visit")
    desk.shoot("record_visit-desk", ways=1)
    fill(
        desk.page,
        {
            "outcome": "done",
            "housing": "same",
            "vehicle": "none",
            "seen": "与申请一致。",
            "no_relatives": True,
            "is_signed_by_family": True,
            "family_signer": "周雅琴",
            "is_signed_by_first": True,
            "is_signed_by_second": True,
        },
    )
    desk.send()
    desk.expect_done("record_visit")
    opinion = {"category": category, "reasons": "情况属实。", "is_impartial": True}
    network.desk("suzhan").take(case, "report_up", shot="-", **opinion)


def test_urgent_relief_from_the_receipt_to_the_papers(network: Network) -> None:
    desk = network.desk("xiaobo")
    case = desk.receive("hardship_aid", **{**RECEIPT, "wish": "urgent"})
    desk.take(
        case,
        "ask_urgent_relief",
        event="昨日家中失火，无处居住。",
        happened_on="2026-09-23",
        asked_sum="2000",
        id_number=WORKER,
        address="平江街道云溪新村12幢104室",
    )
    desk.shoot("case-urgent-asked")
    head = network.desk("chendi")
    head.open(case)
    head.shoot("case-urgent-at-the-county")
    mistakes = head.refused(
        case,
        "grant_urgent_relief",
        is_impartial=True,
        reasons="先救助。",
        granted_sum="999999",
    )
    expect(mistakes).to_contain_text("规则 H-32")
    fill(head.page, {"granted_sum": "1500"})
    head.shoot("grant_urgent_relief")
    head.send()
    head.expect_done("grant_urgent_relief")
    head.shoot("case-urgent-granted")
    network.at("2026-09-29 10:00")
    papers = network.desk("lanyun")
    home = str(network.cast.pingjiang.pk)
    said = {**APPLICATION, "lives_in": home, "wish": "urgent"}
    papers.take(case, "complete_papers", **said)
    papers.shoot("case-urgent-complete")

    case = Case.objects.get(pk=case.pk)
    details = case.hardship_aid_details
    assert (case.state, details.owes_papers) == ("approved", False)
    verify_whole(case)


@pytest.mark.slow
def test_a_household_of_another_county_is_found_at_intake(network: Network) -> None:
    known = register(network)
    known = Case.objects.get(pk=known.pk)
    desk = network.desk("dinglan")
    desk.page.goto("/cases/new/hardship_aid/")
    hint = desk.page.locator("aside:has(#hints)")
    expect(hint).to_have_count(0)
    fill(desk.page, RECEIPT)
    # While it is typed, and by the button where there is no script.
    expect(hint).to_contain_text(f"姑苏区帮扶中心的{known.number}（2026年9月24日起）")
    desk.page.click("button[name=look]")
    expect(hint).to_contain_text(f"姑苏区帮扶中心的{known.number}（2026年9月24日起）")
    expect(hint.locator("a")).to_have_count(0)
    for private in ("周雅琴", "6204", "云溪", "平江"):
        expect(hint).not_to_contain_text(private)
    desk.shoot("hint-elsewhere", ways=1)
    desk.send()
    case = Case.objects.latest("id")
    works = {
        "lives_in": str(network.cast.yushan.pk),
        "address": "玉山镇云溪路2号",
        "expenses": [],
    }
    desk.take(case, "submit", shot="-", **{**APPLICATION, **works})
    desk.page.goto(f"/cases/{case.pk}/steps/amend/")
    expect(hint).to_contain_text(f"姑苏区帮扶中心的{known.number}（2026年9月24日起）")
    expect(desk.page.locator("#form")).to_contain_text("2026年9月24日已单独同意")
    desk.shoot("amend")
    desk.open(case)
    told = desk.page.locator(".cw-cannot[data-folds]")
    expect(told).to_contain_text(f"姑苏区帮扶中心的{known.number}（2026年9月24日起）里")
    expect(told).to_contain_text("请办“不予受理”")
    acts = desk.page.locator("#acts")
    expect(acts.locator("a[href$='/steps/accept/']")).to_have_count(0)
    desk.shoot("case-known-elsewhere")
    desk.take(
        case,
        "refuse_acceptance",
        ground="duplicate",
        reasons="该家庭在姑苏区已有申请。",
    )
    assert Event.objects.filter(verb="household.found").exists()
    case = Case.objects.get(pk=case.pk)
    assert case.state == "not_accepted"


@pytest.mark.slow
def test_mistakes_stand_at_their_fields_and_keep_what_was_typed(
    network: Network,
) -> None:
    cast = network.cast
    desk = network.desk("xiaobo")
    case = desk.receive("hardship_aid", **RECEIPT)
    desk.begin(case, "submit")
    desk.page.click("button[name=members-add]")
    expect(desk.page.locator("main .cw-mistake")).to_have_text(
        ["已加一行，请接着填写。"]
    )
    expect(desk.page.locator("[name=members-1-name]")).to_be_in_viewport()
    desk.shoot("submit-one-row-more", ways=1)
    home = str(cast.pingjiang.pk)
    wrong = {
        "id_number": "３２０５０８１９８５０３０７００２８",
        "monthly_income": "-5",
        "registered_at": "",
    }
    mistakes = desk.refused(
        case, "submit", **{**APPLICATION, "lives_in": home, **wrong}
    )
    _stands_at(desk, "id_number", "校验")
    _stands_at(desk, "monthly_income", "负数")
    _stands_at(desk, "registered_at", "")
    expect(mistakes).to_contain_text("有 3 处要改")
    assert violations(desk.page) == []
    assert desk.page.input_value("[name=id_number]") == wrong["id_number"]
    assert desk.page.input_value("[name=members-1-name]") == "陆晓禾"
    assert desk.page.input_value("[name=expenses-0-amount]") == "3600"
    fill(
        desk.page,
        {
            "id_number": "３２０５０８１９８５０３０７００２７",
            "monthly_income": "１８６０",
            "registered_at": "江苏省苏州市姑苏区",
        },
    )
    desk.send()
    desk.expect_done("submit")

    leading = desk.page.locator("#acts .btn-primary")
    expect(leading).to_have_text("受理")
    desk.take(case, "accept", is_impartial=True, shot="-")
    alone = {
        "first_visitor": str(cast.xiaobo.person.pk),  # type: ignore[union-attr]
        "planned_at": "2026-09-25T09:30",
        "no_relatives": True,
    }
    desk.refused(case, "arrange_visit", **alone)
    _stands_at(desk, "second_visitor", "要有两个人（规则 H-23）")
    assert desk.page.input_value("[name=planned_at]") == "2026-09-25T09:30"


def _stands_at(desk: Desk, name: str, sentence: str) -> None:
    at = desk.page.locator(f".cw-field.is-wrong:has([name='{name}']) .cw-mistake")
    expect(at).to_contain_text(sentence)


@pytest.mark.slow
def test_the_reviewer_cannot_approve_in_another_hat(network: Network) -> None:
    amin = network.cast.amin
    network.enter(amin.user, Role.SUPERVISOR, network.cast.gusu)
    case = register(network)
    network.desk("xiaobo").take(case, "accept", is_impartial=True, shot="-")
    _walk_to_the_county(network, case)
    network.at("2026-09-28 15:00")
    desk = network.desk("amin")
    desk.page.goto("/")
    desk.shoot("hats")
    desk.page.click(".cw-hats button")
    desk.take(case, "request_check", shot="-", letter_number="姑工核〔2026〕15号")
    desk.take(
        case,
        "receive_check",
        shot="-",
        report_number="姑核报〔2026〕88号",
        received_on="2026-09-28",
        findings=[{"source": "tax", "finding": "agrees"}],
        result="agrees",
    )
    desk.take(case, "publish", shot="-", **PUBLICATION)
    network.pass_until("2026-10-12 09:00")
    desk = network.desk("amin")  # the hat of a supervisor comes first
    desk.open(case)
    told = "复核人不能批准同一件申请（规则 H-29）"
    expect(desk.page.locator(".cw-cannot[data-folds]")).to_contain_text(told)
    desk.shoot("case-reviewer-may-not-approve")
    desk.page.goto("/rolls/hardship_aid/meeting/")
    desk.page.check(f"input[name=case][value^='{case.pk}:']")
    desk.page.click(".cw-bulk .btn")
    desk.shoot("roll-meeting-step-by-the-reviewer", ways=1)
    fill_if_asked(desk)
    desk.send()
    expect(desk.page.locator("main")).to_contain_text(told)
    desk.shoot("roll-meeting-refused", ways=1)
    case = Case.objects.get(pk=case.pk)
    assert case.state == "approval"


def fill_if_asked(desk: Desk) -> None:
    if desk.page.locator("[name=minutes_number]").count():
        fill(desk.page, {**MINUTES, "minutes_scan": SCAN})
