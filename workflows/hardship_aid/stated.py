"""What an application states as records, and the records as a form again."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Model

from casework.domain import masking
from casework.domain.idnumber import IdNumber
from casework.domain.vocabulary import Part, Word
from casework.models import Party, Record
from casework.services import records
from workflows.hardship_aid import privacy
from workflows.hardship_aid.computation import income_kind
from workflows.hardship_aid.household_vocabulary import HouseholdRelation
from workflows.hardship_aid.models import (
    Applicant,
    Authorisation,
    Consent,
    ExpenseLine,
    HouseholdMember,
    IncomeLine,
    ReceiptUse,
    ReceivedPaper,
)
from workflows.hardship_aid.vocabulary import ConsentKind, Wish

ADULT_FROM = 18

#: The fields of the form that the worker's own record has by the same name.
_OF_THE_APPLICANT = (
    *("worker_number", "ethnicity", "political_status", "model_worker"),
    *("registration", "registered_at", "other_contact", "postcode", "housing"),
    *("floor_area", "employer_name", "employer_code", "employer_nature"),
    *("employer_condition", "industry", "works_since", "contract_from"),
    *("contract_until", "is_single_parent", "is_zero_employment", "can_help_itself"),
    *("on_low_income_support", "main_cause", "second_cause", "statement", "bank"),
    *("bank_branch", "card", "written_by", "was_read_back"),
)
#: The fields that a member's row and record have by the same name.
_OF_A_MEMBER = (
    *("ethnicity", "health", "disability_kind", "disability_grade", "insurance"),
    *("marital_status", "registration", "status"),
)
_OF_A_RELATIVE = ("place", "education", "enrolled_on", "school_years")
_NUMBERS = frozenset({"id_number", "card"})
#: The field in which each consent is given.
CONSENTS = {
    "notice_read": ConsentKind.NOTICE,
    "consents_sensitive": ConsentKind.SENSITIVE,
    "consents_children": ConsentKind.CHILDREN,
    "consents_sharing": ConsentKind.SHARING,
    "consents_publication": ConsentKind.PUBLICATION,
}


def records_of(
    case: Any,
    said: Mapping[str, Any],
    kept: Mapping[ConsentKind, Consent],
    employer_id: int | None,
) -> list[Record]:
    """Return what an application form's cleaned data state, as rows not saved yet.

    The consents that are `kept` are stated again as they were given.
    """
    day = said["signed_on"]
    worker = Party(
        part=Part.APPLICANT,
        name=said["name"],
        phone=said["phone"],
        id_number=said["id_number"],
        address=said["address"],
        employer_id=employer_id,
    )
    return [
        worker,
        _applicant(worker, said),
        _worker_as_member(worker, said, day),
        *_authorised(worker, said["has_authorised"], day),
        *members_of(said, day),
        *_incomes(worker, said),
        *_expenses(case, said),
        *_consents(said, kept, day),
        *(ReceivedPaper(code=str(code)) for code in said["papers"]),
    ]


def _applicant(worker: Party, said: Mapping[str, Any]) -> Applicant:
    return Applicant(
        party_id=worker.pk,
        sex=IdNumber(said["id_number"]).sex,
        accident_loss_fen=said["accident_loss"],
        accident_compensation_fen=said["accident_compensation"],
        signed_by=said["signature"],
        **{name: said[name] for name in _OF_THE_APPLICANT},
    )


def _worker_as_member(
    worker: Party, said: Mapping[str, Any], day: date
) -> HouseholdMember:
    return HouseholdMember(
        party_id=worker.pk,
        relation=HouseholdRelation.SELF,
        monthly_fen=said["monthly_income"],
        place=said["employer_name"],
        **_facts(said, day),
    )


def members_of(said: Mapping[str, Any], day: date) -> Iterator[Record]:
    """Return the rows of the members beside the worker: `members` and `address`."""
    for row in said["members"]:
        party = Party(
            part=Part.MEMBER,
            name=row["name"],
            phone=row["phone"],
            id_number=row["id_number"],
            address="" if row["lives_apart"] else said["address"],
        )
        yield party
        yield HouseholdMember(
            party_id=party.pk,
            relation=row["relation"],
            lives_together=not row["lives_apart"],
            monthly_fen=row["monthly_income"],
            **{name: row[name] for name in _OF_A_RELATIVE},
            **_facts(row, day),
        )
        yield from _authorised(party, row["has_authorised"], day)
        if not row["lives_apart"]:
            yield IncomeLine(
                party_id=party.pk,
                kind=income_kind(row["status"]),
                yearly_fen=12 * row["monthly_income"],
            )


def _facts(said: Mapping[str, Any], day: date) -> dict[str, Any]:
    number = IdNumber(said["id_number"])
    return {
        "sex": number.sex,
        "birth_date": number.birth_date.isoformat(),
        "is_adult": number.age(on=day) >= ADULT_FROM,
        **{name: said[name] for name in _OF_A_MEMBER},
    }


def _authorised(party: Party, has_signed: bool, day: date) -> list[Record]:
    return [Authorisation(party_id=party.pk, signed_on=day)] if has_signed else []


def _incomes(worker: Party, said: Mapping[str, Any]) -> Iterator[Record]:
    yield IncomeLine(
        party_id=worker.pk,
        kind=income_kind(said["status"]),
        yearly_fen=12 * said["monthly_income"],
    )
    for row in said["income"]:
        yield IncomeLine(kind=row["kind"], yearly_fen=row["yearly"])


def _expenses(case: Any, said: Mapping[str, Any]) -> Iterator[Record]:
    for row in said["expenses"]:
        yield ExpenseLine(
            kind=row["kind"],
            amount_fen=row["amount"],
            receipt_number=row["receipt_number"],
            receipt_date=row["receipt_date"],
        )
        if row["receipt_number"]:
            yield ReceiptUse(
                city_id=case.city_id,
                receipt_number=row["receipt_number"],
                amount_fen=row["amount"],
            )


def _consents(
    said: Mapping[str, Any], kept: Mapping[ConsentKind, Consent], day: date
) -> Iterator[Record]:
    for field, kind in CONSENTS.items():
        if not said[field]:
            continue
        given = kept.get(kind)
        yield Consent(
            kind=kind,
            notice_version=(
                given.notice_version if given else privacy.notice().version
            ),
            given_on=given.given_on if given else day,
            means=given.means if given else said["signature"],
        )


def as_form_data(case: Any, *, is_revealed: bool) -> dict[str, Any]:
    """Return the records in force as the initial data of the form (补充登记).

    Consents are never ticked beforehand (P-04). ID and card numbers are masked unless
    they are revealed; the form takes the mask for the number it stands for.
    """
    if case.pk is None:
        return {}
    parties = {party.pk: party for party in records.of(case, Party)}
    worker = worker_of(case)
    if worker is None:
        return {}
    data: dict[str, Any] = {"wish": case.details.wish, "name": worker.name}
    data["phone"] = worker.phone
    applicant = records.one(case, Applicant)
    if applicant is None:
        return data
    data |= {name: getattr(applicant, name) for name in _OF_THE_APPLICANT}
    data |= _worker_data(case, worker, applicant)
    data |= _household_data(case, parties)
    if not is_revealed:
        for row in (data, *data["members"]):
            row |= {name: masking.number(row[name]) for name in _NUMBERS & row.keys()}
    return data


def changed(case: Any, said: Mapping[str, Any]) -> set[str]:
    """Return by name what is stated otherwise than before, never what it was or is.

    Nothing while nothing had been stated.
    """
    if not case.details.is_stated:
        return set()
    before, given = as_form_data(case, is_revealed=True), consents_of(case)
    before |= {name: kind in given for name, kind in CONSENTS.items()}
    was, now = (
        {row["id_number"]: row for row in rows}
        for rows in (before.pop("members"), said["members"])
    )
    members = {
        "member_came": now.keys() - was.keys(),
        "member_went": was.keys() - now.keys(),
        "members": [k for k in was.keys() & now.keys() if _differ(was[k], now[k])],
    }
    return _differ(before, said) | {name for name, found in members.items() if found}


def _differ(before: Mapping[str, Any], now: Mapping[str, Any]) -> set[str]:
    return {name for name in before if _plain(before[name]) != _plain(now[name])}


def _plain(value: Any) -> Any:
    """Return a value as forms and records have it alike: rows by key, lists in order."""
    match value:
        case Model():
            return value.pk
        case Mapping():
            return {name: _plain(value[name]) for name in sorted(value)}
        case list():
            return sorted((_plain(each) for each in value), key=repr) or None
        case Word():
            return str(value)
        case _:
            return value or None


def subject_of(wish: Wish) -> str:
    """Return what an application is about, for titles and lists.

    By its wish, never in the applicant's words: they may name an illness.
    """
    return str(wish.zh)


def worker_of(case: Any) -> Party | None:
    """Return who applies; None while nothing is registered."""
    workers = (p for p in records.of(case, Party) if p.part is Part.APPLICANT)
    return next(workers, None)


def consents_of(case: Any) -> dict[ConsentKind, Consent]:
    """Return the consents on record, by what was agreed to; none before it is stated."""
    if not case.details.is_stated:
        return {}
    return {consent.kind: consent for consent in records.of(case, Consent)}


def employer_of(case: Any) -> dict[tuple[str, str], int | None]:
    """Return the employer on record by its name and code; none before it is stated."""
    if not case.details.is_stated:
        return {}
    worker, applicant = worker_of(case), records.one(case, Applicant)
    assert worker is not None
    assert applicant is not None
    key = applicant.employer_name, applicant.employer_code
    return {key: worker.employer_id}


def receipts_of(case: Any) -> set[tuple[str, int]]:
    """Return the receipts on record, by number and sum; none before it is stated."""
    if not case.details.is_stated:
        return set()
    uses = records.of(case, ReceiptUse)
    return {(use.receipt_number, use.amount_fen) for use in uses}


def id_numbers(case: Any) -> Iterator[str]:
    """Yield the ID numbers that the case holds."""
    for party in records.of(case, Party):
        yield party.id_number


def cards(case: Any) -> Iterator[str]:
    """Yield the card numbers that the case holds."""
    for applicant in records.of(case, Applicant):
        yield applicant.card


def _worker_data(case: Any, worker: Party, applicant: Applicant) -> dict[str, Any]:
    return {
        "id_number": worker.id_number,
        "address": worker.address,
        "lives_in": case.details.lives_in_id,
        "works_in": case.details.works_in_id,
        "aid_item": case.details.aid_item,
        "is_oral": case.details.is_oral,
        "is_staff_relative": case.details.is_staff_relative,
        "exclusions": case.details.exclusions,
        "accident_loss": applicant.accident_loss_fen,
        "accident_compensation": applicant.accident_compensation_fen,
        "signature": applicant.signed_by,
    }


def _household_data(case: Any, parties: Mapping[Any, Party]) -> dict[str, Any]:
    signed = {each.party_id for each in records.of(case, Authorisation)}
    data: dict[str, Any] = {"members": []}
    for member in records.of(case, HouseholdMember):
        said = {name: getattr(member, name) for name in _OF_A_MEMBER}
        said["monthly_income"] = member.monthly_fen
        said["has_authorised"] = member.party_id in signed
        if member.relation is HouseholdRelation.SELF:
            data |= said
            continue
        party = parties[member.party_id]
        data["members"].append(
            {
                **said,
                **{name: getattr(member, name) for name in _OF_A_RELATIVE},
                "name": party.name,
                "phone": party.phone,
                "id_number": party.id_number,
                "relation": member.relation,
                "lives_apart": not member.lives_together,
            }
        )
    data["income"] = [
        {"kind": line.kind, "yearly": line.yearly_fen}
        for line in records.of(case, IncomeLine)
        if line.party_id is None
    ]
    data["expenses"] = [
        {
            "kind": line.kind,
            "amount": line.amount_fen,
            "receipt_number": line.receipt_number,
            "receipt_date": line.receipt_date,
        }
        for line in records.of(case, ExpenseLine)
    ]
    data["papers"] = [paper.code for paper in records.of(case, ReceivedPaper)]
    return data
