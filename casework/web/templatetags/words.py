"""`{{ role|word }}`: the glossary in templates."""

from django import template
from django.utils.translation import gettext

from casework.domain.vocabulary import Word
from casework.lifecycle import Registry
from casework.models import Case, Material
from casework.wording import cited, word

register = template.Library()


@register.filter(name="word")
def show(term: Word) -> str:
    """Return the glossary word in the reader's language."""
    return word(term)


@register.filter(name="cited")
def show_basis(basis: str) -> str:
    """Return what a rule rests on, in the reader's language."""
    return cited(basis)


@register.filter
def subject(case: Case) -> str:
    """Return what a case is about, in the reader's language where its kind has the term."""
    return Registry.get(case.kind).told(case.subject)


@register.filter
def called(material: Material, case: Case) -> str:
    """Return the title of a material in the reader's language; it is kept in Chinese."""
    return gettext(Registry.get(case.kind).told(material.title))
