"""困难职工帮扶 as the engine knows it."""

from pathlib import Path

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import CaseKind, Level, Role
from casework.lifecycle import CaseType, Correction, Opening, Registry, Sequel, start
from casework.models import Material, Party
from workflows.hardship_aid import duplicates, models
from workflows.hardship_aid.forms.receipt import ReceiptForm
from workflows.hardship_aid.lifecycle import HardshipAid
from workflows.hardship_aid.panels import PANELS
from workflows.hardship_aid.papers import PAPERS
from workflows.hardship_aid.rolls import ROLLS
from workflows.hardship_aid.vocabulary import PaperCode, S, Wish

HARDSHIP_AID = Registry.register(
    CaseType(
        code=str(CaseKind.HARDSHIP_AID),
        label=CaseKind.HARDSHIP_AID,
        number_word="工帮",
        model=HardshipAid,
        details=models.HardshipAidDetails,
        states=S,
        closed=frozenset({S.ARCHIVED}),
        handlers=frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
        opening=Opening(
            label=_("收件登记"),
            state=S.DRAFT,
            form=ReceiptForm,
            roles=frozenset({Role.CASEWORKER}),
            levels=frozenset({Level.STATION, Level.COUNTY}),
            clocks=(start("acceptance"), start("completion")),
            basis="H-20",
            paper=_("收件回执"),
        ),
        correctable={
            "opened_at": Correction(
                field=forms.DateTimeField(), moves_clocks=("acceptance", "completion")
            )
        },
        rules=Path(__file__).with_name("rules.toml"),
        records=(
            Party,
            models.Applicant,
            models.HouseholdMember,
            models.IncomeLine,
            models.ExpenseLine,
            models.ReceiptUse,
            models.Consent,
            models.Authorisation,
            models.ReceivedPaper,
            models.Computation,
            models.ContactAttempt,
            models.VisitPlan,
            models.HomeVisit,
            models.InformationCheck,
            models.CheckReminder,
            models.Posting,
            models.Objection,
            models.Decision,
            Material,
        ),
        panels=PANELS,
        papers=PAPERS,
        rolls=ROLLS,
        sequels=(
            Sequel(
                label=_("建立档案"),
                kind=duplicates.FILE_KIND,
                field="application",
                states=frozenset({S.APPROVED}),
                is_due=lambda case: (
                    not (case.details.owes_papers or duplicates.active_file_of(case))
                ),
            ),
        ),
        hints=duplicates.hints,
        terms=(Wish, PaperCode),
    )
)
