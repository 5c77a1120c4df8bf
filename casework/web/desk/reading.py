"""That somebody read names in clear: once a session and case, not every refresh."""

from collections.abc import Iterable

from casework.models import Case
from casework.services import audit
from casework.web.requests import StaffRequest

#: Session key: the cases whose names were read in clear.
_READ = "cases_read"


def note(request: StaffRequest, case: Case) -> None:
    """Log that the names of a case were read in clear."""
    if fresh(request, [case]):
        audit.looked("case.read", by=request.actor, cases=[case])


def fresh(request: StaffRequest, cases: Iterable[Case]) -> list[Case]:
    """Return the cases that were not read in this session, which now are."""
    read = request.session.get(_READ, [])
    found = [case for case in cases if case.pk not in read]
    if found:
        request.session[_READ] = [*read, *(case.pk for case in found)]
    return found
