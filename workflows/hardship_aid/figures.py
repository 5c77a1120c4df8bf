"""The figures of the rules that hold for one application: sums, numbers of times."""

from typing import Any

from django.utils import timezone

from casework.models import Unit
from casework.services import rules


def figure(case: Any, name: str) -> int:
    """Return the figure in force where the case belongs, on its application date.

    Raises KeyError for a name that no edition of the rules knows.
    """
    unit = Unit.objects.get(pk=case.county_id or case.city_id)
    day = timezone.localdate(case.opened_at)
    return rules.threshold(case.kind, name, unit_path=unit.path, on=day).value
