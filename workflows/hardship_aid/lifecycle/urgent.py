"""临时救助：先救助，后补手续: Urgent relief: help first, papers later (row 25, H-32)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Level
from casework.lifecycle import start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import application, decision
from workflows.hardship_aid.lifecycle.words import (
    CASEWORKER,
    COUNTY,
    EVERYBODY,
    HOLDER,
    STATED,
    STATION,
    SUPERVISOR,
    Chapter,
    decide,
    keep,
)
from workflows.hardship_aid.stated import subject_of
from workflows.hardship_aid.vocabulary import S, Wish


class UrgentRelief(Chapter):
    """Urgent relief: help first, papers later (row 25, H-32)."""

    @step(
        _("报临时救助"),
        source=[S.DRAFT, S.SUBMITTED],
        target=S.SUBMITTED,
        by=CASEWORKER,
        at=STATION,
        form=decision.AskUrgentReliefForm,
        guards=[guards.is_not_urgent_yet],
        clocks=[stop("completion"), start("urgent")],
        hand_to=Level.COUNTY,
        basis="H-32",
    )
    def ask_urgent_relief(self, asked_sum: int, **said: Any) -> None:
        self.details.is_urgent = True
        self.details.urgent_fen = asked_sum

    @step(
        _("批准临时救助"),
        source=S.SUBMITTED,
        target=S.APPROVED,
        by=SUPERVISOR,
        at=COUNTY,
        relation=HOLDER,
        form=decision.GrantUrgentReliefForm,
        beside=STATED,
        guards=[guards.is_urgent],
        clocks=[stop("urgent"), stop("acceptance"), start("papers_owed")],
        paper=_("临时救助审批表"),
        basis="H-32",
        is_lent=True,
    )
    def grant_urgent_relief(self, granted_sum: int, **said: Any) -> None:
        self.details.urgent_fen = granted_sum
        self.details.owes_papers = True
        decide(self.details, said)

    @step(
        _("不予临时救助"),
        source=S.SUBMITTED,
        target=None,
        by=SUPERVISOR,
        at=COUNTY,
        relation=HOLDER,
        form=decision.DeclineUrgentReliefForm,
        beside=STATED,
        guards=[guards.is_urgent],
        clocks=[stop("urgent")],
        hand_to=Level.STATION,
        basis="H-32",
        is_lent=True,
    )
    def decline_urgent_relief(self, **said: Any) -> None:
        self.details.is_urgent = False
        self.details.urgent_fen = 0
        self.details.wish = Wish.FILE
        self.subject = subject_of(Wish.FILE)

    @step(
        _("补齐手续"),
        source=S.APPROVED,
        target=None,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=application.OwedPapersForm,
        guards=[guards.owes_papers],
        clocks=[stop("papers_owed")],
        basis="H-32",
    )
    def complete_papers(self, **stated: Any) -> None:
        keep(self, stated)
        self.details.owes_papers = False
