"""A day of reading, printing and searching is on record, and every history stays whole."""

import pytest
from django.urls import reverse

from casework.domain.chain import NotCanonical
from casework.models import Event, Material
from casework.services import audit, verification
from casework.services.verification import Harm
from tests.hardship_aid.conftest import KIND, Way
from tests.web.pages import browse, read

pytestmark = pytest.mark.django_db

ID_NUMBER = "320508198503070027"
LOOKS = {
    "session.closed",
    "access.denied",
    "case.read",
    "case.printed",
    "case.verified",
    "paper.printed",
    "roll.read",
    "roll.printed",
    "search.by_number",
    "material.opened",
    "household.found",
}


def test_a_day_of_looking_leaves_every_history_whole(way: Way) -> None:
    way.to("approval")
    case = way.take("add_material", "amin")
    amin, auditor = browse(way.office.amin), browse(way.office.fangzheng)
    here, roll = f"/cases/{case.pk}/", f"/rolls/{KIND}/meeting/"

    for address in (roll, here, f"{here}print/", f"{here}papers/receipt/"):
        read(amin, address)
    read(amin, f"{roll}print/")
    read(amin, amin.post("/search/", {"text": ID_NUMBER})["Location"])
    material = Material._base_manager.filter(case_id=case.pk).first()
    assert material is not None
    amin.get(reverse("case_material", args=[case.pk, material.pk]))
    amin.post(f"/cases/new/{KIND}/hints/", {"id_number": ID_NUMBER})
    amin.get("/system/")
    amin.post("/log-out/")
    read(browse(way.office.chendi), here)
    read(auditor, f"{here}?tab=proof")

    looked = Event.objects.filter(case=None).values_list("verb", flat=True)
    assert set(looked) >= LOOKS
    harms: list[Harm] = []
    verification.verify(tell=harms.append)
    assert harms == []


@pytest.mark.parametrize("name", ["case", "cseq", "act", "result"])
def test_a_fact_never_stands_where_the_record_says_which_event_it_is(
    way: Way, name: str
) -> None:
    with pytest.raises(NotCanonical, match=name):
        audit.looked(
            "case.read", by=way.office.amin, cases=[way.case], **{name: way.case.pk}
        )

    assert not Event.objects.filter(verb="case.read").exists()
