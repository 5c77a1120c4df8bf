"""How a clock stands at a moment: its light, what is used, what is left, in words."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from casework.domain.deadlines import (
    Calendar,
    Language,
    Pause,
    days_between,
    elapsed,
    open_seconds_between,
    open_time_words,
    remaining,
)
from casework.domain.rules import RuleTerms, read_rule
from casework.domain.vocabulary import (
    ClockKind,
    ClockState,
    Light,
    Mark,
    Outcome,
    Word,
)
from casework.models import Case
from casework.services.calendars import Published, days_of
from casework.services.clocksheets import ClockSheet
from casework.web.templatetags.days import last_day
from casework.wording import word

#: A clock that has used this much of its period is due soon.
AMBER_PERCENT = 80

#: What a person looks at first, when a case has several clocks.
_WORST_FIRST = (Light.RED, Light.PAUSED, Light.AMBER, Light.PROVISIONAL, Light.GREEN)

#: What a period rests on, as it is called: law is what was read in one, nothing else.
_GROUNDS: dict[Mark, Word] = {Mark.V: ClockKind.STATUTORY, Mark.L: Mark.L}


@dataclass(frozen=True, slots=True)
class Standing:
    """One clock as a card or a row shows it."""

    sheet: ClockSheet
    light: Light | None  # None: given up, there is nothing to watch
    used: int
    total: int
    left: str
    aside: str  # working days among calendar days
    long_left: tuple[tuple[str, str], ...]  # number and word, for the card

    @property
    def due_at(self) -> datetime | None:
        """When the period ends; None while it stands still."""
        return self.sheet.clock.due_at

    @property
    def label(self) -> str:
        """The name of the period in the reader's language."""
        rule = self.sheet.rule
        return rule.en if language() == "en" else rule.zh

    @property
    def kind(self) -> str:
        """Whose period it is; what nobody has read in a law is never called law."""
        rule = self.sheet.rule
        ground = _GROUNDS.get(rule.mark, Mark.P)
        if rule.kind is ClockKind.INTERNAL:
            return _("内部 · 本地设定")
        if rule.kind is ClockKind.WAITING:
            return _("等待期 · %(ground)s") % {"ground": word(ground)}
        if ground is Mark.P:
            return word(ground)
        said = _("%(ground)s · 可停") if rule.pauses else _("%(ground)s · 不能停")
        return said % {"ground": word(ground)}

    @property
    def is_going(self) -> bool:
        """Whether the period is neither over nor given up."""
        return self.sheet.is_going

    @property
    def progress(self) -> str:
        """What is used of the period, in words."""
        if self.sheet.rule.terms.unit.is_hours:
            used, total = hours(self.used), hours(self.total)
            return _("已用 %(used)s / %(total)s") % {"used": used, "total": total}
        told = {"used": min(self.used, self.total), "total": self.total}
        if self.sheet.rule.terms.unit.is_calendar:
            return _("已满 %(used)s / %(total)s 日") % told
        return _("已满 %(used)s / %(total)s 个工作日") % told


@dataclass(frozen=True, slots=True)
class RowStanding:
    """What a row of the queue says of all clocks of its case."""

    light: Light | None
    left: str
    aside: str
    due_at: datetime | None
    label: str
    also: Light | None  # a light of another clock that is worse
    waited: int


def language() -> Language:
    """Return the reader's language as the calculus knows it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def hours(seconds: int) -> str:
    """Say a length of working time, long."""
    return open_time_words(seconds, lang=language(), is_long=True)


def stand(sheet: ClockSheet, *, now: datetime) -> Standing:
    """Return how a clock stands."""
    clock = sheet.clock
    moment = clock.stopped_at or now
    total = _total(sheet)
    light = _light(sheet, now)
    used = (
        elapsed(sheet.reckoning, at=max(moment, clock.started_at), strict=False)
        if light is not None
        else 0
    )
    is_used_up = used * 100 >= total * AMBER_PERCENT
    if light is Light.GREEN and is_used_up and not _is_waited_out(sheet, now):
        light = Light.AMBER
    left, aside, long_left = _left(sheet, light, now)
    return Standing(sheet, light, used, total, left, aside, long_left)


def sheets_of(case: Case) -> list[ClockSheet]:
    """Return the clocks of a case that was read with its rows, oldest first."""
    return [
        ClockSheet(
            clock=clock,
            rule=_rule(json.dumps(clock.rule.terms)),
            calendar=Published(
                clock.calendar_version_id, days_of(clock.calendar_version_id)
            ),
            pauses=[
                Pause(pause.started_at, pause.ended_at, pause.reason)
                for pause in clock.pauses.all()
            ],
        )
        for clock in case.clocks.all()
    ]


@lru_cache(maxsize=1024)
def _rule(terms: str) -> RuleTerms:
    """Read a rule's row once a process: the text is the key, so it is never stale."""
    return read_rule(json.loads(terms), file="rule")


def row_standing(case: Case, *, now: datetime) -> RowStanding:
    """Return what the row of a case says: the nearest clock, and a worse one beside it."""
    sheets = sheets_of(case)
    going = [
        stand(sheet, now=now)
        for sheet in sheets
        if sheet.is_going and not _is_waited_out(sheet, now)
    ]
    shown = min(going, key=_urgency, default=None)
    waited = waiting(case, sheets, now=now)
    if shown is None:
        return RowStanding(None, "", "", None, "", None, waited)
    running = [s.due_at for s in going if s.due_at and not _is_paused(s)]
    worse = {s.light for s in going if s is not shown} & {Light.RED, Light.AMBER}
    also = None
    if shown.light not in (Light.RED, Light.AMBER):
        also = min(worse, key=_WORST_FIRST.index, default=None)
    is_still = shown.light is Light.PAUSED
    return RowStanding(
        shown.light,
        _("停于 %(left)s") % {"left": shown.left} if is_still else shown.left,
        shown.aside,
        min(running, default=None),
        shown.label,
        also,
        waited,
    )


def of_targets(
    case: Case, targets: Collection[str], *, now: datetime
) -> Standing | None:
    """Return how the nearest of these running periods of a case stands, if one runs."""
    going = [
        stand(sheet, now=now)
        for sheet in sheets_of(case)
        if sheet.is_going and sheet.target in targets
    ]
    return min(going, key=_urgency, default=None)


def waiting(case: Case, sheets: Iterable[ClockSheet], *, now: datetime) -> int:
    """Count the working days that have gone by since the case was opened."""
    calendar = next((sheet.calendar.days for sheet in sheets), None)
    if calendar is None:
        return 0
    until = timezone.localdate(case.closed_at or now)
    first = timezone.localdate(case.opened_at)
    return days_between(
        calendar, today=first, last_day=_day_before(until), strict=False
    )[1]


def _urgency(standing: Standing) -> tuple[int, datetime]:
    """Overdue first, then a clock that was stopped on purpose, then the nearest."""
    rank = {Light.RED: 0, Light.PAUSED: 1}.get(standing.light or Light.GREEN, 2)
    return rank, standing.due_at or standing.sheet.clock.started_at


def _is_paused(standing: Standing) -> bool:
    return bool(standing.sheet.clock.state == ClockState.PAUSED)


def _is_waited_out(sheet: ClockSheet, now: datetime) -> bool:
    due_at = sheet.clock.due_at
    return sheet.is_waiting and due_at is not None and due_at < now


def _total(sheet: ClockSheet) -> int:
    """The period in days or seconds: what is left at its very beginning."""
    return remaining(sheet.reckoning, at=sheet.clock.started_at, strict=False)


def _light(sheet: ClockSheet, now: datetime) -> Light | None:
    clock = sheet.clock
    match clock.state:
        case ClockState.CANCELLED:
            return None
        case ClockState.STOPPED:
            return Light.MET if clock.outcome == Outcome.MET else Light.RED
        case ClockState.PAUSED:
            return Light.PAUSED
    if clock.due_at is None:
        return Light.PAUSED
    if clock.due_at < now:
        return Light.GREEN if sheet.is_waiting else Light.RED
    if clock.provisional:
        return Light.PROVISIONAL
    today = timezone.localdate(now)
    until = last_day(clock.due_at)
    _days, working = _between(sheet.calendar.days, today, until)
    return Light.AMBER if working == 0 else Light.GREEN


def _left(
    sheet: ClockSheet, light: Light | None, now: datetime
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    clock, calendar = sheet.clock, sheet.calendar.days
    if light is None or not sheet.is_going or _is_waited_out(sheet, now):
        return "", "", ()
    if clock.state == ClockState.PAUSED or clock.due_at is None:
        rest = remaining(sheet.reckoning, at=now, strict=False)
        return _frozen(sheet, rest)
    if clock.due_at < now:
        over = open_seconds_between(calendar, start=clock.due_at, end=now, strict=False)
        return _open_time(over)
    if sheet.rule.terms.unit.is_calendar:
        days, working = _between(
            calendar, timezone.localdate(now), last_day(clock.due_at)
        )
        said = ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days}
        aside = _("工作日 %(n)s") % {"n": working}
        return said, aside, _numbers(said)
    over = open_seconds_between(calendar, start=now, end=clock.due_at, strict=False)
    return _open_time(over)


def _frozen(
    sheet: ClockSheet, rest: int
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    if sheet.rule.terms.unit.is_hours:
        return _open_time(rest)
    said = ngettext("%(n)s 天", "%(n)s 天", rest) % {"n": rest}
    return said, "", _numbers(said)


def _open_time(seconds: int) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    short = open_time_words(seconds, lang=language())
    return short, "", _numbers(hours(seconds))


def _numbers(text: str) -> tuple[tuple[str, str], ...]:
    """Split `2 个工作日 5 小时` into its numbers and their words."""
    pairs: list[tuple[str, str]] = []
    for part in text.split(" "):
        if part.isdecimal():
            pairs.append((part, ""))
        elif pairs:
            number, said = pairs[-1]
            pairs[-1] = (number, f"{said} {part}".strip())
    return tuple(pairs)


def _between(calendar: Calendar, today: date, until: date) -> tuple[int, int]:
    return days_between(calendar, today=today, last_day=until, strict=False)


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
