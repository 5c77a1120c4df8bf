"""What the reader reads in his language: the glossary's words, the domain's sentences."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.domain.deadlines import Sentence
from casework.domain.deadlines.phrases import EN, ZH, Phrases
from casework.domain.errors import CaseworkError
from casework.domain.money import in_yuan
from casework.domain.rules import Measure, Threshold
from casework.domain.vocabulary import Word


def sentence(problem: CaseworkError) -> str:
    """Return what went wrong; the calculus, which knows no Django, brings both languages."""
    told = problem.args[0]
    if isinstance(told, Sentence):
        return told.en if _reads_english() else told.zh
    return str(told)


def word(term: Word) -> str:
    """Return the term in the active language."""
    return term.en if _reads_english() else term.zh


#: `lazy_word(term)`: the term as a text that takes its language when it is shown.
lazy_word = lazy(word, str)


def enumeration(words: Iterable[str]) -> str:
    """Return the words in a row: 办案员、调解员 or Caseworker, Mediator."""
    return _("、").join(words)


def cited(basis: str) -> str:
    """Return what a rule rests on in the reader's language, where it is one we ship."""
    return _(basis)


def phrases() -> Phrases:
    """Return how days and periods are said in the reader's language."""
    return EN if _reads_english() else ZH


def day(value: date) -> str:
    """Say a day with its year: 2026年9月24日; a moment's is that of the site's time zone."""
    on = timezone.localdate(value) if isinstance(value, datetime) else value
    return phrases().day_of_year(on)


def moment(value: datetime) -> str:
    """Say a day with its year, and the time: 2026年9月24日 10:00."""
    return f"{day(value)} {timezone.localtime(value):%H:%M}"


def amount(threshold: Threshold) -> str:
    """Return the figure as it is read: 3,000.00 元, 80%, 2 倍, 开."""
    value = threshold.value
    match threshold.unit:
        case Measure.FEN:
            return _("%(sum)s 元") % {"sum": in_yuan(value)}
        case Measure.PERCENT:
            return f"{value}%"
        case Measure.TIMES_HUNDREDTHS:
            times = in_yuan(value).removesuffix("0").removesuffix("0").removesuffix(".")
            return _("%(times)s 倍") % {"times": times}
        case Measure.SWITCH:
            return _("开") if value else _("关")
        case Measure.COUNT:
            return str(value)
    return f"{value} {word(threshold.unit)}"


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")
