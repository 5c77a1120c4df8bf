"""审批、市级审核: Approval and city review (rows 13 and 14)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Level
from casework.lifecycle import start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import decision
from workflows.hardship_aid.lifecycle.words import (
    CITY,
    COUNTY,
    FOUND,
    HOLDER,
    SUPERVISOR,
    Chapter,
    decide,
)
from workflows.hardship_aid.vocabulary import S


class Deciding(Chapter):
    """Approval and city review (rows 13 and 14)."""

    @step(
        _("批准"),
        source=S.APPROVAL,
        target=S.APPROVED,
        by=SUPERVISOR,
        at=COUNTY,
        relation=HOLDER,
        form=decision.ApproveForm,
        beside=FOUND,
        barred=guards.whoever_prepared,
        guards=[guards.is_the_countys],
        clocks=[stop("approval")],
        paper=_("批准通知书"),
        basis="H-29",
        is_lent=True,
    )
    def approve(self, aid_sum: int | None, **said: Any) -> None:
        self.details.aid_fen = aid_sum or 0
        decide(self.details, said)

    @step(
        _("报市级审核"),
        source=S.APPROVAL,
        target=S.CITY_REVIEW,
        by=SUPERVISOR,
        at=COUNTY,
        relation=HOLDER,
        form=decision.ReportToCityForm,
        beside=FOUND,
        guards=[guards.is_the_citys],
        clocks=[stop("approval"), start("city_review")],
        hand_to=Level.CITY,
        basis="H-30",
        is_lent=True,
    )
    def report_to_city(self, city_grounds: list[Any], **said: Any) -> None:
        self.details.city_grounds = [str(ground) for ground in city_grounds]

    @step(
        _("市级批准"),
        source=S.CITY_REVIEW,
        target=S.APPROVED,
        by=SUPERVISOR,
        at=CITY,
        relation=HOLDER,
        form=decision.ApproveForm,
        beside=FOUND,
        barred=guards.whoever_prepared,
        clocks=[stop("city_review")],
        hand_to=Level.COUNTY,
        paper=_("市级审核意见"),
        basis="H-30",
        is_lent=True,
    )
    def city_approve(self, aid_sum: int | None, **said: Any) -> None:
        self.details.aid_fen = aid_sum or 0
        decide(self.details, said)

    @step(
        _("市级退回"),
        source=S.CITY_REVIEW,
        target=S.COUNTY_REVIEW,
        by=SUPERVISOR,
        at=CITY,
        relation=HOLDER,
        form=decision.CityReturnForm,
        beside=FOUND,
        clocks=[stop("city_review"), start("review")],
        hand_to=Level.COUNTY,
        paper=_("市级审核意见"),
        basis="H-30",
        is_lent=True,
    )
    def city_return(self, **said: Any) -> None:
        pass
