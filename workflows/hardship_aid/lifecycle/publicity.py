"""公示、异议: Publicity and objections (rows 10 to 12)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Relation
from casework.lifecycle import cancel, pause, restart, resume, start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import publicity
from workflows.hardship_aid.lifecycle.words import (
    CASEWORKER,
    COUNTY,
    EVERYBODY,
    FOUND,
    HOLDER,
    SYSTEM,
    Chapter,
)
from workflows.hardship_aid.vocabulary import Category, S


class Publicity(Chapter):
    """Publicity and objections (rows 10 to 12)."""

    @step(
        _("拟批准公示"),
        source=S.COUNTY_REVIEW,
        target=S.PUBLICITY,
        by=CASEWORKER,
        at=COUNTY,
        form=publicity.PublishForm,
        beside=FOUND,
        barred=guards.visitors,
        guards=[
            guards.is_computed,
            guards.qualifies,
            guards.is_checked,
            guards.may_be_published,
        ],
        clocks=[stop("review"), stop("take_down"), start("publicity")],
        paper=_("公示"),
        basis="H-27",
        is_lent=True,
    )
    def publish(
        self,
        category: Category,
        aid_item: Any,
        aid_sum: int | None,
        fund_level: Any,
        city_grounds: list[Any],
        signed_by: int,
        **said: Any,
    ) -> None:
        details = self.details
        details.category, details.reviewer = category, signed_by
        details.aid_item, details.aid_fen = aid_item, aid_sum or 0
        details.fund_level = fund_level
        details.city_grounds = [str(ground) for ground in city_grounds]
        details.is_posted, details.publicity_is_over = True, False

    @step(
        _("登记公示异议"),
        source=[S.PUBLICITY, S.APPROVAL],
        target=S.OBJECTION,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=publicity.ObjectionForm,
        clocks=[
            pause("publicity", "objection"),
            pause("approval", "objection"),
            start("objection_check"),
        ],
        paper=_("异议登记表"),
        basis="H-28",
    )
    def object(self, **said: Any) -> None:
        self.details.has_open_objection = True

    @step(
        _("异议不成立"),
        source=S.OBJECTION,
        target=S.PUBLICITY,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=publicity.CheckedForm,
        beside=FOUND,
        barred=guards.reviewer_and_visitors,
        guards=[guards.is_in_publicity],
        clocks=[stop("objection_check"), resume("publicity")],
        paper=_("异议核查报告"),
        basis="H-28",
        is_lent=True,
    )
    def dismiss_objection(self, signed_by: int, **said: Any) -> None:
        self.details.has_open_objection = False
        self.details.checker = signed_by

    @step(
        _("期满后异议不成立"),
        source=S.OBJECTION,
        target=S.APPROVAL,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=publicity.CheckedForm,
        beside=FOUND,
        barred=guards.reviewer_and_visitors,
        guards=[guards.is_after_publicity],
        clocks=[stop("objection_check"), resume("approval")],
        paper=_("异议核查报告"),
        basis="H-28",
        is_lent=True,
    )
    def dismiss_late_objection(self, signed_by: int, **said: Any) -> None:
        self.details.has_open_objection = False
        self.details.checker = signed_by

    @step(
        _("更正后重新公示"),
        source=S.OBJECTION,
        target=S.PUBLICITY,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=publicity.RepostForm,
        beside=FOUND,
        barred=guards.reviewer_and_visitors,
        clocks=[
            stop("objection_check"),
            cancel("approval"),
            stop("take_down"),
            restart("publicity"),
        ],
        paper=_("公示"),
        basis="H-28",
        is_lent=True,
    )
    def repost(self, category: Category, signed_by: int, **said: Any) -> None:
        details = self.details
        details.category, details.checker = category, signed_by
        details.has_open_objection = details.publicity_is_over = False
        details.is_posted = True

    @step(
        _("异议成立"),
        source=S.OBJECTION,
        target=S.COUNTY_REVIEW,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=publicity.UpheldObjectionForm,
        beside=FOUND,
        barred=guards.reviewer_and_visitors,
        clocks=[
            stop("objection_check"),
            cancel("publicity"),
            cancel("approval"),
            start("take_down"),
            start("review"),
        ],
        paper=_("异议核查报告"),
        basis="H-28",
        is_lent=True,
    )
    def uphold_objection(self, signed_by: int, **said: Any) -> None:
        self.details.has_open_objection = False
        self.details.checker = signed_by

    @step(
        _("公示期满"),
        source=S.PUBLICITY,
        target=S.APPROVAL,
        by=SYSTEM,
        guards=[guards.publicity_is_over, guards.no_open_objection],
        clocks=[stop("publicity"), start("take_down"), start("approval")],
        paper=_("公示情况报告"),
        basis="H-27",
    )
    def end_publicity(self) -> None:
        self.details.publicity_is_over = True

    @step(
        _("撤下公示"),
        source=[
            *(S.COUNTY_REVIEW, S.INFO_CHECK, S.STATION_REVIEW, S.APPROVAL),
            *(S.CITY_REVIEW, S.APPROVED, S.REJECTED, S.RECONSIDERATION),
        ],
        target=None,
        by=EVERYBODY,
        relation=Relation.TERRITORY,
        form=publicity.TakeDownForm,
        guards=[guards.is_posted],
        clocks=[stop("take_down")],
        basis="P-10",
    )
    def take_down(self, **said: Any) -> None:
        self.details.is_posted = False
