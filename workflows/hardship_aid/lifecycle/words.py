"""Who acts where, and what the steps' bodies keep: shared by the chapters."""

from typing import Any

from casework.domain.vocabulary import Level, Relation, Role
from casework.lifecycle import cancel
from workflows.hardship_aid import privacy
from workflows.hardship_aid.models import HardshipAidDetails
from workflows.hardship_aid.stated import subject_of
from workflows.hardship_aid.vocabulary import S

STATION = (Level.STATION, Level.COUNTY)  # a county without the station does its work
COUNTY = (Level.COUNTY,)
CITY = (Level.CITY,)
HOLDER = Relation.HOLDER
ASSIGNEE = Relation.ASSIGNEE
CASEWORKER, SUPERVISOR, SYSTEM = Role.CASEWORKER, Role.SUPERVISOR, Role.SYSTEM
EVERYBODY = (CASEWORKER, SUPERVISOR)

#: Open, and not approved yet: what the applicant may withdraw.
BEFORE_APPROVAL = (
    *(S.DRAFT, S.SUBMITTED, S.CORRECTING, S.STATION_REVIEW, S.HOME_VISIT),
    *(S.COUNTY_REVIEW, S.INFO_CHECK, S.PUBLICITY, S.OBJECTION, S.APPROVAL),
    S.CITY_REVIEW,
)
#: Once the case ends, no period of its handling runs on.
GIVE_UP = [
    cancel(target)
    for target in (
        *("completion", "acceptance", "correction", "visit", "contact", "opinion"),
        *("review", "station_return", "info_check", "publicity", "objection_check"),
        *("approval", "city_review", "reconsideration", "urgent", "papers_owed"),
        *("take_down", "reconsideration_window"),
    )
]

#: What is weighed before anybody has gone out: is it whole, who lives there, what follows.
STATED = ("missing", "household", "computation")
#: What is weighed once it was looked into: the figures, what was found, the household.
FOUND = ("computation", "decisions", "household", "missing")
#: What is weighed where the figures are not in question.
DONE_SO_FAR = ("decisions", "household")


class Chapter:
    """One part of the procedure: steps of the application, in their order."""

    details: HardshipAidDetails
    subject: str


def keep(case: Chapter, said: dict[str, Any]) -> None:
    """Keep of an application what the procedure turns on; other facts, another check."""
    details = case.details
    if said["inputs_digest"] != details.inputs_digest:
        details.is_checked = details.check_agrees = False
    for name in (
        *("wish", "is_oral", "lives_in", "works_in", "is_staff_relative", "aid_item"),
        *("is_authorised", "proposed_category", "inputs_digest"),
    ):
        setattr(details, name, said[name])
    details.may_be_shared = said["consents_sharing"]
    details.may_be_published = said["consents_publication"]
    details.exclusions = [str(ground) for ground in said["exclusions"]]
    details.notice_version = privacy.notice().version
    details.is_stated = True
    case.subject = subject_of(details.wish)


def compute(
    details: HardshipAidDetails, found: list[Any], computed: dict[str, Any]
) -> None:
    """Keep the grounds of exclusion that were found, and what is proposed with them."""
    details.exclusions = sorted({*details.exclusions, *(str(g) for g in found)})
    details.proposed_category = computed["proposed_category"]
    details.inputs_digest = computed["inputs_digest"]


def decide(details: HardshipAidDetails, said: dict[str, Any]) -> None:
    """Keep who decided, and when."""
    details.decider, details.decided_on = said["signed_by"], said["signed_on"]
