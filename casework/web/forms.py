"""How every form of the site is drawn, and how the engine's refusals get into it."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict

from casework.domain.errors import Invalid
from casework.wording import sentence


class FormRenderer(TemplatesSetting):
    """Draws fields with a label, a hint, and the mistake beside the field it concerns."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class DayField(forms.DateField):
    """A day of the calendar, picked or typed as 2026-09-29."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%Y-%m-%d"])
        options.setdefault(
            "widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        )
        super().__init__(**options)


class MomentField(forms.DateTimeField):
    """A day and a time, picked or typed as 2026-09-29T16:40."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%Y-%m-%dT%H:%M"])
        options.setdefault(
            "widget",
            forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        )
        super().__init__(**options)


def fill_in(form: forms.Form, typed: MultiValueDict[str, str]) -> None:
    """Show what was typed as it was typed: no field is wrong before it is sent."""
    for name, field in form.fields.items():
        widget, control = field.widget, form.add_prefix(name)
        no_files: MultiValueDict[str, Any] = MultiValueDict()
        if not widget.value_omitted_from_data(typed, no_files, control):
            said = widget.value_from_datadict(typed, no_files, control)
            form.initial[name] = said


def refused(form: forms.Form, mistake: Invalid) -> None:
    """Put what the engine refused beside the field that it concerns."""
    field = mistake.field if mistake.field in form.fields else None
    form.add_error(field, sentence(mistake))


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    back_url: str,
    back_label: str,
    note: str = "",
) -> HttpResponse:
    """Show one form on a page of its own; 422 when it came back with mistakes."""
    return render(
        request,
        "forms/page.html",
        {
            "form": form,
            "title": title,
            "submit": submit,
            "back_url": back_url,
            "back_label": back_label,
            "note": note,
        },
        status=422 if form.errors else 200,
    )
