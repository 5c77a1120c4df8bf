"""Search: one box on every page; the cases that a text may mean, and why each was found."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Actor
from casework.domain.sealing import SealError
from casework.models.sealing import ring
from casework.reports import search as reports
from casework.reports.caseload import MOST
from casework.reports.search import Found, Hit, Reason
from casework.services import audit
from casework.web.desk import queue
from casework.web.desk.case import READERS
from casework.web.requests import StaffRequest, wearing
from casework.wording import enumeration, word


@wearing(*READERS)
def search(request: StaffRequest) -> HttpResponse:
    """Take what is searched for, and show what was found.

    The address of a result holds the text sealed for this person: a name or a number in
    an address would stand in the logs of every machine on the way.
    """
    if request.method == "POST":
        text = request.POST.get("text", "").strip()[: reports.LONGEST]
        return redirect(_address(request.actor, text))
    text = _opened(request.actor, request.GET.get("q", ""))
    before = request.GET.get("before", "")
    if not text:
        return render(request, "desk/search.html", {"text": "", "rows": []})
    now = timezone.now()
    found = reports.find(
        request.actor,
        text,
        on=timezone.localdate(now),
        before=int(before) if before.isascii() and before.isdecimal() else None,
    )
    _note(request.actor, found)
    return render(
        request,
        "desk/search.html",
        {
            "text": text,
            "rows": [
                {"row": queue.row(request.actor, hit.case, now), "why": _why(hit)}
                for hit in found.hits
            ],
            "summary": _summary(found),
            "next_url": _address(request.actor, text, before=found.next)
            if found.next
            else "",
            "first_url": _address(request.actor, text) if before else "",
        },
    )


def _why(hit: Hit) -> str:
    return enumeration(dict.fromkeys(_reason(reason) for reason in hit.reasons))


def _reason(reason: Reason) -> str:
    if reason.part is None:
        return word(reason.match)
    told = {"match": word(reason.match), "part": word(reason.part)}
    return _("%(match)s（%(part)s）") % told


def _summary(found: Found) -> str:
    if found.count > MOST:
        return _("找到 %(n)s 件以上") % {"n": MOST}
    return _("找到 %(n)s 件") % {"n": found.count}


def _note(actor: Actor, found: Found) -> None:
    """Log that a number was looked for in full, and which cases it led to."""
    if not found.numbers:
        return
    audit.looked(
        "search.by_number",
        by=actor,
        cases=[hit.case for hit in found.hits],
        scopes=[str(scope) for scope in found.numbers],
    )


def _address(actor: Actor, text: str, *, before: int | None = None) -> str:
    if not text:
        return reverse("search")
    sealed = urlsafe_b64encode(ring().seal(text, _place(actor))).decode()
    query = {"q": sealed, **({"before": before} if before is not None else {})}
    return f"{reverse('search')}?{urlencode(query)}"


def _opened(actor: Actor, sealed: str) -> str:
    """Return the text of an address; "" for one that was not made for this person."""
    try:
        return ring().open(urlsafe_b64decode(sealed), _place(actor))
    except (NotBase64, ValueError, SealError):
        return ""


def _place(actor: Actor) -> str:
    assert actor.person is not None
    return f"search:{actor.person.pk}"
