"""What the case page shows of an application: household, computation, what is missing,
visits and decisions. Names as the reader may see them; an illness for the team only,
an objection for whoever checks it as well."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import wording
from casework.domain import masking
from casework.domain.errors import Invalid
from casework.domain.idnumber import IdNumber
from casework.domain.money import in_yuan
from casework.domain.vocabulary import Word
from casework.lifecycle import Panel, View
from casework.models import Material, Party, Record
from casework.services import records
from casework.wording import enumeration, sentence, word
from workflows.hardship_aid import (
    category,
    completeness,
    computation,
    reading,
    stated,
)
from workflows.hardship_aid.household_vocabulary import Health, HouseholdRelation
from workflows.hardship_aid.models import (
    Applicant,
    CheckReminder,
    Consent,
    ContactAttempt,
    Decision,
    ExpenseLine,
    HomeVisit,
    HouseholdMember,
    InformationCheck,
    Objection,
    Posting,
    VisitPlan,
)
from workflows.hardship_aid.vocabulary import (
    Category,
    CheckFinding,
    CheckSource,
    ConsentKind,
)

R = TypeVar("R", bound=Record)


def household(case: Any, view: View) -> dict[str, Any]:
    """Return the members and the money; who they are as the reader may see it."""
    members = records.of(case, HouseholdMember)
    parties = {party.pk: party for party in records.of(case, Party)}
    applicant = records.one(case, Applicant)
    order = list(HouseholdRelation)
    signed = set(completeness.authorised(case))
    reads = reading.reads_figures(case, view)
    kinds = reads and reading.reads_kinds(case, view)
    return {
        "members": [
            {
                **_member(member, parties[member.party_id], view),
                "income": in_yuan(member.monthly_fen) if reads else "",
                "is_signed": member.party_id in signed,
            }
            for member in sorted(members, key=lambda m: order.index(m.relation))
        ],
        "facts": _facts(case, applicant, view) if applicant else [],
        "expenses": [
            {
                "kind": line.kind if kinds else None,
                "amount": in_yuan(line.amount_fen),
                "receipt": line.receipt_number if view.in_clear else "",
                "has_receipt": bool(line.receipt_number),
                "day": line.receipt_date,
            }
            for line in (_standing(ExpenseLine, case) if reads else ())
        ],
        "shows_health": view.in_clear,
        "shows_figures": reads,
    }


def shown_computation(case: Any, view: View) -> dict[str, Any]:
    """Return the inputs beside the steps of the computation (H-08, P-11, P-02)."""
    newest = computation.latest(case)
    if newest is None:
        return {"proposal": None}
    data = json.loads(newest.inputs)
    inputs = category.read_inputs(data)
    proposal = category.propose(inputs)
    told = {
        "proposal": proposal,
        "proposed": proposal.category,
        "decided": Category(case.details.category) if case.details.category else None,
        "missing": [word(what) for what in proposal.missing],
        "against": reading.against(proposal.per_head_fen, inputs.terms.standard),
    }
    if not reading.reads_figures(case, view):
        return told
    kinds = reading.reads_kinds(case, view)
    return told | {
        "shows_figures": True,
        "standard": in_yuan(inputs.terms.standard) if inputs.terms.standard else "",
        "members": inputs.members,
        "income": _sums((line.kind, True, line.yearly) for line in inputs.income),
        "expenses": _sums(
            (line.kind if kinds else None, bool(line.receipts), line.yearly)
            for line in inputs.expenses
        ),
        "accident": inputs.accident and in_yuan(inputs.accident.borne),
        "exclusions": sorted(inputs.grounds),
        "steps": [
            {"rule": rule, "said": sentence(Invalid(said))}
            for rule, said in reading.told_steps(proposal, case, view)
        ],
        "digest": newest.digest,
    }


def missing(case: Any, view: View) -> dict[str, Any]:
    """Return how complete the application is: fields, papers, signatures, consents."""
    details = case.details
    received = set(completeness.received_papers(case))
    scanned = {scan.code for scan in records.of(case, Material)}
    kept = completeness.kept_papers(case)
    given = {consent.kind for consent in _standing(Consent, case)}
    names_all = reading.reads_kinds(case, view)
    day = timezone.localdate(view.at)
    children = details.is_stated and completeness.has_children(case, on=day)
    return {
        "is_stated": details.is_stated,
        "papers": [
            {
                "name": completeness.name(paper),
                "is_received": paper.code in received,
                "is_scanned": paper.code in scanned,
                "kept": kept.get(paper.code, ""),
                "mark": paper.mark,
            }
            for paper in completeness.required_papers(case)
            if names_all or paper.code not in reading.TELLING
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
    """Return what was done outside and decided: the newest first, as the timeline is."""
    told = [
        *_plans(case),
        *_attempts(case, view),
        *_visits(case, view),
        *_checks(case, view),
        *_reminders(case, view),
        *_postings(case),
        *_objections(case, view),
        *_decisions(case, view),
    ]
    return {"happenings": sorted(told, key=Happening.place, reverse=True)}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing of the story: on which day, at what time if that is known, what came of it."""

    when: date
    #: The act that told of it: it orders what happened on one day.
    version: int
    what: str
    result: str = ""
    more: Sequence[str] = ()

    @property
    def at(self) -> datetime | None:
        """The moment, where more than the day is known."""
        return self.when if isinstance(self.when, datetime) else None

    def place(self) -> tuple[date, int, float]:
        """Where it comes in the story."""
        at = self.at
        day = timezone.localdate(at) if at else self.when
        return day, self.version, at.timestamp() if at else 0


def _standing(kind: type[R], case: Any) -> list[R]:
    return records.name_people(records.of(case, kind))


def _member(member: HouseholdMember, party: Party, view: View) -> dict[str, Any]:
    day = timezone.localdate(view.at)
    return {
        "relation": member.relation,
        "name": _name(party.name, view),
        "id_number": _number(party.id_number, view),
        "phone": _phone(party.phone, view),
        "age": IdNumber(party.id_number).age(on=day),
        "sex": member.sex,
        "status": member.status if view.in_clear else None,
        "place": member.place if view.in_clear else "",
        "insurance": member.insurance,
        "health": _health(member) if view.in_clear else "",
        "lives_together": member.lives_together,
        "must_sign": member.is_adult,
    }


def _facts(case: Any, applicant: Applicant, view: View) -> list[tuple[str, str]]:
    worker = stated.worker_of(case)
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


def _sums(lines: Iterable[tuple[Word | None, bool, int]]) -> list[dict[str, Any]]:
    """Return what each kind comes to, proved and not; nothing of what comes to nothing."""
    sums: Counter[tuple[Word | None, bool]] = Counter()
    for kind, is_proved, fen in lines:
        sums[kind, is_proved] += fen
    return [
        {"kind": kind, "is_proved": is_proved, "amount": in_yuan(fen)}
        for (kind, is_proved), fen in sums.items()
        if fen
    ]


def _plans(case: Any) -> Iterator[Happening]:
    for plan in _standing(VisitPlan, case):
        yield Happening(plan.planned_at, plan.version, _("约定入户"), plan.told())


def _attempts(case: Any, view: View) -> Iterator[Happening]:
    for attempt in _standing(ContactAttempt, case):
        note = attempt.note if view.in_clear else ""
        yield Happening(
            attempt.at,
            attempt.version,
            _row(_("联系"), word(attempt.channel)),
            _row(word(attempt.outcome), _again(attempt), note),
        )


def _again(attempt: ContactAttempt) -> str:
    if attempt.again_at is None:
        return ""
    return _("通知单写明再来：%(time)s") % {"time": wording.moment(attempt.again_at)}


def _visits(case: Any, view: View) -> Iterator[Happening]:
    for visit in _standing(HomeVisit, case):
        is_signed = (
            visit.is_signed_by_first
            and visit.is_signed_by_second
            and visit.is_signed_by_family
        )
        heard = _("邻居反映：%(said)s") % {"said": visit.neighbours}
        told = [visit.seen, heard if visit.neighbours else ""]
        yield Happening(
            visit.visited_at,
            visit.version,
            _row(_("入户核查"), visit.told()),
            _row(word(visit.outcome), _("三方已签名") if is_signed else ""),
            [text for text in told if text] if view.in_clear else [],
        )


def _checks(case: Any, view: View) -> Iterator[Happening]:
    began = _first_told(InformationCheck, case, "letter_number")
    for check in _standing(InformationCheck, case):
        what = _row(_("经济状况核对"), check.letter_number)
        begun = began[(check.letter_number,)]
        waits = "" if check.result else _("等待反馈")
        yield Happening(check.sent_on, begun, what, _row(_("发函"), waits))
        if check.received_on:
            findings = [
                _("%(label)s：%(value)s")
                % {
                    "label": word(CheckSource(source)),
                    "value": word(CheckFinding(finding)),
                }
                for source, finding in check.findings.items()
            ]
            yield Happening(
                check.received_on,
                check.version,
                what,
                _row(_("反馈"), word(check.result), check.report_number),
                findings if view.in_clear else [],
            )


def _reminders(case: Any, view: View) -> Iterator[Happening]:
    for reminder in _standing(CheckReminder, case):
        yield Happening(
            reminder.at,
            reminder.version,
            _row(_("催办核对"), word(reminder.channel)),
            reminder.answer if view.in_clear else "",
        )


def _postings(case: Any) -> Iterator[Happening]:
    began = _first_told(Posting, case, "text_hash", "name")
    for posting in _standing(Posting, case):
        what = _row(_("公示"), word(posting.place), posting.name)
        begun = began[posting.text_hash, posting.name]
        hangs = "" if posting.taken_down_on else _("张贴中")
        result = _row(_("张贴"), word(posting.level), hangs)
        yield Happening(posting.posted_on, begun, what, result)
        if posting.taken_down_on:
            yield Happening(posting.taken_down_on, posting.version, what, _("已撤下"))


def _objections(case: Any, view: View) -> Iterator[Happening]:
    found = _standing(Objection, case)
    reads = bool(found) and reading.reads_objections(case, view)
    knows = reads and reading.reads_objectors(case, view)
    for objection in found:
        if objection.is_anonymous:
            name = _("匿名")
        else:
            name = objection.name if knows else masking.name(objection.name)
        yield Happening(
            objection.received_at,
            objection.version,
            _row(_("公示异议"), name),
            objection.content if reads else "",
            _about_staff(objection) if reads else [],
        )


def _about_staff(objection: Objection) -> list[str]:
    if not objection.about_staff:
        return []
    about = {"label": _("反映工作人员"), "value": word(objection.about_staff)}
    return [_("%(label)s：%(value)s") % about]


def _decisions(case: Any, view: View) -> Iterator[Happening]:
    for decision in _standing(Decision, case):
        by = decision.person.name if decision.person else ""
        aid = _("%(sum)s 元") % {"sum": in_yuan(decision.aid_fen)}
        reasons = decision.reasons if view.in_clear else ""
        yield Happening(
            decision.decided_on,
            decision.version,
            _row(word(decision.kind), word(decision.level), by),
            _row(
                word(decision.category) if decision.category else "",
                aid if decision.aid_fen else "",
                decision.minutes_number,
                enumeration(word(ground) for ground in decision.named_grounds),
            ),
            [reasons] if reasons else [],
        )


def _first_told(kind: type[Record], case: Any, *same: str) -> dict[Any, int]:
    """Return which act told first of what later acts told anew, by the fields that stay."""
    told = kind._default_manager.filter(case_id=case.pk).order_by("-version")
    return {tuple(key): version for *key, version in told.values_list(*same, "version")}


def _row(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


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
