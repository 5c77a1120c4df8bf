"""What the forms offer: only what can be the answer, the nearest first."""

from typing import Any

import pytest

from casework.domain.vocabulary import Role
from tests.cast import Cast, MembershipFactory
from tests.hardship_aid.conftest import Way
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.forms.household import MemberRow

pytestmark = pytest.mark.django_db


def _choices(way: Way, step: str, field: str) -> list[Any]:
    form = HARDSHIP_AID.steps[step].form()
    form.ask(case=way.case, by=way.office.xiaobo, at=way.case.effective_at)
    return list(form.fields[field].choices)  # type: ignore[attr-defined]


def test_the_worker_is_no_member_beside_himself() -> None:
    offered = [code for code, _text in MemberRow().fields["relation"].choices]  # type: ignore[attr-defined]

    assert "spouse" in offered
    assert "self" not in offered


def test_H_20_the_streets_stand_by_county_and_ours_comes_first(way: Way) -> None:
    office = way.office
    for field in ("lives_in", "works_in"):
        nothing, *groups = _choices(way, "submit", field)

        assert nothing == ("", "—")
        assert [name for name, _those in groups] == ["姑苏区", "昆山市"]
        assert [key for key, _text in groups[0][1]] == [
            str(office.gusu.pk),
            str(office.pingjiang.pk),
        ]


def test_H_20_another_countys_office_finds_its_own_streets_first(way: Way) -> None:
    way.case.county, way.case.station = way.office.kunshan, way.office.yushan

    _nothing, first, _second = _choices(way, "submit", "lives_in")

    assert first[0] == "昆山市"


def test_H_20_our_own_station_is_proposed_and_another_is_kept(way: Way) -> None:
    def proposed(step: str) -> Any:
        form = HARDSHIP_AID.steps[step].form()
        form.ask(case=way.case, by=way.office.xiaobo, at=way.case.effective_at)
        return form.initial["lives_in"]

    assert proposed("submit") == way.office.pingjiang.pk
    way.take("submit", "xiaobo", lives_in=str(way.office.yushan.pk))
    assert proposed("amend") == way.office.yushan.pk


def test_H_23_visitors_are_named_with_unit_and_role_the_stations_first(
    way: Way, office: Cast
) -> None:
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")

    offered = [text for _key, text in _choices(way, "arrange_visit", "second_visitor")]

    assert offered[0] == "—"
    assert set(offered[1:3]) == {
        "小博 · 平江街道帮扶站办案员",
        "苏站长 · 平江街道帮扶站负责人",
    }
    assert "陈迪 · 姑苏区帮扶中心负责人" in offered[3:]
    assert "沈静怡 · 姑苏区帮扶中心调解员" in offered[3:]
    # Neither finance, helpers and auditors, nor anybody of the city or another county.
    for name in ("高静", "陆晓帆", "方正", "何市", "席通", "安泉", "丁岚"):
        assert not [text for text in offered if name in text]


def test_H_23_the_first_visitor_is_of_the_unit_that_has_the_case(way: Way) -> None:
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")

    offered = [text for _key, text in _choices(way, "arrange_visit", "first_visitor")]

    assert all(text == "—" or "平江街道帮扶站" in text for text in offered)
    assert len(offered) == 3


def test_H_23_who_wears_two_hats_stands_once_with_both(way: Way, office: Cast) -> None:
    person = office.lanyun.person
    MembershipFactory(person=person, unit=office.gusu, role=Role.MEDIATOR)
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")

    offered = [text for _key, text in _choices(way, "arrange_visit", "second_visitor")]

    (told,) = [text for text in offered if "蓝云" in text]
    assert "姑苏区帮扶中心办案员" in told
    assert "姑苏区帮扶中心调解员" in told
