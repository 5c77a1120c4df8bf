"""办结、归档: How an application ends (rows 21 to 24 and 26)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Relation
from casework.lifecycle import start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import ending
from workflows.hardship_aid.lifecycle.words import (
    BEFORE_APPROVAL,
    CASEWORKER,
    COUNTY,
    DONE_SO_FAR,
    EVERYBODY,
    GIVE_UP,
    HOLDER,
    SUPERVISOR,
    Chapter,
)
from workflows.hardship_aid.vocabulary import S


class Ending(Chapter):
    """How an application ends (rows 21 to 24 and 26)."""

    @step(
        _("建档完成"),
        source=S.APPROVED,
        target=S.CLOSED,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=ending.FileBuiltForm,
        guards=[guards.no_money_waits, guards.file_is_active, guards.lists_are_down],
        clocks=[start("archive")],
        basis="H-33",
    )
    def file_built(self, **said: Any) -> None:
        pass

    @step(
        _("撤回申请"),
        source=BEFORE_APPROVAL,
        target=S.WITHDRAWN,
        by=EVERYBODY,
        relation=HOLDER,
        form=ending.WithdrawForm,
        clocks=GIVE_UP,
        paper=_("撤回申请书"),
        basis="H-20",
    )
    def withdraw(self, **said: Any) -> None:
        self.details.is_posted = False

    @step(
        _("终止"),
        source=[*BEFORE_APPROVAL, S.APPROVED, S.RECONSIDERATION],
        target=S.TERMINATED,
        by=SUPERVISOR,
        relation=Relation.TERRITORY,
        form=ending.TerminateForm,
        guards=[guards.ends_here],
        beside=DONE_SO_FAR,
        clocks=GIVE_UP,
        paper=_("终止告知书"),
        basis="H-23",
    )
    def terminate(self, ground: Any, **said: Any) -> None:
        self.details.grounds = [str(ground)]
        self.details.is_posted = False

    @step(
        _("结案"),
        source=[S.NOT_ACCEPTED, S.REJECTED, S.WITHDRAWN, S.TERMINATED],
        target=S.CLOSED,
        by=SUPERVISOR,
        relation=HOLDER,
        form=ending.CloseForm,
        guards=[guards.is_over, guards.lists_are_down],
        clocks=[*GIVE_UP, start("archive")],
        paper=_("结案登记表"),
        basis="R-01",
        is_lent=True,
    )
    def close(self, **said: Any) -> None:
        pass

    @step(
        _("归档"),
        source=S.CLOSED,
        target=S.ARCHIVED,
        by=CASEWORKER,
        relation=HOLDER,
        form=ending.ArchiveForm,
        clocks=[stop("archive")],
        paper=_("卷内目录"),
        basis="R-01",
    )
    def archive(self, **said: Any) -> None:
        pass
