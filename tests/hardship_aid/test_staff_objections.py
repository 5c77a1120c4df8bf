"""An objection that complains about staff is told to the auditors (E-14)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.domain.vocabulary import Role
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import Way
from tests.hardship_aid.test_reconsideration import entered
from tests.hardship_aid.test_rolls import WORKERS
from tests.web.pages import browse, read
from workflows.hardship_aid.models import Objection

pytestmark = pytest.mark.django_db

LIST = "/rolls/hardship_aid/about_staff/"
ABOUT = {"about_staff": "visit", "content": "入户的人收了礼。"}


@pytest.fixture
def told(way: Way) -> Way:
    """An application against which somebody complained about who visited."""
    entered(way.office, "auditor", Role.AUDITOR, way.office.gusu)
    entered(way.office, "kunshan_auditor", Role.AUDITOR, way.office.kunshan)
    way.to("objection", object=ABOUT)
    return way


def test_E14_the_auditors_of_the_territory_find_it_from_their_desk(told: Way) -> None:
    number = str(told.case.number)

    for who in ("auditor", "fangzheng"):
        client = browse(getattr(told.office, who))
        assert LIST in read(client, "/")
        for part in ("", "print/"):
            page = read(client, f"{LIST}{part}")
            assert number in page
            assert "入户核查人员" in page
            assert "收了礼" not in page
        panel = read(client, f"/cases/{told.case.pk}/?tab=panels")
        assert "反映工作人员" in panel
        assert "收了礼" in panel
    assert number not in read(browse(told.office.kunshan_auditor), LIST)


@pytest.mark.parametrize("who", ["amin", "chendi", "heshi", "xiaobo", "gaojing"])
def test_E14_the_list_is_the_auditors_own(told: Way, who: str) -> None:
    client = browse(getattr(told.office, who))

    assert client.get(LIST).status_code == 403
    assert LIST not in read(client, "/")


def test_E14_the_register_says_so_and_onlookers_do_not_read_it(told: Way) -> None:
    here = f"/cases/{told.case.pk}/"

    printed = read(browse(told.office.amin), f"{here}papers/objection_register/")

    assert "是否反映工作人员" in printed
    assert "入户核查人员" in printed
    for who, reads in (("amin", True), ("chendi", True), ("xiaobo", False)):
        client = browse(getattr(told.office, who))
        panel = read(client, f"{here}?tab=panels")
        assert ("反映工作人员" in panel) is reads, who
        paper = read(client, f"{here}papers/objection_register/")
        assert ("入户核查人员" in paper) is reads, who


def test_E14_it_stays_listed_while_the_case_is_not_archived(told: Way) -> None:
    told.take("dismiss_objection", "lanyun")

    assert str(told.case.number) in read(browse(told.office.auditor), LIST)


def test_E14_an_objection_about_the_household_is_not_the_auditors(way: Way) -> None:
    way.to("objection")

    assert Objection.objects.get(case=way.case).about_staff == ""
    assert str(way.case.number) not in read(browse(way.office.fangzheng), LIST)
    printed = read(
        browse(way.office.amin), f"/cases/{way.case.pk}/papers/objection_register/"
    )
    assert "不反映工作人员" in printed


def test_the_auditors_list_costs_the_same_for_more_objections(
    office: Cast, clock: DatabaseClock
) -> None:
    def one_more(worker: str) -> int:
        clock.set("2026-09-24 10:00")
        Way(office, clock).to("objection", submit={"id_number": worker}, object=ABOUT)
        client = browse(office.fangzheng)
        read(client, LIST)
        with CaptureQueriesContext(connection) as captured:
            read(client, LIST)
        return len(captured)

    assert one_more(WORKERS[0]) == one_more(WORKERS[1]) <= 12
