"""The papers of a file, printed from what it holds (domain.md 8.2)."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.hardship_aid import file_sheet, file_workbook
from workflows.hardship_aid.dossier import Dossier, unit_named
from workflows.hardship_aid.file_workbook import FileDossier
from workflows.hardship_aid.papers import paper

REVIEWS = ("review", "observe", "relapse", "pass_again")


def _told(dossier: Dossier) -> dict[str, Any]:
    """Return what the papers of a file say beside its last act."""
    return {
        "sheet": file_sheet.two_in_a_row(dossier),
        "life": file_workbook.lives(dossier.case, dossier.view),
        "receiver": unit_named(dossier.details.moves_to_id),
    }


_paper = partial(paper, of=FileDossier, more=_told)

FILE_PAPERS = (
    _paper(
        "file_record",
        _("困难职工档案表"),
        after=("case.opened",),
        awaits=_("建档以后才有。"),
        basis="H-33",
        has_numbers=True,
        workbook=file_workbook.workbook,
    ),
    _paper(
        "review_form",
        _("年度复核表"),
        after=REVIEWS,
        awaits=_("复核以后才有。"),
        basis="H-34",
        has_numbers=True,
        period="yearly_review",
    ),
    _paper(
        "removal_notice",
        _("撤档告知书"),
        after=("notice_removal",),
        awaits=_("告知拟撤档以后才有。"),
        basis="H-37",
        goes_out=True,
        period="removal_objection",
    ),
    _paper(
        "removal_form",
        _("撤档审批表"),
        after=("notice_removal", "deregister"),
        awaits=_("告知拟撤档以后才有。"),
        basis="H-37",
        has_numbers=True,
    ),
    _paper(
        "transfer_letter",
        _("转移函"),
        after=("move_out",),
        awaits=_("转出以后才有。"),
        basis="H-39",
        goes_out=True,
        period="move",
    ),
)
