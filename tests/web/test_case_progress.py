"""The steps bar of a case that has come far: it fits, and the whole of it stays readable."""

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import Way, office
from tests.web.pages import browse, read
from tests.web.test_frame_accessibility import violations
from tests.web.visits import DESK, PHONE, Visits

__all__ = ["office"]
pytestmark = pytest.mark.django_db


def far(office: Cast, clock: DatabaseClock) -> Way:
    """Return an application that was returned for papers and now has an objection."""
    way = Way(office, clock)
    way.take("submit", "xiaobo")
    way.take("ask_for_papers", "xiaobo")
    way.take("supply", "xiaobo")
    for step, who in (
        *(("accept", "xiaobo"), ("arrange_visit", "xiaobo")),
        *(("record_visit", "xiaobo"), ("report_up", "station_head")),
        *(("request_check", "amin"), ("receive_check", "amin")),
        *(("publish", "amin"), ("object", "amin")),
    ):
        way.take(step, who)
    return way


def labels(html: str, kind: str) -> list[str]:
    """Return the states of the bar, or of the whole list."""
    part = html[html.index(f'class="{kind}"') :]
    return re.findall(r"<b>([^<]+)", part[: part.index("</ol>")])


def people(html: str) -> dict[str, str]:
    """Return whom each station of the bar names."""
    part = html[html.index('class="cw-steps"') :]
    stations = part[: part.index("</ol>")].split("</li>")[:-1]
    return {
        re.findall(r"<b>([^<]+)", each)[0]: each.partition("<br>")[2]
        for each in stations
    }


def test_what_was_passed_long_ago_folds_and_stands_in_the_list(
    office: Cast, clock: DatabaseClock
) -> None:
    html = read(browse(office.amin), f"/cases/{far(office, clock).case.pk}/")

    now = "公示异议核查"
    passed = ["草稿", "待补正", "已提交", "入户核查"]
    near = ["站点初审", "经济状况核对中", "县级复核", "公示中", now, "待审批"]
    assert labels(html, "cw-steps") == ["先前 4 步", *near]
    assert labels(html, "cw-all-steps") == [*passed, *near]


def test_a_passed_state_names_who_ended_it_and_this_one_who_has_it(
    office: Cast, clock: DatabaseClock
) -> None:
    way = far(office, clock)

    html = read(browse(office.amin), f"/cases/{way.case.pk}/")

    assert people(html) == {
        "先前 4 步": "",
        "站点初审": "苏站长",
        "经济状况核对中": "阿敏",
        "县级复核": "阿敏",
        "公示中": "阿敏",
        "公示异议核查": "阿敏",
        "待审批": "",
    }


def test_a_short_way_is_shown_whole_and_once(
    office: Cast, clock: DatabaseClock
) -> None:
    way = Way(office, clock)

    html = read(browse(office.xiaobo), f"/cases/{way.case.pk}/")

    assert "cw-all-steps" not in html


def test_paper_has_every_state(office: Cast, clock: DatabaseClock) -> None:
    way = far(office, clock)

    html = read(browse(office.amin), f"/cases/{way.case.pk}/print/")

    assert '<details class="cw-all-steps" open>' in html


@pytest.mark.parametrize(("language", "screen"), [("en", DESK), ("zh-hans", PHONE)])
def test_no_state_of_the_bar_is_cramped(
    visits: Visits,
    office: Cast,
    clock: DatabaseClock,
    language: str,
    screen: ViewportSize,
) -> None:
    way = far(office, clock)
    page = visits.begin(office.amin, language=language, screen=screen)
    page.goto(f"/cases/{way.case.pk}/")

    for state in page.locator(".cw-steps li").all():
        assert state.evaluate(
            "e => e.scrollWidth <= e.clientWidth && e.clientWidth > 80"
        )
    page.click(".cw-all-steps summary")
    expect(page.locator(".cw-all-steps li")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
