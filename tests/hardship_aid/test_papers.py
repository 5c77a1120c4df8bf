"""Every paper of an application, from whole ways of it; what it says and what it hides."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.datastructures import MultiValueDict
from openpyxl import load_workbook

from casework.access import Actor
from casework.lifecycle import View
from casework.services import cases, mending
from casework.services.materials import example_picture
from tests.hardship_aid.conftest import Way
from tests.web.pages import browse, read
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.dossier import Dossier
from workflows.hardship_aid.papers import PAPERS

pytestmark = pytest.mark.django_db

#: Which papers there are after each way; the receipt comes first of all.
STATED = {"receipt", "application", "authorisation", "file_sheet"}
VISITED = STATED | {"acceptance", "visit_record", "first_opinion"}
REVIEWED = VISITED | {"check_letter", "check_report"}
PUBLISHED = REVIEWED | {"publicity"}
OVER = PUBLISHED | {"publicity_report", "approval_form"}
REJECTED = REVIEWED | {"rejection_notice"}
ENDED = STATED | {"withdrawal"}
READY: dict[str, set[str]] = {
    "draft": {"receipt"},
    "submitted": STATED,
    "correcting": STATED | {"supplement_notice"},
    "not_accepted": STATED | {"non_acceptance"},
    "station_review": VISITED - {"first_opinion"},
    "county_review": REVIEWED,
    "publicity": PUBLISHED,
    "objection": PUBLISHED | {"objection_register"},
    "approval": OVER,
    "approved": OVER | {"approval_notice"},
    "rejected": REJECTED,
    "reconsideration": REJECTED | {"delivery", "reconsideration_request"},
    "withdrawn": ENDED,
    "terminated": STATED | {"acceptance", "termination_notice"},
    "closed": ENDED | {"closing_form", "contents"},
    "archived": ENDED | {"closing_form", "contents"},
}

#: Ways that between them bring most papers that leave the house.
OUTSIDE = ("correcting", "not_accepted", "approved", "reconsideration", "terminated")


def _page(client: Client, way: Way, code: str) -> str:
    return read(client, f"/cases/{way.case.pk}/papers/{code}/")


@pytest.mark.parametrize("state", READY)
def test_the_papers_that_are_ready_open_and_the_rest_say_why_not(
    way: Way, state: str
) -> None:
    way.to(state)
    client = browse(way.office.heshi)

    for paper in PAPERS:
        address = f"/cases/{way.case.pk}/papers/{paper.code}/"
        answer = client.get(address)
        is_there = paper.code in READY[state]
        assert answer.status_code == (200 if is_there else 422), paper.code
        if not is_there:
            assert str(paper.awaits) in answer.content.decode()
        else:
            html = answer.content.decode()
            assert "编号：待编" in html
            assert str(way.case.number) in html


def test_what_was_handed_in_is_named_in_the_order_of_the_procedure(way: Way) -> None:
    codes = ("school_proof", "id_card", "bank_card", "household_book", "application")
    way.take("submit", "xiaobo", papers=list(codes))
    client = browse(way.office.xiaobo)

    for code in ("receipt", "application"):
        html = _page(client, way, code)
        assert "帮扶申请书、身份证复印件、户口簿复印件、在校证明、银行卡复印件" in html


def test_what_only_some_ways_bring(way: Way) -> None:
    way.to("objection")
    way.take("dismiss_objection", "lanyun")
    way.wait("2026-10-12 09:00")
    client = browse(way.office.chendi)

    assert "异议不成立" in _page(client, way, "objection_report")
    assert "经核查不成立" in _page(client, way, "publicity_report")


def test_a_return_and_a_visit_in_vain_leave_their_papers(way: Way) -> None:
    way.to("home_visit")
    way.take("nobody_home", "xiaobo")
    client = browse(way.office.station_head)
    notice = _page(client, way, "visit_notice")
    assert "我们于2026年9月24日10:00到您家中走访，家里没有人" in notice
    assert "我们将于2026年9月25日16:00再来" in notice
    view = View(actor=way.office.amin, at=way.case.effective_at, in_clear=True)
    assert Dossier(way.case, view).absence == {
        "at": "2026年9月24日10:00",
        "again": "2026年9月25日16:00",
    }

    way.clock.set("2026-09-28 16:00")
    way.take("arrange_visit", "xiaobo", planned_at="2026-09-28 16:00")
    way.take("record_visit", "xiaobo")
    way.take("report_up", "station_head")
    way.take("send_back", "amin")

    html = _page(client, way, "return_notice")
    assert "收入证明缺单位盖章" in html
    assert "这是第1次退回" in html


DRAWN = '<img class="cw-signature" src="data:image/png;base64,'


def _visit(way: Way, *drawn: str) -> None:
    """Record the visit; the signatures of these names were drawn on the screen."""
    way.to("home_visit")
    files = {name: example_picture(f"{name}.png") for name in drawn}
    way.case = cases.act(
        way.case.pk,
        "record_visit",
        by=way.office.xiaobo,
        version=None,
        data=HARDSHIP_AID.steps["record_visit"].form.example(way.case),
        files=MultiValueDict({name: [file] for name, file in files.items()}),
    )


def test_drawn_signatures_stand_in_their_lines(way: Way) -> None:
    _visit(way, "family_signature", "first_signature")
    client = browse(way.office.station_head)

    html = _page(client, way, "visit_record")

    family, first, second = (
        html.partition(f"{who}：")[2].partition("</div>")[0]
        for who in ("家庭成员周雅琴", "核查人小博", "同行人严晓东（云溪社区居委会）")
    )
    for line in (family, first):
        assert DRAWN in line
        assert "2026年9月24日" in line
    assert DRAWN not in second
    assert "已在纸质记录表上签名" in second


def test_who_is_not_of_the_team_sees_no_signature(way: Way) -> None:
    _visit(way, "family_signature")

    html = _page(browse(way.office.fangzheng), way, "visit_record")

    assert DRAWN not in html
    assert "（承办组以外不显示）" in html


def test_three_signatures_are_read_at_once(way: Way) -> None:
    _visit(way, "family_signature", "first_signature", "second_signature")
    client = browse(way.office.station_head)

    with CaptureQueriesContext(connection) as asked:
        html = _page(client, way, "visit_record")

    assert html.count(DRAWN) == 3
    read = [each for each in asked if "materialcontent" in each["sql"]]
    assert len(read) == 1


def test_silence_is_told_with_every_attempt(way: Way) -> None:
    way.to("correcting")
    way.take("remind", "xiaobo")
    way.take("remind", "xiaobo", channel="message")
    way.wait("2026-10-10 09:00")

    html = _page(browse(way.office.station_head), way, "deemed_withdrawal")

    for said in ("无人应答", "短信", "视为撤回", "重新申请"):
        assert said in html


def test_the_city_s_opinion_names_why_it_was_asked(way: Way) -> None:
    way.to("city_review")
    way.take("city_approve", "heshi")

    html = _page(browse(way.office.chendi), way, "city_opinion")

    assert "使用中央或省级资金" in html
    assert "同意救助金额2,000.00元" in html


def test_each_return_is_told_with_its_own_reasons(way: Way) -> None:
    way.to("county_review")
    way.take("send_back", "amin", reasons="收入证明缺单位盖章。")
    way.take("report_up", "station_head")
    way.take("publish", "amin", aid_item="living", aid_sum="2000", fund_level="central")
    way.wait("2026-10-10 09:00")
    way.take("report_to_city", "chendi")
    way.take("city_return", "heshi", reasons="入户记录没有写明住房。")
    client = browse(way.office.chendi)

    station, city = (
        _page(client, way, code) for code in ("return_notice", "city_opinion")
    )

    assert "收入证明缺单位盖章" in station
    assert "入户记录没有写明住房" not in station
    assert "入户记录没有写明住房" in city
    assert "收入证明缺单位盖章" not in city


def test_a_death_is_told_to_the_family(way: Way) -> None:
    way.to("terminated")

    html = _page(browse(way.office.station_head), way, "termination_notice")

    assert "周雅琴的家属：" in html
    assert "致以慰问" in html


def test_urgent_relief_has_its_form(way: Way) -> None:
    way.take("ask_urgent_relief", "xiaobo")
    way.take("grant_urgent_relief", "chendi", granted_sum="3000")

    html = _page(browse(way.office.chendi), way, "urgent_form")

    for said in ("准予临时救助", "3,000.00元", "昨日家中失火", "本地设定"):
        assert said in html


def test_a_reversed_rejection_says_so(way: Way) -> None:
    way.to("reconsideration")
    way.take("reverse_rejection", "heshi")

    html = _page(browse(way.office.chendi), way, "reconsideration_decision")

    assert "撤销原不予批准的决定" in html
    assert "苏州市帮扶中心" in html


def test_the_last_decision_on_a_rejection_is_the_one_that_is_told(way: Way) -> None:
    way.to("reconsideration")
    way.take("reverse_rejection", "heshi")
    for step, who in (
        *(("reject", "chendi"), ("serve", "amin"), ("ask_reconsideration", "amin")),
        ("uphold_rejection", "heshi"),
    ):
        way.take(step, who)

    html = _page(browse(way.office.chendi), way, "reconsideration_decision")

    assert "维持原不予批准的决定" in html
    assert "撤销原不予批准的决定" not in html


def test_the_last_objection_is_the_one_that_is_told(way: Way) -> None:
    way.to("objection")
    way.take("repost", "lanyun", reasons="核查后改了类别。")
    way.take("object", "amin")
    way.take("dismiss_objection", "lanyun", reasons="反映的情况不属实。")

    html = _page(browse(way.office.amin), way, "objection_report")

    assert "异议不成立" in html
    assert "反映的情况不属实" in html
    assert "核查后改了类别" not in html


def test_a_notice_names_its_last_day_its_ground_and_what_to_do(way: Way) -> None:
    way.to("rejected")
    client = browse(way.office.chendi)
    assert "自本告知书送达之日起15日内" in _page(client, way, "rejection_notice")

    way.take("serve", "amin")

    html = _page(client, way, "rejection_notice")
    assert "在2026年10月9日（含当日）前" in html
    assert "向上一级工会（苏州市帮扶中心）申请复核" in html
    assert "当面" in html


@pytest.mark.parametrize("state", ["correcting", "approved", "rejected"])
def test_a_default_of_ours_is_never_called_law(way: Way, state: str) -> None:
    way.to(state)
    client = browse(way.office.chendi)

    for code in READY[state]:
        html = _page(client, way, code)
        assert "本系统默认值" not in html
        assert "依法规定" not in html
    code = {"correcting": "supplement_notice", "approved": "approval_notice"}.get(
        state, "rejection_notice"
    )
    assert "本地设定" in _page(client, way, code)


@pytest.mark.parametrize("state", OUTSIDE)
def test_what_goes_out_names_no_rule_by_its_id(way: Way, state: str) -> None:
    way.to(state)
    client = browse(way.office.heshi)

    for paper in PAPERS:
        if paper.goes_out and paper.code in READY[state]:
            sheet = _page(client, way, paper.code).partition("<article")[2]
            assert not re.search(r"规则|[HPR]-\d\d", sheet), paper.code


def test_a_paper_for_inside_use_names_its_rule(way: Way) -> None:
    way.to("approval")

    html = _page(browse(way.office.chendi), way, "publicity_report")

    assert "（规则 H-27）" in html


@pytest.mark.parametrize("state", OUTSIDE)
def test_what_goes_out_says_nothing_of_who_printed_it(way: Way, state: str) -> None:
    way.to(state)
    client = browse(way.office.heshi)

    for paper in PAPERS:
        if paper.code not in READY[state]:
            continue
        html = _page(client, way, paper.code)
        _bar, _opening, sheet = html.partition("<article")
        assert ("打印人" in html) is not paper.goes_out, paper.code
        assert ("打印已记入" in sheet) is not paper.goes_out, paper.code
        assert ('class="cw-mark cw-noprint"' in html) is paper.goes_out, paper.code
        assert "打印已记入" in html, paper.code


SECRETS = (
    "周雅琴",
    "12900006204",
    "320508198503070027",
    "云溪新村12幢",
    "单位停产半年",
)


@pytest.mark.parametrize("state", ["approved", "archived"])
def test_who_is_not_of_the_team_reads_nothing_personal(way: Way, state: str) -> None:
    way.to(state)
    client = browse(way.office.fangzheng)

    for code in READY[state]:
        html = _page(client, way, code)
        for secret in SECRETS:
            assert secret not in html, code


def test_the_team_reads_names_and_no_number_without_leave(way: Way) -> None:
    way.to("approved")
    client = browse(way.office.chendi)

    assert "周雅琴" in _page(client, way, "application")
    for code in READY["approved"]:
        assert "320508198503070027" not in _page(client, way, code)
    assert "3205**********0027" in _page(client, way, "approval_form")


def test_a_paper_says_whether_numbers_stand_on_it(way: Way) -> None:
    way.to("reconsideration")
    client = browse(way.office.chendi)

    for paper in PAPERS:
        if paper.code in READY["reconsideration"]:
            html = _page(client, way, paper.code)
            _bar, _opening, sheet = html.partition("<article")
            assert ("3205****" in sheet) is paper.has_numbers, paper.code
            assert ("打印出来也是遮住的" in html) is paper.has_numbers, paper.code


def test_what_is_posted_says_only_what_it_may(way: Way) -> None:
    way.to("publicity")

    html = _page(browse(way.office.amin), way, "publicity")

    for said in ("周**", "云溪丝织厂", "深度困难职工", "2026年9月24日起"):
        assert said in html
    for secret in (*SECRETS, "3205**", "良好"):
        assert secret not in html


def test_a_paper_is_chinese_whoever_prints_it(way: Way) -> None:
    way.to("approved")
    client = browse(way.office.chendi, language="en")

    html = _page(client, way, "approval_notice")

    assert "批准通知书" in html
    assert 'lang="zh-Hans"' in html


def test_no_stop_stands_alone_in_the_list_of_contents(way: Way) -> None:
    way.to("closed")
    client = browse(way.office.fangzheng)
    assert not re.search(r"</span>\s*。", _page(client, way, "contents"))

    way.take("archive", "xiaobo")

    html = _page(client, way, "contents")
    assert not re.search(r"</span>\s*。", html)
    assert "归档日期：2026年9月24日" in html


def test_what_was_taken_back_is_no_paper(way: Way) -> None:
    way.to("correcting")
    actor: Actor = way.office.xiaobo
    mending.take_back(way.case.pk, by=actor, version=way.case.version, reason="点错了")

    answer = browse(actor).get(f"/cases/{way.case.pk}/papers/supplement_notice/")

    assert answer.status_code == 422


def test_the_workbook_has_the_layout_of_the_form(way: Way) -> None:
    way.to("submitted")
    answer = browse(way.office.xiaobo).get(
        f"/cases/{way.case.pk}/papers/file_sheet.xlsx"
    )

    sheet: Any = load_workbook(BytesIO(answer.content)).active
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    for label in (
        "困难类别",
        "身份证号",
        "家庭年度总收入（元）",
        "主要致困原因",
        "开户支行",
    ):
        assert label in said
    assert "周雅琴" in said
    assert "3205**********0027" in said
    assert "10,800.00" in said
