"""The glossary's words in the reader's language."""

from django.utils.functional import lazystr
from django.utils.translation import get_language

from casework.domain.vocabulary import Word


def word(term: Word) -> str:
    """Return the term in the active language."""
    return term.en if (get_language() or "").startswith("en") else term.zh


def lazy_word(term: Word) -> str:
    """Return the term as a string that takes its language when it is shown."""
    return lazystr(_Shown(term))


class _Shown:
    def __init__(self, term: Word) -> None:
        self.term = term

    def __str__(self) -> str:
        return word(self.term)
