"""The household of a file: taken over from another case, and free in the city (H-01)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from casework.domain.vocabulary import Part
from casework.models import Case, Party, Record, Unit
from casework.models.sealing import IndexField
from casework.services import records
from workflows.hardship_aid import duplicates
from workflows.hardship_aid.file_vocabulary import FileKind
from workflows.hardship_aid.models import (
    Applicant,
    Computation,
    ExpenseLine,
    FiledMember,
    HouseholdMember,
    IncomeLine,
)
from workflows.hardship_aid.vocabulary import FileState

#: Who the household is, those it refers to first.
PEOPLE: tuple[type[Record], ...] = (Party, Applicant, HouseholdMember, IncomeLine)
#: What it lives on beside.
FIGURES: tuple[type[Record], ...] = (ExpenseLine, Computation)

_OF_THE_ACT = {"id", "case", "version", "ended_by"}


def anew(
    case: Case, kinds: Iterable[type[Record]], *, but: Collection[Any] = ()
) -> list[Record]:
    """Return the case's records in force as new rows that refer to each other.

    `but` are ids of parties that are left out, with all that refers to them.
    """
    rows, ids = list[Record](), dict[Any, Any]()
    for kind in kinds:
        for record in records.of(case, kind):
            if record.pk in but or getattr(record, "party_id", None) in but:
                continue
            row = _again(record, ids)
            ids[record.pk] = row.pk
            rows.append(row)
    return rows


def filed(rows: Iterable[Record], *, city_id: int) -> list[FiledMember]:
    """Return that the household of these rows has its file here: who lives in it."""
    rows = list(rows)
    together = {
        row.party_id
        for row in rows
        if isinstance(row, HouseholdMember) and row.lives_together
    }
    return [
        FiledMember(city_id=city_id, id_index=row.id_index)
        for row in rows
        if isinstance(row, Party)
        and row.id_index
        and (row.pk in together or row.part is Part.APPLICANT)
    ]


def members_as(file: Case, *, is_leaving: bool) -> list[Record]:
    """Return the members of a file that begin to leave it, or that stay."""
    return [
        FiledMember(
            city_id=member.city_id, id_index=member.id_index, is_leaving=is_leaving
        )
        for member in records.of(file, FiledMember)
    ]


def known_elsewhere(
    members: Iterable[FiledMember], *, city_id: int, but: Collection[int] = ()
) -> str:
    """Return where the household has a file already; "" when it is free.

    Whoever asks waits for others who open a file in the city just now, so that of two
    unions the second reads which file it is. In the door's transaction only.
    """
    with transaction.atomic(savepoint=False):
        Unit.objects.select_for_update(no_key=True).get(pk=city_id)
        marks = [member.id_index for member in members]
        found = FiledMember.objects.in_force().filter(
            city_id=city_id, id_index__in=marks
        )
        held = found.exclude(case_id__in=but).select_related("case__county").first()
    if held is None:
        return ""
    return _(
        "%(file)s已有这个家庭的档案，一户只有一份档案（规则 H-01）。请和该单位联系；"
        "职工的工会关系已经转来的，请该单位办“转出”。"
    ) % {"file": duplicates.told(held.case)}


def removed_here(members: Iterable[FiledMember], *, county_id: int | None) -> str:
    """Return which removed file of this county is to be reopened instead (H-38)."""
    marks = [member.id_index for member in members]
    parties = Party.objects.in_force().filter(
        id_index__in=marks,
        part=Part.APPLICANT,
        case__kind=str(FileKind.HARDSHIP_FILE),
        case__state=str(FileState.DEREGISTERED),
        case__county_id=county_id,
    )
    found = parties.select_related("case__county").first()
    if found is None:
        return ""
    return _(
        "这个家庭有一份已撤档的档案：%(file)s。请在那份档案里办“返困恢复”（规则 H-38）。"
    ) % {"file": duplicates.told(found.case)}


def living_together(file: Case) -> int:
    """Return how many live in the household."""
    members = records.of(file, HouseholdMember)
    return sum(member.lives_together for member in members)


def _again(record: Record, ids: Mapping[Any, Any]) -> Record:
    values: dict[str, Any] = {}
    for column in record._meta.concrete_fields:
        if column.name in _OF_THE_ACT or isinstance(column, IndexField):
            continue
        if column.is_relation:
            value = getattr(record, column.attname)
            values[column.attname] = ids.get(value, value)
        else:
            values[column.name] = getattr(record, column.name)
    return type(record)(**values)
