"""Which of the steps that may be taken stands out on the case page."""

import re

import pytest

from tests.hardship_aid.conftest import Way
from tests.hardship_aid.files import FileWay
from tests.web.pages import browse, read

pytestmark = pytest.mark.django_db

PRIMARY = re.compile(r'<(?:a|button) class="btn btn-primary"(?: href="([^"]*)")?')


def leading(way: Way | FileWay, who: str) -> str:
    """Return the step whose button is blue; there is one blue button at most."""
    html = read(browse(way.office.actors[who]), f"/cases/{way.case.pk}/")
    found = PRIMARY.findall(html.partition('id="acts"')[2].partition("cw-acts2")[0])
    assert len(found) <= 1
    return found[0].split("/steps/")[-1].strip("/") if found else ""


@pytest.mark.parametrize("who", ["chendi", "amin"])
def test_a_list_that_has_to_come_down_comes_first(way: Way, who: str) -> None:
    way.to("approval")

    assert leading(way, who) == "take_down"


@pytest.mark.parametrize(
    ("state", "who", "step"),
    [
        ("submitted", "xiaobo", "accept"),
        ("home_visit", "xiaobo", "record_visit"),
        ("station_review", "station_head", "report_up"),
        ("county_review", "amin", "publish"),
        ("city_review", "heshi", "take_down"),
        ("reconsideration", "heshi", "uphold_rejection"),
        ("withdrawn", "station_head", "close"),
    ],
)
def test_what_ends_the_running_period_stands_out(
    way: Way, state: str, who: str, step: str
) -> None:
    way.to(state)

    assert leading(way, who) == step


def test_what_a_head_decides_is_awaited_and_nothing_stands_out(way: Way) -> None:
    way.to("station_review")

    html = read(browse(way.office.xiaobo), f"/cases/{way.case.pk}/")

    assert leading(way, "xiaobo") == ""
    assert "现在等“初审上报”，能办：负责人" in html


def test_a_step_that_lacks_something_is_not_awaited_of_others(way: Way) -> None:
    way.to("submitted", submit={"papers": []})

    html = read(browse(way.office.xiaobo), f"/cases/{way.case.pk}/")

    assert "现在等" not in html
    assert leading(way, "xiaobo")


def test_once_the_list_is_down_the_approval_stands_out(way: Way) -> None:
    way.to("approval")
    way.take("take_down", "amin")

    assert leading(way, "chendi") == "approve"


def test_a_file_that_owes_its_entry_says_so_first(
    office: object, clock: object
) -> None:
    file = FileWay(office, clock)  # type: ignore[arg-type]
    assert leading(file, "chendi") == "enter_national_system"

    file.take("enter_national_system", "amin")

    assert leading(file, "chendi") == "review"


def test_nothing_stands_out_while_a_list_hangs_and_time_is_waited_for(way: Way) -> None:
    way.to("publicity")

    assert leading(way, "amin") == ""
