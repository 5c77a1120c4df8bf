"""While the check centre does not answer it is reminded, and the city learns (H-26)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.domain.errors import InvalidForm
from casework.models import Clock, ClockRung
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, clock_of, on, verify_whole
from tests.hardship_aid.conftest import Way
from tests.hardship_aid.test_rolls import WORKERS
from tests.web.pages import browse, read
from workflows.hardship_aid import reaching
from workflows.hardship_aid.models import CheckReminder, InformationCheck

pytestmark = pytest.mark.django_db

LIST = "/rolls/hardship_aid/overdue_checks/"
#: The 20 working days of a check asked for on 24 September end on 29 October.
DUE, LATER = "2026-10-29 17:30", "2026-11-03 17:40"


def fired(clock: Clock) -> list[str]:
    """Return the rungs of the clock that have fired, in their order."""
    rungs = ClockRung.objects.filter(clock=clock, event_sequence__isnull=False)
    return list(rungs.order_by("number").values_list("code", flat=True))


def listed(way: Way) -> bool:
    """Whether the city finds the case among the checks that it follows."""
    return str(way.case.number) in read(browse(way.office.heshi), LIST)


def test_H26_a_reminder_is_kept_and_begins_no_wait_of_its_own(way: Way) -> None:
    way.to("info_check")
    assert clock_of(way.case, "info_check").due_at == on(DUE)
    way.wait("2026-10-27 10:00")

    way.take("remind_check", "amin", channel="letter", answer="")
    way.wait("2026-10-30 10:00")
    way.take("remind_check", "amin", reminded_at="2026-10-29T15:00:00+08:00")

    clock = clock_of(way.case, "info_check")
    assert (clock.cycle, clock.due_at, way.case.state) == (1, on(DUE), "info_check")
    kept = CheckReminder.objects.in_force().filter(case=way.case)
    assert [(str(r.channel), r.answer) for r in kept] == [
        ("letter", ""),
        ("phone", "正在等银行反馈。"),
    ]
    assert not reaching.was_sought(way.case)  # the household was not looked for
    verify_whole(way.case)
    way.take("receive_check", "amin")
    assert clock_of(way.case, "review").state == "running"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-09-23T10:00:00+08:00", "不能早于委托函发出"),
        ("2026-09-25T10:00:00+08:00", "不能晚于现在"),
    ],
)
def test_H26_a_reminder_comes_between_the_letter_and_now(
    way: Way, moment: str, said: str
) -> None:
    way.to("info_check")

    with pytest.raises(InvalidForm, match=said):
        way.take("remind_check", "amin", reminded_at=moment)


def test_H26_E05_past_its_last_rung_the_city_follows_the_check(way: Way) -> None:
    way.to("info_check")
    way.wait("2026-10-30 10:00")
    assert fired(clock_of(way.case, "info_check")) == ["80%", "due"]
    assert not listed(way)

    way.wait(LATER)

    assert fired(clock_of(way.case, "info_check")) == ["80%", "due", "+3 working_day"]
    page = read(browse(way.office.heshi), LIST)
    for told in (str(way.case.number), "姑苏区帮扶中心", "姑工核〔2026〕15号"):
        assert told in page
    assert "周雅琴" not in page
    assert "还没有催办" in page
    way.take("remind_check", "amin", reminded_at="2026-11-03T17:40:00+08:00")
    assert "1 次" in read(browse(way.office.heshi), LIST)
    assert "最近2026年11月3日" in read(browse(way.office.heshi), f"{LIST}print/")
    assert browse(way.office.chendi).get(LIST).status_code == 403

    way.take("receive_check", "amin")

    assert not listed(way)


def test_H26_E05_a_second_wait_that_is_over_is_the_citys_at_once(way: Way) -> None:
    way.to("info_check")
    way.wait("2026-10-30 10:00")
    way.take("receive_check", "amin")
    way.take("request_check", "amin", letter_number="姑工核〔2026〕99号")
    way.take("remind_check", "amin")
    second = clock_of(way.case, "info_check")
    assert (second.cycle, listed(way)) == (2, False)

    way.wait("2026-11-27 17:40")

    assert fired(clock_of(way.case, "info_check")) == ["80%", "due"]
    assert "99号" in read(browse(way.office.heshi), LIST)
    way.take("receive_check", "amin")
    answered = InformationCheck.objects.in_force().get(case=way.case)
    assert answered.letter_number == "姑工核〔2026〕99号"


def test_H26_the_letter_says_what_was_asked_and_how_often(way: Way) -> None:
    way.to("info_check")
    for channel in ("phone", "letter", "letter"):
        way.take("remind_check", "amin", channel=channel)

    letter = read(
        browse(way.office.amin), f"/cases/{way.case.pk}/papers/check_reminder/"
    )

    for told in (
        "姑工核〔2026〕15号",
        "2026年10月29日前反馈",
        "（电话）、",
        "（催办函）。",
    ):
        assert told in letter
    panel = read(browse(way.office.amin), f"/cases/{way.case.pk}/?tab=panels")
    assert panel.count("正在等银行反馈。") == 3
    assert "正在等银行" not in read(
        browse(way.office.heshi), f"/cases/{way.case.pk}/?tab=panels"
    )


def test_the_list_of_checks_costs_the_same_for_more_of_them(
    office: Cast, clock: DatabaseClock
) -> None:
    def one_more(worker: str) -> int:
        clock.set("2026-09-24 10:00")
        way = Way(office, clock)
        way.to("info_check", submit={"id_number": worker})
        way.wait(LATER)
        client: Any = browse(office.heshi)
        read(client, LIST)
        with CaptureQueriesContext(connection) as captured:
            assert read(client, LIST).count("姑工核") == WORKERS.index(worker) + 1
        return len(captured)

    assert one_more(WORKERS[0]) == one_more(WORKERS[1]) <= 12
