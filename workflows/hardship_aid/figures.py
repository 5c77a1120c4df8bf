"""The figures of the rules that hold for one case: sums, numbers of times."""

from datetime import date
from typing import Any

from django.utils import timezone

from casework.services import rules


def figure(case: Any, name: str, *, on: date | None = None, kind: str = "") -> int:
    """Return the figure in force where the case belongs, on its application date.

    On another day, or of the rules of another kind of case, where these are named.
    Raises KeyError for a name that no edition of the rules knows.
    """
    place, book = case.county or case.city, rules.book_of(case)
    day = on or timezone.localdate(case.opened_at)
    return book.threshold(kind or case.kind, name, unit_path=place.path, on=day).value
