"""A draft of a form: its own person's, sealed, of a case he sees, for thirty days."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from casework import tasks
from casework.conf.production import SAMPLE_DATA_KEYS
from casework.domain.errors import Invalid, NotFound
from casework.models import Case, Event, FormDraft
from casework.services import cases, drafts, resealing
from tests import keys
from tests.cast import Cast
from tests.hardship_aid.conftest import STANDARD, Way, publish_standard
from tests.web.pages import accepted
from workflows.hardship_aid.forms.application import ApplicationForm

pytestmark = pytest.mark.django_db

TYPED = {"answer": ["应当补发三个月的差额。"], "when-at": [""]}


@pytest.fixture
def case(cast: Cast) -> Case:
    """An inquiry at the county centre, 阿敏's to answer."""
    return cases.claim(accepted(cast).pk, by=cast.amin)


def save(case: Case, by: Any, *, at: datetime | None = None, **changes: Any) -> None:
    told = {"version": case.version, "typed": TYPED, "at": at or timezone.now()}
    drafts.save(case.pk, "answer", by=by, **{**told, **changes})


def test_what_was_typed_comes_back_and_what_is_saved_again_replaces_it(
    cast: Cast, case: Case
) -> None:
    save(case, cast.amin, typed={"answer": ["应当"]})
    save(case, cast.amin)

    found = drafts.load(case.pk, "answer", by=cast.amin)

    assert found is not None
    assert dict(found.typed.lists()) == TYPED
    assert found.version == case.version
    assert FormDraft.objects.count() == 1


def test_what_the_page_brings_beside_it_is_not_kept(cast: Cast, case: Case) -> None:
    page = {"csrfmiddlewaretoken": ["x"], "version": ["1"], "command": ["y"]}

    save(case, cast.amin, typed={**TYPED, **page})

    found = drafts.load(case.pk, "answer", by=cast.amin)
    assert found is not None
    assert dict(found.typed.lists()) == TYPED


def test_a_draft_is_of_one_person(cast: Cast, case: Case) -> None:
    save(case, cast.amin)

    assert drafts.load(case.pk, "answer", by=cast.chendi) is None
    assert drafts.steps_begun(case.pk, by=cast.chendi) == frozenset()
    assert drafts.steps_begun(case.pk, by=cast.amin) == {"answer"}
    drafts.drop(case.pk, "answer", by=cast.chendi)
    assert drafts.load(case.pk, "answer", by=cast.amin) is not None
    drafts.drop(case.pk, "answer", by=cast.amin)
    assert drafts.load(case.pk, "answer", by=cast.amin) is None


def test_a_case_of_another_unit_does_not_exist(cast: Cast, case: Case) -> None:
    with pytest.raises(NotFound):
        save(case, cast.dinglan)


def test_a_draft_of_a_case_that_is_gone_from_sight_is_not_read(
    cast: Cast, case: Case
) -> None:
    save(case, cast.amin)
    Case.objects.filter(pk=case.pk).update(
        holder=cast.kunshan, county=cast.kunshan, station=None, assignee=None
    )

    assert drafts.load(case.pk, "answer", by=cast.amin) is None


def test_a_step_of_another_procedure_has_no_draft(cast: Cast, case: Case) -> None:
    with pytest.raises(Invalid, match="不是这类案件的步骤"):
        drafts.save(
            case.pk, "submit", by=cast.amin, version=1, typed={}, at=timezone.now()
        )


def test_more_than_a_form_can_hold_is_refused_in_a_sentence(
    cast: Cast, case: Case
) -> None:
    with pytest.raises(Invalid, match="超过200 KB，草稿没有存"):
        save(case, cast.amin, typed={"answer": ["补" * 70_000]})

    assert not FormDraft.objects.exists()


def test_the_row_holds_no_word_of_it(cast: Cast, case: Case) -> None:
    save(case, cast.amin)

    with connection.cursor() as cursor:
        cursor.execute("SELECT typed, t::text FROM casework_formdraft t")
        ((sealed, row),) = cursor.fetchall()

    assert "补发".encode() not in bytes(sealed)
    assert "补发" not in row
    assert "补发".encode().hex() not in row


def test_no_event_tells_of_it(cast: Cast, case: Case) -> None:
    before = Event.objects.count()

    save(case, cast.amin)
    drafts.drop(case.pk, "answer", by=cast.amin)

    assert Event.objects.count() == before
    assert Case.objects.get(pk=case.pk).version == case.version


def test_a_version_that_is_not_yet_is_the_newest(cast: Cast, case: Case) -> None:
    save(case, cast.amin, version=10**12)

    found = drafts.load(case.pk, "answer", by=cast.amin)
    assert found is not None
    assert found.version == case.version


def test_the_alarm_clock_drops_a_draft_after_thirty_days(
    cast: Cast, case: Case
) -> None:
    now = timezone.now()
    save(case, cast.amin, at=now - timedelta(days=31))
    save(case, cast.chendi, at=now - timedelta(days=29))

    tasks.drop_old_drafts()

    assert drafts.load(case.pk, "answer", by=cast.amin) is None
    assert drafts.load(case.pk, "answer", by=cast.chendi) is not None


def test_old_drafts_cost_one_statement(
    cast: Cast, case: Case, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    save(case, cast.amin, at=now - timedelta(days=31))
    save(case, cast.chendi, at=now - timedelta(days=32))

    with django_assert_num_queries(1):
        assert drafts.drop_old(at=now) == 2


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_new_key_seals_drafts_anew(
    own_database: str, cast: Cast, case: Case, settings: Any
) -> None:
    save(case, cast.amin)
    settings.DATA_KEYS = f"{SAMPLE_DATA_KEYS},{keys.ring_of(2)}"

    done = list(resealing.reseal())

    assert ("casework_formdraft", "typed") in {(d.table, d.column) for d in done}
    settings.DATA_KEYS = keys.ring_of(2)
    found = drafts.load(case.pk, "answer", by=cast.amin)
    assert found is not None
    assert dict(found.typed.lists()) == TYPED


def test_numbers_that_the_case_holds_are_kept_as_masks(cast: Cast) -> None:
    number, other = ApplicationForm.example(Case())["id_number"], "320508198312190034"
    publish_standard(cast.gusu, STANDARD)
    way = Way(cast, None)  # type: ignore[arg-type]
    case = way.take("submit", "xiaobo")
    typed = {
        "id_number": [number],
        "members-rows": ["2"],
        "members-0-id_number": [number],
        "members-1-id_number": [other],
        "statement": ["收入低"],
    }

    drafts.save(
        case.pk,
        "amend",
        by=cast.xiaobo,
        version=case.version,
        typed=typed,
        at=timezone.now(),
    )

    found = drafts.load(case.pk, "amend", by=cast.xiaobo)
    assert found is not None
    assert found.typed["id_number"] == "3205**********0027"
    assert found.typed["members-0-id_number"] == "3205**********0027"
    assert found.typed["members-1-id_number"] == other
    assert found.typed["statement"] == "收入低"
