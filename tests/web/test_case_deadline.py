"""Why this date: answer, sentences, calendar, stretches, basis, what would change it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from casework.domain.deadlines import due
from casework.models import Case
from casework.services import casefile, cases
from casework.web.desk import deadline
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.inquiry.forms import InquiryForm
from tests.web.pages import accepted, browse, read, register

pytestmark = pytest.mark.django_db

#: A Wednesday before 中秋 and 国庆, with made-up days on both sides.
STARTED = datetime(2026, 9, 23, 9, 42, tzinfo=ZoneInfo("Asia/Shanghai"))
#: A day after all its periods.
NOW = "2026-11-28 10:00"


@pytest.fixture
def autumn(cast: Cast, clock: DatabaseClock) -> Case:
    """A case registered just before the holidays."""
    clock.set("2026-09-23 09:42")
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    clock.set(NOW)
    return case


def _page(cast: Cast, case: Case, query: str = "") -> str:
    return read(browse(cast.xiaobo), f"/cases/{case.pk}/clocks/acceptance/{query}")


def test_the_answer_comes_first(cast: Cast, autumn: Case) -> None:
    html = _page(cast, autumn)
    answer = html[html.index("cw-answer") :]

    # 24th, 28th to 30th, and 8 October after seven days off.
    assert "最后一天 10月8日 周四，到 17:30" in answer
    assert "9月23日 当天不算，9月24日 是第 1 天。" in answer
    assert "请您记住" not in answer[: answer.index("</section>")]


def test_a_date_of_another_year_says_its_year(cast: Cast, clock: DatabaseClock) -> None:
    clock.set("2025-11-05 09:42")
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    clock.set(NOW)

    assert "</em> 2025年11月12日" in read(browse(cast.xiaobo), f"/cases/{case.pk}/")
    assert "2025年11月6日 是第 1 天" in _page(cast, case)


def test_the_calendar_says_of_each_day_what_it_is(cast: Cast, autumn: Case) -> None:
    html = _page(cast, autumn)
    cells = re.findall(r'<td class="([^"]+)"><b>([^<]+)(?:<em>([^<]*)</em>)?</b>', html)
    looks = {number: (look, name) for look, number, name in cells}

    assert looks["9月23日"][0] == "is-start"
    assert looks["24"][0] == "is-count"
    assert looks["25"] == ("is-rest", "中秋节")
    assert looks["10月1日"] == ("is-rest", "国庆节")
    assert looks["8"][0] == "is-due"
    assert looks["10"] == ("is-out", "上班")


def test_the_stretches_and_the_basis_are_told(cast: Cast, autumn: Case) -> None:
    html = _page(cast, autumn)

    assert "一段一段看" in html
    assert "中秋节，不算。" in html
    assert "测试规程 1" in html
    assert "Q-01" in html
    assert "CN 第 1 版" in html


def test_what_would_change_it_is_what_the_procedure_declares(
    cast: Cast, autumn: Case
) -> None:
    html = _page(cast, autumn)
    changes = html[html.index("什么会让它变") :]

    told = re.findall(r"<li><span>([^<]+)</span><b>([^<]+)</b>", changes)
    assert ("一次性告知补正", "暂停") in told
    assert ("收到补正材料", "恢复") in told
    assert ("受理", "停止") in told


def test_supposing_changes_nothing_and_is_worked_out_by_the_calculus(
    cast: Cast,
) -> None:
    case = register(cast.xiaobo)
    html = _page(cast, case, "?suppose=extend&amount=3")

    file = casefile.look(case.pk, by=cast.xiaobo)
    (sheet,) = file.clocks.sheets
    longer = deadline._supposed(sheet, file.now, 3, is_pause=False)
    assert longer > due(sheet.reckoning).due_at
    assert html.count("<ins>") == 1
    assert "只是算一算，什么都没有改。" in html
    assert Case.objects.get(pk=case.pk).version == case.version


def test_a_pause_may_be_supposed_where_the_rule_allows_one(cast: Cast) -> None:
    case = accepted(cast)
    client = browse(cast.amin)
    query = "?suppose=pause&amount=5"

    html = read(client, f"/cases/{case.pk}/clocks/handling/{query}")

    assert "这个期限不能停，停不改变它。" in html
    assert "<ins>" in _page(cast, register(cast.xiaobo), query)


@pytest.mark.parametrize("amount", ["0", "x", "", "999"])
def test_what_cannot_be_supposed_is_said(cast: Cast, autumn: Case, amount: str) -> None:
    html = _page(cast, autumn, f"?suppose=extend&amount={amount}")

    assert 'href="#id_amount"' in html
    assert "<ins>" not in html


def test_a_clock_that_stands_still_has_no_last_day(cast: Cast) -> None:
    case = register(cast.xiaobo)
    cases.claim(case.pk, by=cast.xiaobo)
    data = {"items": '["身份证"]'}
    cases.act(case.pk, "ask_for_papers", by=cast.xiaobo, version=None, data=data)

    html = _page(cast, case)

    assert "现在停着，还剩 5 天" in html
    assert "cw-cal" not in html


def test_a_pause_is_told_by_the_step_that_began_it(
    cast: Cast, clock: DatabaseClock
) -> None:
    case = register(cast.xiaobo)
    cases.claim(case.pk, by=cast.xiaobo)
    data = {"items": '["身份证"]'}
    cases.act(case.pk, "ask_for_papers", by=cast.xiaobo, version=None, data=data)
    clock.set("2026-09-28 10:00")
    cases.act(case.pk, "supply", by=cast.xiaobo, version=None, data={})

    html = _page(cast, case)

    assert "停着，不算（一次性告知补正）。" in html
    assert "supplement" not in html


def test_a_clock_that_never_was_is_404(cast: Cast, autumn: Case) -> None:
    client = browse(cast.xiaobo)

    for part in ("nothing/", "acceptance/?cycle=7"):
        response = client.get(f"/cases/{autumn.pk}/clocks/{part}")
        assert response.status_code == 404


def test_the_explanation_speaks_english(cast: Cast, autumn: Case) -> None:
    client = browse(cast.xiaobo, language="en")

    html = read(client, f"/cases/{autumn.pk}/clocks/acceptance/")

    assert "23 September itself does not count; 24 September is day 1." in html


def test_words_for_the_worker_stand_beside_a_partys_own_time_alone(
    cast: Cast,
) -> None:
    case = register(cast.xiaobo)
    cases.claim(case.pk, by=cast.xiaobo)
    client = browse(cast.xiaobo)
    assert "请您记住" not in read(client, f"/cases/{case.pk}/clocks/acceptance/")

    data = {"items": '["身份证"]'}
    cases.act(case.pk, "ask_for_papers", by=cast.xiaobo, version=None, data=data)

    assert "请您记住" in read(client, f"/cases/{case.pk}/clocks/correction/")
