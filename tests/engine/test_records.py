"""What acts state beside the case's row: parties restated, taken back, kept sealed."""

from dataclasses import replace
from typing import Any

import pytest
from django import forms
from django.db import connection

from casework.domain.sealing import BrokenSeal
from casework.domain.vocabulary import Part
from casework.lifecycle import StepForm
from casework.models import Act, Case, Party, Record
from casework.services import cases, mending
from tests.cast import Cast
from tests.engine.conftest import verify_whole
from tests.inquiry.lifecycle import INQUIRY

pytestmark = pytest.mark.django_db


class NewName(StepForm):
    """Restates who the applicant is."""

    sealed = frozenset({"name"})
    restates = (Party,)
    name = forms.CharField()

    def records(self) -> list[Record]:
        return [Party(part=Part.APPLICANT, name=self.cleaned_data["name"])]


@pytest.fixture
def renamed(
    cast: Cast, inquiry: Case, monkeypatch: pytest.MonkeyPatch
) -> tuple[Case, Party]:
    """A case whose applicant was stated twice, and the party of the first statement."""
    steps: dict[str, Any] = INQUIRY.steps
    accept = replace(steps["lengthen"], form=NewName, clocks=(), name="lengthen")
    monkeypatch.setitem(steps, "lengthen", accept)
    monkeypatch.setattr(INQUIRY.model, "lengthen", _accepts_a_name, raising=True)
    first = Party.objects.get(case=inquiry)
    cases.act(inquiry.pk, "accept", by=cast.xiaobo, version=None)
    case = cases.act(
        inquiry.pk, "lengthen", by=cast.chendi, version=None, data={"name": "周亚琴"}
    )
    return case, first


def _accepts_a_name(case: Case, name: str) -> None:
    pass


def test_a_new_statement_ends_the_one_before(renamed: tuple[Case, Party]) -> None:
    case, first = renamed

    assert _names(case) == ["周亚琴"]
    first.refresh_from_db()
    assert first.ended_by == case.version
    verify_whole(case)


def test_a_statement_taken_back_lets_the_old_one_stand_again(
    cast: Cast, renamed: tuple[Case, Party]
) -> None:
    case, first = renamed

    mending.take_back(case.pk, by=cast.chendi, reason="名字写错")

    assert _names(case) == [first.name]
    taken_back = Party.objects.get(case=case, name="周亚琴")
    assert taken_back.ended_by == case.version + 1
    verify_whole(case)


def test_an_act_keeps_who_somebody_is_sealed(renamed: tuple[Case, Party]) -> None:
    case, _first = renamed
    act = Act.objects.get(case=case, version=case.version)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data::text FROM casework_act WHERE case_id = %s", [case.pk]
        )
        stored = " ".join(text for (text,) in cursor.fetchall())
    assert "周亚琴" not in stored
    assert act.value("name") == "周亚琴"


def test_a_sealed_value_opens_in_its_own_act_only(renamed: tuple[Case, Party]) -> None:
    case, _first = renamed
    act = Act.objects.get(case=case, version=case.version)
    act.version += 1

    with pytest.raises(BrokenSeal):
        act.value("name")


def _names(case: Case) -> list[str]:
    in_force = Party.objects.in_force().filter(case=case)
    return list(in_force.values_list("name", flat=True))
