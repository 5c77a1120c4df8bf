"""Coming in and going out, the hat worn now, language, theme and password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from casework.services import people, sessions
from casework.web.frame import THEMES
from casework.web.middleware import HAT, UNSAVED, acting
from casework.web.requests import StaffRequest
from casework.wording import word

_A_YEAR = 365 * 24 * 3600


class LogInForm(AuthenticationForm):
    """Says the same for a wrong name and a wrong password, so that neither is found."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "登录名或密码不对。请检查大小写；连续错 10 次，这个账号在本机要等 15 分钟。"
        ),
        "inactive": gettext_lazy("这个账号已停用。请找安全管理员。"),
    }


@method_decorator(login_not_required, name="dispatch")
class LogIn(LoginView):
    """One form; whoever is already in goes straight to the desk."""

    template_name = "session/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        is_unsaved = UNSAVED in self.request.GET
        return super().get_context_data(**context, is_unsaved=is_unsaved)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        sessions.opened(by=acting(self.request))
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        sessions.refused(username=form.data.get("username", ""))
        return super().form_invalid(form)


class LogOut(LogoutView):
    """Ends the session and asks the browser to forget the pages it kept (S24)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            sessions.closed(by=acting(request))
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Show the log-in page with the time to wait; called by django-axes."""
    return render(request, "session/locked_out.html", status=429)


def alive(request: StaffRequest) -> HttpResponse:
    """Answer a page that asks whether somebody is still logged in, before it sends."""
    return HttpResponse(status=204, content_type="text/plain")


@require_POST
def wear_hat(request: StaffRequest) -> HttpResponse:
    """Change the hat: from the next page on the person acts in that role and unit."""
    chosen = request.POST.get("hat", "")
    hat = next((hat for hat in request.hats if str(hat.pk) == chosen), None)
    if hat is None:
        messages.error(request, _("这个任职已经结束，或者不是您的。岗位没有切换。"))
        return _back(request)
    request.session[HAT] = hat.pk
    messages.success(
        request,
        _("现在以%(unit)s%(role)s的身份办理。")
        % {"unit": hat.unit.name, "role": word(hat.role)},
    )
    return redirect("desk")


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the language (with the person, once logged in) and the theme (in the browser)."""
    response = _back(request)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            people.speak(user=request.user, language=language)
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    theme = request.POST.get("theme")
    if theme in THEMES:
        _remember(response, "theme", theme)
    return response


def change_password(request: StaffRequest) -> HttpResponse:
    """Let a person choose a new password; the other sessions of the account end."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.choose_password(
            user=request.user, password=form.cleaned_data["new_password1"]
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("密码已改。其他设备上的登录已经失效。"))
        return redirect("desk")
    return render(request, "session/change_password.html", {"form": form})


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = settings.LOGIN_REDIRECT_URL
    return redirect(target)
