"""Who reconsiders a rejection: the next higher level than who rejected (H-31)."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.lifecycle import Registry
from casework.models import Act, Unit
from casework.services import once


def is_the_citys(case: Any) -> bool:
    """Whether who rejected acted for the city: at its review, or lent to the county."""
    acts = Act.objects.filter(case_id=case.pk, step="step.reject").order_by("-version")
    units = acts.values_list("unit_id", flat=True)
    rejected_by = once.read(case, "rejected by", units.first)
    return rejected_by is not None and rejected_by == case.city_id


def goes_above(case: Any, at: datetime) -> bool:
    """Whether the union above the city decides: the city rejected, or has nobody free."""
    if is_the_citys(case):
        return True
    own = Registry.get(case.kind).steps["uphold_rejection"]
    return access.has_nobody(case, own, on=timezone.localdate(at))


def union_above(case: Any) -> str:
    """Return the name of the union above the city."""
    above = Unit.objects.get_parent(case.city)
    return above.name if above else _("上一级工会")
