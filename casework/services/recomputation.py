"""Clocks that go, when a new calendar or a new edition of the rules is published.

In batches, each a transaction of its own, and re-entrant: a clock that stands on what is
new already is passed over. Nothing is breached after the event: where the new date would
lie in the past, it is the first working close after now (deadlines.md 4.3, 4.4).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from casework.domain import deadlines
from casework.domain.rules import RuleTerms
from casework.domain.vocabulary import ClockState, RungState
from casework.models import CalendarVersion, Case, Clock, ClockRung, RuleEdition, Unit
from casework.services import calendars, casefile, rules
from casework.services.casefile import CaseFile
from casework.services.clocks import Revision
from casework.services.rules import InForce

BATCH = 500

_GOING = [str(ClockState.RUNNING), str(ClockState.PAUSED)]


class Miscounted(RuntimeError):
    """Clocks that had to be changed are not, or others were: nothing may be passed over."""


@dataclass(frozen=True, slots=True)
class Revised:
    """How many clocks count anew, how many of them are due at another moment.

    `held` would be over already, and get until the next working close instead.
    """

    clocks: int = 0
    moved: int = 0
    held: int = 0

    def with_(self, revisions: list[Revision]) -> "Revised":
        """Return the sum with what was done to further clocks."""
        return Revised(
            self.clocks + len(revisions),
            self.moved + sum(revision.is_moved for revision in revisions),
            self.held + sum(revision.is_held for revision in revisions),
        )


def recompute(*, version: CalendarVersion, batch: int = BATCH) -> Revised:
    """Count every clock anew that the version of its calendar can move (4.4).

    Those that go, stand on an older version, and reach the first day that changed.
    Raises Miscounted when one of them is left as it was (B19).
    """
    return _each(
        _reached_by(version),
        lambda file: [
            revision
            for sheet in file.clocks.sheets
            if sheet.is_going
            and (revision := file.clocks.recompute(sheet, now=file.now)) is not None
        ],
        batch,
        left=lambda: _reached_by(version).count(),
    )


def preview(
    *, kind: str, rules: tuple[RuleTerms, ...], unit: Unit | None = None
) -> Revised:
    """Return what `rebase` would do if these rules were published; nothing is written."""
    found = {rule.target: InForce(0, rule) for rule in rules}
    total = Revised()
    clocks = _under_older(kind, unit, found, edition=None)
    for ids in _batches(clocks, BATCH):
        for file in casefile.files(ids):
            total = total.with_(_rebased(file, found))
    return total


def rebase(*, edition: RuleEdition, batch: int = BATCH) -> Revised:
    """Put the clocks that go under an edition that was published (D7).

    Only those that count under an older edition of the same unit: a county's own rule
    does not yield to the nation's. Start and pauses are kept. Raises Miscounted when a
    clock is left under its old rule.
    """
    rows = edition.rules.all()
    book = rules.book(edition.pk)
    found = {row.target: InForce(row.pk, book.row(row.pk)) for row in rows}

    def older() -> QuerySet[Clock]:
        return _under_older(edition.kind, edition.unit, found, edition=edition)

    return _each(
        older(),
        lambda file: _rebased(file, found),
        batch,
        left=lambda: older().count(),
    )


def _rebased(file: CaseFile, found: Mapping[str, InForce]) -> list[Revision]:
    return [
        revision
        for target, rule in found.items()
        if (revision := file.clocks.rebase(target, rule, now=file.now)) is not None
    ]


def _each(
    clocks: QuerySet[Clock],
    change: Callable[[CaseFile], list[Revision]],
    batch: int,
    *,
    left: Callable[[], int],
) -> Revised:
    total = Revised()
    for ids in _batches(clocks, batch):
        with transaction.atomic():
            total = total.with_(casefile.revise(ids, change))
    if still := left():
        raise Miscounted(f"{still} clocks have not been counted anew")
    return total


def _batches(clocks: QuerySet[Clock], size: int) -> list[list[int]]:
    ids = list(
        Case.objects.filter(pk__in=clocks.values("case_id"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def _reached_by(version: CalendarVersion) -> QuerySet[Clock]:
    """The clocks that go on an older version and may end on a day that changed (I9)."""
    older = CalendarVersion.objects.filter(
        calendar=version.calendar_id, number__lt=version.number
    )
    changed = {
        before.pk: _midnight(day)
        for before in older
        if (day := first_changed_day(before, version)) is not None
    }
    reached = Q(pk__in=[])
    for before, moment in changed.items():
        later_rung = ClockRung.objects.filter(
            clock=OuterRef("pk"), state=RungState.PENDING, fires_at__gte=moment
        )
        reached |= Q(calendar_version=before) & (
            Q(due_at__isnull=True) | Q(due_at__gte=moment) | Q(Exists(later_rung))
        )
    return Clock.objects.filter(reached, state__in=_GOING)


def first_changed_day(before: CalendarVersion, after: CalendarVersion) -> date | None:
    """Return the first day that is worked otherwise, or that only one of them covers."""
    old, new = calendars.days_of(before.pk), calendars.days_of(after.pk)
    both = zip(old.days(), new.days(), strict=False)
    for was, is_now in both:
        if _work(was) != _work(is_now):
            return min(was.date, is_now.date)
    if old.covers_to == new.covers_to:
        return None
    # What lies beyond a calendar is provisional, and one day of it is enough to ask.
    return min(old.covers_to, new.covers_to)


def _work(day: deadlines.CalendarDay) -> tuple[object, ...]:
    return day.date, day.kind.is_working, day.hours


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def _under_older(
    kind: str,
    unit: Unit | None,
    found: Mapping[str, InForce],
    *,
    edition: RuleEdition | None,
) -> QuerySet[Clock]:
    clocks = Clock.objects.filter(
        case__kind=kind,
        rule__edition__unit=unit,
        state__in=_GOING,
        target__in=list(found),
    )
    return clocks.exclude(rule__edition=edition) if edition else clocks
