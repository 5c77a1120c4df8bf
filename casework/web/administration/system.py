"""System status: what `manage.py doctor` says, for the system administrator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from casework.domain.vocabulary import Role
from casework.reports import health
from casework.web.requests import StaffRequest, wearing


@wearing(Role.SYSTEM_ADMINISTRATOR)
def system(request: StaffRequest) -> HttpResponse:
    """List the findings, the failed ones first."""
    findings = sorted(
        health.examine(at=timezone.now()), key=lambda finding: finding.state.severity
    )
    return render(request, "administration/system.html", {"findings": findings})
