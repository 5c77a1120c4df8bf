"""The figures of the rules that hold for one application: sums, numbers of times."""

from typing import Any

from django.utils import timezone

from casework.services import rules


def figure(case: Any, name: str) -> int:
    """Return the figure in force where the case belongs, on its application date.

    Raises KeyError for a name that no edition of the rules knows.
    """
    place = case.county or case.city
    day = timezone.localdate(case.opened_at)
    book = rules.book_of(case)
    return book.threshold(case.kind, name, unit_path=place.path, on=day).value
