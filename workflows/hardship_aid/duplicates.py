"""Whether somebody of a household is known elsewhere in the city (H-01, E-11).

Told without opening the other case: its unit, its number, since when, how it stands.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access, wording
from casework.access import Actor
from casework.domain import masking, telephone
from casework.domain.errors import Invalid
from casework.domain.idnumber import IdNumber
from casework.domain.sealing import Scope
from casework.domain.vocabulary import CaseKind
from casework.lifecycle import Hint
from casework.models import Case, Party, Unit
from casework.models.sealing import ring
from casework.services import audit, records
from casework.wording import word
from workflows.hardship_aid import stated
from workflows.hardship_aid.file_vocabulary import FileKind, Standing
from workflows.hardship_aid.forms.household import MemberRow
from workflows.hardship_aid.forms.rows import RowsWidget
from workflows.hardship_aid.models import ReceiptUse
from workflows.hardship_aid.vocabulary import FileState, S

FILE_KIND = str(FileKind.HARDSHIP_FILE)
#: An application in one of these is over; the household may apply again.
OVER = (S.NOT_ACCEPTED, S.REJECTED, S.WITHDRAWN, S.TERMINATED, S.CLOSED, S.ARCHIVED)
#: A file in one of these is no longer kept here.
REMOVED = (FileState.DEREGISTERED, FileState.MOVED)


def of_case(case: Any) -> QuerySet[Case]:
    """Return the other cases in which somebody of this case's household is known."""
    return _known(_marks(case), case.city_id).exclude(pk=case.pk)


def active_file_of(case: Any) -> bool:
    """Whether the household of the application has a file that is kept."""
    return of_case(case).filter(kind=FILE_KIND).exists()


def was_removed_since(case: Any, day: date) -> bool:
    """Whether a file of the household was removed in the city that day or later (H-30)."""
    parties = Party.objects.in_force().filter(id_index__in=_marks(case))
    removed = Case.objects.filter(
        pk__in=parties.values("case"),
        city_id=case.city_id,
        kind=FILE_KIND,
        state=str(FileState.DEREGISTERED),
        hardship_file_details__removed_on__gte=day,
    )
    return removed.exists()


def last_removal() -> Subquery:
    """Return when a file of the household was removed last, for a list of applications."""
    case = OuterRef(OuterRef(OuterRef("pk")))
    household = Party.objects.in_force().filter(case=case, id_index__isnull=False)
    known = Party.objects.in_force().filter(id_index__in=household.values("id_index"))
    removed = Case.objects.filter(
        pk__in=known.values("case"),
        city_id=OuterRef("city_id"),
        kind=FILE_KIND,
        state=str(FileState.DEREGISTERED),
    )
    day = "hardship_file_details__removed_on"
    return Subquery(removed.order_by(f"-{day}").values(day)[:1])


def receipts_elsewhere(
    case: Any, uses: Collection[tuple[str, int]]
) -> dict[tuple[str, int], Case]:
    """Return in which other cases of the city these receipts count, by number and sum.

    What the case holds already is its own and is not looked up.
    """
    strange = set(uses) - stated.receipts_of(case)
    if not strange:
        return {}
    found = (
        ReceiptUse.objects.in_force()
        .filter(
            city=case.city_id, receipt_number__in={number for number, _sum in strange}
        )
        .exclude(case=case.pk)
        .select_related("case__county", "case__city")
    )
    known = {(use.receipt_number, use.amount_fen): use.case for use in found}
    return {use: known[use] for use in strange & known.keys()}


def told(case: Case) -> str:
    """Return which unit has the case, its number and since when; nothing personal."""
    return _("%(unit)s的%(number)s（%(day)s起）") % {
        "unit": (case.county or case.city).name,
        "number": case.number,
        "day": wording.day(case.opened_at),
    }


def hints(data: Mapping[str, Any], actor: Actor, case: Any = None) -> list[Hint] | None:
    """Tell, while the form is filled in, where else somebody of the household is known.

    By ID number, or by name and telephone; a number that is masked is the one that the
    case holds. What is found is told in general terms, and that it was looked for is
    logged. None while nobody is named.
    """
    hat = actor.membership
    people = _people(data, case)
    if hat is None or people is None:
        return None
    city = Unit.objects.filter(path=hat.unit.path[: 3 * Unit.steplen]).first()
    if city is None:
        return None
    kept, under_way, removed = _cases_of(people, city.pk)
    known = (kept | under_way | removed).order_by("opened_at")
    found = list(known.exclude(pk=case.pk) if case else known)
    if not found:
        return []
    ids = [case.pk for case in found]
    audit.looked("household.found", by=actor, cases=found)
    seen = set(access.visible(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Hint(
            text=_("这个家庭里有人已经登记过：%(case)s，%(standing)s。")
            % {"case": told(case), "standing": word(standing(case))},
            case_id=case.pk if case.pk in seen else None,
        )
        for case in found
    ]


def standing(case: Case) -> Standing:
    """Return how a case stands, in the general terms that other units may know."""
    if case.kind != FILE_KIND:
        return Standing.UNDER_WAY
    match FileState(case.state):
        case FileState.DEREGISTERED:
            return Standing.REMOVED
        case FileState.MOVING:
            return Standing.MOVING
        case _:
            return Standing.FILED


def _marks(case: Any) -> list[bytes]:
    """Return by what ID numbers the household of the case is found elsewhere."""
    return [party.id_index for party in records.of(case, Party) if party.id_index]


def _known(marks: Iterable[bytes], city_id: int) -> QuerySet[Case]:
    """Return the applications under way and the files kept in the city with these people."""
    kept, under_way, _removed = _cases_of(Q(id_index__in=list(marks)), city_id)
    return (under_way | kept).order_by("opened_at")


def _cases_of(
    people: Q, city_id: int
) -> tuple[QuerySet[Case], QuerySet[Case], QuerySet[Case]]:
    """Return the city's files that are kept, applications under way, removed files."""
    parties = Party.objects.in_force().filter(people)
    cases = Case.objects.filter(pk__in=parties.values("case"), city_id=city_id)
    cases = cases.select_related("county", "city")
    files = cases.filter(kind=FILE_KIND)
    return (
        files.exclude(state__in=[str(state) for state in REMOVED]),
        cases.filter(kind=str(CaseKind.HARDSHIP_AID)).exclude(
            state__in=[str(state) for state in OVER]
        ),
        files.filter(state=str(FileState.DEREGISTERED)),
    )


def _people(data: Mapping[str, Any], case: Any) -> Q | None:
    """Return who is meant by what is typed so far; None for nobody yet."""
    marks = [ring().index(number, Scope.ID_NUMBER) for number in _numbers(data, case)]
    name, phone = str(data.get("name", "")).strip(), _digits(str(data.get("phone", "")))
    if not marks and not (name and phone):
        return None
    people = Q(id_index__in=marks)
    if name and phone:
        people |= Q(name=name, phone_index=ring().index(phone, Scope.PHONE))
    return people


def _digits(text: str) -> str:
    try:
        return telephone.read(text)
    except Invalid:
        return ""


def _numbers(data: Mapping[str, Any], case: Any) -> list[str]:
    rows = RowsWidget(MemberRow, spare=0).value_from_datadict(data, {}, "members")
    typed = [data.get("id_number"), *(row.get("id_number") for row in rows)]
    held = [party.id_number for party in records.of(case, Party)] if case else []
    meant = {masking.number(number): number for number in held}
    return [
        number for text in typed if text and (number := meant.get(text) or _read(text))
    ]


def _read(text: str) -> str:
    try:
        return IdNumber.read(text, on=timezone.localdate()).text
    except Invalid:
        return ""
