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

from casework import access, wording
from casework.access import SYSTEM, Actor, Refusal
from casework.domain.errors import Conflict, Invalid, InvalidForm, NotNow
from casework.domain.vocabulary import Act as ActWord
from casework.domain.vocabulary import Level, Role
from casework.lifecycle import (
    CaseType,
    Files,
    OpeningForm,
    Registry,
    Step,
    StepForm,
    door,
)
from casework.models import Act, Case, Unit
from casework.services import casefile, failpoints, lateness, openings
from casework.services.casefile import CaseFile
from casework.wording import enumeration, word


@dataclass(frozen=True, slots=True)
class Choice:
    """A step as it offers itself: allowed, or the reason why not and who could."""

    step: Step
    refusal: Refusal | None

    @property
    def is_allowed(self) -> bool:
        """Whether `act` will succeed with a valid form."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Offer:
    """A general word of the engine as it offers itself in a case, like a step."""

    act: ActWord
    refusal: Refusal | None

    @property
    def is_allowed(self) -> bool:
        """Whether it will be done when it is asked for."""
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
    late_proof: str = "",
    command: UUID | None = None,
) -> Case:
    """Take a step of the case's procedure and return the case as it then is.

    `version` is the one the person saw (None: whatever it is); `at` when it happened,
    by default when it is recorded, with a reason and proof for a late entry; `command` makes a form that is sent twice one act,
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
                return answered(file, f"step.{step}")
            moment = at or file.now
            # Before anything is settled: a rung must not fire before its time.
            lateness.check(
                at=moment, now=file.now, reason=late_reason, proof=late_proof
            )
            # The system itself comes for the step that a clock's end calls for.
            catch_up = CaseFile.settle if by is SYSTEM else _catch_up
            if catch_up(file, before=moment):
                continue
            _must_be_current(file, version)
            taken = _known(file, step)
            _check_time(file, taken, moment, is_late=bool(late_reason and late_proof))
            return _take(
                file,
                taken,
                by=by,
                at=moment,
                data=data or {},
                files=files,
                late_reason=late_reason,
                late_proof=late_proof,
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
            _("案件在“%(state)s”，这一步不在这时办。") % {"state": word(state)},
            kind=NotNow,
        )
    barred = access.refusal(by, file.case, step, is_party=file.is_party, at=at)
    if barred is not None:
        return barred
    for guard in step.guards:
        reason = guard(file.case, by, at)
        if reason is not None:
            return Refusal(str(reason), kind=NotNow)
    return None


def openable(by: Actor) -> list[CaseType]:
    """Return the kinds of which the actor may open a case."""
    return [kind for kind in Registry.all() if opening_refused(kind, by=by) is None]


def opening_refused(kind: CaseType, *, by: Actor) -> Refusal | None:
    """Return why the actor may not open a case of the kind; None when he may."""
    hat, opening = by.membership, kind.opening
    levels = enumeration(word(level) for level in Level if level in opening.levels)
    who = _("%(levels)s的%(roles)s") % {"levels": levels, "roles": _told(opening.roles)}
    if hat is None:
        return Refusal(_("您现在没有任职，不登记案件。"), who)
    if hat.role not in opening.roles:
        told = {"role": word(hat.role)}
        return Refusal(_("您现在的岗位是%(role)s，不登记这类案件。") % told, who)
    if hat.unit.level not in opening.levels:
        told = {"level": word(hat.unit.level)}
        return Refusal(_("%(level)s不登记这类案件。") % told, who)
    return None


def opening_form(
    kind: CaseType,
    *,
    by: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    files: Files | None = None,
) -> OpeningForm:
    """Return what is asked when the actor opens a case; raises Forbidden as `open`."""
    unit = _unit_to_open_at(kind, by)
    return openings.form_of(kind, unit=unit, by=by, at=at, data=data, files=files)


def open(
    kind: str,
    *,
    by: Actor,
    data: Mapping[str, Any],
    files: Files | None = None,
    at: datetime | None = None,
    late_reason: str = "",
    late_proof: str = "",
    command: UUID | None = None,
) -> Case:
    """Open a case of the kind at the actor's unit and return it with its number.

    `at` when it was received, with a reason and proof when that is a while ago (补录);
    `command` makes a form that is sent twice one case. Raises Forbidden when the actor may not
    open one, Invalid when the time or the form says no.
    """
    case_type = Registry.get(kind)
    unit = _unit_to_open_at(case_type, by)
    try:
        with transaction.atomic():
            return openings.begin(
                case_type,
                unit=unit,
                by=by,
                at=at,
                data=data,
                files=files,
                late_reason=late_reason,
                late_proof=late_proof,
                command=command,
            )
    except IntegrityError as refusal:
        # The constraint waits for a twin that is on its way, and tells of it here.
        opened = access.visible(by).filter(acts__version=1, acts__command=command)
        case = opened.first() if command else None
        if case is None:
            raise refusal
        return case_type.model.objects.get(pk=case.pk)


def hands(case: Case, *, by: Actor) -> list[Offer]:
    """Return the acts that say whose the case is, as they offer themselves now.

    The rules that `claim`, `release` and `assign` ask; a closed case offers none.
    """
    if case.closed_at is not None:
        return []
    first = ActWord.CLAIM if case.assignee_id is None else ActWord.RELEASE
    acts = (first, ActWord.ASSIGN)
    return [Offer(act, hand_refused(case, act, by=by)) for act in acts]


def hand_refused(case: Case, act: ActWord, *, by: Actor) -> Refusal | None:
    """Return why the case does not change hands this way; None when it does."""
    if case.closed_at is not None:
        return Refusal(_("案件已经办结，不再换人。"), kind=NotNow)
    return _HANDS[act](case, by)


def claim(case_id: int, *, by: Actor, version: int | None = None) -> Case:
    """Take a case on (签收): it is the actor's from now.

    Raises Conflict when somebody was faster, Forbidden when it lies in another unit or
    the role does not handle this kind.
    """
    assert by.person is not None
    return _hand(case_id, by.person.pk, ActWord.CLAIM, by, version)


def release(case_id: int, *, by: Actor, version: int | None = None) -> Case:
    """Give a case back (退签): it is nobody's, in the same unit.

    Raises Forbidden for anybody but its assignee or a supervisor of the unit, NotNow
    when nobody has taken it on.
    """
    return _hand(case_id, None, ActWord.RELEASE, by, version)


def assign(case_id: int, *, to: int, by: Actor, version: int | None = None) -> Case:
    """Give a case to a person (指派), by a supervisor of the unit that has it.

    Raises Forbidden for anybody else, Invalid when the person wears no hat there that
    handles this kind of case.
    """
    return _hand(case_id, to, ActWord.ASSIGN, by, version)


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
    command: UUID | None = None,
) -> Iterator[CaseFile]:
    """Lock and read the case with nothing overdue, in a transaction for the caller.

    What was overdue is done in transactions of its own before, and stays done. A form
    that came before is `answered`, and nothing else is looked at. Raises NotFound and
    Conflict as `act` does.
    """
    while True:
        with transaction.atomic():
            file = casefile.take(case_id, by=by, command=command)
            if file.answered is None:
                if _catch_up(file, before=file.now):
                    continue
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


def _check_time(file: CaseFile, step: Step, at: datetime, *, is_late: bool) -> None:
    if at < file.case.effective_at and not (step.backdatable and is_late):
        raise Invalid(
            _("办理时间不能早于上一次办理（%(time)s）。")
            % {"time": wording.moment(file.case.effective_at)},
            field="at",
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
    late_proof: str = "",
    command: UUID | None = None,
) -> Case:
    refusal = refused(file, step, by=by, at=at)
    if refusal is not None:
        raise refusal.error
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
        late_proof=late_proof,
        command=command,
        form=form,
    )
    return file.case


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
            if not file.settle(before=end + timedelta.resolution):
                _take(file, step, by=SYSTEM, at=at, data={})
            return True
    return file.settle(before=before)


def answered(file: CaseFile, *verbs: str) -> Case:
    """Return the case of a form that came before; Conflict when it did something else."""
    if file.answered not in verbs:
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


def _unit_to_open_at(kind: CaseType, by: Actor) -> Unit:
    refusal = opening_refused(kind, by=by)
    if refusal is not None:
        raise refusal.error
    assert by.membership is not None
    return by.membership.unit


def _claim_refused(case: Case, by: Actor) -> Refusal | None:
    hat, kind = by.membership, Registry.get(case.kind)
    if hat is None or hat.role not in kind.handlers:
        return Refusal(_("您现在的岗位不办这类案件。"), _handlers_there(kind))
    if case.holder_id != hat.unit_id:
        return Refusal(_("案件现在不在您的单位。"), _handlers_there(kind))
    if case.assignee is None:
        return None
    if hat.person_id == case.assignee_id:
        return Refusal(_("这件案件您已经签收了。"), kind=Conflict)
    told = {"who": case.assignee.name}
    return Refusal(_("%(who)s已经签收了这件案件。") % told, kind=Conflict)


def _handlers_there(kind: CaseType) -> str:
    return _("案件所在单位的%(roles)s") % {"roles": _told(kind.handlers)}


def _release_refused(case: Case, by: Actor) -> Refusal | None:
    if case.assignee_id is None:
        return Refusal(_("案件还没有人签收。"), kind=NotNow)
    if access.is_assignee(by, case) or access.supervises(by, case):
        return None
    return Refusal(_("案件不由您承办。"), _("承办人自己，或本单位负责人"))


def _assign_refused(case: Case, by: Actor) -> Refusal | None:
    if access.supervises(by, case):
        return None
    who = _("案件所在单位的%(roles)s") % {"roles": word(Role.SUPERVISOR)}
    return Refusal(_("承办人由案件所在单位的负责人指派。"), who)


_HANDS: dict[ActWord, Callable[[Case, Actor], Refusal | None]] = {
    ActWord.CLAIM: _claim_refused,
    ActWord.RELEASE: _release_refused,
    ActWord.ASSIGN: _assign_refused,
}


def _told(roles: frozenset[Role]) -> str:
    return enumeration(word(role) for role in Role if role in roles)


def _hand(
    case_id: int, to: int | None, act: ActWord, by: Actor, version: int | None
) -> Case:
    """Change whose the case is: one lock, one statement, when nothing is overdue."""
    while True:
        with transaction.atomic():
            file = casefile.take_row(case_id, by=by)
            if file.case.next_step_at < file.now:
                file = casefile.take(case_id, by=by)
                if _catch_up(file, before=file.now):
                    continue
            return _give(file, to, act, by, version)


def _give(
    file: CaseFile, to: int | None, act: ActWord, by: Actor, version: int | None
) -> Case:
    refusal = hand_refused(file.case, act, by=by)
    if refusal is not None:
        raise refusal.error
    if act is ActWord.ASSIGN:
        _must_handle(to, file)
    _must_be_current(file, version)
    before = file.snapshot()
    file.case.assignee_id = to
    file.write(f"case.{act}", by=by, at=file.now, data={"to": to}, before=before)
    return file.case


def _must_handle(person_id: int | None, file: CaseFile) -> None:
    day, unit = timezone.localdate(file.now), file.case.holder_id
    if person_id is None or not access.handles(
        person_id, unit, file.kind.handlers, on=day
    ):
        raise Invalid(_("这个人在案件所在单位没有能办这类案件的岗位。"), field="to")
