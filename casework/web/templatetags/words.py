"""`{{ role|word }}`: the glossary in templates."""

from django import template

from casework.domain.vocabulary import Word
from casework.wording import word

register = template.Library()


@register.filter(name="word")
def show(term: Word) -> str:
    """Return the glossary word in the reader's language."""
    return word(term)
