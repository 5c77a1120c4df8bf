"""A unit's applications as one sheet: public, for the meeting, overdue, about staff."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.domain import masking
from casework.domain.deadlines import days_between
from casework.domain.money import in_yuan
from casework.domain.vocabulary import ClockState, Level, Part, Role, RungState
from casework.lifecycle import Roll, View
from casework.models import Case, Clock, ClockRung, RuleEdition
from casework.services import rules
from casework.services.calendars import days_of
from casework.wording import word
from workflows.hardship_aid import category, duplicates, guards, public
from workflows.hardship_aid.models import (
    Applicant,
    CheckReminder,
    Computation,
    Decision,
    InformationCheck,
    Objection,
    Posting,
)
from workflows.hardship_aid.vocabulary import (
    Category,
    CityGround,
    DecisionKind,
    S,
)

_INSTANT = timedelta(microseconds=1)
_STAFF = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
#: Where an application can be while its list still hangs somewhere.
_POSTED = frozenset(
    {
        *(S.PUBLICITY, S.OBJECTION, S.APPROVAL, S.CITY_REVIEW, S.APPROVED),
        *(S.COUNTY_REVIEW, S.INFO_CHECK, S.STATION_REVIEW, S.REJECTED),
        S.RECONSIDERATION,
    }
)
_IN_TIME = frozenset({S.PUBLICITY, S.OBJECTION})


def posted(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Keep what hangs somewhere, with all that its public line says."""
    hanging = cases.filter(hardship_aid_details__is_posted=True)
    known = hanging.select_related("hardship_aid_details__lives_in")
    return known.prefetch_related(  # type: ignore[type-var]
        Prefetch("applicant_records", Applicant.objects.in_force()),
        Prefetch("posting_records", Posting.objects.in_force()),
    )


def public_line(case: Any, view: View) -> dict[str, Any]:
    """Return what a posted list says of a case, the same for every reader (P-10)."""
    applicant = next(iter(case.applicant_records.all()), None)
    places = list(case.posting_records.all())
    since = min((place.posted_on for place in places), default=None)
    publicity, down = _clock(case, "publicity"), _clock(case, "take_down")
    is_over = S(case.state) not in _IN_TIME
    return {
        **public.said_of(
            case.hardship_aid_details, case.party_records.all(), applicant
        ),
        "since": since,
        "until": _last_day(publicity),
        "down": _last_day(down) if is_over else None,
        "is_over": is_over,
        "is_late": is_over and _is_late(down, view.at),
        "places": [place.name for place in places if place.taken_down_on is None],
    }


def before_the_meeting(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Let the cases come with what was proposed and said of them."""
    decisions = Decision.objects.in_force().select_related("person")
    editions = RuleEdition.objects.order_by("-pk").values("pk")[:1]
    known = cases.select_related("hardship_aid_details").annotate(
        removed_on=duplicates.last_removal(),
        newest_edition=Coalesce(Subquery(editions), 0),
    )
    return known.prefetch_related(  # type: ignore[type-var]
        Prefetch("decision_records", decisions),
        Prefetch("computation_records", Computation.objects.in_force()),
        Prefetch("informationcheck_records", InformationCheck.objects.in_force()),
        Prefetch("posting_records", Posting.objects.in_force()),
        Prefetch("objection_records", Objection.objects.in_force()),
    )


def meeting_line(case: Any, view: View) -> dict[str, Any]:
    """Return what the meeting reads of a case before it decides (H-29).

    The household's figures stand there for the team, like the name and the opinion.
    """
    details = case.hardship_aid_details
    workers = [p for p in case.party_records.all() if p.part is Part.APPLICANT]
    name = workers[0].name if workers else ""
    opinions = [d for d in case.decision_records.all() if d.kind is DecisionKind.REVIEW]
    last = opinions[-1] if opinions else None
    clock = _clock(case, "approval")
    checks = list(case.informationcheck_records.all())
    places = list(case.posting_records.all())
    return {
        "name": name if view.in_clear else masking.name(name),
        **(_figures(case) if view.in_clear else {}),
        "proposed": details.proposed_category,
        "is_otherwise": details.proposed_category != details.category,
        "category": details.category,
        "check": checks[-1].result if checks else None,
        "since": min((place.posted_on for place in places), default=None),
        "is_over": details.publicity_is_over,
        "objections": len(case.objection_records.all()),
        "item": details.aid_item,
        "sum": in_yuan(details.aid_fen) if details.aid_fen else "",
        "opinion": last.reasons if last and view.in_clear else "",
        "reviewer": last.person.name if last and last.person else "",
        "due": _last_day(clock),
        "left": _working_days_left(clock, view.at),
        "is_late": _is_late(clock, view.at),
        "grounds": _city_grounds(case),
        "is_known": isinstance(details.category, Category),
    }


def meeting_brief(said: Mapping[str, Any]) -> Sequence[Any]:
    """Return who it is, what he is to be, and what he is to be given."""
    told = {"sum": said["sum"]}
    return (
        said["name"],
        word(said["category"]) if said["is_known"] else "",
        *((word(said["item"]), gettext("%(sum)s 元") % told) if told["sum"] else ()),
        *(() if told["sum"] else (gettext("只建档"),)),
    )


def _figures(case: Any) -> dict[str, Any]:
    """Return the household's size, its income per head, and the line it is held to."""
    found = list(case.computation_records.all())
    if not found:
        return {}
    inputs = category.read_inputs(json.loads(found[-1].inputs))
    per_head, standard = found[-1].per_head_fen, inputs.terms.standard
    return {
        "members": inputs.members,
        "per_head": in_yuan(per_head) if per_head is not None else "",
        "standard": in_yuan(standard) if standard else "",
    }


def _city_grounds(case: Any) -> list[CityGround]:
    """Return why the case goes to the city, as the step itself has it (H-30)."""
    case.rule_book = rules.book(case.newest_edition)
    removed_on = case.removed_on
    is_refiled = removed_on is not None and removed_on >= guards.refiled_since(case)
    details = case.hardship_aid_details
    return guards.grounds_held(case, details, is_refiled=is_refiled)


def _clock(case: Any, target: str) -> Clock | None:
    """Return the newest period of the target; the clocks came with the case."""
    found = [clock for clock in case.clocks.all() if clock.target == target]
    return found[-1] if found else None


def _last_day(clock: Clock | None) -> Any:
    if clock is None or clock.due_at is None:
        return None
    return timezone.localdate(clock.due_at - _INSTANT)


def _is_late(clock: Clock | None, at: datetime) -> bool:
    return bool(
        clock
        and clock.state == ClockState.RUNNING
        and clock.due_at is not None
        and clock.due_at < at
    )


def _working_days_left(clock: Clock | None, at: datetime) -> int | None:
    until = _last_day(clock)
    if clock is None or until is None:
        return None
    calendar = days_of(clock.calendar_version_id)
    today = timezone.localdate(at)
    return days_between(calendar, today=today, last_day=until, strict=False)[1]


def overdue_checks(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Keep the checks that are the city's to follow (H-26, E-05).

    A rung after the end of the wait has fired, or the wait of a case is over that had
    been over in an earlier one.
    """
    fired = ClockRung.objects.filter(
        clock__case=OuterRef("pk"),
        clock__target="info_check",
        state__in=(RungState.FIRED, RungState.SUPERSEDED),
    )
    now = fired.filter(clock__state=ClockState.RUNNING)
    before = fired.exclude(clock__state=ClockState.RUNNING)
    over = Exists(now.filter(code__startswith="+"))
    again = Exists(now.filter(code="due")) & Exists(before.filter(code="due"))
    return cases.filter(over | again).prefetch_related(  # type: ignore[type-var]
        Prefetch("informationcheck_records", InformationCheck.objects.in_force()),
        Prefetch("checkreminder_records", CheckReminder.objects.in_force()),
    )


def overdue_check_line(case: Any, view: View) -> dict[str, Any]:
    """Return what the city reads of a check that does not come back (H-26)."""
    workers = [p for p in case.party_records.all() if p.part is Part.APPLICANT]
    name = workers[0].name if workers else ""
    *_earlier, check = case.informationcheck_records.all()
    told = [timezone.localdate(each.at) for each in case.checkreminder_records.all()]
    reminders = [day for day in told if day >= check.sent_on]
    return {
        "name": name if view.in_clear else masking.name(name),
        "county": case.county.name if case.county else "",
        "letter": check.letter_number,
        "sent": check.sent_on,
        "due": _last_day(_clock(case, "info_check")),
        "reminders": len(reminders),
        "reminded": max(reminders, default=None),
    }


def about_staff(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Keep those in which an objection complains about staff (E-14)."""
    told = Objection.objects.in_force().exclude(about_staff="")
    return cases.filter(pk__in=told.values("case_id")).prefetch_related(
        Prefetch("objection_records", told)
    )


def about_staff_line(case: Any, view: View) -> dict[str, Any]:
    """Return what the auditor reads: when, about whose work, how far the case is (E-14)."""
    return {
        "state": S(case.state),
        "county": case.county.name if case.county else "",
        "objections": [
            {"at": each.received_at, "about": each.about_staff}
            for each in case.objection_records.all()
        ],
    }


ROLLS: tuple[Roll, ...] = (
    Roll(
        code="publicity",
        label=_("公示名单"),
        states=_POSTED,
        levels=frozenset({Level.STATION, Level.COUNTY}),
        roles=_STAFF,
        template="hardship_aid/rolls/publicity.html",
        line=public_line,
        rows=posted,
        basis="H-27",
        goes_out=True,
    ),
    Roll(
        code="meeting",
        label=_("上会清单"),
        states=frozenset({S.APPROVAL}),
        levels=frozenset({Level.COUNTY}),
        roles=_STAFF,
        template="hardship_aid/rolls/meeting.html",
        line=meeting_line,
        rows=before_the_meeting,
        basis="H-29",
        step="approve",
        asks=("minutes_number", "met_on", "minutes_scan", "reasons", "is_impartial"),
        brief=meeting_brief,
    ),
    Roll(
        code="overdue_checks",
        label=_("核对逾期清单"),
        states=frozenset({S.INFO_CHECK}),
        levels=frozenset({Level.CITY}),
        roles=_STAFF,
        template="hardship_aid/rolls/overdue_checks.html",
        line=overdue_check_line,
        rows=overdue_checks,
        basis="H-26",
    ),
    Roll(
        code="about_staff",
        label=_("反映工作人员的异议"),
        states=frozenset(S),
        levels=frozenset({Level.COUNTY, Level.CITY}),
        roles=frozenset({Role.AUDITOR}),
        template="hardship_aid/rolls/about_staff.html",
        line=about_staff_line,
        rows=about_staff,
        basis="E-14",
    ),
)
