"""The queue: whose cases, in which order, how many; taking one on or several."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.domain.vocabulary import Tab
from casework.models import NEVER, Act, Case
from casework.reports import caseload
from casework.reports.caseload import Place, Scope
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import accepted, browse, read, register

pytestmark = pytest.mark.django_db


def _numbers(html: str) -> list[str]:
    """The case numbers of the rows, in their order."""
    rows = re.findall(r"<tr data-row.*?</tr>", html, re.DOTALL)
    return [re.findall(r"〔\d+〕(\d+)</a>", row)[0] for row in rows]


def _due_in(case: Case, **distance: float) -> None:
    due = timezone.now() + timedelta(**distance)
    Case.objects.filter(pk=case.pk).update(next_due_at=due)


def test_each_level_has_its_scopes(cast: Cast) -> None:
    assert caseload.scopes(cast.xiaobo) == [Scope.MINE, Scope.UNIT]
    assert caseload.scopes(cast.amin) == [Scope.MINE, Scope.UNIT, Scope.STATIONS]
    assert caseload.scopes(cast.heshi) == [*Scope]
    assert caseload.scopes(cast.helper) == [Scope.MINE]
    assert caseload.scopes(cast.gaojing) == []


def test_a_scope_shows_the_cases_of_its_units(cast: Cast) -> None:
    at_station, at_centre = register(cast.xiaobo), register(cast.amin)
    register(cast.dinglan)
    cases.claim(at_centre.pk, by=cast.amin)

    assert _shown(cast, "amin", Scope.MINE) == [at_centre.pk]
    assert _shown(cast, "amin", Scope.UNIT) == [at_centre.pk]
    assert _shown(cast, "amin", Scope.STATIONS) == [at_station.pk]
    assert _shown(cast, "xiaobo", Scope.UNIT) == [at_station.pk]
    assert len(_shown(cast, "heshi", Scope.COUNTIES)) == 2


def _shown(cast: Cast, who: str, scope: Scope) -> list[int]:
    found = caseload.queue(cast.actors[who], Tab.TODO, scope, now=timezone.now())
    return list(found.values_list("pk", flat=True))


def test_tabs_hold_what_their_names_say(cast: Cast) -> None:
    waiting, mine, done = register(cast.amin), register(cast.amin), accepted(cast)
    cases.claim(mine.pk, by=cast.amin)
    coming = register(cast.xiaobo)
    amin, xiaobo = browse(cast.amin), browse(cast.xiaobo)

    def numbers(client: object, query: str) -> set[str]:
        return set(_numbers(read(client, f"/queue/?{query}")))  # type: ignore[arg-type]

    assert numbers(amin, "") == {_of(mine)}
    assert numbers(amin, "tab=unassigned") == {_of(waiting), _of(done)}
    assert numbers(amin, "tab=upcoming") == {_of(coming)}
    assert numbers(amin, "tab=started") == {_of(waiting), _of(mine)}
    assert numbers(xiaobo, "tab=done") == {_of(done), _of(coming)}


def _of(case: Case) -> str:
    return (case.number or "")[-4:]


def test_rows_stand_under_when_they_fall_due(cast: Cast) -> None:
    late, soon, later, still = (register(cast.amin) for _ in range(4))
    for case in (late, soon, later, still):
        cases.claim(case.pk, by=cast.amin)
    _due_in(late, hours=-2)
    _due_in(soon, days=9)
    _due_in(later, days=40)
    Case.objects.filter(pk=still.pk).update(next_due_at=NEVER)

    html = read(browse(cast.amin), "/queue/")

    assert _numbers(html) == [_of(late), _of(soon), _of(later), _of(still)]
    titles = re.findall(r'scope="rowgroup"[^>]*>([^<\d]+) \d', html)
    assert titles[0] == "已超期"
    assert titles[-1] == "不在计时"


def test_pages_follow_each_other_without_a_gap(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "PAGE", 3)
    for _ in range(8):
        cases.claim(register(cast.amin).pk, by=cast.amin)
    # Equal moments: the id decides.
    Case.objects.update(next_due_at=timezone.now() + timedelta(days=9))
    client = browse(cast.amin)

    seen, address = [], "/queue/"
    while address:
        html = read(client, address)
        seen.append(_numbers(html))
        found = re.search(r'href="([^"]+)" rel="next"', html)
        address = unescape(found.group(1)) if found else ""

    assert [len(page) for page in seen] == [3, 3, 2]
    assert len({number for page in seen for number in page}) == 8


def test_what_i_did_last_is_paged_by_my_acts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "PAGE", 2)
    for _ in range(3):
        cases.claim(register(cast.amin).pk, by=cast.amin)
    acts = caseload.acted(cast.amin, Tab.DONE)

    first = caseload.acted_page(acts, after=None)
    rest = caseload.acted_page(acts, after=first.next)

    assert [len(first.cases), len(rest.cases)] == [2, 1]
    assert rest.next is None
    assert len({case.pk for case in [*first.cases, *rest.cases]}) == 3


def test_a_place_reads_back_and_nonsense_begins_at_the_top() -> None:
    place = Place(NEVER, 7)

    assert Place.read(str(place)) == place
    assert Place.read(str(Place(None, 7))) == Place(None, 7)
    assert Place.read("2026~x") is None
    assert Place.read("") is None


def test_numbers_are_counted_no_further_than_the_cap(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        register(cast.amin)
    monkeypatch.setattr(caseload, "MOST", 3)
    monkeypatch.setattr("casework.web.desk.queue.MOST", 3)

    with CaptureQueriesContext(connection) as captured:
        tabs, _scopes = caseload.counts(cast.amin, scope=Scope.UNIT, now=timezone.now())

    assert len(captured) == 1
    assert "LIMIT 4" in captured[0]["sql"]
    assert tabs[Tab.TODO] == 4
    assert "3+" in read(browse(cast.amin), "/queue/?scope=unit")


def test_a_light_narrows_the_queue(cast: Cast) -> None:
    late, fresh = register(cast.amin), register(cast.amin)
    for case in (late, fresh):
        cases.claim(case.pk, by=cast.amin)
    overdue = timezone.now() - timedelta(days=3)
    late.clocks.update(due_at=overdue)
    Case.objects.filter(pk=late.pk).update(next_due_at=overdue)
    client = browse(cast.amin)

    assert _numbers(read(client, "/queue/?light=red")) == [_of(late)]
    assert _numbers(read(client, "/queue/?light=green")) == [_of(fresh)]
    assert "没有“暂停”的案件" in read(client, "/queue/?light=paused")


def test_no_list_skips_rows(cast: Cast) -> None:
    register(cast.amin)

    with CaptureQueriesContext(connection) as captured:
        read(browse(cast.amin), "/queue/?scope=unit")

    assert not [q["sql"] for q in captured if "OFFSET" in q["sql"]]


def test_htmx_gets_the_rows_and_not_the_page(cast: Cast) -> None:
    html = read(browse(cast.amin), "/queue/", headers={"HX-Request": "true"})

    assert "<html" not in html
    assert "<main" not in html
    assert html.count("<h1") == 1


def test_names_are_masked_for_all_but_the_assignee(cast: Cast) -> None:
    case = register(cast.amin, name="蒋建民")
    cases.claim(case.pk, by=cast.amin)

    assert "蒋建民" in read(browse(cast.amin), "/queue/")
    supervisor = read(browse(cast.chendi), "/queue/?scope=unit&tab=todo")
    assert "蒋*民" in supervisor
    assert "蒋建民" not in supervisor


def test_a_row_is_taken_on_from_the_queue(cast: Cast) -> None:
    case = register(cast.amin)
    client = browse(cast.amin)

    response = client.post(
        "/queue/claim/",
        {"one": case.pk, "next": "/queue/?scope=unit"},
        follow=True,
    )

    assert response.redirect_chain == [("/queue/?scope=unit", 302)]
    assert f"已签收 {case.number}。" in response.content.decode()
    assert Case.objects.get(pk=case.pk).assignee == cast.amin.person


def test_several_are_taken_on_with_a_result_for_each(cast: Cast) -> None:
    mine, too, lost = (register(cast.amin) for _ in range(3))
    cases.assign(lost.pk, to=_person(cast), by=cast.chendi)

    response = browse(cast.amin).post(
        "/queue/claim/", {"case": [mine.pk, too.pk, lost.pk]}, follow=True
    )

    html = response.content.decode()
    assert f"已签收 2 件，{lost.number} 被 阿敏 先签收。" in html
    assert Act.objects.filter(step="case.claim").count() == 2


def _person(cast: Cast) -> int:
    assert cast.amin.person is not None
    return cast.amin.person.pk


def test_what_is_not_there_cannot_be_taken_on(cast: Cast) -> None:
    foreign = register(cast.dinglan)

    response = browse(cast.amin).post(
        "/queue/claim/",
        {"case": [foreign.pk, "x"], "next": "//elsewhere/"},
        follow=True,
    )

    assert response.redirect_chain == [("/queue/", 302)]
    assert "没有这件案件" in response.content.decode()
    assert Case.objects.get(pk=foreign.pk).assignee is None


def test_nothing_picked_is_said(cast: Cast) -> None:
    response = browse(cast.amin).post("/queue/claim/", follow=True)

    assert "没有选中案件" in response.content.decode()


def test_only_who_may_take_on_is_offered_it(cast: Cast) -> None:
    register(cast.amin)

    assert 'name="one"' in read(browse(cast.amin), "/queue/?scope=unit")
    assert 'name="one"' not in read(browse(cast.chendi), "/queue/?scope=unit")
    assert 'name="one"' not in read(browse(cast.mediator), "/queue/?scope=unit")


def test_the_peek_says_where_it_is_and_what_comes_next(cast: Cast) -> None:
    case = register(cast.amin)
    cases.claim(case.pk, by=cast.amin)

    html = read(browse(cast.amin), f"/cases/{case.pk}/peek/")

    assert "<html" not in html
    for said in ("受理期限", "怎么算的", "一次性告知补正", "打开案件"):
        assert said in html


def test_the_desk_says_what_waits(cast: Cast) -> None:
    late = register(cast.amin)
    cases.claim(late.pk, by=cast.amin)
    register(cast.amin)
    _due_in(late, hours=-2)

    html = read(browse(cast.amin), "/")
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))

    assert "1 件 已超期，先办" in said
    assert "1 件 由您承办" in said
    assert "1 件 到了本单位，还没有人签收" in said
    assert "还没有案件" not in said


@pytest.mark.parametrize(
    ("who", "tab", "scope", "index"),
    [
        ("amin", Tab.TODO, Scope.MINE, "case_queue_assignee"),
        ("amin", Tab.TODO, Scope.UNIT, "case_queue_holder"),
        ("amin", Tab.TODO, Scope.STATIONS, "case_queue_county"),
        ("amin", Tab.UNASSIGNED, Scope.UNIT, "case_queue_holder"),
        ("chendi", Tab.DECIDE, Scope.UNIT, "case_queue_holder"),
        ("heshi", Tab.DECIDE, Scope.UNIT, "case_queue_holder"),
        ("amin", Tab.UPCOMING, Scope.MINE, "case_queue_county"),
        ("xiaobo", Tab.TODO, Scope.UNIT, "case_queue_holder"),
        ("xiaobo", Tab.UPCOMING, Scope.MINE, "case_queue_station"),
        ("heshi", Tab.TODO, Scope.COUNTIES, "case_queue_city"),
        ("heshi", Tab.TODO, Scope.STATIONS, "case_queue_city"),
    ],
)
def test_a_queue_is_one_range_of_its_index(
    cast: Cast, who: str, tab: Tab, scope: Scope, index: str
) -> None:
    # A table of the tests is so small that reading it whole is cheaper.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    plan = caseload.queue(cast.actors[who], tab, scope, now=timezone.now())[
        :51
    ].explain()

    assert index in plan
    assert "Sort" not in plan
