"""Rules as rows: taking `rules.toml` into editions, and what is in force where."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max

from casework.domain import rules as reading
from casework.domain.errors import Conflict
from casework.domain.rules import RuleTerms
from casework.lifecycle import CaseType, Registry
from casework.models import Rule, RuleEdition, Unit

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
        found = self._holding(kind, target, unit_path, on)
        if not found:
            raise KeyError(f"{kind}: no rule for '{target}' on {on}")
        return max(found, key=lambda edition: len(edition.unit_path)).rules[target]

    def knows(self, kind: str, target: str, *, unit_path: str, on: date) -> bool:
        """Whether `find` finds something."""
        return bool(self._holding(kind, target, unit_path, on))

    def _holding(
        self, kind: str, target: str, unit_path: str, on: date
    ) -> list[_Edition]:
        return [
            edition
            for edition in self._editions.get(kind, [])
            if target in edition.rules and edition.holds(unit_path, on)
        ]

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
    stored = RuleEdition.objects.filter(pk__lte=newest_edition)
    for edition in stored.select_related("unit").prefetch_related("rules"):
        known = {}
        for row in edition.rules.all():
            rule = reading.read_rule(row.terms, file=f"edition {edition.pk}")
            place = edition.unit.name if edition.unit else ""
            known[row.target] = rows[row.pk] = InForce(row.pk, rule, place)
        during = edition.during
        path = edition.unit.path if edition.unit else ""
        editions.setdefault(edition.kind, []).append(
            _Edition(path, during.lower, during.upper, known)
        )
    return RuleBook(editions, rows)


def in_force(kind: str, *, unit: Unit | None, on: date) -> list[InForce]:
    """Return the rules of a procedure that hold at the unit (None: the nation) that day.

    A target for which no edition holds that day is left out.
    """
    newest = RuleEdition.objects.aggregate(newest=Max("pk"))["newest"] or 0
    kept = book(newest)
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
    rules: tuple[RuleTerms, ...],
    from_day: date,
    unit: Unit | None = None,
) -> RuleEdition | None:
    """Publish an edition of a procedure's rules, for the nation or for one unit.

    Returns None when they are as they were. Raises Conflict when a later edition is
    already there.
    """
    digest = reading.digest(rules)
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
        Rule.objects.bulk_create(_row(edition, rule) for rule in rules)
    return edition


def _sync(kind: CaseType, from_day: date) -> RuleEdition | None:
    rules = reading.read_rules(
        kind.rules.read_text("utf-8"), file=f"{kind.code}/{kind.rules.name}"
    )
    known = RuleEdition.objects.filter(kind=kind.code, unit=None).exists()
    first_day = from_day if known else BEGINNING
    return publish(kind=kind.code, rules=rules, from_day=first_day)


def _close(edition: RuleEdition, from_day: date) -> None:
    if edition.during.lower >= from_day:
        last = edition.during.lower + timedelta(days=1)
        raise Conflict(
            f"{edition.kind}: an edition already holds from {edition.during.lower}; "
            f"the next one may begin on {last} at the earliest."
        )
    edition.during = DateRange(edition.during.lower, from_day)
    edition.save(update_fields=["during"])


def _row(edition: RuleEdition, rule: RuleTerms) -> Rule:
    return Rule(
        edition=edition,
        code=rule.id,
        target=rule.target,
        terms=dict(rule.row),
        basis=rule.basis,
        mark=rule.mark,
    )
