"""Mistakes are mended openly: general words of the engine, for every procedure.

取回 take back · 更正 correct · 撤销系统视为 reverse a deemed step. 补录, an act recorded
later than it happened, is `cases.act` with `at` and `late_reason`. Nothing is deleted:
each is an act of its own, with its event (design.md 3).
"""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.access import Actor
from casework.domain.deadlines import CalendarHorizon
from casework.domain.errors import Forbidden, Invalid, NotNow
from casework.domain.vocabulary import Act as ActWord
from casework.lifecycle import Correction
from casework.models import Act, Case
from casework.services import casefile, cases, writing
from casework.services.casefile import CaseFile

#: Working days within which a supervisor may reverse a deemed step (domain.md 9.5, P).
REVERSIBLE_DAYS = 5

_PROPOSED = "case.correction_proposed"


def take_back(case_id: int, *, by: Actor, reason: str) -> Case:
    """Take back one's own last act (取回), as long as nobody has acted since.

    State, hands, details and clocks are as they were before it; what fired meanwhile
    stays fired. Raises Forbidden when the last act is somebody else's, NotNow when it is
    the opening or was itself a mending, Invalid without a reason.
    """
    reason = _reason(reason)
    with cases.caught_up(case_id, by=by) as file:
        last = _last_act(file)
        if by.person is None or last.person_id != by.person.pk:
            raise Forbidden(_("只能取回自己刚办的一步；后面已经有别人办过。"))
        if not last.step.startswith("step."):
            raise NotNow(_("这一步不能取回。"))
        return _undo(file, last, ActWord.TAKE_BACK, by, reason)


def reverse_deemed(case_id: int, *, by: Actor, reason: str) -> Case:
    """Reverse a step that the system took because a clock was over (撤销系统视为).

    Only a supervisor of the unit that has the case, within five working days, and only
    while nothing else has been done. The clock runs again and stays overdue, but the
    system does not take the step a second time. Raises Forbidden, NotNow, Invalid.
    """
    reason = _reason(reason)
    with cases.caught_up(case_id, by=by) as file:
        last = _last_act(file)
        if not access.supervises(by, file.case):
            raise Forbidden(_("只有案件所在单位的负责人能撤销系统视为的决定。"))
        step = file.kind.steps.get(last.step.removeprefix("step."))
        if step is None or not step.deemed:
            raise NotNow(_("最后一步不是系统视为的决定，没有什么可撤销的。"))
        if _working_days_since(file, last) > REVERSIBLE_DAYS:
            raise NotNow(
                _("系统视为的决定只能在 %(days)s 个工作日内撤销，现在已经过了。")
                % {"days": REVERSIBLE_DAYS}
            )
        for sheet in file.clocks.sheets:
            sheet.clock.expiry_waived |= sheet.rule.expiry == step.name
        return _undo(file, last, ActWord.REVERSE_DEEMED, by, reason)


def correct(
    case_id: int, *, field: str, value: Any, reason: str, proof: str, by: Actor
) -> Case:
    """Correct a field (更正), keeping before, after, reason and proof.

    What moves a clock is only proposed by this; `confirm_correction` by another person
    carries it out. Raises Forbidden for anybody but the assignee and the supervisor,
    Invalid for a field that is not corrected this way or a value that it does not take.
    """
    reason = _reason(reason)
    with cases.caught_up(case_id, by=by) as file:
        _must_be_ones_own(file, by)
        correction = file.kind.correctable.get(field)
        if correction is None:
            raise Invalid(_("这一项不能更正。"), field=field)
        cleaned = _cleaned(correction, field, value)
        before = file.snapshot()
        data = {
            "field": field,
            "before": casefile.plain(_value(file, field)),
            "after": casefile.plain(cleaned),
            "reason": reason,
            "proof": proof,
        }
        if correction.moves_clock:
            verb = _PROPOSED
        else:
            verb = f"case.{ActWord.CORRECT}"
            _put(file, field, cleaned)
        file.write(verb, by=by, at=file.now, data=data, before=before)
        return file.case


def confirm_correction(case_id: int, *, by: Actor) -> Case:
    """Carry out a correction that another person proposed and that moves a clock.

    Raises NotNow when none waits, Forbidden for the person who proposed it.
    """
    with cases.caught_up(case_id, by=by) as file:
        last = _last_act(file)
        if last.step != _PROPOSED:
            raise NotNow(_("没有等待确认的更正。"))
        if by.person is None or last.person_id == by.person.pk:
            raise Forbidden(_("会影响期限的更正要由另一个人确认。"))
        _must_be_ones_own(file, by)
        field = last.data["field"]
        correction = file.kind.correctable[field]
        cleaned = _cleaned(correction, field, last.data["after"])
        before = file.snapshot()
        _put(file, field, cleaned)
        file.clocks.start_anew(correction.moves_clock, at=cleaned)
        data = {**last.data, "proposed": last.version}
        file.write(
            f"case.{ActWord.CORRECT}", by=by, at=file.now, data=data, before=before
        )
        return file.case


def _last_act(file: CaseFile) -> Act:
    return Act.objects.filter(case=file.case).latest("version")


def _undo(file: CaseFile, last: Act, word: ActWord, by: Actor, reason: str) -> Case:
    before = file.snapshot()
    file.restore(last.before, at=file.now)
    writing.take_records_back(
        file.case.pk, file.kind.records, of=last.version, by=file.case.version + 1
    )
    data = {"act": last.version, "step": last.step, "reason": reason}
    file.write(f"case.{word}", by=by, at=file.now, data=data, before=before)
    return file.case


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(_("请写明原因。"), field="reason")
    return text.strip()


def _must_be_ones_own(file: CaseFile, by: Actor) -> None:
    mine = by.person is not None and file.case.assignee_id == by.person.pk
    if not mine and not access.supervises(by, file.case):
        raise Forbidden(_("只有承办人和本单位负责人能更正。"))


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


def _value(file: CaseFile, field: str) -> Any:
    return getattr(file.case if field == "opened_at" else file.details, field)


def _put(file: CaseFile, field: str, value: Any) -> None:
    setattr(file.case if field == "opened_at" else file.details, field, value)
