"""What the case page shows of an application: household, computation, what is missing,
visits and decisions. Names as the reader may see them; an illness for the team only."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.domain import masking
from casework.domain.errors import Invalid
from casework.domain.idnumber import IdNumber
from casework.domain.money import in_yuan
from casework.domain.vocabulary import Part, Word
from casework.lifecycle import Panel, View
from casework.models import Party, Record
from casework.wording import enumeration, sentence, word
from workflows.hardship_aid import category, completeness, computation
from workflows.hardship_aid.models import (
    Applicant,
    Consent,
    ContactAttempt,
    Decision,
    ExpenseLine,
    HomeVisit,
    HouseholdMember,
    IncomeLine,
    InformationCheck,
    Objection,
    Posting,
    VisitPlan,
)
from workflows.hardship_aid.vocabulary import (
    Category,
    CheckFinding,
    CheckSource,
    CityGround,
    ConsentKind,
    Health,
    HouseholdRelation,
    NotAcceptedGround,
    RejectionGround,
)

#: The grounds that a decision may name, by their codes.
_GROUNDS: tuple[type[Word], ...] = (NotAcceptedGround, RejectionGround, CityGround)


def household(case: Any, view: View) -> dict[str, Any]:
    """Return the members and the money; who they are as the reader may see it."""
    members = _standing(HouseholdMember, case).select_related("party")
    applicant = _standing(Applicant, case).first()
    day = timezone.localdate(view.at)
    signed = set(completeness.authorised(case))
    return {
        "members": [
            {
                "relation": member.relation,
                "name": _name(member.party.name, view),
                "id_number": _number(member.party.id_number, view),
                "phone": _phone(member.party.phone, view),
                "age": IdNumber(member.party.id_number).age(on=day),
                "sex": member.sex,
                "status": member.status,
                "place": member.place if view.in_clear else "",
                "income": in_yuan(member.monthly_fen),
                "insurance": member.insurance,
                "health": _health(member) if view.in_clear else "",
                "lives_together": member.lives_together,
                "is_signed": member.party_id in signed,
                "must_sign": member.is_adult,
            }
            for member in sorted(
                members,
                key=lambda member: list(HouseholdRelation).index(member.relation),
            )
        ],
        "facts": _facts(case, applicant, view) if applicant else [],
        "income": [
            (word(line.kind), in_yuan(line.yearly_fen))
            for line in _standing(IncomeLine, case)
        ],
        "expenses": [
            {
                "kind": line.kind,
                "amount": in_yuan(line.amount_fen),
                "receipt": line.receipt_number if view.in_clear else "",
                "has_receipt": bool(line.receipt_number),
                "day": line.receipt_date,
            }
            for line in _standing(ExpenseLine, case)
        ],
        "shows_health": view.in_clear,
    }


def shown_computation(case: Any, view: View) -> dict[str, Any]:
    """Return the inputs beside the steps of the computation (H-08, P-11)."""
    newest = computation.latest(case)
    if newest is None:
        return {"proposal": None}
    data = json.loads(newest.inputs)
    inputs = category.read_inputs(data)
    proposal = category.propose(inputs)
    return {
        "proposal": proposal,
        "proposed": proposal.category,
        "decided": Category(case.details.category) if case.details.category else None,
        "standard": in_yuan(inputs.terms.standard) if inputs.terms.standard else "",
        "members": inputs.members,
        "income": [_line(line.kind, line.yearly) for line in inputs.income],
        "expenses": [
            {**_line(line.kind, line.yearly), "is_proved": bool(line.receipts)}
            for line in inputs.expenses
        ],
        "accident": inputs.accident and in_yuan(inputs.accident.borne),
        "exclusions": sorted(inputs.grounds),
        "steps": [
            {"rule": step.rule, "said": sentence(Invalid(step.said))}
            for step in proposal.steps
        ],
        "missing": [word(what) for what in proposal.missing],
        "per_head": (
            in_yuan(proposal.per_head_fen) if proposal.per_head_fen is not None else ""
        ),
        "digest": newest.digest,
    }


def missing(case: Any, view: View) -> dict[str, Any]:
    """Return how complete the application is: fields, papers, signatures, consents."""
    details = case.details
    received = set(completeness.received_papers(case))
    given = {consent.kind for consent in _standing(Consent, case)}
    children = details.is_stated and completeness.has_children(case)
    return {
        "is_stated": details.is_stated,
        "papers": [
            {
                "name": completeness.name(paper),
                "is_there": paper.code in received,
                "mark": paper.mark,
            }
            for paper in completeness.required_papers(case)
        ],
        "unsigned": completeness.unsigned(case) if details.is_stated else [],
        "consents": [
            {"name": word(kind), "is_given": kind in given}
            for kind in ConsentKind
            if kind is not ConsentKind.CHILDREN or children
        ],
        "notice_version": details.notice_version,
        "is_whole": completeness.is_whole(case),
    }


def visits_and_decisions(case: Any, view: View) -> dict[str, Any]:
    """Return what was done outside and decided: the newest last."""
    return {
        "plans": [
            {"at": plan.planned_at, "names": enumeration(plan.names)}
            for plan in _visitors(VisitPlan, case)
        ],
        "attempts": [
            {
                "at": attempt.at,
                "channel": attempt.channel,
                "outcome": attempt.outcome,
                "note": attempt.note if view.in_clear else "",
            }
            for attempt in _standing(ContactAttempt, case)
        ],
        "visits": [_visit(visit, view) for visit in _visitors(HomeVisit, case)],
        "checks": [_check(check, view) for check in _standing(InformationCheck, case)],
        "postings": list(_standing(Posting, case)),
        "objections": [
            {
                "at": objection.received_at,
                "name": _("匿名")
                if objection.is_anonymous
                else _name(objection.name, view),
                "content": objection.content if view.in_clear else "",
            }
            for objection in _standing(Objection, case)
        ],
        "decisions": [
            _decision(decision, view)
            for decision in _standing(Decision, case).select_related("person")
        ],
    }


def _standing(kind: type[Record], case: Any) -> Any:
    return kind._default_manager.filter(case_id=case.pk, ended_by__isnull=True)


def _visitors(kind: type[Record], case: Any) -> Any:
    return _standing(kind, case).select_related("first_visitor", "second_visitor")


def _facts(case: Any, applicant: Applicant, view: View) -> list[tuple[str, str]]:
    worker = _standing(Party, case).filter(part=Part.APPLICANT).first()
    address = worker.address if worker else ""
    told: list[tuple[Any, str]] = [
        (_("住址"), address if view.in_clear else masking.address(address)),
        (_("工作单位"), applicant.employer_name),
        (_("所属行业"), word(applicant.industry)),
        (_("住房类型"), word(applicant.housing)),
        (_("户口类型"), word(applicant.registration)),
        (_("银行卡号"), _number(applicant.card, view)),
    ]
    if view.in_clear:
        causes = [applicant.main_cause, applicant.second_cause]
        told += [
            (_("致困原因"), enumeration(word(cause) for cause in causes if cause)),
            (_("申请理由"), applicant.statement),
        ]
    if applicant.written_by:
        told.append((_("代填人"), _name(applicant.written_by, view)))
    return [(label, text) for label, text in told if text]


def _name(name: str, view: View) -> str:
    return name if view.in_clear else masking.name(name)


def _phone(phone: str, view: View) -> str:
    return phone if view.in_clear else masking.phone(phone)


def _number(number: str, view: View) -> str:
    return number if view.is_revealed else masking.number(number)


def _health(member: HouseholdMember) -> str:
    return word(Health(member.health)) if member.health else ""


def _line(kind: Word, fen: int) -> dict[str, Any]:
    return {"kind": kind, "amount": in_yuan(fen)}


def _visit(visit: HomeVisit, view: View) -> dict[str, Any]:
    return {
        "at": visit.visited_at,
        "names": enumeration(visit.names),
        "outcome": visit.outcome,
        "housing": visit.housing,
        "vehicle": visit.vehicle,
        "seen": visit.seen if view.in_clear else "",
        "neighbours": visit.neighbours if view.in_clear else "",
        "is_signed": visit.is_signed_by_first
        and visit.is_signed_by_second
        and visit.is_signed_by_family,
    }


def _check(check: InformationCheck, view: View) -> dict[str, Any]:
    return {
        "letter": check.letter_number,
        "sent_on": check.sent_on,
        "received_on": check.received_on,
        "report": check.report_number,
        "result": check.result or None,
        "findings": [
            (word(CheckSource(source)), word(CheckFinding(finding)))
            for source, finding in check.findings.items()
        ]
        if view.in_clear
        else [],
    }


def _decision(decision: Decision, view: View) -> dict[str, Any]:
    return {
        "kind": decision.kind,
        "level": decision.level,
        "day": decision.decided_on,
        "by": decision.person.name if decision.person else "",
        "category": decision.category or None,
        "aid": in_yuan(decision.aid_fen) if decision.aid_fen else "",
        "minutes": decision.minutes_number,
        "grounds": enumeration(_grounds(decision.grounds)),
        "reasons": decision.reasons if view.in_clear else "",
    }


def _grounds(codes: Iterable[str]) -> Iterable[str]:
    for code in codes:
        for words in _GROUNDS:
            if code in set(words):
                yield word(words(code))
                break


PANELS = (
    Panel(
        code="missing",
        label=gettext_lazy("完整度"),
        template="hardship_aid/panels/missing.html",
        context=missing,
    ),
    Panel(
        code="household",
        label=gettext_lazy("家庭情况"),
        template="hardship_aid/panels/household.html",
        context=household,
    ),
    Panel(
        code="computation",
        label=gettext_lazy("类别测算"),
        template="hardship_aid/panels/computation.html",
        context=shown_computation,
    ),
    Panel(
        code="decisions",
        label=gettext_lazy("核查、公示和决定"),
        template="hardship_aid/panels/decisions.html",
        context=visits_and_decisions,
    ),
)
