"""What may be the same matter: told beside a form, and again while it is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from casework.lifecycle import CaseType, Hint
from casework.models import Case
from casework.web.requests import StaffRequest


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a form: what was found, and where to ask while it is typed."""

    url: str
    #: None while nobody is named, so that nothing was looked for.
    found: list[Hint] | None


def beside(
    kind: CaseType,
    request: StaffRequest,
    *,
    data: Mapping[str, Any],
    url: str,
    case: Case | None = None,
) -> Beside | None:
    """Return what is known of whom the data name; None for a kind that looks for nobody."""
    if kind.hints is None:
        return None
    return Beside(url, kind.hints(data, request.actor, case))


def alone(
    kind: CaseType, request: StaffRequest, *, case: Case | None = None
) -> HttpResponse:
    """Answer a form that is being typed with the hints alone; 204 when none are given."""
    if kind.hints is None:
        return HttpResponse(status=204)
    found = kind.hints(request.POST, request.actor, case)
    return render(request, "desk/opening_hints.html", {"hints": found})
