"""What is recorded later than it happened (补录), and what it has to say of that."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from casework.domain.errors import Invalid

#: An act that is recorded this much later than it happened is a late entry (补录).
LATE_AFTER = timedelta(minutes=15)
LONGEST_REASON = 300


def check(*, at: datetime, now: datetime, reason: str) -> None:
    """Raise Invalid for a moment to come, or a late entry that does not say why."""
    if at > now:
        raise Invalid(_("办理时间不能晚于现在。"), field="at")
    if now - at > LATE_AFTER and not reason.strip():
        raise Invalid(_("补录要写明为什么当时没有录入。"), field="late_reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            _("原因最多写 %(most)s 个字。") % {"most": LONGEST_REASON},
            field="late_reason",
        )
