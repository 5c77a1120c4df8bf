"""What the case page shows of a file: its life, the household, what the figures say."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework import access
from casework.domain.money import in_yuan
from casework.lifecycle import Panel, View
from casework.models import Case
from casework.services import records
from workflows.hardship_aid import file_guards, panels, reading
from workflows.hardship_aid.models import FileReview, HardshipFileDetails


def life(case: Any, view: View) -> dict[str, Any]:
    """Return where the file stands, from where it came and where it goes (H-34 to H-39)."""
    details = case.details
    reads = reading.reads_figures(case, view)
    goes_on = HardshipFileDetails.objects.filter(moved_from_id=case.pk).first()
    return {
        "details": details,
        "application": _told(details.application, view),
        "came_from": _told(details.moved_from, view),
        "goes_to": details.moves_to,
        "goes_on": _told(goes_on.case if goes_on else None, view),
        "blocked": file_guards.aid_is_blocked(case, at=view.at),
        "reviews": [
            {
                "day": review.reviewed_on,
                "outcome": review.outcome,
                "proposed": review.proposed_category,
                "category": review.category,
                "per_head": in_yuan(review.per_head_fen) if reads else "",
                "against": reading.against(review.per_head_fen, review.standard_fen),
                "standard": in_yuan(review.standard_fen),
                "reasons": review.reasons if view.in_clear else "",
            }
            for review in _reviews(case)
        ],
    }


def household(case: Any, view: View) -> dict[str, Any]:
    """Return the members and the money; a file asks for no authorisation of its own."""
    shown = panels.household(case, view)
    for member in shown["members"]:
        member["must_sign"] = False
    return shown


def _reviews(case: Case) -> list[FileReview]:
    return records.of(case, FileReview)[::-1]


def _told(case: Case | None, view: View) -> dict[str, Any]:
    """Return a case by its number, with its id for who may open it."""
    if case is None:
        return {}
    return {
        "number": case.number,
        "id": case.pk if access.sees(view.actor, case) else None,
    }


FILE_PANELS = (
    Panel(
        code="life",
        label=_("档案情况"),
        template="hardship_aid/panels/file_life.html",
        context=life,
    ),
    Panel(
        code="household",
        label=_("家庭情况"),
        template="hardship_aid/panels/household.html",
        context=household,
    ),
    Panel(
        code="computation",
        label=_("类别测算"),
        template="hardship_aid/panels/computation.html",
        context=panels.shown_computation,
    ),
)
