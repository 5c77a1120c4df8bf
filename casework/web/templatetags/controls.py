"""`{{ field|control }}`: a form field's control in the classes of the style sheet."""

from django import template
from django.forms import BaseForm, BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
)
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw the control; its label, hint and mistakes are the template's."""
    return field.as_widget(attrs={"class": _look(field)})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the control is a single box, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def mistakes(form: BaseForm) -> int:
    """Count what there is to change: a field may have several mistakes."""
    return sum(len(said) for said in form.errors.values())


def _look(field: BoundField) -> str:
    match field.field.widget:
        case CheckboxInput() | RadioSelect() | CheckboxSelectMultiple():
            return "form-check-input"
        case Select():
            return "form-select"
        case _:
            return "form-control"
