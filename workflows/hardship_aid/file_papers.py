"""The papers of a file, printed from what it holds (domain.md 8.2)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.lifecycle import Paper, View
from workflows.hardship_aid import file_sheet, file_workbook
from workflows.hardship_aid.dossier import standing_acts, unit_named
from workflows.hardship_aid.file_workbook import FileDossier

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_FOLDER = "hardship_aid/papers"
REVIEWS = ("review", "observe", "relapse", "pass_again")


def _paper(
    code: str,
    title: "_StrPromise",
    *,
    after: tuple[str, ...],
    awaits: "_StrPromise",
    basis: str,
    period: str = "",
    workbook: Callable[[Any, View], bytes] | None = None,
) -> Paper:
    """Declare a paper that is there once one of these steps was taken."""

    def context(case: Any, view: View) -> dict[str, Any]:
        dossier = FileDossier(case, view)
        taken = [dossier.acts[step] for step in after if step in dossier.acts]
        act = max(taken, key=lambda said: said.version)
        return {
            "d": dossier,
            "act": act,
            "issuer": act.unit or dossier.units["county"],
            "ground": dossier.ground(period) if period else None,
            "sheet": file_sheet.two_in_a_row(dossier),
            "life": file_workbook.lives(case, view),
            "receiver": unit_named(dossier.details.moves_to_id),
        }

    return Paper(
        code=code,
        title=title,
        template=f"{_FOLDER}/{code}.html",
        context=context,
        is_ready=lambda case: not standing_acts(case).keys().isdisjoint(after),
        awaits=awaits,
        basis=basis,
        workbook=workbook,
    )


FILE_PAPERS = (
    _paper(
        "file_record",
        _("困难职工档案表"),
        after=("case.opened",),
        awaits=_("建档以后才有。"),
        basis="H-33",
        workbook=file_workbook.workbook,
    ),
    _paper(
        "review_form",
        _("年度复核表"),
        after=REVIEWS,
        awaits=_("复核以后才有。"),
        basis="H-34",
        period="yearly_review",
    ),
    _paper(
        "removal_notice",
        _("撤档告知书"),
        after=("notice_removal",),
        awaits=_("告知拟撤档以后才有。"),
        basis="H-37",
        period="removal_objection",
    ),
    _paper(
        "removal_form",
        _("撤档审批表"),
        after=("notice_removal", "deregister"),
        awaits=_("告知拟撤档以后才有。"),
        basis="H-37",
    ),
    _paper(
        "transfer_letter",
        _("转移函"),
        after=("move_out",),
        awaits=_("转出以后才有。"),
        basis="H-39",
        period="move",
    ),
)
