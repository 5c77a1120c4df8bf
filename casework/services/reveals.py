"""Seeing a case's numbers in full: for a stated purpose, for half an hour, by one person.

ID and card numbers stay masked for everybody (design.md 7). Whoever handles the case, or
audits it, may ask; the case's own history tells that he did and what for.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from casework import access
from casework.access import Actor
from casework.domain import chain
from casework.domain.errors import Forbidden, Invalid
from casework.domain.vocabulary import Purpose, Role
from casework.models import Case, Reveal
from casework.services import casefile, writing
from casework.services.audit import Chain
from casework.services.rows import changing_of
from casework.services.writing import Changes

LASTS = timedelta(minutes=30)
SHORTEST_REASON, LONGEST_REASON = 2, 200


def reveal(case_id: int, *, by: Actor, purpose: Purpose, reason: str) -> Reveal:
    """Let the person see the case's numbers in full for thirty minutes; tell its history.

    The event names the purpose and binds the reason without saying it; no form grows
    stale. Raises NotFound, Forbidden with the reason, Invalid without a purpose.
    """
    reason = _checked(reason)
    with transaction.atomic():
        file = casefile.take_row(case_id, by=by)
        case, barred = file.case, refusal(by, file.case)
        if barred:
            raise Forbidden(barred)
        assert by.person is not None
        assert by.membership is not None
        if (purpose is Purpose.AUDIT) != by.wears(Role.AUDITOR):
            raise Invalid(
                _("用途和您的岗位不符：审计检查由审计员选，审计员只选审计检查。"),
                field="purpose",
            )
        until = file.now + LASTS
        link = Chain.of(case)
        told = {
            "purpose": str(purpose),
            "until": chain.instant(until),
            "reason": {"c": commitment_of(case, link.count + 1, reason)},
        }
        event = link.append(
            "case.revealed", by=by, at=file.now, now=file.now, facts={"reveal": told}
        )
        case.event_count, case.head = link.count, link.head
        changes = Changes(case={"id": case.pk, **changing_of(case)}, events=[event])
        writing.write(changes, details=None)
        return Reveal.objects.create(
            case_id=case.pk,
            person=by.person,
            membership=by.membership,
            purpose=purpose,
            reason=reason,
            at=file.now,
            until=until,
        )


def in_force(case: Case, *, by: Actor, at: datetime) -> Reveal | None:
    """Return the person's leave that lasts at the moment.

    Who has left the case's team since sees nothing more.
    """
    if by.person is None or refusal(by, case):
        return None
    mine = Reveal.objects.filter(case_id=case.pk, person=by.person, until__gt=at)
    return mine.order_by("-until").first()


def refusal(actor: Actor, case: Case) -> str:
    """Return why the actor may not see the case's numbers in full; "" when he may."""
    if actor.wears(Role.AUDITOR) and access.sees(actor, case):
        return ""
    if case.closed_at is not None:
        return _("案件已经办结，完整号码只有审计员说明理由后能看。")
    if not access.is_of_the_team(actor, case):
        return _("完整号码只有承办人、案件所在单位的负责人和审计员能看。")
    return ""


def commitment_of(case: Case, sequence: int, reason: str) -> str:
    """Return the digest by which the event binds the reason."""
    salt = hashlib.sha256(f"{case.pk}/{sequence}".encode()).digest()
    return chain.commitment(
        key=bytes(case.secret), field="reveal", salt=salt, value=reason
    )


def _checked(reason: str) -> str:
    text = reason.strip()
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise Invalid(
            _("请写明查看完整号码做什么用，%(least)s到%(most)s个字。")
            % {"least": SHORTEST_REASON, "most": LONGEST_REASON},
            field="reason",
        )
    return text
