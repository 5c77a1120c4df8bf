"""How every form of the site is drawn."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Draws fields with a label, a hint, and the mistake beside the field it concerns."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
