"""不予批准、复核: Rejection and reconsideration (rows 15 and 16)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Level
from casework.lifecycle import start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import decision
from workflows.hardship_aid.lifecycle.words import (
    CITY,
    COUNTY,
    EVERYBODY,
    FOUND,
    HOLDER,
    SUPERVISOR,
    Chapter,
    decide,
)
from workflows.hardship_aid.models import HardshipAidDetails
from workflows.hardship_aid.vocabulary import S


class Rejection(Chapter):
    """Rejection and reconsideration (rows 15 and 16)."""

    @step(
        _("不予批准"),
        source=[S.COUNTY_REVIEW, S.APPROVAL, S.CITY_REVIEW],
        target=S.REJECTED,
        by=SUPERVISOR,
        at=[*COUNTY, *CITY],
        relation=HOLDER,
        form=decision.RejectForm,
        beside=FOUND,
        barred=guards.whoever_prepared,
        clocks=[
            *(stop("review"), stop("station_return"), stop("approval")),
            stop("city_review"),
        ],
        hand_to=Level.COUNTY,
        paper=_("不予批准告知书"),
        basis="H-31",
        is_lent=True,
    )
    def reject(self, grounds: list[Any], **said: Any) -> None:
        self.details.grounds = [str(ground) for ground in grounds]
        self.details.served_on = None
        decide(self.details, said)

    @step(
        _("送达不予批准告知书"),
        source=S.REJECTED,
        target=None,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=decision.ServeForm,
        guards=[guards.is_not_final, guards.is_not_served],
        clocks=[start("reconsideration_window")],
        paper=_("送达回证"),
        basis="H-31",
    )
    def serve(self, served_on: date, **said: Any) -> None:
        self.details.served_on = served_on

    @step(
        _("登记复核申请"),
        source=S.REJECTED,
        target=S.RECONSIDERATION,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=decision.AskReconsiderationForm,
        guards=[guards.is_not_final, guards.is_in_window],
        clocks=[stop("reconsideration_window"), start("reconsideration")],
        hand_to=Level.CITY,
        paper=_("复核申请书"),
        basis="H-31",
    )
    def ask_reconsideration(self, **said: Any) -> None:
        pass

    @step(
        _("维持不予批准"),
        source=S.RECONSIDERATION,
        target=S.REJECTED,
        by=SUPERVISOR,
        at=CITY,
        relation=HOLDER,
        form=decision.UpholdRejectionForm,
        beside=FOUND,
        barred=guards.whoever_rejected_below,
        guards=[guards.city_reconsiders],
        clocks=[stop("reconsideration")],
        hand_to=Level.COUNTY,
        paper=_("复核决定书"),
        basis="H-31",
        is_lent=True,
    )
    def uphold_rejection(self, **said: Any) -> None:
        self.details.is_final = True

    @step(
        _("撤销不予批准"),
        source=S.RECONSIDERATION,
        target=S.COUNTY_REVIEW,
        by=SUPERVISOR,
        at=CITY,
        relation=HOLDER,
        form=decision.ReverseRejectionForm,
        beside=FOUND,
        barred=guards.whoever_rejected_below,
        guards=[guards.city_reconsiders],
        clocks=[stop("reconsideration"), start("review")],
        hand_to=Level.COUNTY,
        paper=_("复核决定书"),
        basis="H-31",
        is_lent=True,
    )
    def reverse_rejection(self, **said: Any) -> None:
        fall(self.details)

    # Above the city the system has no offices: what the province's federation decided
    # on paper is recorded, with the paper, by somebody who had no part in the rejection.

    @step(
        _("登记上级维持决定"),
        source=S.RECONSIDERATION,
        target=S.REJECTED,
        by=EVERYBODY,
        at=CITY,
        relation=HOLDER,
        form=decision.UpheldAboveForm,
        barred=guards.whoever_rejected,
        guards=[guards.is_reconsidered_above],
        clocks=[stop("reconsideration")],
        hand_to=Level.COUNTY,
        basis="H-31",
    )
    def record_upheld_above(self, **said: Any) -> None:
        self.details.is_final = True

    @step(
        _("登记上级撤销决定"),
        source=S.RECONSIDERATION,
        target=S.COUNTY_REVIEW,
        by=EVERYBODY,
        at=CITY,
        relation=HOLDER,
        form=decision.ReversedAboveForm,
        barred=guards.whoever_rejected,
        guards=[guards.is_reconsidered_above],
        clocks=[stop("reconsideration"), start("review")],
        hand_to=Level.COUNTY,
        basis="H-31",
    )
    def record_reversed_above(self, **said: Any) -> None:
        fall(self.details)


def fall(details: HardshipAidDetails) -> None:
    """Let the rejection fall: nothing of it stands."""
    details.grounds = []
    details.decided_on = details.served_on = None
