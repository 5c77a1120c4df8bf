"""Each consent by itself: never ticked beforehand, kept with its day, withdrawn openly."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from casework.domain.errors import InvalidForm
from casework.services import mending
from tests.cast import Cast
from tests.hardship_aid.conftest import CHILD, Way, refusal
from workflows.hardship_aid import privacy
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.forms.application import ApplicationForm
from workflows.hardship_aid.models import Consent
from workflows.hardship_aid.vocabulary import ConsentKind, ConsentMeans

pytestmark = pytest.mark.django_db

GIVEN_ON = date(2026, 9, 24)
NOTHING_TICKED = dict.fromkeys(
    (
        *("notice_read", "consents_sensitive", "consents_sharing"),
        *("consents_publication", "consents_children"),
    ),
    "",
)
SIBLING = {**CHILD, "name": "周小云", "id_number": "320508201801010035"}


def _asked(way: Way, step: str) -> ApplicationForm:
    form = HARDSHIP_AID.steps[step].form()
    form.ask(case=way.case, by=way.office.xiaobo, at=way.case.effective_at)
    assert isinstance(form, ApplicationForm)
    return form


def _on_record(way: Way) -> dict[ConsentKind, Consent]:
    return {c.kind: c for c in Consent.objects.in_force().filter(case=way.case)}


def _refused(way: Way, step: str, **changes: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidForm) as raised:
        way.take(step, "xiaobo", **changes)
    return raised.value.mistakes


def test_P_04_no_consent_is_ticked_beforehand(way: Way) -> None:
    form = _asked(way, "submit")

    assert not form.initial.keys() & NOTHING_TICKED
    html = form.as_p()
    assert "checked" not in html
    assert "withdraws_" not in html


def test_P_04_a_correction_keeps_every_consent_with_its_day(way: Way) -> None:
    way.take("submit", "xiaobo")
    way.wait("2026-09-25 09:00")

    way.take("amend", "xiaobo", **NOTHING_TICKED, signature=str(ConsentMeans.ONLINE))

    assert {
        (c.kind, c.given_on, c.means, c.notice_version)
        for c in _on_record(way).values()
    } == {
        (kind, GIVEN_ON, ConsentMeans.SIGNATURE, privacy.notice().version)
        for kind in ConsentKind
        if kind is not ConsentKind.CHILDREN
    }
    assert way.case.details.may_be_shared
    assert way.case.details.may_be_published


def test_P_04_what_is_on_record_is_shown_with_its_day_and_version(way: Way) -> None:
    way.take("submit", "xiaobo")
    html = str(_asked(way, "amend"))

    said = f"2026年9月24日已单独同意，告知书版本 {privacy.notice().version}。"
    assert html.count(said) == 3
    assert 'name="consents_sharing"' not in html
    assert 'name="withdraws_sharing"' in html
    # No child of this household is registered: his guardian has not been asked yet.
    assert 'name="consents_children"' in html
    assert 'name="withdraws_children"' not in html


def test_P_06_a_withdrawn_consent_to_publication_blocks_the_posting(way: Way) -> None:
    way.to("county_review")

    way.take("amend", "amin", **NOTHING_TICKED, withdraws_publication="on")

    assert ConsentKind.PUBLICATION not in _on_record(way)
    assert _on_record(way)[ConsentKind.SHARING].given_on == GIVEN_ON
    assert "没有单独同意公示（规则 P-06）" in refusal(way, "publish", "amin")


def test_P_05_a_withdrawn_consent_to_sharing_blocks_the_check(way: Way) -> None:
    way.take("submit", "xiaobo")
    way.take("amend", "xiaobo", withdraws_sharing="on")

    assert ConsentKind.SHARING not in _on_record(way)
    assert not way.case.details.may_be_shared


def test_a_withdrawn_consent_is_given_again_on_the_day(way: Way) -> None:
    way.take("submit", "xiaobo")
    way.take("amend", "xiaobo", withdraws_publication="on")
    way.wait("2026-09-25 09:00")

    way.take("amend", "xiaobo", **{**NOTHING_TICKED, "consents_publication": "on"})

    given = _on_record(way)[ConsentKind.PUBLICATION]
    assert given.given_on == date(2026, 9, 25)


def test_P_04_a_child_that_is_added_needs_the_guardians_consent(way: Way) -> None:
    way.take("submit", "xiaobo")

    said = _refused(way, "amend", **NOTHING_TICKED, members=[CHILD])

    assert list(said) == ["consents_children"]
    assert "P-04" in said["consents_children"][0]
    way.take(
        "amend",
        "xiaobo",
        **{**NOTHING_TICKED, "consents_children": "on"},
        members=[CHILD],
    )
    assert ConsentKind.CHILDREN in _on_record(way)


def test_P_04_a_second_child_needs_another_consent(way: Way) -> None:
    way.take("submit", "xiaobo", members=[CHILD], consents_children="on")
    way.wait("2026-09-25 09:00")
    both = [CHILD, SIBLING]

    said = _refused(way, "amend", **NOTHING_TICKED, members=both)
    assert "新增" in said["consents_children"][0]
    assert way.take("amend", "xiaobo", **NOTHING_TICKED, members=[CHILD])
    assert _on_record(way)[ConsentKind.CHILDREN].given_on == GIVEN_ON

    way.take("amend", "xiaobo", members=both, consents_children="on")
    assert _on_record(way)[ConsentKind.CHILDREN].given_on == date(2026, 9, 25)


def test_P_04_without_the_guardians_consent_no_child_stays(way: Way) -> None:
    way.take("submit", "xiaobo", members=[CHILD], consents_children="on")

    said = _refused(way, "amend", members=[CHILD], withdraws_children="on")
    assert "P-04" in said["consents_children"][0]

    way.take("amend", "xiaobo", members=[], withdraws_children="on")
    assert ConsentKind.CHILDREN not in _on_record(way)


def test_P_03_a_new_notice_is_shown_and_every_consent_asked_anew(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.take("submit", "xiaobo")
    old = privacy.notice()
    newer = privacy.Notice("2027-1", old.title, old.title_en, old.sections)
    monkeypatch.setattr(privacy, "notice", lambda: newer)

    html = str(_asked(way, "amend"))
    assert f"原来的同意（2026年9月24日，版本 {old.version}）不再有效" in html
    assert 'name="withdraws_sharing"' not in html
    said = _refused(way, "amend", **NOTHING_TICKED)
    assert set(said) == {"notice_read", "consents_sensitive"}


def test_an_act_taken_back_gives_the_withdrawn_consent_back(
    way: Way, office: Cast
) -> None:
    way.take("submit", "xiaobo")
    way.take("amend", "xiaobo", withdraws_publication="on")

    mending.take_back(way.case.pk, by=office.xiaobo, reason="勾错了")

    assert _on_record(way)[ConsentKind.PUBLICATION].given_on == GIVEN_ON


def test_what_is_on_record_is_said_in_the_readers_language(way: Way) -> None:
    way.take("submit", "xiaobo", members=[CHILD], consents_children="on")

    with translation.override("en"):
        html = str(_asked(way, "amend"))

    section = html[: html.index('name="wish"')].split("</details>")[1]
    assert "Consented separately on Sept. 24, 2026" in section
    assert not re.search("[\u4e00-\u9fff]", section)
