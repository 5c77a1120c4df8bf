"""What cannot be right, sent by a browser: one sentence, and nothing half-saved."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.domain.vocabulary import Role
from casework.lifecycle import Registry
from casework.models import Act, Case, Event, Party
from tests.cast import Cast, MembershipFactory
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import Way, clock, office, way
from tests.hardship_aid.files import FILE_KIND, ONE, approved, member, opened
from tests.web.pages import browse
from tests.web.posted import posted
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.models import FiledMember, HardshipAidDetails

__all__ = ["clock", "office", "way"]

pytestmark = pytest.mark.django_db

WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
FIFTY_MEGABYTES = b"\xff\xd8\xff" + bytes(50 * 1024 * 1024)
#: Submitted at 平江街道, by somebody who lives in another county.
ELSEWHERE = "elsewhere"
#: What is put on record of a form that changes nothing.
NOTED = ("access.denied", "case.read")

#: Where the application stands, the step that is sent, by whom, what is wrong with it,
#: the answer, and a part of the sentence.
WRONG: dict[str, tuple[str, str, str, dict[str, Any], int, str]] = {
    "an ID number that cannot be": (
        *("draft", "submit", "xiaobo", {"id_number": "320508198503070026"}),
        *(422, "校验码"),
    ),
    "a foreign document": (
        *("draft", "submit", "xiaobo", {"id_number": "E12345678"}),
        *(422, "护照等其他证件"),
    ),
    "a foreigner's residence card": (
        *("draft", "submit", "xiaobo", {"id_number": "911326198503070027"}),
        *(422, "外国人永久居留身份证"),
    ),
    "born tomorrow": (
        *("draft", "submit", "xiaobo", {"birth_date": "2026-09-25"}),
        *(422, "日期不能晚于今天"),
    ),
    "born tomorrow by the number": (
        *("draft", "submit", "xiaobo", {"id_number": "320508203001010034"}),
        *(422, "出生日期在今天以后"),
    ),
    "one person twice in a household": (
        *("draft", "submit", "xiaobo", {"members": [member(ONE[1]), member(ONE[1])]}),
        *(422, "同一个身份证号填了两次"),
    ),
    "a negative income": (
        *("draft", "submit", "xiaobo", {"monthly_income": "-1"}),
        *(422, "金额不能是负数"),
    ),
    "a member's negative income": (
        *("draft", "submit", "xiaobo"),
        {"members": [member(ONE[1], monthly_income="－５")]},
        *(422, "第1名成员 月收入（元）：金额不能是负数"),
    ),
    "a visit by one person": (
        *("station_review", "arrange_visit", "xiaobo"),
        {"outsider_name": "", "outsider_body": ""},
        *(422, "入户核查要有两个人（规则 H-23）"),
    ),
    "publicity ended by hand": (
        *("publicity", "end_publicity", "chendi", {}),
        *(403, "这一步由系统在到期时自动办理"),
    ),
    "an approval forged during publicity": (
        *("publicity", "approve", "chendi", {}),
        *(422, "公示"),
    ),
    "50 MB": (
        *("approval", "approve", "chendi", {"minutes_scan": FIFTY_MEGABYTES}),
        *(422, "每个文件最多10"),
    ),
    "the worker of another county": (
        *(ELSEWHERE, "accept", "xiaobo", {}),
        *(422, "玉山镇帮扶站"),
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_it_is_refused_with_a_sentence_and_leaves_no_row(way: Way, wrong: str) -> None:
    state, step, who, changes, status, sentence = WRONG[wrong]
    if state == ELSEWHERE:
        way.take("submit", "xiaobo", lives_in=str(way.office.yushan.pk))
    else:
        way.to(state)
    before = rows()

    answer = send(way, step, who, **changes)

    assert answer.status_code == status
    html = answer.content.decode()
    assert sentence in html
    assert "Traceback" not in html
    assert rows() == before
    assert Case.objects.get(pk=way.case.pk).state == way.case.state


@pytest.mark.parametrize(
    ("column", "heads", "sentence"),
    [
        ("reviewer", 2, "复核人不能批准同一件申请（规则 H-29）"),
        ("reporter", 2, "初审人、入户核查人不能批准同一件申请（规则 H-29）"),
        ("reviewer", 1, "本单位没有第二个人能办，由苏州市帮扶中心借人办理"),
    ],
)
def test_an_approval_by_whoever_prepared_it(
    way: Way, column: str, heads: int, sentence: str
) -> None:
    way.to("approval")
    if heads == 2:
        MembershipFactory(unit=way.office.gusu, role=Role.SUPERVISOR)
    head = way.office.chendi.person
    assert head is not None
    HardshipAidDetails.objects.filter(pk=way.case.pk).update(**{column: head.pk})
    before = rows()

    answer = send(way, "approve", "chendi")

    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert rows() == before


def test_a_member_in_two_households(office: Cast, clock: DatabaseClock) -> None:
    opened(office.amin, approved(office.xiaobo, numbers=ONE))
    other = approved(office.xiaobo, numbers=("320583197601020010", ONE[1]))
    before = rows()

    answer = browse(office.amin).post(
        f"/cases/new/{FILE_KIND}/",
        {"application": other.number, "command": str(uuid4())},
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "已有这个家庭的档案，一户只有一份档案（规则 H-01）" in html
    assert ONE[1] not in html
    assert rows() == before


def test_as_many_mistakes_are_announced_as_are_listed(way: Way) -> None:
    twice = [member(ONE[1], monthly_income="-1"), member("12", monthly_income="-1")]

    answer = send(way, "submit", "xiaobo", id_number="12", members=twice)

    html = answer.content.decode()
    listed = html.partition('class="cw-errors"')[2].partition("</div>")[0]
    lines = listed.count('<a href="#')
    assert lines > len(answer.context["form"].errors)
    assert f"有 {lines} 处要改" in listed


def test_full_width_digits_are_taken_and_kept_as_plain_ones(way: Way) -> None:
    answer = send(
        way,
        "submit",
        "xiaobo",
        id_number=ONE[0].translate(WIDE),
        phone="12900006204".translate(WIDE),
        monthly_income="900.50".translate(WIDE),
        members=[member(ONE[1].translate(WIDE))],
    )

    assert answer.status_code == 302
    parties = Party.objects.in_force().filter(case_id=way.case.pk)
    assert {party.id_number for party in parties} == set(ONE)
    assert "12900006204" in {party.phone for party in parties}


def send(way: Way, step: str, who: str, **changes: Any) -> Any:
    """Post the step's example with these changes, as the page would."""
    form = HARDSHIP_AID.steps[step].form
    files = dict(form.example_files(way.case).items())
    if "minutes_scan" in changes:
        scan = SimpleUploadedFile("纪要.jpg", changes.pop("minutes_scan"), "image/jpeg")
        files = {"minutes_scan": scan}
    stands = Case.objects.get(pk=way.case.pk)
    data = posted({**form.example(way.case), **changes})
    data |= {"version": str(stands.version), "command": str(uuid4()), **files}
    return browse(getattr(way.office, who)).post(
        f"/cases/{way.case.pk}/steps/{step}/", data
    )


def rows() -> dict[str, int]:
    """Count acts, events and every record that an act states.

    A refusal is noted, and that the household was read beside the form.
    """
    kinds = {kind for each in Registry.all() for kind in each.records}
    counted = {kind.__name__: kind._default_manager.count() for kind in kinds}
    return {
        **counted,
        "FiledMember": FiledMember.objects.count(),
        "Act": Act.objects.count(),
        "Event": Event.objects.exclude(verb__in=NOTED).count(),
    }
