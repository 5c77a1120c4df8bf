"""The desk: where everybody arrives, and the queue of those who work on cases."""

from django.http import HttpResponse
from django.shortcuts import render

from casework.access import CASE_ROLES
from casework.domain.vocabulary import CaseKind, Light, Tab
from casework.web.requests import StaffRequest, wearing


def home(request: StaffRequest) -> HttpResponse:
    """Show who the person is here today and what each hat opens."""
    return render(request, "desk/home.html", {"kinds": list(CaseKind)})


@wearing(*CASE_ROLES)
def queue(request: StaffRequest) -> HttpResponse:
    """Show the queue of the unit, one tab at a time; the URL is the state."""
    asked = request.GET.get("tab", Tab.TODO)
    tab = Tab(asked) if asked in set(Tab) else Tab.TODO
    return render(
        request,
        "desk/queue.html",
        {"tab": tab, "tabs": list(Tab), "lights": list(Light)[:5]},
    )
