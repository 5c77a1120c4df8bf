"""Who reconsiders a rejection: the next higher level than who rejected (H-31)."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.lifecycle import Registry
from casework.models import Act, Unit


def is_the_citys(case: Any) -> bool:
    """Whether who rejected acted for the city: at its review, or lent to the county."""
    if "rejected_by_unit" not in vars(case):  # several guards ask
        acts = Act.objects.filter(case_id=case.pk, step="step.reject")
        last = acts.order_by("-version").values_list("unit_id", flat=True).first()
        case.rejected_by_unit = last
    return case.rejected_by_unit is not None and case.rejected_by_unit == case.city_id


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
