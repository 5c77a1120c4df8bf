"""The desk of who handles no case: what his hat opens, and what is not there yet."""

import pytest

from casework.domain.chain import parse
from casework.models import Case, Event
from casework.reports import caseload
from casework.reports.caseload import Scope
from tests.cast import Cast
from tests.web.pages import accepted, browse, read, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case that lies at the county centre."""
    return accepted(cast)


def test_an_auditor_lists_the_cases_of_his_territory_and_takes_none_on(
    cast: Cast, case: Case
) -> None:
    assert Scope.MINE not in caseload.scopes(cast.fangzheng)
    client = browse(cast.fangzheng)

    html = "".join(
        read(client, f"/queue/?scope={scope}")
        for scope in caseload.scopes(cast.fangzheng)
    )

    assert str(case.number) in html
    assert "周*琴" in html
    assert "周雅琴" not in html
    for act in ('name="case"', 'name="one"', "tab=unassigned", "待签收"):
        assert act not in html
    assert "打开案件" in read(client, f"/cases/{case.pk}/peek/")


def test_an_auditor_lists_no_case_of_another_territory(cast: Cast) -> None:
    elsewhere = register(cast.dinglan)
    unit = cast.gusu
    hat = cast.fangzheng.membership
    assert hat is not None
    hat.unit = unit
    hat.save(update_fields=["unit"])

    client = browse(cast.fangzheng)

    for scope in (Scope.UNIT, Scope.STATIONS):
        html = read(client, f"/queue/?scope={scope}")
        assert str(elsewhere.number) not in html


def test_the_desk_of_an_auditor_leads_to_what_he_may_open(
    cast: Cast, case: Case
) -> None:
    client = browse(cast.fangzheng)
    html = read(client, "/")
    assert 'href="/queue/"' in html
    assert 'id="verify-text"' in html
    assert "您最近核验过的案件会列在这里" in html

    for _again in range(2):
        read(client, f"/cases/{case.pk}/?tab=proof")

    html = read(client, "/")
    assert str(case.number) in html
    assert "完整" in html
    (logged,) = Event.objects.filter(verb="case.verified")
    told = parse(bytes(logged.body))
    assert (told["cases"], told["harms"]) == ([case.pk], 0)
    assert logged.person == cast.fangzheng.person


def test_who_handles_a_case_verifies_it_without_a_record(
    cast: Cast, case: Case
) -> None:
    read(browse(cast.chendi), f"/cases/{case.pk}/?tab=proof")

    assert not Event.objects.filter(verb="case.verified").exists()


@pytest.mark.parametrize(
    ("who", "link", "later"),
    [
        ("gaojing", "/network/", "发放批次"),
        ("xitong", "/system/", "备份的状态"),
        ("anquan", "/people/", "权限变动"),
    ],
)
def test_everybody_else_reads_what_is_open_and_what_is_not_yet(
    cast: Cast, who: str, link: str, later: str
) -> None:
    html = read(browse(cast.actors[who]), "/")

    assert f'href="{link}"' in html
    assert later in html
    assert "这个岗位的页面还没有开通" not in html
