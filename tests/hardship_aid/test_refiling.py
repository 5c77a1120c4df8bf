"""A household whose file was removed lately is filed again by the city only (H-30)."""

import pytest

from casework.lifecycle import View
from casework.models import Case
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, on
from tests.hardship_aid.files import ONE, OTHER, FileWay, approved
from workflows.hardship_aid import rolls
from workflows.hardship_aid.guards import city_grounds
from workflows.hardship_aid.models import HardshipAidDetails, HardshipFileDetails
from workflows.hardship_aid.vocabulary import CityGround

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("removed_on", "numbers", "grounds"),
    [
        ("2026-10-20", ONE, [CityGround.REFILED]),
        ("2025-10-20", ONE, [CityGround.REFILED]),
        ("2025-10-19", ONE, []),
        ("2026-10-20", OTHER, []),
    ],
)
def test_H30_a_new_file_within_a_year_of_the_removal_goes_to_the_city(
    office: Cast,
    clock: DatabaseClock,
    removed_on: str,
    numbers: tuple[str, str],
    grounds: list[CityGround],
) -> None:
    removed = FileWay(office, clock).to("deregistered")
    HardshipFileDetails.objects.filter(case=removed).update(removed_on=removed_on)
    clock.set("2026-10-21 10:00")

    again = approved(office.xiaobo, numbers=numbers)
    again.details = HardshipAidDetails.objects.get(case=again)  # type: ignore[attr-defined]

    assert city_grounds(again) == grounds
    (listed,) = rolls.before_the_meeting(Case.objects.filter(pk=again.pk))
    view = View(actor=office.chendi, at=on("2026-10-21 10:00"), in_clear=True)
    assert rolls.meeting_line(listed, view)["grounds"] == grounds
