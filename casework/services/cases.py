"""The one door: every change of every case goes through here.

`open`, `act`, `claim`, `release`, `assign`, and the general words that mend
(`casework.services.mending`). Web, API, flows, Celery and the demo all call these. One
transaction each; a refusal leaves nothing behind (design.md 3).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.access import SYSTEM, Actor, Refusal
from casework.domain.errors import Conflict, Forbidden, Invalid, InvalidForm, NotNow
from casework.domain.vocabulary import Act as ActWord
from casework.domain.vocabulary import Role
from casework.lifecycle import CaseType, Files, Registry, Step, StepForm, door
from casework.models import Act, Case
from casework.services import casefile, failpoints, openings
from casework.services.casefile import CaseFile
from casework.wording import enumeration, word

#: An act that is recorded this much later than it happened is a late entry (补录).
LATE_AFTER = timedelta(minutes=15)
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """A step as it offers itself: allowed, or the reason why not and who could."""

    step: Step
    refusal: Refusal | None

    @property
    def is_allowed(self) -> bool:
        """Whether `act` will succeed with a valid form."""
        return self.refusal is None


def act(
    case_id: int,
    step: str,
    *,
    by: Actor,
    version: int | None,
    data: Mapping[str, Any] | None = None,
    files: Files | None = None,
    at: datetime | None = None,
    late_reason: str = "",
    command: UUID | None = None,
) -> Case:
    """Take a step of the case's procedure and return the case as it then is.

    `version` is the one the person saw (None: whatever it is); `at` when it happened,
    by default when it is recorded; `command` makes a form that is sent twice one act,
    also at the same time: whoever comes second waits for the lock and gets the case.

    What fell due before `at` is settled first, in a transaction of its own, and stays
    settled whatever follows. Raises NotFound when the case does not exist for the
    actor, Conflict when the version is stale, Forbidden with the reason when he may not,
    NotNow when the state or a guard says no, Invalid for a time or data that break a
    rule.
    """
    while True:
        with transaction.atomic():
            file = casefile.take(case_id, by=by, command=command)
            if file.answered is not None:
                return _answered(file, step)
            moment = at or file.now
            # Before anything is settled: a rung must not fire before its time.
            if moment > file.now:
                raise Invalid(_("办理时间不能晚于现在。"), field="at")
            # The system itself comes for the step that a clock's end calls for.
            catch_up = casefile.settle if by is SYSTEM else _catch_up
            if catch_up(file, before=moment):
                continue
            _must_be_current(file, version)
            taken = _known(file, step)
            _check_time(file, taken, moment, late_reason)
            return _take(
                file,
                taken,
                by=by,
                at=moment,
                data=data or {},
                files=files,
                late_reason=late_reason,
                command=command,
            )


def choices(case_id: int, *, by: Actor, at: datetime | None = None) -> list[Choice]:
    """Return every step of the procedure as it offers itself to the actor now.

    The same access rules and guards that `act` runs: what is allowed here succeeds
    with a valid form. Raises NotFound when the case does not exist for the actor.
    """
    file = casefile.look(case_id, by=by)
    moment = at or file.now
    return [
        Choice(step, refused(file, step, by=by, at=moment))
        for step in file.kind.steps.values()
    ]


def refused(file: CaseFile, step: Step, *, by: Actor, at: datetime) -> Refusal | None:
    """Return why the step cannot be taken; None when it can, with a valid form."""
    state = file.kind.state(file.case.state)
    if state not in step.sources:
        return Refusal(
            _("案件在“%(state)s”，这一步不在这时办。") % {"state": word(state)}
        )
    barred = access.refusal(by, file.case, step, is_party=file.is_party)
    if barred is not None:
        return barred
    for guard in step.guards:
        reason = guard(file.case, by, at)
        if reason is not None:
            return Refusal(str(reason))
    return None


def open(
    kind: str,
    *,
    by: Actor,
    data: Mapping[str, Any],
    files: Files | None = None,
    at: datetime | None = None,
    command: UUID | None = None,
) -> Case:
    """Open a case of the kind at the actor's unit and return it with its number.

    `command` makes a form that is sent twice one case. Raises Forbidden when the actor
    may not open one, Invalid when the form says no.
    """
    case_type = Registry.get(kind)
    hat = by.membership
    if hat is None or by.role not in case_type.opening.roles:
        told = enumeration(
            word(role) for role in Role if role in case_type.opening.roles
        )
        raise Forbidden(_("只有%(roles)s能登记这类案件。") % {"roles": told})
    if hat.unit.level not in case_type.opening.levels:
        raise Forbidden(
            _("%(level)s不登记这类案件。") % {"level": word(hat.unit.level)}
        )
    try:
        with transaction.atomic():
            return openings.begin(
                case_type,
                unit=hat.unit,
                by=by,
                at=at,
                data=data,
                files=files,
                command=command,
            )
    except IntegrityError as refusal:
        # The constraint waits for a twin that is on its way, and tells of it here.
        opened = access.visible(by).filter(acts__version=1, acts__command=command)
        case = opened.first() if command else None
        if case is None:
            raise refusal
        return case_type.model.objects.get(pk=case.pk)


def claim(case_id: int, *, by: Actor, version: int | None = None) -> Case:
    """Take a case on (签收): it is the actor's from now.

    Raises Conflict when somebody was faster, Forbidden when it lies in another unit or
    the role does not handle this kind.
    """

    def check(file: CaseFile) -> None:
        _must_handle(by, file.case, file.kind)
        if file.case.assignee_id is not None:
            raise _taken_on(file.case, by)

    assert by.person is not None
    return _hand(case_id, by.person.pk, ActWord.CLAIM, by, version, check)


def release(case_id: int, *, by: Actor, version: int | None = None) -> Case:
    """Give a case back (退签): it is nobody's, in the same unit.

    Raises Forbidden for anybody but its assignee or a supervisor of the unit.
    """

    def check(file: CaseFile) -> None:
        mine = by.person is not None and file.case.assignee_id == by.person.pk
        if not mine and not access.supervises(by, file.case):
            raise Forbidden(_("只有承办人自己或本单位负责人能退签。"))

    return _hand(case_id, None, ActWord.RELEASE, by, version, check)


def assign(case_id: int, *, to: int, by: Actor, version: int | None = None) -> Case:
    """Give a case to a person (指派), by a supervisor of the unit that has it.

    Raises Forbidden for anybody else, Invalid when the person wears no hat there that
    handles this kind of case.
    """

    def check(file: CaseFile) -> None:
        if not access.supervises(by, file.case):
            raise Forbidden(_("只有案件所在单位的负责人能指派承办人。"))
        day, unit = timezone.localdate(file.now), file.case.holder_id
        if not access.handles(to, unit, file.kind.handlers, on=day):
            raise Invalid(_("这个人在案件所在单位没有能办这类案件的岗位。"), field="to")

    return _hand(case_id, to, ActWord.ASSIGN, by, version, check)


def expire(case_id: int) -> bool:
    """Take the step that a clock's end calls for, if it still does; say whether it did.

    Raises NotFound for a case that is gone.
    """
    taken = False
    while True:
        with transaction.atomic():
            file = casefile.take(case_id, by=SYSTEM)
            seen = file.case.version
            if not _catch_up(file, before=file.now):
                return taken
            taken |= file.case.version > seen


@contextmanager
def caught_up(
    case_id: int,
    *,
    by: Actor,
    version: int | None = None,
) -> Iterator[CaseFile]:
    """Lock and read the case with nothing overdue, in a transaction for the caller.

    What was overdue is done in transactions of its own before, and stays done. Raises
    NotFound and Conflict as `act` does.
    """
    while True:
        with transaction.atomic():
            file = casefile.take(case_id, by=by)
            if not _catch_up(file, before=file.now):
                _must_be_current(file, version)
                yield file
                return


def _known(file: CaseFile, step: str) -> Step:
    try:
        return file.kind.steps[step]
    except KeyError:
        raise Invalid(
            _("“%(step)s”不是这类案件的步骤。") % {"step": step}, field="step"
        ) from None


def _check_time(file: CaseFile, step: Step, at: datetime, late_reason: str) -> None:
    if at < file.case.effective_at and not (step.backdatable and late_reason):
        raise Invalid(
            _("办理时间不能早于上一次办理（%(time)s）。")
            % {"time": file.case.effective_at.isoformat(timespec="minutes")},
            field="at",
        )
    if file.now - at > LATE_AFTER and not late_reason:
        raise Invalid(_("补录要写明为什么当时没有录入。"), field="late_reason")
    if len(late_reason) > LONGEST_REASON:
        raise Invalid(
            _("原因最多写 %(most)s 个字。") % {"most": LONGEST_REASON},
            field="late_reason",
        )


def _take(
    file: CaseFile,
    step: Step,
    *,
    by: Actor,
    at: datetime,
    data: Mapping[str, Any],
    files: Files | None = None,
    late_reason: str = "",
    command: UUID | None = None,
) -> Case:
    refusal = refused(file, step, by=by, at=at)
    if refusal is not None:
        raise _raised(file, step, by, refusal)
    form = _validated(step.form(data, files), file, by=by, at=at)
    before = file.snapshot()
    with door():
        getattr(file.case, step.name)(**form.cleaned_data)
    failpoints.reach(failpoints.AFTER_TRANSITION)
    file.move(step, at=at, data=form.cleaned_data)
    file.write(
        f"step.{step.name}",
        by=by,
        at=at,
        data=form.values(),
        before=before,
        basis=step.basis,
        late_reason=late_reason,
        command=command,
        form=form,
    )
    return file.case


def _raised(file: CaseFile, step: Step, by: Actor, refusal: Refusal) -> Exception:
    told = refusal.reason
    if refusal.who:
        told = _("%(reason)s能办：%(who)s。") % {"reason": told, "who": refusal.who}
    barred = access.refusal(by, file.case, step, is_party=file.is_party)
    return Forbidden(told) if barred is not None else NotNow(told)


def _validated(form: StepForm, file: CaseFile, *, by: Actor, at: datetime) -> StepForm:
    form.ask(case=file.case, by=by, at=at)
    try:
        is_valid = form.is_valid()
    except RecursionError as fault:  # a JSON field reads as deep as it is told
        raise Invalid(_("填写的内容嵌套太深。")) from fault
    if not is_valid:
        raise InvalidForm(
            {field: [str(s) for s in said] for field, said in form.errors.items()}
        )
    return form


def _catch_up(file: CaseFile, *, before: datetime) -> bool:
    """Do what came before the moment and say whether there was any (K2).

    Facts, and the step of the system that a clock's end calls for. What came after that
    end is told only once the step is taken: it may stop the clock of which it tells.
    The caller commits it and reads the case anew.
    """
    for sheet in file.clocks.expired(before=before):
        step, end = file.kind.steps[sheet.rule.expiry], sheet.clock.expires_at
        at = max(end, file.case.effective_at)
        if refused(file, step, by=SYSTEM, at=at) is None:
            if not casefile.settle(file, before=end + timedelta.resolution):
                _take(file, step, by=SYSTEM, at=at, data={})
            return True
    return casefile.settle(file, before=before)


def _answered(file: CaseFile, step: str) -> Case:
    if file.answered != f"step.{step}":
        raise Conflict(_("这张表单已经用来办了另一步。请刷新后重新填写。"))
    return file.case


def _must_be_current(file: CaseFile, version: int | None) -> None:
    if version is not None and version != file.case.version:
        raise _overtaken(file)


def _overtaken(file: CaseFile) -> Conflict:
    last = Act.objects.filter(case=file.case).select_related("person").latest("version")
    return Conflict(
        _(
            "%(who)s刚刚办过这件案件，您看到的已经不是最新的。"
            "您填的内容没有提交；请刷新后再办。"
        )
        % {"who": last.person.name if last.person else _("系统")}
    )


def _taken_on(case: Case, by: Actor) -> Conflict:
    assert case.assignee is not None
    if by.person == case.assignee:
        return Conflict(_("这件案件您已经签收了。"))
    return Conflict(_("%(who)s已经签收了这件案件。") % {"who": case.assignee.name})


def _must_handle(by: Actor, case: Case, kind: CaseType) -> None:
    hat = by.membership
    if hat is None or hat.role not in kind.handlers:
        told = enumeration(word(role) for role in Role if role in kind.handlers)
        raise Forbidden(_("只有%(roles)s能签收这类案件。") % {"roles": told})
    if case.holder_id != hat.unit_id:
        raise Forbidden(_("案件现在不在您的单位。"))


def _hand(
    case_id: int,
    to: int | None,
    verb: ActWord,
    by: Actor,
    version: int | None,
    check: Callable[[CaseFile], None],
) -> Case:
    """Change whose the case is: one lock, one statement, when nothing is overdue."""
    while True:
        with transaction.atomic():
            file = casefile.take_row(case_id, by=by)
            if file.case.next_step_at < file.now:
                file = casefile.take(case_id, by=by)
                if _catch_up(file, before=file.now):
                    continue
            return _give(file, to, verb, by, version, check)


def _give(
    file: CaseFile,
    to: int | None,
    verb: ActWord,
    by: Actor,
    version: int | None,
    check: Callable[[CaseFile], None],
) -> Case:
    if file.case.closed_at is not None:
        raise NotNow(_("案件已经办结，不再换人。"))
    check(file)
    _must_be_current(file, version)
    before = file.snapshot()
    file.case.assignee_id = to
    file.write(f"case.{verb}", by=by, at=file.now, data={"to": to}, before=before)
    return file.case
