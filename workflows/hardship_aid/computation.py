"""From what a household states to a proposal, and the record of it (H-08, P-11)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.utils import timezone

from casework.domain.chain import canonical
from casework.services import records, rules
from workflows.hardship_aid import category, standards
from workflows.hardship_aid.category import Accident, Expense, Income, Inputs, Proposal
from workflows.hardship_aid.household_vocabulary import EmploymentStatus, IncomeKind
from workflows.hardship_aid.models import Computation
from workflows.hardship_aid.vocabulary import ExclusionGround

#: What kind of income somebody's monthly income is; wages unless his status says more.
_INCOME_OF = {
    EmploymentStatus.RETIRED: IncomeKind.PENSION,
    EmploymentStatus.EARLY_RETIRED: IncomeKind.PENSION,
    EmploymentStatus.UNEMPLOYED: IncomeKind.UNEMPLOYMENT,
    EmploymentStatus.FARMING: IncomeKind.BUSINESS,
    EmploymentStatus.UNABLE: IncomeKind.RELIEF,
    EmploymentStatus.STUDENT: IncomeKind.OTHER,
    EmploymentStatus.PRESCHOOL: IncomeKind.OTHER,
}


def income_kind(status: EmploymentStatus) -> IncomeKind:
    """Return what kind of income the monthly income of such a person is."""
    return _INCOME_OF.get(status, IncomeKind.WAGES)


def inputs_of(case: Any, stated: Mapping[str, Any]) -> Inputs:
    """Return what the computation reads of an application form's cleaned data."""
    members = [row for row in stated["members"] if not row["lives_apart"]]
    monthly = [
        (stated["status"], stated["monthly_income"]),
        *((row["status"], row["monthly_income"]) for row in members),
    ]
    return Inputs(
        terms=terms_of(case),
        members=1 + len(members),
        income=(
            *(Income(income_kind(status), fen) for status, fen in monthly),
            *yearly(stated["income"]),
        ),
        **alike(stated),
    )


def yearly(rows: Iterable[Mapping[str, Any]]) -> tuple[Income, ...]:
    """Return the rows of income that are stated by the year."""
    return tuple(Income(row["kind"], row["yearly"], category.Per.YEAR) for row in rows)


def alike(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that an application and a review of a file state alike."""
    loss = stated["accident_loss"]
    return {
        "expenses": tuple(
            Expense(
                row["kind"], row["amount"], receipts=int(row["receipt_number"] != "")
            )
            for row in stated["expenses"]
        ),
        "accident": (
            Accident(loss, stated["accident_compensation"] or 0) if loss else None
        ),
        "on_low_income_support": stated["on_low_income_support"],
        "grounds": frozenset(stated["exclusions"]),
    }


def terms_of(case: Any) -> category.Terms:
    """Return the lines of the application date where the case belongs (H-09)."""
    return standards.terms_of(
        case.county or case.city,
        on=timezone.localdate(case.opened_at),
        book=rules.book_of(case),
    )


def renewed(case: Any, found: Iterable[ExclusionGround]) -> Computation | None:
    """Return the computation in force with these grounds of exclusion added (H-07).

    Not saved yet; None while nothing has been stated.
    """
    newest = latest(case)
    if newest is None:
        return None
    inputs = category.read_inputs(json.loads(newest.inputs))
    inputs = replace(inputs, grounds=inputs.grounds | frozenset(found))
    return record(inputs, category.propose(inputs))


def stamps(kept: Computation | None) -> dict[str, Any]:
    """Return what the body of a step keeps of a computation."""
    return {
        "proposed_category": kept.category if kept else "",
        "inputs_digest": kept.digest if kept else "",
    }


def latest(case: Any) -> Computation | None:
    """Return the computation in force; None while nothing has been stated."""
    return records.one(case, Computation)


def digest(inputs: Inputs) -> str:
    """Return the hex digest by which inputs are recognised."""
    return sha256(canonical(inputs.data)).hexdigest()


def record(inputs: Inputs, proposal: Proposal) -> Computation:
    """Return the record of a proposal, not saved yet."""
    return Computation(
        inputs=json.dumps(inputs.data, ensure_ascii=False),
        digest=digest(inputs),
        category=proposal.category or "",
        per_head_fen=proposal.per_head_fen,
    )
