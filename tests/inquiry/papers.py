"""What an inquiry shows on its case page, prints, and lists together."""

from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from openpyxl import Workbook

from casework.domain import masking
from casework.domain.vocabulary import Level, Part, Role, Word
from casework.lifecycle import Panel, Paper, Roll, View
from casework.models import Case, Party
from casework.wording import lazy_word


class P(Word):
    """The panel, the papers and the roll in both languages."""

    MATTER = "matter", "咨询内容", "The question"
    LETTER = "letter", "受理通知书", "Notice of acceptance"
    AFTER_ACCEPTANCE = "after_acceptance", "受理以后才有。", "It comes with acceptance."
    REPLY = "reply", "答复书", "Reply"
    AFTER_REPLY = "after_reply", "答复以后才有。", "It comes with the reply."
    WAITING = "waiting", "待答复清单", "Waiting for a reply"


def matter(case: Any, view: View) -> dict[str, Any]:
    party = Party.objects.in_force().get(case_id=case.pk, part=Part.APPLICANT)
    return {
        "question": case.details.question,
        "name": party.name if view.in_clear else masking.name(party.name),
        "id_number": (
            party.id_number if view.is_revealed else masking.number(party.id_number)
        ),
    }


def as_workbook(case: Any, view: View) -> bytes:
    book, content = Workbook(), BytesIO()
    said = matter(case, view)
    book.active.append([case.number, said["name"], said["question"]])
    book.save(content)
    return content.getvalue()


def with_parties(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("inquiry_details")  # type: ignore[misc]


def line(case: Any, view: View) -> dict[str, Any] | None:
    (party,) = [p for p in case.party_records.all() if p.part == Part.APPLICANT]
    name = party.name if view.in_clear else masking.name(party.name)
    question = case.inquiry_details.question
    return None if question == "不上清单" else {"name": name, "question": question}


PANELS = (
    Panel(
        code="matter",
        label=lazy_word(P.MATTER),
        template="inquiry/matter.html",
        context=matter,
    ),
)
PAPERS = (
    Paper(
        code="letter",
        title=lazy_word(P.LETTER),
        template="inquiry/letter.html",
        context=matter,
        is_ready=lambda case: case.state not in ("registered", "correcting"),
        awaits=lazy_word(P.AFTER_ACCEPTANCE),
        basis="Q-01",
        goes_out=True,
        has_numbers=True,
        workbook=as_workbook,
    ),
    Paper(
        code="reply",
        title=lazy_word(P.REPLY),
        template="inquiry/letter.html",
        context=matter,
        is_ready=lambda case: case.state == "answered",
        awaits=lazy_word(P.AFTER_REPLY),
        basis="Q-03",
    ),
)


def rolls(accepted: Word) -> tuple[Roll, ...]:
    return (
        Roll(
            code="waiting",
            label=lazy_word(P.WAITING),
            states=frozenset({accepted}),
            levels=frozenset({Level.COUNTY}),
            roles=frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
            template="inquiry/waiting.html",
            line=line,
            rows=with_parties,
            basis="Q-03",
            step="answer",
            asks=("answer", "scan"),
            brief=lambda said: (said["name"], said["question"]),
        ),
    )
