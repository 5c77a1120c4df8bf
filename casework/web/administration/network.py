"""The organisation: the tree of units, and the stations that are opened by hand."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import access, wording
from casework.domain.errors import Invalid, NotFound
from casework.domain.vocabulary import Level, Role, UnitKind
from casework.models import Membership, Unit
from casework.reports import network as report
from casework.services import units
from casework.web.forms import form_page, refused
from casework.web.requests import StaffRequest, wearing
from casework.wording import word


class StationForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=100,
        help_text=gettext_lazy("例如 云帆包装有限公司帮扶站"),
    )
    short_name = forms.CharField(
        label=gettext_lazy("简称"),
        max_length=40,
        help_text=gettext_lazy("列表和案件号里用，例如 云帆"),
    )


def network(request: StaffRequest) -> HttpResponse:
    """Show the units found, or the tree from the person's own city down."""
    text = request.GET.get("q", "").strip()
    if text:
        return _search(request, text)
    start = _home(request)
    if start is None:
        return render(request, "administration/network_empty.html")
    return _show(request, start)


def network_unit(request: StaffRequest, code: str) -> HttpResponse:
    """Show one unit: where it stands, what is below it, who works there."""
    return _show(request, _unit(code))


@wearing(Role.SECURITY_ADMINISTRATOR)
def network_open(request: StaffRequest, code: str) -> HttpResponse:
    """Open a station in an enterprise below a county centre."""
    centre = _unit(code)
    form = StationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            station = units.open_station(
                under=centre, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Invalid as mistake:
            refused(form, mistake)
        else:
            told = _("已设立%(unit)s，代码 %(code)s。")
            messages.success(
                request, told % {"unit": station.name, "code": station.code}
            )
            return redirect("network_unit", code=station.code)
    return _station_page(
        request, form, centre, title=_("设立企业帮扶站"), submit=_("设立")
    )


@wearing(Role.SECURITY_ADMINISTRATOR)
def network_rename(request: StaffRequest, code: str) -> HttpResponse:
    """Give an enterprise station another name."""
    station = _unit(code)
    form = StationForm(
        request.POST or None,
        initial={"name": station.name, "short_name": station.short_name},
    )
    if request.method == "POST" and form.is_valid():
        try:
            renamed = units.rename(unit=station, by=request.actor, **form.cleaned_data)
        except Invalid as mistake:
            refused(form, mistake)
        else:
            messages.success(
                request, _("名称已改为%(unit)s。") % {"unit": renamed.name}
            )
            return redirect("network_unit", code=code)
    return _station_page(request, form, station, title=_("改名"), submit=_("改名"))


@wearing(Role.SECURITY_ADMINISTRATOR)
def network_close(request: StaffRequest, code: str) -> HttpResponse:
    """Close a unit from today on; what speaks against it is said on the same page."""
    unit = _unit(code)
    obstacle = None
    if request.method == "POST":
        try:
            closed = units.close_unit(unit=unit, by=request.actor, at=timezone.now())
        except Invalid as mistake:
            obstacle = mistake.message
        else:
            told = _("%(unit)s自 %(day)s 起撤销。")
            day = wording.day(closed.during.upper)
            messages.success(request, told % {"unit": closed.name, "day": day})
            return redirect("network_unit", code=code)
    return render(
        request,
        "administration/unit_close.html",
        {"unit": unit, "obstacle": obstacle},
        status=422 if obstacle else 200,
    )


def _station_page(
    request: StaffRequest, form: StationForm, unit: Unit, *, title: str, submit: str
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        submit=submit,
        back_url=reverse("network_unit", args=[unit.code]),
        back_label=unit.name,
    )


def _search(request: StaffRequest, text: str) -> HttpResponse:
    root = Unit.objects.order_by("path").first()
    hits = report.search(text, within=root) if root else report.Hits([], more=False)
    return render(
        request, "administration/network_found.html", {"q": text, "hits": hits}
    )


def _show(request: StaffRequest, unit: Unit) -> HttpResponse:
    today = timezone.localdate()
    return render(
        request,
        "administration/unit.html",
        {
            "unit": unit,
            "above": Unit.objects.get_ancestors(unit),
            "counts": _sentence(report.level_counts(unit, on=today), unit),
            "branches": report.children(unit, on=today),
            "hats": _hats(request, unit),
            "may_open": _may(request, unit) and unit.level == Level.COUNTY,
            "may_rename": _may(request, unit)
            and unit.kind == UnitKind.ENTERPRISE_STATION,
            "may_close": _may(request, unit) and unit.during.upper is None,
        },
    )


def _sentence(counts: dict[Level, int], unit: Unit) -> str:
    below = [
        f"{word(level)} {count}"
        for level, count in counts.items()
        if level != unit.level
    ]
    return " · ".join(below)


def _hats(request: StaffRequest, unit: Unit) -> list[Membership] | None:
    """Who works here today; None for somebody whose hat does not reach the unit."""
    if not access.holds(request.actor, unit):
        return None
    return list(
        unit.memberships.on(timezone.localdate())
        .select_related("person")
        .order_by("role", "person__name")
    )


def _may(request: StaffRequest, unit: Unit) -> bool:
    actor = request.actor
    return actor.wears(Role.SECURITY_ADMINISTRATOR) and access.holds(actor, unit)


def _home(request: StaffRequest) -> Unit | None:
    """The city of the hat worn now, or the top of the tree."""
    hat = request.actor.membership
    start: Unit | None = None
    if hat is not None:
        above = Unit.objects.get_ancestors(hat.unit)
        start = above.filter(level=Level.CITY).first() or hat.unit
    return start or Unit.objects.order_by("path").first()


def _unit(code: str) -> Unit:
    unit: Unit | None = Unit.objects.filter(code=code).first()
    if unit is None:
        raise NotFound(_("没有代码为 %(code)s 的单位。") % {"code": code})
    return unit
