"""What is recorded later than it happened (补录), and what it has to say of that."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from casework.domain.errors import Invalid

#: An act that is recorded this much later than it happened is a late entry (补录).
LATE_AFTER = timedelta(minutes=15)
#: What came in longer ago than this is received today (our default, mark P).
RECEIVED_WITHIN = timedelta(days=90)
#: The reason of a late entry, and its proof, have so many characters at most.
LONGEST = 300


def check(*, at: datetime, now: datetime, reason: str, proof: str) -> None:
    """Raise Invalid for a moment to come, or a late entry without its reason or proof."""
    if at > now:
        raise Invalid(_("办理时间不能晚于现在。"), field="at")
    is_late = now - at > LATE_AFTER
    if is_late and not reason.strip():
        raise Invalid(_("补录要写明为什么当时没有录入。"), field="late_reason")
    if is_late and not proof.strip():
        raise Invalid(
            _("补录要写明凭证，例如收件登记簿第几页、邮戳、电话记录。"),
            field="late_proof",
        )
    if len(reason) > LONGEST:
        raise Invalid(
            _("原因最多写 %(most)s 个字。") % {"most": LONGEST}, field="late_reason"
        )
    if len(proof) > LONGEST:
        raise Invalid(
            _("凭证最多写 %(most)s 个字。") % {"most": LONGEST}, field="late_proof"
        )


def check_receipt(*, at: datetime, now: datetime, field: str = "at") -> None:
    """Raise Invalid for what was received too long before `now` to be dated back."""
    if now - at > RECEIVED_WITHIN:
        raise Invalid(
            _(
                "收件时间最多补录到%(most)s天以前（本地设定），请核对年月日。"
                "确实更早收到的，按今天收件登记，把当时的凭证归入案卷，并报告负责人。"
            )
            % {"most": RECEIVED_WITHIN.days},
            field=field,
        )
