"""Which mandatory fields and required papers of an application are still missing (H-21)."""

import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from casework.domain import masking
from casework.domain.idnumber import IdNumber
from casework.domain.rules import RequiredPaper
from casework.domain.vocabulary import Part
from casework.models import Material, Party
from casework.services import records, rules
from casework.wording import enumeration, word
from workflows.hardship_aid import category, computation
from workflows.hardship_aid.household_vocabulary import EmploymentStatus, Health
from workflows.hardship_aid.models import (
    Applicant,
    Authorisation,
    HomeVisit,
    HouseholdMember,
    Posting,
    ReceivedPaper,
)
from workflows.hardship_aid.vocabulary import (
    PaperCode,
    PaperCondition,
    VisitOutcome,
    Wish,
)

#: Until this age a guardian consents (P-04).
CHILD_UNTIL = 14
#: Good health needs no medical certificate, and a disability has a paper of its own.
_NO_ILLNESS = frozenset({str(Health.GOOD), str(Health.DISABLED), ""})


def missing_papers(case: Any) -> list[RequiredPaper]:
    """Return the papers that are required of this household and not there yet."""
    there = {*received_papers(case), *kept_papers(case)}
    return [paper for paper in required_papers(case) if paper.code not in there]


def received_papers(case: Any) -> Iterable[str]:
    """Return the codes of the papers that were handed in."""
    papers, scans = records.of(case, ReceivedPaper), records.of(case, Material)
    return {*(paper.code for paper in papers), *(scan.code for scan in scans)}


def kept_papers(case: Any) -> dict[str, str]:
    """Return the papers that the case's own records are, and which paper prints each."""
    kept = (
        (PaperCode.VISIT_RECORD, "visit_record", _was_visited(case)),
        (PaperCode.PUBLICITY_PROOF, "publicity", _was_posted(case)),
    )
    return {str(code): paper for code, paper, is_kept in kept if is_kept}


def required_papers(case: Any) -> list[RequiredPaper]:
    """Return the papers that the rules ask for, the household being what it is."""
    return rules.required_papers(
        case, conditions=[str(condition) for condition in conditions(case)]
    )


def conditions(case: Any) -> set[PaperCondition]:
    """Return what is true of the household, as far as papers turn on it."""
    members = records.of(case, HouseholdMember)
    applicant = records.one(case, Applicant)
    said = {
        PaperCondition.INCOME: any(member.monthly_fen for member in members),
        PaperCondition.ILLNESS: any(m.health not in _NO_ILLNESS for m in members),
        PaperCondition.DISABILITY: any(m.disability_kind for m in members),
        PaperCondition.STUDENT: any(
            member.status is EmploymentStatus.STUDENT for member in members
        ),
        PaperCondition.MIGRANT: any(
            member.status is EmploymentStatus.MIGRANT for member in members
        ),
        PaperCondition.LOW_INCOME_SUPPORT: bool(
            applicant and applicant.on_low_income_support
        ),
        PaperCondition.ACCIDENT: bool(applicant and applicant.accident_loss_fen),
        PaperCondition.AID: case.details.wish is not Wish.FILE,
        PaperCondition.VISITED: _was_visited(case),
        PaperCondition.POSTED: _was_posted(case),
    }
    return {condition for condition, holds in said.items() if holds}


def authorised(case: Any) -> Collection[Any]:
    """Return the parties who signed the authorisation of the economic check (H-22)."""
    return {signed.party_id for signed in records.of(case, Authorisation)}


def has_children(case: Any, *, on: date) -> bool:
    """Whether somebody of the household is under fourteen that day (P-04)."""
    return any(
        IdNumber(party.id_number).age(on=on) < CHILD_UNTIL
        for party in records.of(case, Party)
        if party.part is Part.MEMBER
    )


def is_whole(case: Any) -> bool:
    """Whether nothing is missing that acceptance asks for."""
    details = case.details
    return details.is_stated and details.is_authorised and not missing_papers(case)


def unsigned(case: Any) -> list[str]:
    """Return the masked names of the adults who have not signed the authorisation."""
    signed = authorised(case)
    names = {party.pk: party.name for party in records.of(case, Party)}
    return [
        masking.name(names[member.party_id])
        for member in records.of(case, HouseholdMember)
        if member.is_adult and member.party_id not in signed
    ]


def not_computed(case: Any) -> str:
    """Return what the computation still needs, in words."""
    newest = computation.latest(case)
    if newest is None:
        return _("申请表还没有填写完整")
    proposal = category.replay(json.loads(newest.inputs))
    return _("还缺%(what)s") % {"what": enumeration(word(m) for m in proposal.missing)}


def name(paper: RequiredPaper) -> str:
    """Return what the paper is called, in the reader's language."""
    return word(PaperCode(paper.code)) if paper.code in set(PaperCode) else paper.zh


def _was_visited(case: Any) -> bool:
    return any(
        visit.outcome is VisitOutcome.DONE for visit in records.of(case, HomeVisit)
    )


def _was_posted(case: Any) -> bool:
    return bool(records.of(case, Posting))
