"""Who reads which field where: exactly the allowed cells (S6, design 7)."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.hardship_aid.conftest import Way
from tests.hardship_aid.test_bad_input import RECEIPT
from tests.web.pages import browse
from workflows.hardship_aid.household_vocabulary import Cause, ExpenseKind, Health
from workflows.hardship_aid.vocabulary import PaperCode

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "周雅琴",
    "phone": "12900006204",
    "address": "云溪新村12幢104室",
    "id_number": "320508198503070027",
    "card": "6299900000000000003",
    "illness": Health.URAEMIA.zh,
    "income": "123.45",
    "expense": "456.78",
    "expense_kind": ExpenseKind.MEDICAL.zh,
    "telling_paper": PaperCode.DIAGNOSIS.zh,
    "cause": Cause.OWN_ILLNESS.zh,
}
HOUSEHOLD = {
    "card": FIELDS["card"],
    "health": str(Health.URAEMIA),
    "monthly_income": FIELDS["income"],
    "main_cause": str(Cause.OWN_ILLNESS),
    "papers": [str(code) for code in PaperCode],
    "expenses": [{**RECEIPT, "amount": FIELDS["expense"]}],
}
PLACES = {
    "queue": "/queue/?scope=unit&tab=todo",
    "roll": "/rolls/hardship_aid/meeting/",
    "roll print": "/rolls/hardship_aid/meeting/print/",
    "public list": "/rolls/hardship_aid/publicity/",
    "page": "{here}?tab=panels",
    "peek": "{here}peek/",
    "print": "{here}print/",
    "paper": "{here}papers/file_sheet/",
    "application": "{here}papers/application/",
    "visit record": "{here}papers/visit_record/",
    "first opinion": "{here}papers/first_opinion/",
    "approval form": "{here}papers/approval_form/",
    "posted paper": "{here}papers/publicity/",
    "workbook": "{here}papers/file_sheet.xlsx",
}
_FIGURES = {"income", "expense"}
_WHOLE = {
    *("name", "phone", "address", "illness", "cause", *_FIGURES, "expense_kind"),
}
TEAM = {
    "roll": {"name"},
    "roll print": {"name"},
    "page": {*_WHOLE, "telling_paper"},
    "application": {
        *("name", "phone", "address", "cause", "expense", "telling_paper"),
    },
    "visit record": {"name", "address"},
    "first opinion": {"name", *_FIGURES, "expense_kind"},
    "approval form": {"name", *_FIGURES, "expense_kind"},
    "print": {"name", "phone", "address"},
    "paper": _WHOLE,
    "workbook": _WHOLE,
}
#: Those who see the case and do not handle it read what it came to, and no figure (P-02).
ONLOOKER: dict[str, set[str]] = {}
#: Auditors read the figures, and no kind of expense: it hints at an illness.
AUDITOR = {
    **dict.fromkeys(("page", "paper", "workbook"), _FIGURES),
    **dict.fromkeys(("first opinion", "approval form"), _FIGURES),
    "application": {"expense"},
}
ALLOWED: dict[str, dict[str, set[str]]] = {
    "amin": {**TEAM, "queue": {"name"}, "peek": {"name"}},
    "chendi": TEAM,
    "xiaobo": ONLOOKER,
    "lanyun": ONLOOKER,
    "mediator": ONLOOKER,
    "heshi": ONLOOKER,
    "fangzheng": AUDITOR,
    "helper": {},
    "dinglan": {},
    "gaojing": {},
    "xitong": {},
    "anquan": {},
}


def test_every_role_reads_the_allowed_cells_and_no_other(way: Way) -> None:
    way.to("approval", submit=HOUSEHOLD)
    assert way.case.assignee_id == way.office.amin.person.pk  # type: ignore[union-attr]

    read = {
        (who, place): fields
        for who in ALLOWED
        for place, fields in fields_read(way, who).items()
    }

    allowed = {
        (who, place): ALLOWED[who].get(place, set())
        for who in ALLOWED
        for place in PLACES
    }
    assert {cell: read[cell] for cell in read if read[cell] != allowed[cell]} == {}
    assert len(read) * len(FIELDS) == 12 * 14 * 11


def test_on_a_closed_case_nobody_reads_more_than_an_onlooker(way: Way) -> None:
    way.to("archived", submit=HOUSEHOLD)

    for who in ("xiaobo", "station_head", "chendi", "fangzheng"):
        allowed = AUDITOR if who == "fangzheng" else ONLOOKER
        for place, fields in fields_read(way, who).items():
            assert fields <= allowed.get(place, set()), (who, place)


def fields_read(way: Way, who: str) -> dict[str, set[str]]:
    """Return which fields stand in clear in every place, for this person."""
    client, here = browse(getattr(way.office, who)), f"/cases/{way.case.pk}/"
    found = {}
    for place, address in PLACES.items():
        answer = client.get(address.format(here=here))
        text = answer.content.decode() if place != "workbook" else ""
        if place == "workbook" and answer.status_code == 200:
            book = load_workbook(BytesIO(answer.content))
            text = "\n".join(
                str(cell.value)
                for row in book.worksheets[0].iter_rows()
                for cell in row
            )
        found[place] = {field for field, clear in FIELDS.items() if clear in text}
    return found
