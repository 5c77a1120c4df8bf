"""县级复核、核对: County review and economic check (rows 8 and 9)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Level
from casework.lifecycle import pause, resume, start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import review
from workflows.hardship_aid.lifecycle.words import (
    CASEWORKER,
    COUNTY,
    FOUND,
    Chapter,
    compute,
)
from workflows.hardship_aid.vocabulary import CheckFinding, S


class CountyReview(Chapter):
    """County review and economic check (rows 8 and 9)."""

    @step(
        _("退回站点"),
        source=S.COUNTY_REVIEW,
        target=S.STATION_REVIEW,
        by=CASEWORKER,
        at=COUNTY,
        form=review.SendBackForm,
        beside=FOUND,
        guards=[guards.may_be_returned],
        clocks=[pause("review", "returned"), start("station_return")],
        hand_to=Level.STATION,
        paper=_("退回通知"),
        basis="H-25",
    )
    def send_back(self, **said: Any) -> None:
        self.details.returns += 1

    @step(
        _("发起核对"),
        source=S.COUNTY_REVIEW,
        target=S.INFO_CHECK,
        by=CASEWORKER,
        at=COUNTY,
        form=review.RequestCheckForm,
        guards=[guards.all_have_authorised, guards.may_be_shared],
        clocks=[pause("review", "info_check"), start("info_check")],
        paper=_("核对委托函"),
        basis="H-26",
    )
    def request_check(self, **said: Any) -> None:
        self.details.is_checked = self.details.check_agrees = False

    # Asking again begins no wait of its own: the period runs on and its ladder is climbed.
    @step(
        _("催办核对"),
        source=S.INFO_CHECK,
        target=None,
        by=CASEWORKER,
        at=COUNTY,
        form=review.RemindCheckForm,
        paper=_("核对催办函"),
        basis="H-26",
    )
    def remind_check(self, **reminder: Any) -> None:
        pass

    @step(
        _("收到核对报告"),
        source=S.INFO_CHECK,
        target=S.COUNTY_REVIEW,
        by=CASEWORKER,
        at=COUNTY,
        form=review.ReceiveCheckForm,
        clocks=[stop("info_check"), resume("review")],
        basis="H-26",
    )
    def receive_check(
        self, result: CheckFinding, exclusions: list[Any], **report: Any
    ) -> None:
        self.details.is_checked = True
        self.details.check_agrees = result is CheckFinding.AGREES
        compute(self.details, exclusions, report)
