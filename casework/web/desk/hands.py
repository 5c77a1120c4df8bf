"""Into whose hands a case may be put: taking on, giving back, assigning.

The same rules that `casework.services.cases` enforces, so that a screen offers what
will succeed and gives the reason for what will not.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework import access
from casework.access import Actor
from casework.domain.vocabulary import Act, Role
from casework.lifecycle import Registry
from casework.models import Case
from casework.web.desk import names
from casework.wording import enumeration, word


@dataclass(frozen=True, slots=True)
class Hand:
    """One of the three acts; `reason` says why not, `who` could."""

    act: Act
    reason: str = ""
    who: str = ""

    @property
    def is_allowed(self) -> bool:
        """Whether the act will be done when it is asked for."""
        return not self.reason


def offered(actor: Actor, case: Case) -> list[Hand]:
    """Return the acts that concern whose case it is, those that cannot be done too."""
    if case.closed_at is not None:
        return []
    if case.assignee_id is None:
        return [_claim(actor, case), _assign(actor, case)]
    return [_release(actor, case), _assign(actor, case)]


def may_claim(actor: Actor, case: Case) -> bool:
    """Whether the actor can take the case on now."""
    return (
        case.closed_at is None
        and case.assignee_id is None
        and _claim(actor, case).is_allowed
    )


def _claim(actor: Actor, case: Case) -> Hand:
    hat, kind = actor.membership, Registry.get(case.kind)
    handlers = enumeration(word(role) for role in Role if role in kind.handlers)
    who = _("案件所在单位的%(roles)s") % {"roles": handlers}
    if hat is None or hat.role not in kind.handlers:
        reason = _("您现在的岗位不办这类案件。")
        return Hand(Act.CLAIM, reason, who)
    if case.holder_id != hat.unit_id:
        return Hand(Act.CLAIM, _("案件现在不在您的单位。"), who)
    return Hand(Act.CLAIM)


def _release(actor: Actor, case: Case) -> Hand:
    if names.is_assignee(actor, case) or access.supervises(actor, case):
        return Hand(Act.RELEASE)
    who = _("承办人自己，或本单位负责人")
    return Hand(Act.RELEASE, _("案件不由您承办。"), who)


def _assign(actor: Actor, case: Case) -> Hand:
    if access.supervises(actor, case):
        return Hand(Act.ASSIGN)
    who = _("案件所在单位的%(role)s") % {"role": word(Role.SUPERVISOR)}
    return Hand(Act.ASSIGN, _("承办人由案件所在单位的负责人指派。"), who)
