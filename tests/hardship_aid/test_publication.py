"""公示内容: proposed from the record, checked against it, and printed as it hangs (P-10)."""

from typing import Any

import pytest

from casework.domain.vocabulary import Part
from casework.models import Party
from casework.services import mending
from tests.engine.conftest import on
from tests.hardship_aid.conftest import SPOUSE, Way
from tests.hardship_aid.test_bad_input import mistakes
from tests.web.pages import browse, read
from tests.web.posted import posted
from workflows.hardship_aid import public
from workflows.hardship_aid.forms.publicity import PublishForm, RepostForm
from workflows.hardship_aid.models import Applicant

pytestmark = pytest.mark.django_db

PROPOSED = "周**，云溪丝织厂，深度困难职工，建档，2026年9月24日起公示。"
#: A household with a spouse who has cancer, and is disabled.
ILL: dict[str, Any] = {
    "members": [{**SPOUSE, "health": "cancer", "has_authorised": True}],
    "papers": [
        *("application", "id_card", "household_book", "authorisation"),
        *("union_membership", "income_proof", "diagnosis", "medical_receipts"),
    ],
}


def asked(way: Way, form: type[PublishForm | RepostForm], **initial: Any) -> Any:
    """Return the form as it is first shown."""
    shown = form(initial=initial)
    shown.ask(case=way.case, by=way.office.amin, at=way.case.effective_at)
    return shown


def told(way: Way, text: str, **changes: Any) -> list[str]:
    """Return what speaks against posting the text."""
    return mistakes(way, "publish", "amin", text=text, **changes)["text"]


def test_P_10_the_text_is_proposed_from_the_record(way: Way) -> None:
    way.to("county_review")

    assert asked(way, PublishForm).initial["text"] == PROPOSED


def test_P_10_who_has_no_employer_is_known_by_the_community(way: Way) -> None:
    way.to("county_review")

    line = public.said_of(way.case.details, [], None)

    assert line["place"] == way.case.details.lives_in.name


def test_P_10_a_business_with_its_owners_name_is_posted_with_it_masked() -> None:
    details: Any = type(
        "Details", (), {"lives_in": None, "category": "", "aid_item": ""}
    )
    owner = Party(name="周雅琴", part=Part.APPLICANT)

    line = public.said_of(details, [owner], Applicant(employer_name="周雅琴小吃店"))

    assert (line["name"], line["place"]) == ("周**", "周**小吃店")


def test_H_27_the_text_is_proposed_for_every_choice(way: Way) -> None:
    way.to("county_review")

    html = str(asked(way, PublishForm)["text"])

    assert "相对困难职工，医疗救助" in html
    assert "data-proposals" in html


def test_P_10_the_proposal_can_be_posted_as_it_is_and_edited(way: Way) -> None:
    way.to("county_review")

    way.take("publish", "amin", text=f"{PROPOSED}欢迎监督。")

    assert way.case.state == "publicity"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("周**，云溪丝织厂，相对困难职工。", "公示内容写的是“相对困难职工”"),
        ("周**，云溪丝织厂，深度困难职工、相对困难职工。", "“相对困难职工”"),
        ("周**，云溪丝织厂。", "没有写所选的类别“深度困难职工”"),
        ("周某，云溪丝织厂，深度困难职工。", "没有写遮住名字的姓名“周**”"),
        ("周**，深度困难职工。", "没有写单位或社区“云溪丝织厂”"),
        ("周**，云溪丝织厂，深度困难职工，医疗救助。", "所选的救助项目是“建档”"),
        ("周**（周 雅琴），云溪丝织厂，深度困难职工。", "全名"),
        ("周**，云溪丝织厂，深度困难职工，12900006204。", "号码"),
        ("周**，云溪丝织厂，深度困难职工，0512-65201234。", "号码"),
        (
            "周**，云溪丝织厂，深度困难职工，３２０５０８１９８５０３０７００２７。",
            "号码",
        ),
        ("周**，云溪丝织厂，深度困难职工，6222 0212 3456 7890。", "号码"),
        ("周**，云溪丝织厂，深度困难职工，云溪新村12幢104室。", "门牌住址"),
        (PROPOSED.replace("24日", "23日"), "2026年9月24日起"),
    ],
)
def test_P_10_a_text_that_says_too_much_too_little_or_wrong_is_refused(
    way: Way, text: str, said: str
) -> None:
    way.to("county_review")

    (mistake,) = told(way, text)

    assert said in mistake
    assert "公示内容" in mistake
    assert "规则 P-10" in mistake or "规则 H-27" in mistake


@pytest.mark.parametrize("illness", ["癌症", "胃癌", "患癌", "残疾"])
def test_P_10_an_illness_of_the_household_is_refused(way: Way, illness: str) -> None:
    member = {**ILL["members"][0], "disability_kind": "physical"}
    member |= {"disability_grade": "second"}
    papers = [*ILL["papers"], "disability_card"]
    way.to("county_review", submit={"members": [member], "papers": papers})

    (mistake,) = told(way, f"{PROPOSED}配偶{illness}。")

    assert "病情" in mistake


def test_P_10_nobody_else_of_the_household_is_named(way: Way) -> None:
    way.to("county_review", submit=ILL)

    (mistake,) = told(way, f"{PROPOSED}配偶陆志远。")

    assert "“陆**”的全名" in mistake
    assert "陆志远" not in mistake


def test_P_10_a_day_in_figures_is_no_telephone(way: Way) -> None:
    way.to("county_review")

    way.take("publish", "amin", text=f"{PROPOSED}2026-10-12前反映。")

    assert way.case.state == "publicity"


def test_H_27_a_proposal_for_another_choice_is_written_anew_and_shown(way: Way) -> None:
    way.to("county_review")
    client = browse(way.office.amin)
    client.post(f"/cases/{way.case.pk}/hands/claim/", {"version": way.case.version})
    way.follow(way.case.pk)
    data = {
        **PublishForm.example(way.case),
        "text": PROPOSED,
        "category": "relative",
        "version": way.case.version,
    }

    response = client.post(f"/cases/{way.case.pk}/steps/publish/", posted(data))

    html = response.content.decode()
    assert "已按所选的类别和救助项目重新拟好" in html
    assert f">\n{PROPOSED.replace('深度', '相对')}</textarea>" in html


def test_H_28_the_correction_is_proposed_and_only_a_new_day_is_none(way: Way) -> None:
    way.to("objection", publish={"text": PROPOSED})
    way.wait("2026-09-28 10:00")
    again = PROPOSED.replace("24日", "28日")
    form = RepostForm()
    form.ask(case=way.case, by=way.office.lanyun, at=on("2026-09-28 10:00"))
    assert form.initial["text"] == again

    said = mistakes(way, "repost", "lanyun", text=again, category="deep")

    assert "没有变" in said["text"][0]


def test_H_28_a_correction_that_was_taken_back_may_be_posted(way: Way) -> None:
    way.to("objection")
    way.take("repost", "lanyun")
    mending.take_back(way.case.pk, by=way.office.lanyun, reason="误办")
    way.follow(way.case.pk)

    assert way.take("repost", "lanyun").state == "publicity"


def test_H_27_the_paper_and_the_list_say_what_hangs(way: Way) -> None:
    text = f"{PROPOSED}公示期间欢迎监督。"
    way.to("publicity", publish={"text": text})
    client = browse(way.office.amin)

    assert text in read(client, f"/cases/{way.case.pk}/papers/publicity/")
    html = read(client, "/rolls/hardship_aid/publicity/print/")
    for said in PROPOSED.removesuffix("，2026年9月24日起公示。").split("，"):
        assert f"<td>{said}</td>" in html
    assert "2026年9月24日至" in html
