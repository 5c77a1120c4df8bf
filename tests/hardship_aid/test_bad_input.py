"""What cannot be right: a sentence that says what to do, and nothing half-saved."""

from typing import Any

import pytest
from django.utils import translation

from casework.domain.errors import CaseworkError, InvalidForm, Taken
from casework.models import Act, Party
from casework.services import cases
from tests.cast import Cast
from tests.engine.statetable import traces
from tests.hardship_aid.conftest import CHILD, KIND, SPOUSE, Way
from workflows.hardship_aid import duplicates
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.forms.receipt import ReceiptForm
from workflows.hardship_aid.models import ExpenseLine, HouseholdMember, ReceiptUse

pytestmark = pytest.mark.django_db

RECEIPT = {
    "kind": "medical",
    "amount": "3600",
    "receipt_number": "YL20260001",
    "receipt_date": "2026-08-01",
}


def refused(way: Way, step: str, who: str, **changes: Any) -> CaseworkError:
    """Take a step that is refused; fail when anything of it stays."""
    before = traces(way.case), Party.objects.count(), HouseholdMember.objects.count()
    with pytest.raises(CaseworkError) as raised:
        way.take(step, who, **changes)
    after = traces(way.case), Party.objects.count(), HouseholdMember.objects.count()
    assert after == before
    return raised.value


def mistakes(way: Way, step: str, who: str, **changes: Any) -> dict[str, list[str]]:
    """Return what the form says, by field."""
    refusal = refused(way, step, who, **changes)
    assert isinstance(refusal, InvalidForm), refusal
    return refusal.mistakes


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("320508198503070026", "校验码"),
        ("32050819850307002", "17位"),
        ("320508850307002", "15位"),
        ("911326198503070027", "外国人永久居留身份证的号码，不能填在这里"),
        ("E12345678", "护照等其他证件的号码不能填在这里"),
        ("E12345678", "县级帮扶中心"),
        ("320508198513070020", "出生日期"),
        ("320508203001010034", "今天以后"),
        ("", "请填写"),
    ],
)
def test_an_impossible_id_number(way: Way, number: str, told: str) -> None:
    said = mistakes(way, "submit", "xiaobo", id_number=number)

    assert list(said) == ["id_number"]
    assert told in said["id_number"][0]
    assert "种类" not in said["id_number"][0]  # there is no such control
    assert not number or number not in said["id_number"][0]


@pytest.mark.parametrize("field", ["marital_status", "ethnicity", "works_since"])
def test_what_the_form_of_the_file_marks_has_to_be_filled_in(
    way: Way, field: str
) -> None:
    assert list(mistakes(way, "submit", "xiaobo", **{field: ""})) == [field]


@pytest.mark.parametrize(
    "moment", ["2026-09-24T10:00+zz", "2026-09-24+08:00", "2026-13-01 10:00", "昨天"]
)
def test_what_is_no_moment(way: Way, moment: str) -> None:
    way.to("correcting")

    assert list(mistakes(way, "remind", "xiaobo", tried_at=moment)) == ["tried_at"]


def test_full_width_digits_are_read(way: Way) -> None:
    way.take(
        "submit",
        "xiaobo",
        id_number="３２０５０８ 19850307 ００２７",
        monthly_income="１，９００．５０",
        phone="１２９ ００００ ６２０４",
    )

    worker = Party.objects.in_force().get(case=way.case)
    assert (worker.id_number, worker.phone) == ("320508198503070027", "12900006204")
    member = HouseholdMember.objects.in_force().get(case=way.case)
    assert member.monthly_fen == 190_050


def test_a_birth_date_that_is_not_the_numbers(way: Way) -> None:
    said = mistakes(way, "submit", "xiaobo", birth_date="1985-03-08")

    assert "1985年3月7日" in said["birth_date"][0]


def test_a_birth_date_in_the_future(way: Way) -> None:
    said = mistakes(way, "submit", "xiaobo", birth_date="2027-01-01")

    assert "不能晚于今天" in said["birth_date"][0]


@pytest.mark.parametrize(
    ("sum_", "told"),
    [
        ("-1", "负数"),
        ("12.345", "两位小数"),
        ("一千", "请填写金额"),
        ("NaN", "请填写金额"),
        ("99999999999999", "太大"),
        ("", "请填写"),
    ],
)
def test_an_impossible_income(way: Way, sum_: str, told: str) -> None:
    said = mistakes(way, "submit", "xiaobo", monthly_income=sum_)

    assert told in said["monthly_income"][0]


@pytest.mark.parametrize(
    ("field", "day", "told"),
    [
        (
            "works_since",
            "2001-03-06",
            "还不满16周岁（身份证号里的出生日期是1985年3月7日）",
        ),
        ("contract_from", "1984-01-01", "还不满16周岁"),
        ("works_since", "2027-01-01", "不能晚于今天"),
    ],
)
def test_nobody_works_before_his_time(
    way: Way, field: str, day: str, told: str
) -> None:
    said = mistakes(way, "submit", "xiaobo", **{field: day})

    assert list(said) == [field]
    assert told in said[field][0]


def test_one_may_work_from_the_sixteenth_birthday(way: Way) -> None:
    assert way.take("submit", "xiaobo", works_since="2001-03-07")


def test_nobody_goes_to_school_before_his_birth(way: Way) -> None:
    row = {
        **CHILD,
        "status": "student",
        "place": "云溪小学",
        "enrolled_on": "2014-09-01",
    }

    said = mistakes(way, "submit", "xiaobo", members=[row], consents_children="on")

    assert list(said) == ["members"]
    assert "第1名成员 入学时间：2014年9月1日还不满3周岁" in said["members"][0]


def test_a_contract_does_not_end_before_it_begins(way: Way) -> None:
    dates = {"contract_from": "2024-05-01", "contract_until": "2024-04-30"}

    said = mistakes(way, "submit", "xiaobo", **dates)

    assert list(said) == ["contract_until"]
    assert "早于签订（2024年5月1日）" in said["contract_until"][0]


def test_a_wrong_check_character_of_the_employers_code(way: Way) -> None:
    said = mistakes(way, "submit", "xiaobo", employer_code="91110000600037341X")

    assert "校验码（最后一位）" in said["employer_code"][0]


def test_a_members_mistake_names_the_member_and_the_field(way: Way) -> None:
    rows = [SPOUSE, {**CHILD, "monthly_income": "-5", "id_number": "1"}]

    said = mistakes(way, "submit", "xiaobo", members=rows, consents_children="on")

    assert [text.split("：")[0] for text in said["members"]] == [
        "第2名成员 身份证号",
        "第2名成员 月收入（元）",
    ]


def test_one_person_twice_in_a_household(way: Way) -> None:
    said = mistakes(way, "submit", "xiaobo", members=[SPOUSE, SPOUSE])

    assert "填了两次" in said["members"][0]


def test_a_child_needs_the_guardians_own_consent(way: Way) -> None:
    said = mistakes(way, "submit", "xiaobo", members=[CHILD])

    assert "P-04" in said["consents_children"][0]


@pytest.mark.parametrize("consent", ["notice_read", "consents_sensitive"])
def test_nothing_is_collected_without_notice_and_consent(
    way: Way, consent: str
) -> None:
    said = mistakes(way, "submit", "xiaobo", **{consent: ""})

    assert "P-0" in said[consent][0]


def test_an_oral_application_is_read_back(way: Way) -> None:
    said = mistakes(way, "submit", "xiaobo", is_oral="on")

    assert set(said) == {"written_by", "was_read_back"}


def test_a_receipt_counts_once_in_one_form(way: Way) -> None:
    said = mistakes(way, "submit", "xiaobo", expenses=[RECEIPT, RECEIPT])

    assert "只能用一次" in said["expenses"][0]


def test_a_receipt_counts_once_in_the_city(way: Way, office: Cast) -> None:
    way.take("submit", "xiaobo", expenses=[RECEIPT])
    first = way.case
    other = cases.open(KIND, by=office.dinglan, data=ReceiptForm.example(first))
    cases.claim(other.pk, by=office.dinglan)
    way.follow(other.pk)
    data = {
        "id_number": "32050819830412001X",
        "lives_in": str(office.yushan.pk),
        "expenses": [{**RECEIPT, "receipt_number": "yl2026 0001"}],
    }

    other_one = {**RECEIPT, "receipt_number": "YL20260002"}
    data["expenses"] = [other_one, *data["expenses"]]

    said = mistakes(way, "submit", "dinglan", **data)

    assert list(said) == ["expenses"]
    (told,) = said["expenses"]
    assert told.startswith("第2项支出 票据号码：YL20260001")
    assert f"姑苏区帮扶中心的{first.number}（2026年9月24日起）" in told
    assert "规则 E-11" in told
    assert "周雅琴" not in told
    assert ExpenseLine.objects.count() == 1


def test_E_11_a_receipt_stays_with_the_application_that_has_it(way: Way) -> None:
    way.take("submit", "xiaobo", expenses=[RECEIPT])

    way.take("amend", "xiaobo", expenses=[RECEIPT])

    assert ReceiptUse.objects.in_force().get().receipt_number == "YL20260001"


def test_E_11_the_same_number_with_another_sum_is_another_receipt(
    way: Way, office: Cast
) -> None:
    way.take("submit", "xiaobo", expenses=[RECEIPT])
    other = Way(office, way.clock)
    row = {**RECEIPT, "amount": "3600.01"}

    assert other.take("submit", "xiaobo", expenses=[row]).state == "submitted"


def test_E_11_a_race_for_a_receipt_is_lost_without_a_way_past_it(
    way: Way, office: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.take("submit", "xiaobo", expenses=[RECEIPT])
    other = Way(office, way.clock)
    monkeypatch.setattr(duplicates, "receipts_elsewhere", lambda _case, _uses: {})

    told = refused(other, "submit", "xiaobo", expenses=[RECEIPT])

    assert isinstance(told, Taken)
    assert "规则 E-11" in told.message


def test_an_old_receipt_does_not_count(way: Way) -> None:
    """366 days before 24 September 2026 one still counts."""
    last = {**RECEIPT, "receipt_date": "2025-09-23"}
    old = {**RECEIPT, "receipt_number": "YL2", "receipt_date": "2025-09-22"}

    (told,) = mistakes(way, "submit", "xiaobo", expenses=[last, old])["expenses"]

    assert "第2项支出 票据日期：票据YL2早于2025年9月23日" in told
    assert way.take("submit", "xiaobo", expenses=[last])


def test_what_was_posted_is_told_in_the_readers_language(way: Way) -> None:
    way.to("approval")

    with translation.override("en"):
        (told,) = mistakes(way, "approve", "chendi", category="relative")["category"]

    assert "Deep hardship" in told


def test_a_visit_by_one_person(way: Way) -> None:
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")

    said = mistakes(way, "arrange_visit", "xiaobo", outsider_name="", outsider_body="")

    assert "两个人" in said["second_visitor"][0]


def test_a_visit_by_one_person_twice(way: Way, office: Cast) -> None:
    way.to("home_visit")
    me = str(office.xiaobo.person.pk)  # type: ignore[union-attr]

    said = mistakes(
        way,
        "record_visit",
        "xiaobo",
        first_visitor=me,
        second_visitor=me,
        outsider_name="",
        outsider_body="",
    )

    assert "同一个人" in said["second_visitor"][0]


def test_a_visit_by_a_relative(way: Way) -> None:
    way.to("home_visit")

    said = mistakes(way, "record_visit", "xiaobo", no_relatives="")

    assert "H-23" in said["no_relatives"][0]


def test_a_visit_without_the_familys_signature(way: Way) -> None:
    way.to("home_visit")

    said = mistakes(way, "record_visit", "xiaobo", is_signed_by_family="")

    assert "签名" in said["is_signed_by_family"][0]


def test_the_second_try_is_at_another_time_of_day(way: Way) -> None:
    way.to("home_visit")
    way.take("nobody_home", "xiaobo", tried_at="2026-09-24 10:00")

    said = mistakes(way, "arrange_visit", "xiaobo", planned_at="2026-09-25 10:30")
    assert "换一个时间段" in said["planned_at"][0]

    way.take("arrange_visit", "xiaobo", planned_at="2026-09-25 18:30")


def test_H23_the_notice_says_when_they_come_again(way: Way) -> None:
    way.to("home_visit")

    for again, told in (
        ("", "请填写"),
        ("2026-09-24 10:00", "现在以后"),
        ("2026-09-28 11:00", "换一个时间段"),
    ):
        said = mistakes(way, "nobody_home", "xiaobo", again_at=again)
        assert told in "".join(said["again_at"]), again

    way.take("nobody_home", "xiaobo", again_at="2026-09-28 15:30")
    way.clock.set("2026-09-28 18:00")

    said = mistakes(way, "nobody_home_again", "xiaobo", tried_at="2026-09-28 14:30")
    assert "2026年9月28日 15:30" in said["tried_at"][0]
    assert way.take("nobody_home_again", "xiaobo", tried_at="2026-09-28 15:30")


def test_H23_the_second_absence_is_at_another_time_of_day(way: Way) -> None:
    way.to("home_visit")
    way.clock.set("2026-09-28 10:00")
    way.take("nobody_home", "xiaobo", again_at="2026-09-28 15:00")
    way.clock.set("2026-09-28 15:00")
    way.take("arrange_visit", "xiaobo", planned_at="2026-09-28 15:00")
    way.clock.set("2026-09-30 10:00")

    for alike in ("2026-09-29 10:00", "2026-09-29 11:30"):
        said = mistakes(way, "nobody_home_again", "xiaobo", tried_at=alike)
        assert "换一个时间段" in said["tried_at"][0]

    assert way.take("nobody_home_again", "xiaobo", tried_at="2026-09-29 15:00")


@pytest.mark.parametrize(
    ("step", "field"), [("nobody_home", "tried_at"), ("record_visit", "visited_at")]
)
def test_H23_nobody_goes_before_the_time_for_which_he_was_announced(
    way: Way, step: str, field: str
) -> None:
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")
    way.take("arrange_visit", "xiaobo", planned_at="2026-09-28 14:00")
    way.clock.set("2026-09-28 16:00")

    for early in ("2026-09-24 10:00", "2026-09-28 13:00"):
        (said,) = mistakes(way, step, "xiaobo", **{field: early})[field]
        assert "不能早于约定的时间（2026年9月28日 14:00）" in said
        assert "约定入户" in said

    again = {"again_at": "2026-09-29 10:00"} if step == "nobody_home" else {}
    assert way.take(step, "xiaobo", **{field: "2026-09-28 13:50"}, **again)


def test_a_case_that_is_not_ours_names_the_right_unit(way: Way, office: Cast) -> None:
    way.take("submit", "xiaobo", lives_in=str(office.yushan.pk))

    said = mistakes(way, "refuse_acceptance", "xiaobo", ground="not_ours")
    assert "应当由哪个单位" in said["competent"][0]
    said = mistakes(
        way,
        "refuse_acceptance",
        "xiaobo",
        ground="not_ours",
        competent=str(office.pingjiang.pk),
    )
    assert "本单位" in said["competent"][0]

    way.take(
        "refuse_acceptance",
        "xiaobo",
        ground="not_ours",
        competent=str(office.yushan.pk),
    )
    assert way.case.state == "not_accepted"


def test_whoever_has_a_tie_stands_back(way: Way) -> None:
    way.to("approval")

    said = mistakes(way, "approve", "chendi", is_impartial="")

    assert "回避" in said["is_impartial"][0]


def test_what_was_posted_is_approved_and_nothing_else(way: Way) -> None:
    way.to(
        "approval",
        publish={"aid_sum": "500", "aid_item": "living", "fund_level": "county"},
    )

    said = mistakes(way, "approve", "chendi", category="relative", aid_sum="501")

    assert "深度困难职工" in said["category"][0]
    assert "500.00" in said["aid_sum"][0]


def test_a_list_hangs_where_the_rule_wants_it(way: Way) -> None:
    way.to("county_review")
    only = {"place": "community", "level": "station", "name": "云溪社区公告栏"}
    work = {"place": "workplace", "level": "station", "name": "云溪丝织厂"}

    said = mistakes(way, "publish", "amin", places=[only])
    assert "工作单位" in said["places"][0]
    said = mistakes(way, "publish", "amin", places=[only, work])
    assert "两级" in said["places"][0]
    said = mistakes(way, "publish", "amin", places=[])
    assert "places" in said


def test_urgent_relief_has_a_limit(way: Way) -> None:
    way.take("ask_urgent_relief", "xiaobo")

    said = mistakes(way, "grant_urgent_relief", "chendi", granted_sum="3000.01")
    assert "3,000.00" in said["granted_sum"][0]
    said = mistakes(way, "grant_urgent_relief", "chendi", granted_sum="0")
    assert "大于0" in said["granted_sum"][0]


def test_who_is_not_found_was_looked_for(way: Way) -> None:
    way.to("home_visit")

    said = mistakes(way, "terminate", "chendi", ground="not_found")

    assert "两次、两种方式" in said["ground"][0]


def test_H23_who_was_reached_is_not_lost(way: Way) -> None:
    way.to("home_visit")
    way.take("seek_contact", "xiaobo", channel="phone", outcome="no_answer")
    way.take("seek_contact", "xiaobo", channel="post", outcome="reached")

    said = mistakes(way, "terminate", "chendi", ground="not_found")
    assert "都没联系上" in said["ground"][0]

    way.take("seek_contact", "xiaobo", channel="phone", outcome="no_answer")
    way.take("seek_contact", "xiaobo", channel="post", outcome="returned")
    assert way.take("terminate", "chendi", ground="not_found").state == "terminated"


def test_a_case_in_publicity_ends_when_the_list_is_down(way: Way) -> None:
    way.to("publicity")

    said = mistakes(way, "withdraw", "amin", taken_down_on="")

    assert "P-10" in said["taken_down_on"][0]


def test_personal_data_stand_sealed_in_the_act(way: Way) -> None:
    way.take("submit", "xiaobo", members=[{**SPOUSE, "has_authorised": True}])

    act = Act.objects.get(case=way.case, step="step.submit")

    text = str(act.data)
    for told in ("320508198503070027", "32050819830412001X", "陆志远", "12900006204"):
        assert told not in text
    assert act.value("members")[0]["name"] == "陆志远"


def test_the_forms_button_adds_a_row_and_sends_nothing(way: Way) -> None:
    form = HARDSHIP_AID.steps["submit"].form.example(way.case)
    del form["members"]
    typed = {
        **form,
        "members-rows": "1",
        **{f"members-0-{name}": value for name, value in SPOUSE.items()},
    }

    said = mistakes(
        way, "submit", "xiaobo", members=None, **{**typed, "members-add": "1"}
    )

    assert said == {"members": ["已加一行，请接着填写。"]}
    drawn = HARDSHIP_AID.steps["submit"].form({**typed, "members-add": "1"})
    drawn.ask(case=way.case, by=way.office.xiaobo, at=way.case.effective_at)
    html = str(drawn["members"])
    assert 'name="members-1-name"' in html
    assert "陆志远" in html
    way.take("submit", "xiaobo", **{**typed, "members": None})
    assert HouseholdMember.objects.in_force().filter(case=way.case).count() == 2


def test_a_receipt_of_tomorrow_gets_one_line(way: Way) -> None:
    ahead = {**RECEIPT, "receipt_date": "2026-09-25"}

    (said,) = mistakes(way, "submit", "xiaobo", expenses=[ahead])["expenses"]

    assert "不能晚于今天" in said


def test_H28_an_answer_of_tomorrow_gets_one_line(way: Way) -> None:
    way.to("objection", object={"is_anonymous": "", "name": "闻素清"})

    said = mistakes(way, "dismiss_objection", "lanyun", told_on="2026-09-25")

    assert len(said["told_on"]) == 1
    assert "不能晚于今天" in said["told_on"][0]


@pytest.mark.parametrize(
    ("state", "step", "who", "ways"),
    [
        ("approval", "approve", "chendi", ("登记公示异议", "不予批准")),
        ("city_review", "city_approve", "heshi", ("市级退回",)),
    ],
)
def test_who_cannot_approve_another_category_reads_a_way_that_is_his(
    way: Way, state: str, step: str, who: str, ways: tuple[str, ...]
) -> None:
    way.to(state)
    offered = cases.choices(way.case.pk, by=getattr(way.office, who))
    open_to_him = {str(each.step.label) for each in offered if each.is_allowed}

    (said,) = mistakes(way, step, who, category="relative")["category"]

    for each in ways:
        assert f"“{each}”" in said
        assert each in open_to_him
