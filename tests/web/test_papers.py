"""Papers and panels of a kind: what is ready, who reads what in clear, what is logged."""

from io import BytesIO

import pytest
from django.utils.http import urlencode
from openpyxl import load_workbook

from casework.domain.chain import parse
from casework.domain.vocabulary import Purpose
from casework.models import Case, Event, Party
from casework.services import cases, reveals
from tests.cast import Cast
from tests.web.pages import accepted, browse, read, register

pytestmark = pytest.mark.django_db

ID_NUMBER = "320508198503070029"


@pytest.fixture
def mine(cast: Cast) -> Case:
    """An accepted case of 阿敏's, whose party's ID number is known."""
    case = accepted(cast)
    (party,) = Party.objects.filter(case=case)
    Party.objects.bulk_create(
        [
            Party(
                case=case,
                version=case.version,
                part=party.part,
                name=party.name,
                id_number=ID_NUMBER,
            )
        ]
    )
    Party.objects.filter(pk=party.pk).update(ended_by=case.version)
    return cases.claim(case.pk, by=cast.amin)


def test_a_kind_without_parts_shows_no_tab_for_them(cast: Cast, mine: Case) -> None:
    html = read(browse(cast.amin), f"/cases/{mine.pk}/")

    assert "案情" in html
    assert "文书" in html


def test_the_panels_stand_under_their_own_tab(cast: Cast, mine: Case) -> None:
    html = read(browse(cast.amin), f"/cases/{mine.pk}/?tab=panels")

    assert "咨询内容" in html
    assert "加班费" in html
    assert "周雅琴" in html


def test_who_is_not_of_the_team_reads_masked_names(cast: Cast, mine: Case) -> None:
    for part in ("?tab=panels", "papers/letter/"):
        html = read(browse(cast.fangzheng), f"/cases/{mine.pk}/{part}")

        assert "周雅琴" not in html
        assert "周*琴" in html


def test_a_number_stands_in_full_only_by_leave(cast: Cast, mine: Case) -> None:
    client = browse(cast.amin)
    for part in ("?tab=panels", "papers/letter/"):
        assert ID_NUMBER not in read(client, f"/cases/{mine.pk}/{part}")

    reveals.reveal(
        mine.pk, by=cast.amin, purpose=Purpose.MAKE_PAPER, reason="填写受理通知"
    )

    for part in ("?tab=panels", "papers/letter/"):
        assert ID_NUMBER in read(client, f"/cases/{mine.pk}/{part}")
    assert ID_NUMBER not in read(browse(cast.chendi), f"/cases/{mine.pk}/?tab=panels")


def test_a_masked_paper_leads_to_the_full_numbers_and_back(
    cast: Cast, mine: Case
) -> None:
    client, here = browse(cast.amin), f"/cases/{mine.pk}/papers/letter/"
    way = f"/cases/{mine.pk}/reveal/?paper=letter"
    html = read(client, here)
    bar, _opening, sheet = html.partition("<article")
    assert f'href="{way}"' in bar
    assert "打印出来也是遮住的" in bar
    assert way not in sheet

    sent = {"purpose": "make_paper", "reason": "填写受理通知"}
    answer = client.post(way, sent)

    assert answer["Location"] == here
    html = read(client, here)
    assert ID_NUMBER in html
    assert "打印出来也是遮住的" not in html


def test_who_may_not_see_the_numbers_is_told_why(cast: Cast, mine: Case) -> None:
    html = read(browse(cast.heshi), f"/cases/{mine.pk}/papers/letter/")

    assert "打印出来也是遮住的" in html
    assert "只有承办人" in html
    assert "/reveal/" not in html


@pytest.mark.parametrize("paper", ["nothing", "//elsewhere.example/", "../../"])
def test_the_way_back_leads_to_a_paper_of_the_case_only(
    cast: Cast, mine: Case, paper: str
) -> None:
    sent = {"purpose": "make_paper", "reason": "填写受理通知"}

    answer = browse(cast.amin).post(
        f"/cases/{mine.pk}/reveal/?{urlencode({'paper': paper})}", sent
    )

    assert answer["Location"] == f"/cases/{mine.pk}/#parties"


def test_what_is_ready_leads_to_its_paper_and_the_rest_says_why_not(
    cast: Cast, mine: Case
) -> None:
    html = read(browse(cast.amin), f"/cases/{mine.pk}/?tab=papers")

    assert f'href="/cases/{mine.pk}/papers/letter/"' in html
    assert f'href="/cases/{mine.pk}/papers/letter.xlsx"' in html
    assert f'href="/cases/{mine.pk}/papers/reply/"' not in html
    assert "答复以后才有。" in html


def test_a_paper_that_is_not_ready_says_what_comes_first(
    cast: Cast, mine: Case
) -> None:
    response = browse(cast.amin).get(f"/cases/{mine.pk}/papers/reply/")

    assert response.status_code == 422
    assert "还没有《答复书》。答复以后才有。" in response.content.decode()
    assert not Event.objects.filter(verb="paper.printed").exists()


@pytest.mark.parametrize("part", ["papers/nothing/", "papers/reply.xlsx"])
def test_what_there_is_not_is_not_found(cast: Cast, mine: Case, part: str) -> None:
    cases.act(
        mine.pk, "answer", by=cast.amin, version=None, data={"answer": "应当补发。"}
    )

    assert browse(cast.amin).get(f"/cases/{mine.pk}/{part}").status_code == 404


def test_printing_is_logged_with_its_number_on_the_paper(
    cast: Cast, mine: Case
) -> None:
    html = read(browse(cast.amin), f"/cases/{mine.pk}/papers/letter/")

    printed = Event.objects.get(verb="paper.printed")
    told = parse(bytes(printed.body))
    assert (told["cases"], told["paper"]) == ([mine.pk], "letter")
    assert printed.person == cast.amin.person
    assert f"第 {printed.sequence} 条" in html
    assert "阿敏 · 姑苏区" in html  # the watermark


def test_the_workbook_says_what_the_paper_says_and_is_logged(
    cast: Cast, mine: Case
) -> None:
    response = browse(cast.chendi).get(f"/cases/{mine.pk}/papers/letter.xlsx")

    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == [mine.number, "周雅琴", "加班费"]
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"].startswith("attachment")
    told = parse(bytes(Event.objects.get(verb="paper.downloaded").body))
    assert (told["cases"], told["paper"]) == ([mine.pk], "letter")


@pytest.mark.parametrize("part", ["papers/letter/", "papers/letter.xlsx"])
def test_a_paper_of_another_unit_does_not_exist(
    cast: Cast, mine: Case, part: str
) -> None:
    assert browse(cast.dinglan).get(f"/cases/{mine.pk}/{part}").status_code == 404


def test_a_case_that_is_not_yet_there_has_papers_to_come(cast: Cast) -> None:
    case = register(cast.amin)

    html = read(browse(cast.amin), f"/cases/{case.pk}/?tab=papers")

    assert "还没有文书" in html
    assert "受理以后才有。" in html
