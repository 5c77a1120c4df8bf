"""The glossary's words in the reader's language."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from casework.domain.vocabulary import Word


def word(term: Word) -> str:
    """Return the term in the active language."""
    return term.en if (get_language() or "").startswith("en") else term.zh


#: `lazy_word(term)`: the term as a text that takes its language when it is shown.
lazy_word = lazy(word, str)
