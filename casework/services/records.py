"""What the acts of a case have stated and no later one replaced, read once."""

from typing import Any, TypeVar, cast

from casework.lifecycle import Registry
from casework.models import Person, Record
from casework.services import once, reading, rows

R = TypeVar("R", bound=Record)


def of(case: Any, kind: type[R]) -> list[R]:
    """Return the records of the kind that are in force, in the order of their acts.

    The first question reads those of every kind that the procedure knows; the case
    keeps them until an act changes them. A case that is not opened yet has none, nor
    has one whose procedure does not know the kind.
    """
    if case.pk is None:
        return []
    kinds = Registry.get(case.kind).records
    in_force = once.read(case, "records", lambda: reading.read_records(case.pk, kinds))
    return cast("list[R]", list(in_force.get(kind, ())))


def one(case: Any, kind: type[R]) -> R | None:
    """Return the newest record of the kind that is in force; None when there is none."""
    return next(reversed(of(case, kind)), None)


def name_people(found: list[R]) -> list[R]:
    """Let the records know the people that they name, read in one statement."""
    named = {
        getattr(record, column)
        for record in found
        for column in rows.keys_to(type(record), Person)
    }
    people = Person.objects.in_bulk(named - {None})
    for record in found:
        rows.know(record, Person, people)
    return found
