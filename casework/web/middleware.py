"""Who acts and in which language, settled once for each request."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone, translation

from casework import access
from casework.access import Actor
from casework.domain import masking
from casework.domain.errors import CaseworkError, Conflict, Forbidden, NotFound
from casework.models import Membership
from casework.services import sessions
from casework.web.requests import StaffRequest
from casework.wording import sentence

Next = Callable[[HttpRequest], HttpResponse]

HAT = "hat"  # session key: the membership worn now
#: In the address of the log-in page: a form was sent to which nobody is logged in.
UNSAVED = "unsaved"


class LogInFirstMiddleware(LoginRequiredMiddleware):
    """Sends who is not logged in to do so; the page then says what was not saved."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        response = super().handle_no_permission(request, view_func)
        if request.method == "POST":
            response.headers["Location"] += f"&{UNSAVED}=1"
        return response


class ActorMiddleware:
    """Resolves the actor once, and shows every refusal of the engine as a page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            acting(request)
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, CaseworkError):
            return None
        # It may quote the address, and that a number that somebody put there.
        told = masking.in_text(sentence(exception))
        if isinstance(exception, Forbidden) and request.user.is_authenticated:
            sessions.denied(by=acting(request), path=request.path, reason=told)
        return render(
            request,
            "errors/refused.html",
            {
                "status": _status(exception),
                "message": told,
                "case_url": _case_of(request),
            },
            status=_status(exception),
        )


def _case_of(request: HttpRequest) -> str:
    """Return the page of the case that the address names; "" when none is there for him."""
    at = request.resolver_match
    case_id = at.kwargs.get("case_id") if at else None
    if case_id is None or not request.user.is_authenticated:
        return ""
    is_there = access.visible(acting(request)).filter(pk=case_id).exists()
    return reverse("case", args=[case_id]) if is_there else ""


def acting(request: HttpRequest) -> Actor:
    """Return who acts in this request, worked out once: the person and the hat worn."""
    staff = cast(StaffRequest, request)
    if not hasattr(staff, "actor"):
        person = staff.user.person
        staff.hats = access.hats(person, on=timezone.localdate())
        staff.actor = Actor(user=staff.user, person=person, membership=_worn(staff))
    return staff.actor


def _worn(request: StaffRequest) -> Membership | None:
    chosen = request.session.get(HAT)
    for hat in request.hats:
        if hat.pk == chosen:
            return hat
    return request.hats[0] if request.hats else None


def _status(problem: CaseworkError) -> int:
    match problem:
        case NotFound():
            return 404
        case Forbidden():
            return 403
        case Conflict():
            return 409
        case _:
            return 422


class LanguageMiddleware:
    """Speaks the person's own language; before log-in, the one the browser last chose."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = (
            request.user.language
            if request.user.is_authenticated
            else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        )
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class InitialPasswordMiddleware:
    """Sends a person whose password somebody else knows to choose a new one first."""

    ALLOWED = frozenset({"change_password", "log_out", "preferences"})

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            user.is_authenticated
            and user.must_change_password
            and not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/")
            and resolve(request.path_info).url_name not in self.ALLOWED
        ):
            return redirect("change_password")
        return self.get_response(request)


class PrivateMiddleware:
    """Keeps pages of a logged-in person out of every cache (S24)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
