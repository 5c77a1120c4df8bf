"""Mistakes are mended openly: general words of the engine, for every procedure.

取回 take back · 更正 correct · 撤销系统视为 reverse a deemed step. 补录, an act recorded
later than it happened, is `cases.act` with `at` and `late_reason`. Nothing is deleted:
each is an act of its own, with its event (design.md 3).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access, wording
from casework.access import Actor, Refusal
from casework.domain.deadlines import CalendarHorizon
from casework.domain.errors import Forbidden, Invalid, NotNow
from casework.domain.vocabulary import Act as ActWord
from casework.lifecycle import Correction
from casework.models import Act, Case
from casework.services import casefile, cases, lateness, writing
from casework.services.casefile import CaseFile
from casework.services.cases import Offer

#: Working days within which a supervisor may reverse a deemed step (domain.md 9.5, P).
REVERSIBLE_DAYS = 5

PROPOSED = f"case.{ActWord.PROPOSE_CORRECTION}"


def offered(file: CaseFile, *, by: Actor) -> list[Offer]:
    """Return the words that mend as they offer themselves to the actor in the case now.

    Those that he may not say are left out, but for what waits for somebody else.
    """
    last = last_act(file)
    offers = [Offer(word, rule(file, last, by)) for word, rule in _RULES.items()]
    return [
        offer
        for offer in offers
        if offer.refusal is None
        or (offer.act in _WAITING and offer.refusal.kind is Forbidden)
    ]


def refused(file: CaseFile, word: ActWord, *, by: Actor) -> Refusal | None:
    """Return why the actor may not say the word in the case now; None when he may."""
    return _RULES[word](file, last_act(file), by)


def waiting(file: CaseFile) -> Mapping[str, Any] | None:
    """Return the correction that waits for a second person, as it was proposed."""
    last = last_act(file)
    return last.data if last.step == PROPOSED else None


def current(file: CaseFile, field: str) -> Any:
    """Return what a field that may be corrected holds now."""
    return getattr(file.case if field == "opened_at" else file.details, field)


def take_back(
    case_id: int,
    *,
    by: Actor,
    reason: str,
    version: int | None = None,
    command: UUID | None = None,
) -> Case:
    """Take back one's own last act (取回), as long as nobody has acted since.

    State, hands, details and clocks are as they were before it; what fired meanwhile
    stays fired. Raises Forbidden when the last act is somebody else's, NotNow when it is
    the opening or was itself a mending, Invalid without a reason.
    """
    reason = _reason(reason)
    with cases.caught_up(case_id, by=by, version=version, command=command) as file:
        if file.answered is not None:
            return cases.answered(file, f"case.{ActWord.TAKE_BACK}")
        last = _allowed(file, ActWord.TAKE_BACK, by)
        return _undo(file, last, ActWord.TAKE_BACK, by, reason, command)


def reverse_deemed(
    case_id: int,
    *,
    by: Actor,
    reason: str,
    version: int | None = None,
    command: UUID | None = None,
) -> Case:
    """Reverse a step that the system took because a clock was over (撤销系统视为).

    Only a supervisor of the unit that has the case, within five working days, and only
    while nothing else has been done. The clock runs again and stays overdue, but the
    system does not take the step a second time. Raises Forbidden, NotNow, Invalid.
    """
    reason = _reason(reason)
    with cases.caught_up(case_id, by=by, version=version, command=command) as file:
        if file.answered is not None:
            return cases.answered(file, f"case.{ActWord.REVERSE_DEEMED}")
        last = _allowed(file, ActWord.REVERSE_DEEMED, by)
        for sheet in file.clocks.sheets:
            sheet.clock.expiry_taken |= f"step.{sheet.rule.expiry}" == last.step
        return _undo(file, last, ActWord.REVERSE_DEEMED, by, reason, command)


def correct(
    case_id: int,
    *,
    field: str,
    value: Any,
    reason: str,
    proof: str,
    by: Actor,
    version: int | None = None,
    command: UUID | None = None,
) -> Case:
    """Correct a field (更正), keeping before, after, reason and proof.

    What moves a clock is only proposed by this; `confirm_correction` by another person
    carries it out. Raises Forbidden for anybody but the assignee and the supervisor,
    Invalid without reason and proof, for a field that is not corrected this way, for a
    value that it does not take, and for a receipt that its case contradicts.
    """
    reason, proof = _reason(reason), _proof(proof)
    with cases.caught_up(case_id, by=by, version=version, command=command) as file:
        if file.answered is not None:
            return cases.answered(file, PROPOSED, f"case.{ActWord.CORRECT}")
        _allowed(file, ActWord.CORRECT, by)
        correction = file.kind.correctable.get(field)
        if correction is None:
            raise Invalid(_("这一项不能更正。"), field=field)
        cleaned = _cleaned(correction, field, value)
        if field == "opened_at":
            _check_receipt(file, cleaned)
        if cleaned == current(file, field):
            raise Invalid(_("和现在的一样，没有什么要更正。"), field=field)
        before = file.snapshot()
        data = {
            "field": field,
            "before": casefile.plain(current(file, field)),
            "after": casefile.plain(cleaned),
            "reason": reason,
            "proof": proof,
        }
        if correction.moves_clocks:
            verb = PROPOSED
        else:
            verb = f"case.{ActWord.CORRECT}"
            _put(file, field, cleaned)
        file.write(verb, by=by, at=file.now, data=data, before=before, command=command)
        return file.case


def confirm_correction(
    case_id: int,
    *,
    by: Actor,
    version: int | None = None,
    command: UUID | None = None,
) -> Case:
    """Carry out a correction that another person proposed and that moves a clock.

    Raises NotNow when none waits, Forbidden for the person who proposed it.
    """
    verb = f"case.{ActWord.CORRECT}"
    with cases.caught_up(case_id, by=by, version=version, command=command) as file:
        if file.answered is not None:
            return cases.answered(file, verb)
        last = _allowed(file, ActWord.CONFIRM_CORRECTION, by)
        field = last.data["field"]
        correction = file.kind.correctable[field]
        cleaned = _cleaned(correction, field, last.data["after"])
        before = file.snapshot()
        _put(file, field, cleaned)
        file.clocks.start_anew(correction.moves_clocks, at=cleaned)
        data = {**last.data, "proposed": last.version}
        file.write(verb, by=by, at=file.now, data=data, before=before, command=command)
        return file.case


def _allowed(file: CaseFile, word: ActWord, by: Actor) -> Act:
    """Return the last act, which the word is about; raise the refusal if there is one."""
    last = last_act(file)
    refusal = _RULES[word](file, last, by)
    if refusal is not None:
        raise refusal.error
    return last


def _take_back_refused(file: CaseFile, last: Act, by: Actor) -> Refusal | None:
    if by.person is None or last.person_id != by.person.pk:
        return Refusal(_("只能取回自己刚办的一步；后面已经有别人办过。"))
    if not last.step.startswith("step."):
        return Refusal(_("这一步不能取回。"), kind=NotNow)
    return None


def _correct_refused(file: CaseFile, last: Act, by: Actor) -> Refusal | None:
    if not file.kind.correctable:
        return Refusal(_("这类案件没有可以更正的项目。"), kind=NotNow)
    if access.is_assignee(by, file.case) or access.supervises(by, file.case):
        return None
    return Refusal(_("只有承办人和本单位负责人能更正。"))


def _confirm_refused(file: CaseFile, last: Act, by: Actor) -> Refusal | None:
    if last.step != PROPOSED:
        return Refusal(_("没有等待确认的更正。"), kind=NotNow)
    if by.person is None or last.person_id == by.person.pk:
        return Refusal(
            _("会影响期限的更正要由另一个人确认。"),
            _("承办人或本单位负责人中的另一个人"),
        )
    return _correct_refused(file, last, by)


def _reverse_refused(file: CaseFile, last: Act, by: Actor) -> Refusal | None:
    step = file.kind.steps.get(last.step.removeprefix("step."))
    if step is None or not step.deemed:
        return Refusal(_("最后一步不是系统视为的决定，没有什么可撤销的。"), kind=NotNow)
    if _working_days_since(file, last) > REVERSIBLE_DAYS:
        told = {"days": REVERSIBLE_DAYS}
        return Refusal(
            _("系统视为的决定只能在 %(days)s 个工作日内撤销，现在已经过了。") % told,
            kind=NotNow,
        )
    if access.supervises(by, file.case):
        return None
    return Refusal(_("只有案件所在单位的负责人能撤销系统视为的决定。"))


#: Who may say each word, and when: what the acts ask and what the screens offer.
_RULES: dict[ActWord, Callable[[CaseFile, Act, Actor], Refusal | None]] = {
    ActWord.CONFIRM_CORRECTION: _confirm_refused,
    ActWord.REVERSE_DEEMED: _reverse_refused,
    ActWord.TAKE_BACK: _take_back_refused,
    ActWord.CORRECT: _correct_refused,
}
#: What waits for somebody: who may not say it is told who may.
_WAITING = frozenset({ActWord.CONFIRM_CORRECTION, ActWord.REVERSE_DEEMED})


def last_act(file: CaseFile) -> Act:
    """Return the act that the words would be about."""
    return Act.objects.filter(case=file.case).latest("version")


def _undo(
    file: CaseFile,
    last: Act,
    word: ActWord,
    by: Actor,
    reason: str,
    command: UUID | None,
) -> Case:
    before = file.snapshot()
    file.restore(last.before, at=file.now)
    try:
        writing.take_records_back(
            file.case.pk, file.kind.records, of=last.version, by=file.case.version + 1
        )
    except IntegrityError as fault:  # what it would let stand again, another has now
        raise casefile.taken(file.kind, fault) from fault
    data = {"act": last.version, "step": last.step, "reason": reason}
    verb = f"case.{word}"
    file.write(verb, by=by, at=file.now, data=data, before=before, command=command)
    return file.case


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(_("请写明原因。"), field="reason")
    return text.strip()


def _proof(text: str) -> str:
    if not text.strip():
        raise Invalid(_("更正要写明凭据，例如邮戳、身份证件。"), field="proof")
    return text.strip()


def _check_receipt(file: CaseFile, at: datetime) -> None:
    """Raise Invalid for a receipt to come, after the first step, or too long ago."""
    opening, *steps = Act.objects.filter(
        Q(step__startswith="step.") | Q(version=1), case=file.case
    ).order_by("version")
    first = min((act.at for act in steps), default=file.now)
    if at > first:
        raise Invalid(
            _("收件时间不能晚于第一步办理的时间（%(first)s）。")
            % {"first": wording.moment(first)}
            if steps
            else _("收件时间不能晚于现在。"),
            field="opened_at",
        )
    lateness.check_receipt(at=at, now=opening.recorded_at, field="opened_at")


def _working_days_since(file: CaseFile, act: Act) -> int:
    days = file.clocks.calendar.days
    try:
        return days.worked_through(
            timezone.localdate(file.now).toordinal()
        ) - days.worked_through(timezone.localdate(act.at).toordinal())
    except CalendarHorizon:
        # Beyond the published holidays nobody can count; calendar days never give more.
        return (file.now - act.at).days


def _cleaned(correction: Correction, field: str, value: Any) -> Any:
    try:
        return correction.field.clean(value)
    except forms.ValidationError as mistake:
        raise Invalid(mistake.messages[0], field=field) from mistake


def _put(file: CaseFile, field: str, value: Any) -> None:
    setattr(file.case if field == "opened_at" else file.details, field, value)
