"""Numbers on the case page: masked for everybody, in full for a purpose and a while."""

from datetime import timedelta

import pytest

from casework.domain.idnumber import check_character
from casework.models import Case, Event, Party, Reveal
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import browse, read, register

pytestmark = pytest.mark.django_db

ID_NUMBER = "32050819900307123" + check_character("32050819900307123")
MASKED = f"3205**********{ID_NUMBER[-4:]}"
ADDRESS = "苏州市姑苏区平江街道大儒巷12号"
ASKED = {"purpose": "enter_system", "reason": "录入全国系统"}


@pytest.fixture
def mine(cast: Cast) -> Case:
    """A case of 阿敏's at the county centre, with a household member."""
    case = cases.claim(register(cast.amin).pk, by=cast.amin)
    Party.objects.create(
        case=case,
        version=1,
        part="member",
        name="曾小贤",
        phone="12912345678",
        id_number=ID_NUMBER,
        address=ADDRESS,
    )
    return case


@pytest.mark.parametrize(
    ("who", "is_of_the_team"),
    [
        ("amin", True),
        ("chendi", True),
        ("mediator", False),
        ("heshi", False),
        ("fangzheng", False),
    ],
)
def test_who_sees_what_on_the_page(
    cast: Cast, mine: Case, who: str, is_of_the_team: bool
) -> None:
    html = read(browse(cast.actors[who]), f"/cases/{mine.pk}/")

    shown = ("曾小贤", "12912345678", ADDRESS)
    hidden = ("曾*贤", "129****5678", "苏州市姑苏区平江街道***")
    for clear, mask in zip(shown, hidden, strict=True):
        assert (clear in html) is is_of_the_team
        assert (mask in html) is not is_of_the_team
    assert MASKED in html
    assert ID_NUMBER not in html


@pytest.mark.parametrize(
    ("who", "is_offered"),
    [
        ("amin", True),
        ("chendi", True),
        ("fangzheng", True),
        ("mediator", False),
        ("heshi", False),
    ],
)
def test_the_way_to_full_numbers_is_offered_to_whom_it_is_open(
    cast: Cast, mine: Case, who: str, is_offered: bool
) -> None:
    client, address = browse(cast.actors[who]), f"/cases/{mine.pk}/reveal/"

    assert (address in read(client, f"/cases/{mine.pk}/")) is is_offered
    response = client.get(address)
    assert response.status_code == (200 if is_offered else 403)
    if not is_offered:
        assert "只有承办人" in response.content.decode()
        assert client.post(address, ASKED).status_code == 403
        assert not Reveal.objects.exists()


def test_a_purpose_opens_the_numbers_for_one_person_and_a_while(
    cast: Cast, mine: Case
) -> None:
    client, here = browse(cast.amin), f"/cases/{mine.pk}/"

    response = client.post(f"{here}reveal/", ASKED, follow=True)

    html = response.content.decode()
    assert response.redirect_chain[-1][0] == f"{here}#parties"
    assert ID_NUMBER in html
    assert "完整号码显示到" in html
    assert "查看完整号码" in html
    assert "用途：录入其他系统。" in html
    assert "录入全国系统" not in html
    # Nobody else, not on paper, and not after half an hour.
    assert ID_NUMBER not in read(browse(cast.chendi), here)
    assert ID_NUMBER not in read(client, f"{here}print/")
    Reveal.objects.get()  # exactly one
    assert Event.objects.filter(case_id=mine.pk, verb="case.revealed").count() == 1


def test_who_audits_reads_why_the_numbers_were_asked_for(
    cast: Cast, mine: Case
) -> None:
    here = f"/cases/{mine.pk}/"
    reason = f"核对{ID_NUMBER}的录入"
    browse(cast.amin).post(f"{here}reveal/", {**ASKED, "reason": reason})

    html = read(browse(cast.fangzheng), here)

    assert f"用途：录入其他系统。说明：核对{MASKED}的录入" in html
    assert ID_NUMBER not in html
    assert "说明：" not in read(browse(cast.heshi), here)


def test_the_numbers_are_masked_again_when_the_time_is_over(
    cast: Cast, mine: Case
) -> None:
    leave = Reveal(case=mine, person=cast.amin.person, purpose="other", reason="核对")
    leave.at = mine.opened_at - timedelta(minutes=31)
    leave.until = mine.opened_at - timedelta(minutes=1)
    leave.save()

    assert ID_NUMBER not in read(browse(cast.amin), f"/cases/{mine.pk}/")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "请填写这一项"),
        ({"purpose": "enter_system", "reason": ""}, "请填写这一项"),
        ({"purpose": "audit", "reason": "看看就好"}, "audit"),
        ({"purpose": "curiosity", "reason": "看看就好"}, "curiosity"),
        ({"purpose": "other", "reason": "看"}, "2"),
        ({"purpose": "other", "reason": "长" * 201}, "200"),
    ],
)
def test_without_a_purpose_nothing_is_shown(
    cast: Cast, mine: Case, sent: dict[str, str], sentence: str
) -> None:
    response = browse(cast.amin).post(f"/cases/{mine.pk}/reveal/", sent)

    assert response.status_code == 422
    assert not Reveal.objects.exists()
    assert sentence in response.content.decode()


def test_an_auditor_states_his_own_purpose(cast: Cast, mine: Case) -> None:
    client, here = browse(cast.fangzheng), f"/cases/{mine.pk}/"
    assert "审计检查" in read(client, f"{here}reveal/")
    assert "发放款项" not in read(client, f"{here}reveal/")

    html = client.post(
        f"{here}reveal/", {"purpose": "audit", "reason": "年度抽查"}, follow=True
    ).content.decode()

    assert ID_NUMBER in html
    assert "曾小贤" not in html


def test_a_case_of_another_unit_is_not_there(cast: Cast, mine: Case) -> None:
    assert browse(cast.dinglan).get(f"/cases/{mine.pk}/reveal/").status_code == 404
