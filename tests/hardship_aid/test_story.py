"""What the story tells of a step: what was decided, never what always has to be ticked."""

from typing import Any

import pytest

from casework.lifecycle import Step
from casework.reports import timeline
from casework.services import casefile
from casework.web.desk.story import Teller
from tests.hardship_aid.conftest import CHILD, SPOUSE, Way
from tests.hardship_aid.test_bad_input import RECEIPT
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.file_lifecycle import HARDSHIP_FILE
from workflows.hardship_aid.forms.application import ALWAYS_ASKED
from workflows.hardship_aid.forms.fields import Statement

AID = {"aid_item": "living", "aid_sum": "2000", "fund_level": "county"}
STEPS = [*HARDSHIP_AID.steps.values(), *HARDSHIP_FILE.steps.values()]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.name))
def test_every_form_declares_what_is_told(step: Step) -> None:
    fields = step.form.base_fields
    if not [field for field in fields.values() if not field.widget.is_hidden]:
        return

    told = step.form.told

    assert told is not None
    assert [name for name in told if name not in fields] == []
    assert [name for name in told if isinstance(fields[name], Statement)] == []


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.name))
def test_a_statement_left_open_says_to_tick_it_first(step: Step) -> None:
    for field in step.form.base_fields.values():
        if isinstance(field, Statement):
            assert "请勾选；" in str(field.error_messages["required"])


@pytest.mark.django_db
def test_the_decision_comes_first_and_dates_read_like_the_page(way: Way) -> None:
    way.to("publicity", publish=AID)
    told = _told(way, in_clear=True)

    assert told["publish"].startswith("拟认定的类别：深度困难职工；")
    assert "2000.00" in told["publish"]
    assert told["publish"].endswith("复核意见：材料齐全，核对相符，拟认定")
    assert told["record_visit"].startswith("结果：已核查；入户时间：")
    assert "-" not in told["record_visit"]
    assert told["submit"] == "申请什么：申请建档"
    assert told["accept"] == ""
    assert [each for each in told.values() if "亲属" in each] == []


@pytest.mark.django_db
def test_stating_it_anew_tells_what_changed_and_no_value(way: Way) -> None:
    paper = [str(code) for code in ALWAYS_ASKED]
    way.take("submit", "xiaobo", members=[SPOUSE], expenses=[RECEIPT])

    way.take("amend", "xiaobo", members=[SPOUSE], expenses=[RECEIPT])
    assert _told(way, in_clear=True)["amend"] == "申请什么：申请建档"

    way.take(
        "amend",
        "xiaobo",
        address="平江街道云溪新村9幢101室",
        members=[{**SPOUSE, "id_number": CHILD["id_number"]}],
        income=[{"kind": "property", "yearly": "1200"}],
        papers=[*paper, "diagnosis"],
        consents_children="on",
    )

    (said, _wish) = _told(way, in_clear=True)["amend"].split("；")
    assert said == (
        "改了什么：监护人同意处理未满十四周岁子女的信息、家庭住址、家庭其他年收入、"
        "近一年的刚性支出（医疗、教育、残疾、就业）、已经收到的材料、"
        "增加家庭成员、减少家庭成员"
    )
    assert _told(way, in_clear=False)["amend"] == ""


@pytest.mark.django_db
def test_a_member_stated_otherwise_is_no_other_member(way: Way) -> None:
    way.take("submit", "xiaobo", members=[SPOUSE], phone="12900006204")

    way.take("amend", "xiaobo", members=[{**SPOUSE, "monthly_income": "300"}])

    told = _told(way, in_clear=True)["amend"]
    assert told.startswith("改了什么：其他家庭成员；")


@pytest.mark.django_db
def test_what_is_sealed_is_told_to_the_team_alone(way: Way) -> None:
    way.to("publicity")

    assert set(_told(way, in_clear=False).values()) == {""}


@pytest.mark.django_db
def test_a_broken_seal_leaves_the_story_readable(way: Way) -> None:
    way.to("publicity")
    teller, facts = _teller(way, in_clear=True)
    fact = next(fact for fact in facts if fact.verb == "step.publish")
    assert fact.act is not None
    fact.act.data = {**fact.act.data, "reasons": {"sealed": "AAAA"}}

    assert teller.moment(fact).sentence == "拟认定的类别：深度困难职工"


def _told(way: Way, *, in_clear: bool) -> dict[str, str]:
    """Return the sentence of each step that was taken."""
    teller, facts = _teller(way, in_clear=in_clear)
    return {
        fact.verb.removeprefix("step."): teller.moment(fact).sentence
        for fact in facts
        if fact.verb.startswith("step.")
    }


def _teller(way: Way, *, in_clear: bool) -> tuple[Teller, list[Any]]:
    file = casefile.look(way.case.pk, by=way.office.amin)
    return Teller(file, in_clear=in_clear), timeline.whole_story(file.case)
