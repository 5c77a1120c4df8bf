"""职工咨询: a small procedure of six steps, to prove the engine on."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms

from casework.access import Actor
from casework.domain.vocabulary import Level, Relation, Role, Word
from casework.lifecycle import (
    EVERY_LEVEL,
    CaseType,
    Correction,
    Opening,
    Registry,
    extend,
    pause,
    resume,
    start,
    step,
    stop,
)
from casework.models import Case, Material, Party
from casework.wording import lazy_word
from tests.inquiry.forms import (
    Answer,
    Extension,
    F,
    InquiryForm,
    MissingPapers,
    SuppliedPapers,
)
from tests.inquiry.models import InquiryDetails
from tests.inquiry.papers import PANELS, PAPERS, rolls


class S(Word):
    REGISTERED = "registered", "已登记", "Registered"
    CORRECTING = "correcting", "待补正", "Correcting"
    ACCEPTED = "accepted", "已受理", "Accepted"
    ANSWERED = "answered", "已答复", "Answered"
    WITHDRAWN = "withdrawn", "视为撤回", "Deemed withdrawn"


class Label(Word):
    INQUIRY = "inquiry", "职工咨询", "Inquiry"


class L(Word):
    """The steps in both languages; a real procedure has them in the catalogue."""

    OPEN = "open", "登记", "Register"
    ASK_FOR_PAPERS = "ask_for_papers", "一次性告知补正", "Ask once for what is missing"
    SUPPLY = "supply", "收到补正材料", "Papers received"
    DEEM_WITHDRAWN = "deem_withdrawn", "视为撤回", "Deem withdrawn"
    ACCEPT = "accept", "受理", "Accept"
    LENGTHEN = "lengthen", "延长办理期限", "Lengthen the time for the answer"
    ANSWER = "answer", "答复", "Answer"


def not_asked_before(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-21: what is missing is said once."""
    return "补正只能告知一次，已经告知过了。" if case.details.was_asked else None


class Inquiry(Case):
    details: InquiryDetails

    class Meta:
        proxy = True
        app_label = "inquiry"

    @step(
        lazy_word(L.ASK_FOR_PAPERS),
        source=S.REGISTERED,
        target=S.CORRECTING,
        by=Role.CASEWORKER,
        form=MissingPapers,
        beside=("matter",),
        guards=[not_asked_before],
        clocks=[pause("acceptance", "supplement"), start("correction")],
        paper="补正通知书",
        basis="Q-02",
    )
    def ask_for_papers(self, items: list[str]) -> None:
        self.details.missing = items
        self.details.was_asked = True

    @step(
        lazy_word(L.SUPPLY),
        source=S.CORRECTING,
        target=S.REGISTERED,
        by=Role.CASEWORKER,
        form=SuppliedPapers,
        clocks=[stop("correction"), resume("acceptance")],
        basis="Q-02",
    )
    def supply(self, papers: Any) -> None:
        self.details.missing = []

    @step(
        lazy_word(L.DEEM_WITHDRAWN),
        source=S.CORRECTING,
        target=S.WITHDRAWN,
        by=Role.SYSTEM,
        clocks=[stop("correction")],
        basis="Q-02",
        deemed=True,
    )
    def deem_withdrawn(self) -> None:
        pass

    @step(
        lazy_word(L.ACCEPT),
        source=S.REGISTERED,
        target=S.ACCEPTED,
        by=Role.CASEWORKER,
        clocks=[stop("acceptance"), start("handling")],
        hand_to=Level.COUNTY,
        paper="受理通知书",
        basis="Q-01",
    )
    def accept(self) -> None:
        pass

    @step(
        lazy_word(L.LENGTHEN),
        source=S.ACCEPTED,
        target=None,
        by=Role.SUPERVISOR,
        at=[Level.COUNTY, Level.CITY],
        relation=Relation.HOLDER,
        form=Extension,
        clocks=[extend("handling", amount="days")],
        basis="Q-03",
    )
    def lengthen(self, days: int) -> None:
        pass

    @step(
        lazy_word(L.ANSWER),
        source=S.ACCEPTED,
        target=S.ANSWERED,
        by=[Role.CASEWORKER, Role.SUPERVISOR],
        relation=Relation.HOLDER,
        form=Answer,
        beside=("matter",),
        clocks=[stop("handling")],
        paper="答复书",
        basis="Q-03",
    )
    def answer(self, answer: str, refers_to: Case | None, scan: Any) -> None:
        self.details.answer = answer


INQUIRY = Registry.register(
    CaseType(
        code="inquiry",
        label=Label.INQUIRY,
        number_word="工询",
        model=Inquiry,
        details=InquiryDetails,
        states=S,
        closed=frozenset({S.ANSWERED, S.WITHDRAWN}),
        handlers=frozenset({Role.CASEWORKER}),
        opening=Opening(
            label=lazy_word(L.OPEN),
            state=S.REGISTERED,
            form=InquiryForm,
            roles=frozenset({Role.CASEWORKER}),
            levels=EVERY_LEVEL,
            clocks=(start("acceptance"),),
            basis="Q-01",
        ),
        correctable={
            "question": Correction(
                field=forms.CharField(label=lazy_word(F.QUESTION), max_length=1000)
            ),
            "opened_at": Correction(
                field=forms.DateTimeField(), moves_clocks=("acceptance",)
            ),
        },
        records=(Party, Material),
        panels=PANELS,
        papers=PAPERS,
        rolls=rolls(S.ACCEPTED),
        rules=Path(__file__).with_name("rules.toml"),
    )
)
