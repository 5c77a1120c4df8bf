"""The papers and photos of a case: their list, and one of them opened."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from casework.access import CASE_ROLES, Actor
from casework.domain.materials import PICTURES
from casework.domain.vocabulary import Role
from casework.models import Case
from casework.services import materials
from casework.web.requests import StaffRequest, wearing

READERS = (*sorted(CASE_ROLES), Role.AUDITOR)

#: What a browser may do with a file that somebody sent: show it, and nothing else.
_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@wearing(*READERS)
def material(request: StaffRequest, case_id: int, material_id: UUID) -> HttpResponse:
    """Hand a material over: a picture to look at, anything else as a file."""
    found, content = materials.opened(case_id, material_id, by=request.actor)
    is_file = found.content_type not in PICTURES or "download" in request.GET
    named = content_disposition_header(is_file, found.file_name)
    return HttpResponse(
        content,
        content_type=found.content_type,
        headers={
            "Content-Disposition": named or "attachment",
            "Content-Security-Policy": _POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def listing(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what `desk/materials.html` shows: the list, and why nothing opens."""
    return {
        "materials": materials.listed(case),
        "materials_closed": materials.refusal(actor, case),
    }
