"""How a case begins: its form, its number, its first clocks, its first event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from casework.access import Actor
from casework.domain.errors import InvalidForm
from casework.domain.vocabulary import Level, Sensitivity
from casework.lifecycle import CaseType, Files, OpeningForm
from casework.models import Case, Unit
from casework.services import casefile, lateness, reading, writing
from casework.services.casefile import CaseFile, Snapshot


def begin(
    kind: CaseType,
    *,
    unit: Unit,
    by: Actor,
    at: datetime | None,
    data: Mapping[str, Any],
    files: Files | None,
    late_reason: str,
    late_proof: str,
    command: UUID | None,
) -> Case:
    """Open a case at the unit, inside the caller's transaction."""
    fresh = reading.allocate()
    moment = at or fresh.now
    lateness.check(at=moment, now=fresh.now, reason=late_reason, proof=late_proof)
    lateness.check_receipt(at=moment, now=fresh.now)
    form = kind.opening.form(data, files)
    case = _new_case(kind, unit, fresh.case_id, moment)
    form.ask(case=case, by=by, at=moment)
    if not form.is_valid():
        raise InvalidForm(
            {name: [str(s) for s in said] for name, said in form.errors.items()}
        )
    assert isinstance(form, OpeningForm)
    case.subject = form.subject()
    case.number = _number(kind, case, moment)
    file = CaseFile(
        kind=kind,
        case=case,
        details=kind.details(case_id=case.pk, **form.details()),
        clocks=casefile.clock_book(
            kind, case, unit.path, fresh.newest_edition, fresh.newest_calendar
        ),
        now=fresh.now,
        is_new=True,
    )
    before: Snapshot = {"case": {}, "details": None}
    file.effects = file.clocks.apply(kind.opening.clocks, at=moment, data={})
    file.write(
        "case.opened",
        by=by,
        at=moment,
        data=form.values(),
        before=before,
        basis=kind.opening.basis,
        late_reason=late_reason,
        late_proof=late_proof,
        command=command,
        form=form,
    )
    return case


def form_of(
    kind: CaseType,
    *,
    unit: Unit,
    by: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    files: Files | None = None,
) -> OpeningForm:
    """Return the form as it is asked of the actor at the unit; nothing is opened."""
    form = kind.opening.form(data, files)
    form.ask(case=_new_case(kind, unit, None, at), by=by, at=at)
    return form


def _new_case(kind: CaseType, unit: Unit, case_id: int | None, at: datetime) -> Case:
    places = {above.level: above for above in [*Unit.objects.get_ancestors(unit), unit]}
    case: Case = kind.model(
        id=case_id,
        kind=kind.code,
        state=str(kind.opening.state),
        city=places[Level.CITY],
        county=places.get(Level.COUNTY),
        station=places.get(Level.STATION),
        holder=unit,
        level=unit.level,
        sensitivity=Sensitivity.NORMAL,
        opened_at=at,
        effective_at=at,
    )
    return case


def _number(kind: CaseType, case: Case, at: datetime) -> str:
    place, year = case.county or case.city, timezone.localdate(at).year
    last = writing.next_number(unit_id=place.pk, word=kind.number_word, year=year)
    return f"{place.short_name}{kind.number_word}〔{year}〕{last:04d}"
