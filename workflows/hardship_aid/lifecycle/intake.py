"""收件以后：登记、补正、受理: Registering, asking for papers, accepting or not (4.5 rows 1 to 5)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.lifecycle import cancel, pause, resume, start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import acceptance, application
from workflows.hardship_aid.lifecycle.words import (
    BEFORE_APPROVAL,
    CASEWORKER,
    STATED,
    STATION,
    SYSTEM,
    Chapter,
    keep,
)
from workflows.hardship_aid.vocabulary import S


class Intake(Chapter):
    """Registering, asking for papers, accepting or not (4.5 rows 1 to 5)."""

    @step(
        _("登记申请"),
        source=S.DRAFT,
        target=S.SUBMITTED,
        by=CASEWORKER,
        at=STATION,
        form=application.ApplicationForm,
        clocks=[stop("completion")],
        paper=_("收件回执"),
        basis="H-20",
    )
    def submit(self, **stated: Any) -> None:
        keep(self, stated)

    @step(
        _("补充登记"),
        source=[S.SUBMITTED, S.STATION_REVIEW, S.COUNTY_REVIEW],
        target=None,
        by=CASEWORKER,
        form=application.ApplicationForm,
        basis="H-08",
    )
    def amend(self, **stated: Any) -> None:
        keep(self, stated)

    @step(
        _("归入材料"),
        source=[*BEFORE_APPROVAL, S.APPROVED],
        target=None,
        by=CASEWORKER,
        form=acceptance.MaterialForm,
        basis="H-21",
    )
    def add_material(self, **said: Any) -> None:
        pass

    @step(
        _("一次性告知补正"),
        source=S.SUBMITTED,
        target=S.CORRECTING,
        by=CASEWORKER,
        at=STATION,
        form=acceptance.AskForPapersForm,
        beside=("missing",),
        guards=[guards.not_asked_before, guards.is_nothing_urgent],
        clocks=[pause("acceptance", "supplement"), start("correction")],
        paper=_("补正通知书"),
        basis="H-21",
    )
    def ask_for_papers(self, **said: Any) -> None:
        self.details.supplements += 1

    @step(
        _("提醒补正"),
        source=S.CORRECTING,
        target=None,
        by=CASEWORKER,
        at=STATION,
        form=acceptance.AttemptForm,
        basis="H-21",
    )
    def remind(self, **attempt: Any) -> None:
        pass

    @step(
        _("收到补正材料"),
        source=S.CORRECTING,
        target=S.SUBMITTED,
        by=CASEWORKER,
        at=STATION,
        form=acceptance.SupplyForm,
        clocks=[stop("correction"), resume("acceptance")],
        basis="H-21",
    )
    def supply(self, **said: Any) -> None:
        pass

    @step(
        _("逾期视为撤回"),
        source=S.CORRECTING,
        target=S.WITHDRAWN,
        by=SYSTEM,
        guards=[guards.was_looked_for],
        clocks=[stop("correction"), cancel("acceptance")],
        paper=_("视为撤回告知书"),
        basis="H-21",
        deemed=True,
    )
    def deem_withdrawn(self) -> None:
        pass

    @step(
        _("不予受理"),
        source=S.SUBMITTED,
        target=S.NOT_ACCEPTED,
        by=CASEWORKER,
        at=STATION,
        form=acceptance.RefuseAcceptanceForm,
        beside=STATED,
        guards=[guards.is_nothing_urgent],
        clocks=[stop("acceptance")],
        paper=_("不予受理告知书"),
        basis="H-20",
    )
    def refuse_acceptance(self, ground: Any, **said: Any) -> None:
        self.details.grounds = [str(ground)]

    @step(
        _("受理"),
        source=S.SUBMITTED,
        target=S.STATION_REVIEW,
        by=CASEWORKER,
        at=STATION,
        form=acceptance.AcceptForm,
        beside=STATED,
        guards=[
            guards.is_stated,
            guards.is_nothing_urgent,
            guards.is_ours,
            guards.is_known_nowhere_else,
            guards.all_have_authorised,
            guards.papers_are_there,
        ],
        clocks=[stop("acceptance"), start("visit")],
        paper=_("受理通知书"),
        basis="H-21",
    )
    def accept(self, **said: Any) -> None:
        pass
