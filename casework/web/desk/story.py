"""The timeline as a story: each fact as a title, who, a sentence, and what it changed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from casework import wording
from casework.domain import masking
from casework.domain.deadlines import After, Before, Percent
from casework.domain.rules import RuleTerms, read_rules
from casework.domain.sealing import SealError
from casework.domain.vocabulary import Act, ClockVerb, Purpose, Role, RungState
from casework.lifecycle import CaseType, StepForm
from casework.models import Act as ActRow
from casework.models import Case
from casework.models.sealing import is_sealed
from casework.reports.timeline import REVEALED, Change, Fact
from casework.services.casefile import CaseFile
from casework.web.desk.standing import language
from casework.web.templatetags.days import (
    cut_off,
    last_day,
    month_day,
    period_words,
)
from casework.wording import enumeration, word

#: A moment and a day as an act keeps them.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*[+-]\d\d:\d\d$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
#: Of a form that was filled in, no more than this is told; the rest is in the file.
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that an act changed: 前 → 后, or what became of a clock."""

    about: str  # state, subject, place, person, or what was done to a clock
    what: str
    name: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the story."""

    sequence: int
    at: datetime
    look: str  # step, note or system: the shape of its dot
    title: str
    person: str
    role: str
    stamp: str
    why_stamped: str
    sentence: str
    effects: list[Effect]


@dataclass(frozen=True, slots=True)
class Day:
    """The moments of one day."""

    on: date
    is_today: bool
    moments: list[Moment]


class Teller:
    """Tells the facts of one case; `in_clear` to those who may read what was filled in.

    Who audits reads why somebody wanted to see numbers in full, in his own words.
    """

    def __init__(self, file: CaseFile, *, in_clear: bool, audits: bool = False) -> None:
        self._kind: CaseType = file.kind
        self._case: Case = file.case
        self._in_clear, self._audits = in_clear, audits
        self._rules: Mapping[str, RuleTerms] = {
            **_declared(file.kind.rules),
            **{sheet.target: sheet.rule for sheet in file.clocks.sheets},
        }

    def days(self, facts: Iterable[Fact], *, today: date) -> list[Day]:
        """Return the facts day by day, in the order in which they come."""
        grouped = groupby(facts, key=lambda fact: timezone.localdate(fact.at))
        return [
            Day(day, day == today, [self.moment(fact) for fact in those])
            for day, those in grouped
        ]

    def moment(self, fact: Fact) -> Moment:
        """Return one fact as it is told."""
        hat = [self._role(fact), fact.unit]
        return Moment(
            sequence=fact.sequence,
            at=fact.at,
            look="system" if fact.is_by_system else "step",
            title=self.title(fact),
            person=fact.person or word(Role.SYSTEM),
            role=" · ".join(part for part in hat if part),
            stamp=self._stamp(fact),
            why_stamped=_why_late(fact),
            sentence=self._sentence(fact),
            effects=[*self._changes(fact), *self._clocks(fact)],
        )

    def title(self, fact: Fact) -> str:
        """Return what was done, in a word of the procedure or of the engine."""
        room, _dot, name = fact.verb.partition(".")
        if room == "clock":
            return self._clock_title(name, fact.record.get("clock", {}))
        if room == "step" and name in self._kind.steps:
            return str(self._kind.steps[name].label)
        if fact.verb == "case.opened":
            return str(self._kind.opening.label)
        if fact.verb == REVEALED:
            return _("查看完整号码")
        known = {str(act): act for act in Act}
        return word(known[name]) if name in known else name

    def state(self, code: str) -> str:
        """Return a state of the procedure as a word."""
        return word(self._kind.state(code)) if code else ""

    def clock(self, target: str) -> str:
        """Return the name of a period."""
        rule = self._rules.get(target)
        if rule is None:
            return target
        return rule.en if language() == "en" else rule.zh

    def _role(self, fact: Fact) -> str:
        role = fact.record.get("actor", {}).get("role")
        return word(Role(role)) if role and role != Role.SYSTEM else ""

    def _stamp(self, fact: Fact) -> str:
        if fact.act is not None and fact.act.late_reason:
            return word(Act.RECORD_LATE)
        if fact.on_behalf:
            return _("代办 · 代%(name)s") % {"name": fact.on_behalf}
        return ""

    def _sentence(self, fact: Fact) -> str:
        room, _dot, name = fact.verb.partition(".")
        if room == "clock":
            return self._clock_sentence(name, fact.record.get("clock", {}))
        if fact.verb == REVEALED:
            told = fact.record["reveal"]["purpose"]
            purpose = _("用途：%(purpose)s。") % {"purpose": word(Purpose(told))}
            if not (fact.reason and self._audits):
                return purpose
            reason = masking.in_text(fact.reason)
            return purpose + _("说明：%(reason)s") % {"reason": reason}
        if fact.act is None or not self._in_clear:
            return ""
        said = (
            self._filled_in(name, fact.act)
            if room == "step" or fact.verb == "case.opened"
            else self._mended(fact.act.data)
        )
        told = [
            _("%(label)s：%(value)s") % {"label": label, "value": text.rstrip("。")}
            for label, text in said
        ]
        text = _("；").join(told)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    def _filled_in(self, step: str, act: ActRow) -> Iterable[tuple[str, str]]:
        """Yield what a form said, as it declares; what it does not name stays sealed."""
        taken = self._kind.opening if step == "opened" else self._kind.steps.get(step)
        form = taken.form if taken else StepForm
        for name in form.base_fields if form.told is None else form.told:
            value = _opened(act, name) if form.told else act.data.get(name)
            if value in (None, "", []) or is_sealed(value):
                continue
            field = form.base_fields[name]
            if text := _as_read(field, value):
                yield str(field.label or capfirst(name.replace("_", " "))), text

    def _mended(self, data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        for name, label in _mending_labels().items():
            value = data.get(name)
            if value in (None, "", []) or is_sealed(value):
                continue
            if name == "field" and value in self._kind.correctable:
                value = label_of(self._kind, value)
            yield label, shown(value)

    def _changes(self, fact: Fact) -> Iterable[Effect]:
        for change in fact.changes:
            effect = self._changed(change)
            if effect is not None and fact.verb != "case.opened":
                yield effect

    def _changed(self, change: Change) -> Effect | None:
        nobody = _("未签收")
        match change.column:
            case "state":
                before, after = self.state(change.before), self.state(change.after)
                return Effect("state", _("状态"), before=before, after=after)
            case "subject":
                return Effect(
                    "subject", _("事由"), before=change.before, after=change.after
                )
            case "holder_id":
                return Effect(
                    "place", _("所在"), before=change.before, after=change.after
                )
            case "assignee_id":
                return Effect(
                    "person",
                    _("承办"),
                    before=change.before or nobody,
                    after=change.after or nobody,
                )
            case _:
                return None

    def _clocks(self, fact: Fact) -> Iterable[Effect]:
        for told in fact.record.get("clocks", []):
            verb = ClockVerb(told["verb"])
            before, after = (_due(text) for text in told["due"])
            name = self.clock(told["target"])
            is_over = verb in (ClockVerb.STOP, ClockVerb.CANCEL, ClockVerb.PAUSE)
            if is_over or not after:
                yield Effect(str(verb), word(verb), name)
            elif before and before != after:
                yield Effect(str(verb), word(verb), name, before, after)
            else:
                yield Effect(str(verb), word(verb), name, after=after)

    def _clock_title(self, name: str, told: dict[str, Any]) -> str:
        clock = self.clock(told.get("target", ""))
        if name == "breached":
            return _("%(clock)s超期") % {"clock": clock}
        if name == "breach_retracted":
            return _("%(clock)s的超期撤回") % {"clock": clock}
        rule = self._rules.get(told.get("target", ""))
        rung = rung_words(rule, told.get("rung", "")) if rule else ""
        return _("%(clock)s：%(rung)s") % {"clock": clock, "rung": rung}

    def _clock_sentence(self, name: str, told: dict[str, Any]) -> str:
        if name == "breach_retracted":
            return _("事情在期限内办了，晚录入；这次超期不算。")
        due = _due(told.get("due"))
        if told.get("state") == RungState.SUPERSEDED:
            return _("后一级已到，这一级不再提醒。")
        if name == "breached":
            return _("期限 %(due)s 已过，还没有办完。") % {"due": due}
        return _("期限 %(due)s。") % {"due": due} if due else ""


@lru_cache
def _declared(rules: Path) -> dict[str, RuleTerms]:
    """Return the periods of a procedure: a step may name one that has not begun."""
    read = read_rules(rules.read_text("utf-8"), file=rules.name)
    return {rule.target: rule for rule in read}


def rung_words(rule: RuleTerms, code: str) -> str:
    """Say when a rung of a ladder fires: `用了 80%`, `还剩 1 个工作日`."""
    steps = {rung.code: rung.step for rung in rule.ladder}
    match steps.get(code):
        case Percent(share=share):
            return _("用了 %(share)s%%") % {"share": share}
        case Before(period=period):
            return _("还剩 %(period)s") % {"period": period_words(period)}
        case After(period=period):
            return _("超期 %(period)s") % {"period": period_words(period)}
        case _:
            return _("到期")


def _mending_labels() -> dict[str, str]:
    return {
        "field": _("项目"),
        "before": _("原来是"),
        "after": _("应当是"),
        "reason": _("原因"),
        "proof": _("凭据"),
    }


def label_of(kind: CaseType, field: str) -> str:
    """Return the name of a field that may be corrected (更正), as people read it."""
    label = kind.correctable[field].field.label
    if label is None and field == "opened_at":
        label = _("收到时间")
    if label is None:
        label = capfirst(str(kind.details._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
    return str(label)


def _why_late(fact: Fact) -> str:
    """Return why an act was recorded late, and what proves when it happened."""
    if fact.act is None or not fact.act.late_proof:
        return fact.act.late_reason if fact.act else ""
    told = {"reason": fact.act.late_reason, "proof": fact.act.late_proof}
    return _("%(reason)s；凭证：%(proof)s") % told


def _opened(act: ActRow, field: str) -> Any:
    """Return what the field said; nothing where its seal is broken, as the proof tells."""
    try:
        return act.value(field)
    except SealError:
        return None


def _as_read(field: forms.Field, value: Any) -> str:
    """Return what was filled in as its form shows it; "" for what it does not show."""
    is_unseen = isinstance(field, forms.ModelChoiceField | forms.FileField)
    if is_unseen or field.widget.is_hidden:
        return ""
    if isinstance(value, list):
        words = (_as_read(field, item) for item in value if not isinstance(item, dict))
        return enumeration(words)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        known = {str(code): str(text) for code, text in choices}
        # What is offered in a case only, as its people and places, is not shown here.
        return known.get(str(value), shown(value)) if known else ""
    return shown(value if isinstance(value, bool) else field.prepare_value(value))


def shown(value: Any) -> str:
    """Return a value that a form was given, or that a field holds, as people read it."""
    if isinstance(value, str) and _MOMENT.match(value):
        value = datetime.fromisoformat(value)
    if isinstance(value, str) and _DAY.match(value):
        value = date.fromisoformat(value)
    match value:
        case datetime():
            return wording.moment(value)
        case date():
            return wording.day(value)
        case bool():
            return _("是") if value else _("否")
        case list():
            return enumeration(str(item) for item in value)
        case _:
            return str(value)


def _due(text: str | None) -> str:
    if not text:
        return ""
    due_at = datetime.fromisoformat(text)
    return f"{month_day(last_day(due_at))} {cut_off(due_at)}"
