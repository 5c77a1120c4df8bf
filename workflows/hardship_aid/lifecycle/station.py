"""入户核查、初审: The home visit and the first opinion (rows 6 and 7)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Level
from casework.lifecycle import cancel, pause, resume, start, step, stop
from workflows.hardship_aid import guards
from workflows.hardship_aid.forms import visits
from workflows.hardship_aid.lifecycle.words import (
    CASEWORKER,
    DONE_SO_FAR,
    FOUND,
    HOLDER,
    STATION,
    SUPERVISOR,
    Chapter,
    compute,
)
from workflows.hardship_aid.vocabulary import AttemptOutcome, Category, S, VisitOutcome


class StationReview(Chapter):
    """The home visit and the first opinion (rows 6 and 7)."""

    @step(
        _("约定入户"),
        source=[S.STATION_REVIEW, S.HOME_VISIT],
        target=S.HOME_VISIT,
        by=CASEWORKER,
        at=STATION,
        form=visits.ArrangeVisitForm,
        guards=[guards.may_go_again],
        clocks=[stop("contact"), resume("visit"), start("visit"), cancel("opinion")],
        basis="H-23",
    )
    def arrange_visit(self, **said: Any) -> None:
        pass

    @step(
        _("家里没人"),
        source=S.HOME_VISIT,
        target=None,
        by=CASEWORKER,
        at=STATION,
        form=visits.NobodyHomeForm,
        guards=[guards.nobody_missed_yet],
        clocks=[pause("visit", "absence")],
        paper=_("入户通知单"),
        basis="H-23",
    )
    def nobody_home(self, **attempt: Any) -> None:
        self.details.absences += 1

    @step(
        _("再次入户无人"),
        source=S.HOME_VISIT,
        target=None,
        by=CASEWORKER,
        at=STATION,
        form=visits.NobodyHomeAgainForm,
        guards=[guards.missed_before],
        clocks=[pause("visit", "absence"), start("contact")],
        paper=_("入户通知单"),
        basis="H-23",
    )
    def nobody_home_again(self, **attempt: Any) -> None:
        self.details.absences += 1
        self.details.was_reached = self.details.third_visit = False

    @step(
        _("联系家庭"),
        source=S.HOME_VISIT,
        target=None,
        by=CASEWORKER,
        at=STATION,
        form=visits.SeekContactForm,
        basis="H-23",
    )
    def seek_contact(self, outcome: AttemptOutcome, **attempt: Any) -> None:
        self.details.was_reached |= outcome is AttemptOutcome.REACHED

    @step(
        _("决定第三次入户"),
        source=S.HOME_VISIT,
        target=None,
        by=SUPERVISOR,
        at=STATION,
        relation=HOLDER,
        form=visits.ThirdVisitForm,
        beside=DONE_SO_FAR,
        guards=[guards.was_missed_and_sought],
        clocks=[stop("contact"), resume("visit")],
        basis="H-23",
        is_lent=True,
    )
    def decide_absence(self, **said: Any) -> None:
        self.details.third_visit = True

    @step(
        _("登记入户核查"),
        source=S.HOME_VISIT,
        target=S.STATION_REVIEW,
        by=CASEWORKER,
        at=STATION,
        form=visits.RecordVisitForm,
        clocks=[stop("contact"), stop("visit"), start("opinion")],
        paper=_("入户核查记录表"),
        basis="H-23",
    )
    def record_visit(
        self,
        outcome: VisitOutcome,
        first_visitor: Any,
        second_visitor: Any,
        exclusions: list[Any],
        **seen: Any,
    ) -> None:
        self.details.visits += outcome is VisitOutcome.DONE
        staff = [person.pk for person in (first_visitor, second_visitor) if person]
        self.details.visitors = sorted({*self.details.visitors, *staff})
        compute(self.details, exclusions, seen)

    @step(
        _("初审上报"),
        source=S.STATION_REVIEW,
        target=S.COUNTY_REVIEW,
        by=SUPERVISOR,
        at=STATION,
        relation=HOLDER,
        form=visits.OpinionForm,
        beside=FOUND,
        guards=[guards.was_visited, guards.is_computed],
        clocks=[
            stop("opinion"),
            stop("station_return"),
            resume("review"),
            start("review"),
        ],
        hand_to=Level.COUNTY,
        paper=_("初审意见表"),
        basis="H-24",
        is_lent=True,
    )
    def report_up(self, category: Category, signed_by: int, **said: Any) -> None:
        self.details.category = category
        self.details.reporter = signed_by
