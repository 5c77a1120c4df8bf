"""Why this date: the answer first, then the calendar, each stretch, and what if."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casework.domain.deadlines import (
    Answer,
    CalendarDay,
    ClockStandsStill,
    DayKind,
    DeadlineError,
    Derivation,
    Pause,
    Period,
    Stretch,
    Unit,
    due,
    explain,
)
from casework.domain.deadlines import render as tell
from casework.domain.errors import NotFound
from casework.domain.vocabulary import ClockVerb, Whose
from casework.models import CalendarVersion, Rule
from casework.services import casefile
from casework.services.casefile import CaseFile
from casework.services.clocksheets import ClockSheet
from casework.web.desk import names
from casework.web.desk.case import READERS
from casework.web.desk.standing import language, stand
from casework.web.requests import StaffRequest, wearing
from casework.web.templatetags.days import (
    cut_off,
    day,
    holiday,
    month_day,
    week_days,
)
from casework.wording import cited, word

#: The calendar shows no more weeks than these: the first, and the last ones.
_MOST_WEEKS = 12


class WhatIf(forms.Form):
    """What would become of the date; nothing is changed."""

    PAUSE, EXTEND = "pause", "extend"
    suppose = forms.ChoiceField(
        label=gettext_lazy("假设"),
        choices=[
            (PAUSE, gettext_lazy("从今天起停这么多天")),
            (EXTEND, gettext_lazy("延长这么多")),
        ],
    )
    amount = forms.IntegerField(
        label=gettext_lazy("多少"), min_value=1, max_value=365, initial=5
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the calendar."""

    on: date
    number: str
    name: str
    lines: list[str]
    look: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the period, in a row."""

    span: str
    amount: str
    text: str
    is_end: bool


@wearing(*READERS)
def deadline(request: StaffRequest, case_id: int, target: str) -> HttpResponse:
    """Explain one clock of a case, and say what would change it."""
    file = casefile.look(case_id, by=request.actor)
    sheet = _sheet(file, target, request.GET.get("cycle", ""))
    standing = stand(sheet, now=file.now)
    context: dict[str, Any] = {
        "case": file.case,
        "in_clear": names.is_of_the_team(request.actor, file.case),
        "back_url": reverse("case", args=[case_id]),
        "standing": standing,
        "clock": sheet.clock,
        "unit": word(sheet.rule.terms.unit),
        "week_days": week_days(),
        "changes": list(_changes(file, sheet)),
        **_basis(sheet),
    }
    try:
        answer = due(sheet.reckoning, strict=False)
    except ClockStandsStill:
        context["still_since"] = sheet.pauses[-1].start
    else:
        derivation, today = explain(answer), timezone.localdate(file.now)
        _put_in_words(derivation, file, target)
        text = tell(derivation, lang=language(), year=today.year)
        context |= {
            "answer": answer,
            "due_at": sheet.clock.due_at or answer.due_at,
            "is_held": sheet.clock.not_before == sheet.clock.due_at != answer.due_at,
            "sentences": text.partition("\n\n")[0].split("\n"),
            "text": text if sheet.rule.whose is Whose.PARTY else "",
            "weeks": _weeks(answer, derivation, today=today),
            "segments": list(_segments(derivation)),
        }
    if standing.is_going:
        context |= _what_if(request, sheet, file.now)
    return render(request, "desk/deadline.html", context)


def _put_in_words(derivation: Derivation, file: CaseFile, target: str) -> None:
    """Say the basis in the reader's language, and a pause by the step that began it."""
    derivation["basis"] = cited(derivation["basis"])
    causes = {
        directive.reason: str(step.label)
        for step in file.kind.steps.values()
        for directive in step.clocks
        if directive.verb is ClockVerb.PAUSE and directive.target == target
    }
    for pause in derivation["pauses"]:
        pause["reason"] = causes.get(pause["reason"], "")


def _sheet(file: CaseFile, target: str, cycle: str) -> ClockSheet:
    """Return the clock of a target: the cycle asked for, or the newest."""
    found = [
        sheet
        for sheet in file.clocks.sheets
        if sheet.target == target and cycle in ("", str(sheet.clock.cycle))
    ]
    if not found:
        raise NotFound(_("没有这件案件。"))
    return found[-1]


def _basis(sheet: ClockSheet) -> dict[str, Any]:
    rule = Rule.objects.select_related("edition__unit").get(pk=sheet.clock.rule_id)
    version = CalendarVersion.objects.select_related("calendar").get(
        pk=sheet.clock.calendar_version_id
    )
    return {"rule": rule, "calendar_version": version}


def _changes(file: CaseFile, sheet: ClockSheet) -> Iterator[tuple[str, str]]:
    """Yield what would move the date: the steps of the procedure that touch the clock."""
    for step in file.kind.steps.values():
        for directive in step.clocks:
            if directive.target == sheet.target:
                yield str(step.label), word(directive.verb)
    opening = file.kind.opening
    for directive in opening.clocks:
        if directive.target == sheet.target and directive.verb is ClockVerb.START:
            yield str(opening.label), word(directive.verb)


# ---------------------------------------------------------------- what if


def _what_if(request: StaffRequest, sheet: ClockSheet, now: datetime) -> dict[str, Any]:
    asked = "suppose" in request.GET
    form = WhatIf(request.GET if asked else None)
    if not asked or not form.is_valid():
        return {"form": form}
    amount, is_pause = form.cleaned_data["amount"], False
    if form.cleaned_data["suppose"] == WhatIf.PAUSE:
        is_pause = True
        if not sheet.rule.pauses:
            return {"form": form, "if_told": _("这个期限不能停，停不改变它。")}
    try:
        supposed = _supposed(sheet, now, amount, is_pause=is_pause)
    except DeadlineError as problem:
        return {"form": form, "if_told": getattr(problem.sentence, language())}
    return {"form": form, "if_before": sheet.clock.due_at, "if_after": supposed}


def _supposed(
    sheet: ClockSheet, now: datetime, amount: int, *, is_pause: bool
) -> datetime:
    """Work the date out anew under the supposition."""
    reckoning = sheet.reckoning
    standing = [pause for pause in reckoning.pauses if pause.end is None]
    ended = tuple(
        replace(pause, end=now) if pause in standing else pause
        for pause in reckoning.pauses
    )
    if is_pause:
        more = Pause(now, now + timedelta(days=amount), "what if")
        return due(replace(reckoning, pauses=(*ended, more)), strict=False).due_at
    terms = reckoning.terms
    longer = terms.extended(Period(amount, terms.unit))
    return due(replace(reckoning, terms=longer, pauses=ended), strict=False).due_at


# ---------------------------------------------------------------- calendar


def _weeks(answer: Answer, derivation: Derivation, *, today: date) -> list[list[Cell]]:
    """Return the weeks from the start to the last day; none for a period in hours."""
    if answer.reckoning.terms.unit.is_hours:
        return []
    marks = dict(_marks(derivation))
    first, last = min(marks), answer.due_on
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1
    wanted = range(count)
    if count > _MOST_WEEKS:
        wanted = range(count - _MOST_WEEKS, count)
    return [
        [
            _cell(monday + timedelta(days=7 * week + weekday), answer, marks, today)
            for weekday in range(7)
        ]
        for week in wanted
    ]


def _marks(derivation: Derivation) -> Iterator[tuple[date, tuple[Stretch, int]]]:
    """Yield every day of the stretches with its number among the days counted."""
    counted = 0
    for stretch in derivation["stretches"]:
        on = date.fromisoformat(stretch["first"])
        until = date.fromisoformat(stretch["last"])
        while on <= until:
            if stretch["why"] == "counted":
                counted += 1
            yield on, (stretch, counted)
            on += timedelta(days=1)


def _cell(
    on: date, answer: Answer, marks: dict[date, tuple[Stretch, int]], today: date
) -> Cell:
    calendar = answer.calendar
    row = calendar.day(on) if calendar.covers_from <= on <= calendar.covers_to else None
    number = month_day(on) if on.day == 1 or on == min(marks) else str(on.day)
    name = _("今天") if on == today else _day_name(row)
    look, lines = _look(on, answer, marks)
    if on == today:
        look += " is-today"
    return Cell(on, number, name, lines, look)


def _look(
    on: date, answer: Answer, marks: dict[date, tuple[Stretch, int]]
) -> tuple[str, list[str]]:
    if on not in marks:
        return "is-out", []
    stretch, number = marks[on]
    nth = _("第 %(n)s 天") % {"n": number}
    if on == answer.due_on:
        lines = [nth] if stretch["why"] == "counted" else []
        ending = _("到 %(time)s") % {"time": cut_off(answer.due_at)}
        return "is-due", [*lines, _("最后一天"), ending]
    match stretch["why"]:
        case "first_day":
            return "is-start", [_("开始，当天不算")]
        case "late_receipt":
            return "is-start", [_("下班后收到")]
        case "counted" if on == answer.raw_due_on:
            return "is-roll is-raw", [nth, _("休息，往后推")]
        case "counted":
            return "is-count", [nth]
        case "paused":
            return "is-still", [_("停着")]
        case "roll":
            return "is-roll", [_("往后推")]
        case _:
            return "is-rest", [_("不算")]


def _day_name(row: CalendarDay | None) -> str:
    if row is None:
        return _("未公布")
    match row.kind:
        case DayKind.NORMAL:
            return ""
        case DayKind.WEEKEND:
            return _("休")
        case DayKind.MAKEUP | DayKind.LOCAL_OPEN:
            return _("上班")
        case _:
            return holiday(row.note.name) or word(row.kind)


# ---------------------------------------------------------------- stretches


def _segments(derivation: Derivation) -> Iterator[Segment]:
    is_hours = Unit(derivation["periods"][0]["unit"]).is_hours
    counted = 0
    for stretch in derivation["stretches"]:
        count = stretch.get("count", 0)
        counted += count
        is_end = not is_hours and stretch["last"] == derivation["due_on"]
        yield Segment(
            span=_span(stretch, is_hours=is_hours),
            amount=ngettext("%(n)s 天", "%(n)s 天", count) % {"n": count}
            if count
            else "",
            text=_stretch_text(stretch, counted),
            is_end=is_end,
        )


def _span(stretch: Stretch, *, is_hours: bool) -> str:
    if is_hours:
        first, last = (datetime.fromisoformat(stretch[k]) for k in ("first", "last"))
        return (
            f"{month_day(first)} {cut_off(first)} – {month_day(last)} {cut_off(last)}"
        )
    on, until = (date.fromisoformat(stretch[k]) for k in ("first", "last"))
    return day(on) if on == until else f"{month_day(on)} – {month_day(until)}"


def _stretch_text(stretch: Stretch, counted: int) -> str:
    name = holiday(stretch.get("name", "")) or _("周末")
    match stretch["why"]:
        case "first_day":
            return _("开始的那天，不算。")
        case "late_receipt":
            return _("下班以后或休息日收到，算下一个上班日收到。")
        case "counted":
            told = _("算，数到第 %(n)s 天。") % {"n": counted} if counted else _("算。")
            is_makeup = stretch.get("kind") == DayKind.MAKEUP
            return told + (_("调休上班。") if is_makeup else "")
        case "paused":
            return _("停着，不算。")
        case "roll":
            return _("%(name)s，不能在这天结束，往后推。") % {"name": name}
        case "due":
            return _("休息过后第一个上班日，这一天过完截止。")
        case "closed":
            return _("不上班，不算。")
        case _:
            return _("%(name)s，不算。") % {"name": name}
