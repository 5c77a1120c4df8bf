"""Rules as rows: taking `rules.toml` into editions, and what is in force where."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils import timezone

from casework import models
from casework.domain import rules as reading
from casework.domain.errors import Conflict
from casework.domain.rules import RequiredPaper, RuleSet, RuleTerms, Threshold
from casework.lifecycle import CaseType, Registry
from casework.models import Case, RuleEdition, Unit

#: Before any case: the first edition of a procedure holds from here on.
BEGINNING = date(2015, 1, 1)


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule with the row that clocks point at."""

    row: int
    rule: RuleTerms
    #: The unit whose edition it stands in; empty for the nation's.
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Edition:
    unit_path: str
    first_day: date
    end: date | None
    rules: dict[str, InForce]
    thresholds: dict[str, Threshold]
    papers: dict[str, RequiredPaper]

    def holds(self, unit_path: str, on: date) -> bool:
        return (
            unit_path.startswith(self.unit_path)
            and self.first_day <= on
            and (self.end is None or on < self.end)
        )


class RuleBook:
    """Every edition in memory, immutable: what is in force for a target, where, when."""

    def __init__(self, editions: dict[str, list[_Edition]], rows: dict[int, InForce]):
        self._editions = editions
        self._rows = rows

    def find(self, kind: str, target: str, *, unit_path: str, on: date) -> InForce:
        """Return the rule of the nearest unit that has one for the target that day.

        Raises KeyError when no edition knows the target.
        """
        for edition in self._holding(kind, unit_path, on):
            if target in edition.rules:
                return edition.rules[target]
        raise KeyError(f"{kind}: no rule for '{target}' on {on}")

    def knows(self, kind: str, target: str, *, unit_path: str, on: date) -> bool:
        """Whether `find` finds something."""
        return any(
            target in edition.rules for edition in self._holding(kind, unit_path, on)
        )

    def threshold(self, kind: str, name: str, *, unit_path: str, on: date) -> Threshold:
        """Return the figure of the nearest unit that has one of the name that day.

        Raises KeyError when no edition knows the name.
        """
        for edition in self._holding(kind, unit_path, on):
            if name in edition.thresholds:
                return edition.thresholds[name]
        raise KeyError(f"{kind}: no threshold '{name}' on {on}")

    def thresholds(self, kind: str, *, unit_path: str, on: date) -> list[Threshold]:
        """Return every figure that holds there that day, each of the nearest unit."""
        found: dict[str, Threshold] = {}
        for edition in reversed(self._holding(kind, unit_path, on)):
            found.update(edition.thresholds)
        return list(found.values())

    def papers(self, kind: str, *, unit_path: str, on: date) -> list[RequiredPaper]:
        """Return every paper asked for there that day, each of the nearest unit."""
        found: dict[str, RequiredPaper] = {}
        for edition in reversed(self._holding(kind, unit_path, on)):
            found.update(edition.papers)
        return list(found.values())

    def _holding(self, kind: str, unit_path: str, on: date) -> list[_Edition]:
        """Return the editions that hold there that day, the nearest unit first."""
        holding = [
            edition
            for edition in self._editions.get(kind, [])
            if edition.holds(unit_path, on)
        ]
        return sorted(holding, key=lambda edition: -len(edition.unit_path))

    def targets(self, kind: str) -> list[str]:
        """Return every target that some edition of the procedure knows, in its order."""
        editions = self._editions.get(kind, [])
        return list(dict.fromkeys(t for edition in editions for t in edition.rules))

    def row(self, pk: int) -> RuleTerms:
        """Return the rule that a clock started under, whatever is in force now."""
        return self._rows[pk].rule


@lru_cache(maxsize=4)
def book(newest_edition: int) -> RuleBook:
    """Return the book as of the newest edition; made once a process and edition."""
    editions: dict[str, list[_Edition]] = {}
    rows: dict[int, InForce] = {}
    stored = RuleEdition.objects.filter(pk__lte=newest_edition).select_related("unit")
    for edition in stored.prefetch_related("rules", "thresholds", "papers"):
        read = _read(edition)
        rows.update((found.row, found) for found in read.rules.values())
        editions.setdefault(edition.kind, []).append(read)
    return RuleBook(editions, rows)


def newest_book() -> RuleBook:
    """Return the book as of now: one look for the newest edition, the rest is kept."""
    newest = RuleEdition.objects.aggregate(newest=Max("pk"))["newest"]
    return book(newest or 0)


def book_of(case: Any) -> RuleBook:
    """Return the book that the door read the case with; the newest for any other."""
    return getattr(case, "rule_book", None) or newest_book()


def threshold(kind: str, name: str, *, unit_path: str, on: date) -> Threshold:
    """Return the figure in force at the unit that day; the nearest unit's edition wins.

    Raises KeyError when no edition knows the name.
    """
    return newest_book().threshold(kind, name, unit_path=unit_path, on=on)


def required_papers(case: Case, *, conditions: Iterable[str]) -> list[RequiredPaper]:
    """Return the papers that have to be there: those always asked for and those of the
    conditions that are met, in the order of the rules.

    By the rules where the case belongs, of the day on which it was received.
    """
    place, day = case.county or case.city, timezone.localdate(case.opened_at)
    met = set(conditions)
    return [
        paper
        for paper in book_of(case).papers(case.kind, unit_path=place.path, on=day)
        if paper.is_always_required or paper.required in met
    ]


def in_force(kind: str, *, unit: Unit | None, on: date) -> list[InForce]:
    """Return the rules of a procedure that hold at the unit (None: the nation) that day.

    A target for which no edition holds that day is left out.
    """
    kept = newest_book()
    path = unit.path if unit else ""
    return [
        kept.find(kind, target, unit_path=path, on=on)
        for target in kept.targets(kind)
        if kept.knows(kind, target, unit_path=path, on=on)
    ]


def sync_rules(*, from_day: date) -> list[RuleEdition]:
    """Take every procedure's rules.toml in: a new edition for each that has changed.

    The first edition of a procedure holds from the beginning, a later one from
    `from_day`. Raises Invalid for a file that cannot be read, Conflict when a later
    edition than `from_day` is already there.
    """
    return [
        edition
        for kind in Registry.all()
        if (edition := _sync(kind, from_day)) is not None
    ]


def publish(
    *,
    kind: str,
    rules: tuple[RuleTerms, ...] = (),
    thresholds: tuple[Threshold, ...] = (),
    papers: tuple[RequiredPaper, ...] = (),
    from_day: date,
    unit: Unit | None = None,
) -> RuleEdition | None:
    """Publish an edition of a procedure's rules, for the nation or for one unit.

    A unit's edition may consist of figures alone; it takes the place of the unit's
    edition before it whole. Returns None when they are as they were. Raises Conflict
    when a later edition is already there.
    """
    given = RuleSet(rules=rules, thresholds=thresholds, papers=papers)
    digest = reading.digest(given)
    with transaction.atomic():
        before = (
            RuleEdition.objects.select_for_update()
            .filter(kind=kind, unit=unit, during__endswith__isnull=True)
            .first()
        )
        if before is not None and before.digest == digest:
            return None
        if before is not None:
            _close(before, from_day)
        edition = RuleEdition.objects.create(
            kind=kind, unit=unit, during=DateRange(from_day, None), digest=digest
        )
        _write(edition, given)
    return edition


def _sync(kind: CaseType, from_day: date) -> RuleEdition | None:
    given = reading.read_rule_set(
        kind.rules.read_text("utf-8"), file=f"{kind.code}/{kind.rules.name}"
    )
    known = RuleEdition.objects.filter(kind=kind.code, unit=None).exists()
    first_day = from_day if known else BEGINNING
    return publish(
        kind=kind.code,
        rules=given.rules,
        thresholds=given.thresholds,
        papers=given.papers,
        from_day=first_day,
    )


def _close(edition: RuleEdition, from_day: date) -> None:
    if edition.during.lower >= from_day:
        last = edition.during.lower + timedelta(days=1)
        raise Conflict(
            f"{edition.kind}: an edition already holds from {edition.during.lower}; "
            f"the next one may begin on {last} at the earliest."
        )
    edition.during = DateRange(edition.during.lower, from_day)
    edition.save(update_fields=["during"])


def _read(edition: RuleEdition) -> _Edition:
    file = f"edition {edition.pk}"
    place, path = (edition.unit.name, edition.unit.path) if edition.unit else ("", "")
    during = edition.during
    known: dict[str, Any] = {"place": place, "since": during.lower}
    thresholds = [
        replace(reading.read_threshold(row.terms, file=file), **known)
        for row in _in_order(edition.thresholds)
    ]
    papers = [
        replace(reading.read_paper(row.terms, file=file), **known)
        for row in _in_order(edition.papers)
    ]
    return _Edition(
        path,
        during.lower,
        during.upper,
        {
            row.target: InForce(row.pk, reading.read_rule(row.terms, file=file), place)
            for row in _in_order(edition.rules)
        },
        {threshold.name: threshold for threshold in thresholds},
        {paper.code: paper for paper in papers},
    )


def _in_order(kept: Any) -> list[Any]:
    """Return rows that were read already, as they stood in their file."""
    return sorted(kept.all(), key=lambda row: row.pk)


def _write(edition: RuleEdition, given: RuleSet) -> None:
    models.Rule.objects.bulk_create(
        models.Rule(target=rule.target, **_said(edition, rule)) for rule in given.rules
    )
    models.Threshold.objects.bulk_create(
        models.Threshold(name=threshold.name, **_said(edition, threshold))
        for threshold in given.thresholds
    )
    models.RequiredPaper.objects.bulk_create(
        models.RequiredPaper(paper=paper.code, **_said(edition, paper))
        for paper in given.papers
    )


def _said(
    edition: RuleEdition, given: RuleTerms | Threshold | RequiredPaper
) -> dict[str, Any]:
    return {
        "edition": edition,
        "code": given.id,
        "terms": dict(given.row),
        "basis": given.basis,
        "mark": given.mark,
    }
