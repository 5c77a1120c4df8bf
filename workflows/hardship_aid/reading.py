"""Who reads a household's figures: those who handle or review it, nobody else (P-02)."""

from typing import Any

from casework import access
from casework.domain.deadlines import Sentence
from casework.domain.money import in_yuan
from casework.domain.vocabulary import Relation, Role
from casework.lifecycle import Registry, View
from workflows.hardship_aid.category import Proposal
from workflows.hardship_aid.vocabulary import AgainstLine, PaperCode

#: Papers that tell of an illness or a disability by their names.
TELLING = frozenset(
    {
        *(PaperCode.DIAGNOSIS, PaperCode.MEDICAL_RECEIPTS),
        PaperCode.DISABILITY_CARD,
    }
)


def reads_figures(case: Any, view: View) -> bool:
    """P-02: its team, who decides a step of now, and auditors of its territory."""
    return view.in_clear or _audits(view) or _decides(case, view)


def reads_kinds(case: Any, view: View) -> bool:
    """P-02: a kind of expense hints at an illness, which an auditor need not read."""
    return view.in_clear or _decides(case, view)


def reads_objections(case: Any, view: View) -> bool:
    """H-28, E-14: nobody checks, or audits, an objection whose words he may not read."""
    return view.in_clear or _audits(view) or _decides(case, view)


def reads_objectors(case: Any, view: View) -> bool:
    """H-28: who objected is for whoever tells him what came of it, no auditor."""
    return view.in_clear or _decides(case, view)


def against(per_head_fen: int | None, standard_fen: int | None) -> AgainstLine | None:
    """Return on which side of the living standard the income per head lies (H-02)."""
    if per_head_fen is None or not standard_fen:
        return None
    is_below = per_head_fen < standard_fen
    return AgainstLine.BELOW if is_below else AgainstLine.NOT_BELOW


def told_steps(proposal: Proposal, case: Any, view: View) -> list[tuple[str, Sentence]]:
    """Return the steps of a computation with their rules, as far as the reader may see."""
    if not reads_figures(case, view):
        return []
    names_kinds = reads_kinds(case, view)
    return [
        (
            step.rule,
            _sum_of_expenses(step.figures["expenses"])
            if "expenses" in step.figures and not names_kinds
            else step.said,
        )
        for step in proposal.steps
    ]


def _sum_of_expenses(fen: int) -> Sentence:
    return Sentence(
        f"有票据的刚性支出 {in_yuan(fen)} 元。",
        f"Rigid expenses with receipts: {in_yuan(fen)} yuan.",
    )


def _audits(view: View) -> bool:
    return view.actor is not None and view.actor.wears(Role.AUDITOR)


def _decides(case: Any, view: View) -> bool:
    """Whether a step that weighs the case is the reader's now, by his hat or lent to it."""
    weighed = [
        step
        for step in Registry.get(case.kind).steps.values()
        if case.state in step.sources
        and step.beside
        and step.relation is not Relation.TERRITORY
    ]
    return view.actor is not None and any(
        access.refusal(view.actor, case, step, is_party=False, at=view.at) is None
        for step in weighed
    )
