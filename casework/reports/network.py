"""Sums over the network for the organisation page; each is one query."""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Concat

from casework.domain.vocabulary import Level
from casework.models import Unit
from casework.models.units import UnitQuerySet

#: More hits than a person reads; who sees them all narrows the search.
MOST_HITS = 20

# In byte order the first character after every character of a path.
_AFTER_ANY_STEP = chr(ord(max(Unit.alphabet)) + 1)


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit below another, and how many units stand below it."""

    unit: Unit
    units_below: int


@dataclass(frozen=True, slots=True)
class Hits:
    """The first units found, and whether there are more."""

    units: list[Unit]
    more: bool


def level_counts(unit: Unit, *, on: date | None = None) -> dict[Level, int]:
    """Return how many units each level of the subtree has, the unit's own first.

    With `on`, only units in force on that day count.
    """
    rows = (
        _in_force(Unit.objects.within(unit), on)
        .values("level")
        .annotate(units=Count("pk"))
        .order_by()
    )
    found = {row["level"]: row["units"] for row in rows}
    return {level: found[level] for level in Level if level in found}


def children(unit: Unit, *, on: date | None = None) -> list[Branch]:
    """Return the units directly below, by code, each with the number of units below it.

    With `on`, only units in force on that day are listed and count.
    """
    below = _in_force(
        Unit.objects.filter(
            path__gt=OuterRef("path"),
            path__lt=Concat(OuterRef("path"), Value(_AFTER_ANY_STEP)),
        ),
        on,
    )
    units = (
        _in_force(Unit.objects.within(unit).filter(_directly_below(unit)), on)
        .annotate(units_below=_count(below))
        .order_by("code")
    )
    return [Branch(child, child.units_below) for child in units]


def search(text: str, *, within: Unit, on: date | None = None) -> Hits:
    """Return the units of the subtree whose name contains the text.

    Names that begin with it come first, then the higher unit, then tree order. With
    `on`, only units in force on that day are found. No text finds nothing.
    """
    text = text.strip()
    if not text:
        return Hits([], more=False)
    begins = Case(
        When(Q(name__startswith=text) | Q(short_name__startswith=text), then=True),
        default=False,
        output_field=BooleanField(),
    )
    found = list(
        _in_force(Unit.objects.within(within), on)
        .filter(name__contains=text)
        .annotate(begins=begins)
        .order_by(F("begins").desc(), "depth", "path")[: MOST_HITS + 1]
    )
    return Hits(found[:MOST_HITS], more=len(found) > MOST_HITS)


def _in_force(units: UnitQuerySet, on: date | None) -> UnitQuerySet:
    return units if on is None else units.filter(during__contains=on)


def _directly_below(unit: Unit) -> Q:
    """One step down; the level, too, because its index spares reading the subtree."""
    levels = list(Level)
    lower = levels[levels.index(unit.level) + 1 :]
    return Q(depth=unit.depth + 1, level__in=lower[:1])


def _count(units: UnitQuerySet) -> Subquery:
    # Not annotate(Count()): that would group by unit and count each alone.
    number = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(units.order_by().annotate(number=number).values("number"))
