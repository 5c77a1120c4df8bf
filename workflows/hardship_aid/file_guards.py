"""Why a step of a file cannot be taken yet, or not by this person, in a sentence each."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from casework.access import Actor
from casework.domain.vocabulary import CaseKind
from casework.models import Case, Party
from casework.services import periods, records
from casework.wording import word
from workflows.hardship_aid.models import FiledMember, HardshipFileDetails
from workflows.hardship_aid.vocabulary import FileState, S


def entry_is_owed(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-33: only what is not in the national system yet is entered."""
    if case.details.owes_entry:
        return None
    return _("全国系统里的信息和档案一致，没有要录入的（规则 H-33）。")


def observation_is_over(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-36: the second passing review comes six months after the first."""
    if case.details.passes and periods.is_over(case, "observation", at):
        return None
    return _("脱困观察期还没有满（规则 H-36），满期以后再次复核。")


def window_is_open(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-37: the household objects within its time."""
    if not periods.is_over(case, "removal_objection", at):
        return None
    return _("撤档异议期已经过了（规则 H-37）。")


def window_is_over(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-37: no file is removed before the household's time to object is over."""
    if periods.is_over(case, "removal_objection", at):
        return None
    return _("家庭还可以提出异议，异议期满以后才能撤档（规则 H-37）。")


def no_open_objection(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-37: an objection is checked and answered before anything else."""
    if not case.details.has_open_objection:
        return None
    return _("还有异议没有核查答复（规则 H-37）。")


def has_open_objection(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-37: only an objection that was made is answered."""
    if case.details.has_open_objection:
        return None
    return _("没有等待核查的异议（规则 H-37）。")


def no_aid_is_under_way(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-37, F-02: no file is removed while its household is being paid."""
    waiting = _aid_under_way(case)
    if waiting is None:
        return None
    return _("%(number)s的救助款还没有发放完，发放以后才能撤档（规则 H-37）。") % {
        "number": waiting.number
    }


def is_taken_over(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-39: the receiving union opens its file first, so that the household has one."""
    if HardshipFileDetails.objects.filter(moved_from_id=case.pk).exists():
        return None
    return _(
        "接收单位还没有为这个家庭建档：请先登记一份新档案，"
        "选这份作为转来的档案（规则 H-39）。"
    )


def is_not_taken_over(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-39: what was taken over is not sent back."""
    if is_taken_over(case, actor, at) is not None:
        return None
    return _("本单位已经为这个家庭建档，不能再退回，请办“确认接收”（规则 H-39）。")


def not_who_announced(case: Any) -> dict[int | None, str]:
    """H-37: who announced the removal neither checks the objection nor decides."""
    said = _("撤档是您告知的，要由另一个人核查和审批（规则 H-37）。")
    return {case.details.announcer: said}


def aid_is_blocked(file: Any, *, at: datetime) -> str | None:
    """Return why the household gets no new aid now; None when it may (H-34).

    Aid asks for an active file whose yearly review is not overdue.
    """
    state = FileState(file.state)
    if state is FileState.REVIEW_DUE or periods.is_over(file, "yearly_review", at):
        return _("档案逾期未复核，复核以后才能给予新的救助（规则 H-34）。")
    if state not in (FileState.ACTIVE, FileState.OBSERVING):
        return _("档案现在是“%(state)s”，不能给予新的救助（规则 F-02）。") % {
            "state": word(state)
        }
    return None


def _aid_under_way(file: Case) -> Case | None:
    """Return an approved application of the household whose money is not paid yet."""
    marks = [member.id_index for member in records.of(file, FiledMember)]
    parties = Party.objects.in_force().filter(id_index__in=marks)
    money = Q(hardship_aid_details__aid_fen__gt=0) | Q(
        hardship_aid_details__urgent_fen__gt=0
    )
    return (
        Case.objects.filter(money, pk__in=parties.values("case"))
        .filter(kind=str(CaseKind.HARDSHIP_AID), state=str(S.APPROVED))
        .first()
    )
