"""The glossary's words in the reader's language."""

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.domain.vocabulary import Word


def word(term: Word) -> str:
    """Return the term in the active language."""
    return term.en if (get_language() or "").startswith("en") else term.zh


#: `lazy_word(term)`: the term as a text that takes its language when it is shown.
lazy_word = lazy(word, str)


def enumeration(words: Iterable[str]) -> str:
    """Return the words in a row: 办案员、调解员 or Caseworker, Mediator."""
    return _("、").join(words)
