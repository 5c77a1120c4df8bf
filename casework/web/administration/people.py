"""People and accounts: the screens of the security administrator."""

from datetime import date

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from casework import access, wording
from casework.access import LEVELS_OF_ROLE
from casework.domain.errors import Invalid, NotFound
from casework.domain.vocabulary import Role
from casework.models import Membership, Person, Unit, User
from casework.services import people
from casework.web.forms import DayField, form_page, refused
from casework.web.requests import StaffRequest, wearing
from casework.wording import lazy_word, word

PAGE = 50


class NewAccountForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=60,
        help_text=gettext_lazy("字母、数字或汉字，不含空格。例如 chen.di"),
    )


class NewPersonForm(NewAccountForm):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    field_order = ("name", "username")


class AppointmentForm(forms.Form):
    unit = forms.CharField(
        label=gettext_lazy("单位"),
        help_text=gettext_lazy("写单位全称或代码，例如 姑苏区帮扶中心 或 320508。"),
    )
    role = forms.TypedChoiceField(
        label=gettext_lazy("岗位"),
        coerce=Role,
        choices=[(str(role), lazy_word(role)) for role in LEVELS_OF_ROLE],
    )
    first_day = DayField(label=gettext_lazy("任职第一天"))
    last_day = DayField(
        label=gettext_lazy("任职最后一天"),
        required=False,
        help_text=gettext_lazy("不写就是一直任职。"),
    )

    def clean_unit(self) -> Unit:
        text = self.cleaned_data["unit"].strip()
        found: list[Unit] = list(Unit.objects.filter(Q(code=text) | Q(name=text))[:2])
        if not found:
            raise forms.ValidationError(
                _("没有叫“%(text)s”的单位。请写全称，或到“组织”里查代码。"),
                params={"text": text},
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("叫“%(text)s”的单位不止一个，请写代码。"), params={"text": text}
            )
        return found[0]


class EndForm(forms.Form):
    last_day = DayField(label=gettext_lazy("任职最后一天"))


@wearing(Role.SECURITY_ADMINISTRATOR)
def people_list(request: StaffRequest) -> HttpResponse:
    """List the people in the administrator's charge, by name; the URL is the state."""
    text = request.GET.get("q", "").strip()
    after = request.GET.get("after", "")
    rows = _found(access.people_in_charge(request.actor), text)
    page = list(_from(rows, after)[: PAGE + 1])
    more = page[PAGE - 1] if len(page) > PAGE else None
    return render(
        request,
        "administration/people.html",
        {
            "people": page[:PAGE],
            "q": text,
            "next_url": _next(text, more) if more else None,
        },
    )


@wearing(Role.SECURITY_ADMINISTRATOR)
def people_new(request: StaffRequest) -> HttpResponse:
    """Register a person and open the first account in one go."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = people.register_with_account(
                name=form.cleaned_data["name"],
                username=form.cleaned_data["username"],
                by=request.actor,
            )
        except Invalid as mistake:
            refused(form, mistake)
        else:
            return _show_password(request, user, password)
    return form_page(
        request,
        form,
        title=_("登记人员"),
        submit=_("登记并开账号"),
        back_url=reverse("people"),
        back_label=_("人员与账号"),
    )


@wearing(Role.SECURITY_ADMINISTRATOR)
def people_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a person's accounts and hats, past ones included."""
    return render(
        request,
        "administration/person.html",
        {
            "person": _person(request, pk),
            "today": timezone.localdate(),
            "myself": request.actor.person is not None
            and request.actor.person.pk == pk,
        },
    )


@wearing(Role.SECURITY_ADMINISTRATOR)
def people_account(request: StaffRequest, pk: int) -> HttpResponse:
    """Open one more account for a person."""
    person = _person(request, pk)
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = people.open_account(
                person=person, username=form.cleaned_data["username"], by=request.actor
            )
        except Invalid as mistake:
            refused(form, mistake)
        else:
            return _show_password(request, user, password)
    return _person_page(
        request, form, person, title=_("再开一个账号"), submit=_("开账号")
    )


@wearing(Role.SECURITY_ADMINISTRATOR)
def people_appoint(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a person a hat."""
    person = _person(request, pk)
    form = AppointmentForm(
        request.POST or None, initial={"first_day": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            hat = people.appoint(person=person, by=request.actor, **form.cleaned_data)
        except Invalid as mistake:
            refused(form, mistake)
        else:
            messages.success(request, _("已办任职：%(hat)s。") % {"hat": _told(hat)})
            return redirect("people_one", pk=pk)
    title = _("给%(name)s办理任职") % {"name": person.name}
    return _person_page(request, form, person, title=title, submit=_("办理任职"))


@wearing(Role.SECURITY_ADMINISTRATOR)
def people_end(request: StaffRequest, pk: int, hat: int) -> HttpResponse:
    """End a hat on a day."""
    person = _person(request, pk)
    membership = person.memberships.select_related("unit").filter(pk=hat).first()
    if membership is None:
        raise NotFound(_("没有这一段任职。"))
    form = EndForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        last_day: date = form.cleaned_data["last_day"]
        try:
            people.end_appointment(
                membership=membership, last_day=last_day, by=request.actor
            )
        except Invalid as mistake:
            refused(form, mistake)
        else:
            messages.success(
                request,
                _("任职到 %(day)s 结束：%(hat)s。")
                % {"day": wording.day(last_day), "hat": _told(membership)},
            )
            return redirect("people_one", pk=pk)
    return _person_page(
        request,
        form,
        person,
        title=_("结束任职"),
        submit=_("结束任职"),
        note=_told(membership),
    )


@wearing(Role.SECURITY_ADMINISTRATOR)
@require_POST
def people_account_act(
    request: StaffRequest, pk: int, account: int, act: str
) -> HttpResponse:
    """Reset the password of an account, stop it, or let it in again."""
    person = _person(request, pk)
    user = person.accounts.filter(pk=account).first()
    if user is None:
        raise NotFound(_("没有这个账号。"))
    match act:
        case "reset":
            password = people.reset_password(user=user, by=request.actor)
            return _show_password(request, user, password)
        case "close":
            people.close_account(user=user, by=request.actor)
            told = _("账号 %(name)s 已停用，正在用它的人下一步就会退出。")
        case "reopen":
            people.reopen_account(user=user, by=request.actor)
            told = _("账号 %(name)s 已恢复。")
        case _other:
            raise NotFound(_("没有这个操作。"))
    messages.success(request, told % {"name": user.username})
    return redirect("people_one", pk=pk)


def _person_page(
    request: StaffRequest, form: forms.Form, person: Person, **words: str
) -> HttpResponse:
    return form_page(
        request,
        form,
        back_url=reverse("people_one", args=[person.pk]),
        back_label=person.name,
        **words,
    )


def _show_password(request: StaffRequest, user: User, password: str) -> HttpResponse:
    # Shown in the answer itself, once: the password is kept nowhere in clear.
    return render(
        request,
        "administration/password.html",
        {"account": user, "person": user.person, "password": password},
    )


def _person(request: StaffRequest, pk: int) -> Person:
    hats = Membership.objects.select_related("unit").order_by("-during", "id")
    person = (
        access.people_in_charge(request.actor)
        .prefetch_related("accounts", Prefetch("memberships", hats))
        .filter(pk=pk)
        .first()
    )
    if person is None:
        raise NotFound(_("没有这个人，或者他不在您管的城市任职。"))
    return person


def _found(rows: QuerySet[Person], text: str) -> QuerySet[Person]:
    if text:
        rows = rows.filter(
            Q(name__contains=text) | Q(accounts__username__icontains=text)
        ).distinct()
    today = timezone.localdate()
    hats = Membership.objects.on(today).select_related("unit").order_by("unit__path")
    return rows.order_by("name", "pk").prefetch_related(
        "accounts", Prefetch("memberships", hats, to_attr="hats_today")
    )


def _from(rows: QuerySet[Person], after: str) -> QuerySet[Person]:
    name, _line, pk = after.rpartition("\n")
    if not pk.isdecimal():
        return rows
    return rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(pk)))


def _next(text: str, last: Person) -> str:
    return "?" + urlencode({"q": text, "after": f"{last.name}\n{last.pk}"})


def _told(hat: Membership) -> str:
    return f"{hat.person.name} · {hat.unit.name} · {word(hat.role)} · {hat.term}"
