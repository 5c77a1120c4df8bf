"""困难职工档案: the file of a household, from opening to removal and back (domain.md 4.5).

    opened from an approved application → active ⇄ review due
      active → observing (6 months) → removal noticed → deregistered → active again
      active → moving → moved, while the receiving union goes on with a file of its own

Long-lived: nobody has it as his own case; the county centre that keeps it does.
"""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.lifecycle import (
    CaseType,
    Opening,
    Registry,
    cancel,
    pause,
    resume,
    start,
    step,
    stop,
)
from casework.models import Case, Party, Unit
from workflows.hardship_aid import file_forms, file_guards, file_reviews, models
from workflows.hardship_aid.file_panels import FILE_PANELS
from workflows.hardship_aid.file_papers import FILE_PAPERS
from workflows.hardship_aid.file_vocabulary import FileKind
from workflows.hardship_aid.lifecycle.words import (
    COUNTY,
    EVERYBODY,
    HOLDER,
    SUPERVISOR,
    SYSTEM,
)
from workflows.hardship_aid.vocabulary import Category, RemovalReason
from workflows.hardship_aid.vocabulary import FileState as S

#: The household has its file here and is looked after.
KEPT = (S.ACTIVE, S.REVIEW_DUE, S.OBSERVING)
#: What a review is weighed against: how it went so far, and the figures it began with.
REVIEWED = ("life", "computation")
#: What is weighed before a file leaves the county, or the household its file.
KEPT_FOR = ("life", "computation", "household")


class HardshipFile(Case):
    """One household's file: the row of its case, with the steps of its life."""

    details: models.HardshipFileDetails

    class Meta:
        proxy = True
        app_label = "hardship_aid"

    @step(
        _("逾期未复核"),
        source=[S.ACTIVE, S.OBSERVING],
        target=S.REVIEW_DUE,
        by=SYSTEM,
        basis="H-34",
    )
    def fall_due(self) -> None:
        pass

    @step(
        _("年度复核"),
        source=[S.ACTIVE, S.REVIEW_DUE],
        target=S.ACTIVE,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_reviews.ReviewForm,
        beside=REVIEWED,
        # What is stated anew is entered anew, also where the category stays.
        clocks=[
            cancel("observation"),
            stop("yearly_review"),
            start("yearly_review"),
            start("national_entry"),
        ],
        paper=_("年度复核表"),
        basis="H-34",
    )
    def review(self, category: Category, **said: Any) -> None:
        self.details.category = category
        self.details.passes = 0
        self._reviewed(said)

    @step(
        _("转入脱困观察"),
        source=[S.ACTIVE, S.REVIEW_DUE],
        target=S.OBSERVING,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_reviews.PassingForm,
        beside=REVIEWED,
        clocks=[
            stop("yearly_review"),
            start("yearly_review"),
            start("observation"),
            start("national_entry"),
        ],
        paper=_("年度复核表"),
        basis="H-36",
    )
    def observe(self, **said: Any) -> None:
        self.details.passes = max(self.details.passes, 1)
        self._reviewed(said)

    @step(
        _("观察期内返困"),
        source=S.OBSERVING,
        target=S.ACTIVE,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_reviews.RelapseForm,
        beside=REVIEWED,
        clocks=[
            cancel("observation"),
            stop("yearly_review"),
            start("yearly_review"),
            start("national_entry"),
        ],
        paper=_("年度复核表"),
        basis="H-36",
    )
    def relapse(self, category: Category, **said: Any) -> None:
        self.details.category = category
        self.details.passes = 0
        self._reviewed(said)

    @step(
        _("观察期满复核达标"),
        source=[S.OBSERVING, S.REVIEW_DUE],
        target=S.OBSERVING,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_reviews.PassingForm,
        beside=REVIEWED,
        guards=[file_guards.observation_is_over],
        clocks=[
            stop("observation"),
            stop("yearly_review"),
            start("yearly_review"),
            start("national_entry"),
        ],
        paper=_("年度复核表"),
        basis="H-36",
    )
    def pass_again(self, **said: Any) -> None:
        self.details.passes += 1
        self._reviewed(said)

    @step(
        _("告知拟撤档"),
        source=KEPT,
        target=S.REMOVAL_NOTICED,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.NoticeForm,
        beside=KEPT_FOR,
        clocks=[start("removal_objection")],
        paper=_("撤档告知书"),
        basis="H-37",
        backdatable=True,
    )
    def notice_removal(
        self, reason: RemovalReason, signed_by: int | None, **said: Any
    ) -> None:
        self.details.removal_reason = reason
        self.details.announcer = signed_by

    @step(
        _("家庭提出异议"),
        source=S.REMOVAL_NOTICED,
        target=None,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.ObjectionForm,
        guards=[file_guards.no_open_objection, file_guards.window_is_open],
        clocks=[pause("removal_objection", "objection")],
        basis="H-37",
        backdatable=True,
    )
    def object_removal(self, **said: Any) -> None:
        self.details.has_open_objection = True

    @step(
        _("异议不成立"),
        source=S.REMOVAL_NOTICED,
        target=None,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.AnswerForm,
        beside=KEPT_FOR,
        guards=[file_guards.has_open_objection],
        barred=file_guards.not_who_announced,
        clocks=[resume("removal_objection")],
        basis="H-37",
        is_lent=True,
    )
    def dismiss_objection(self, **said: Any) -> None:
        self.details.has_open_objection = False

    @step(
        _("异议成立，保留档案"),
        source=S.REMOVAL_NOTICED,
        target=S.ACTIVE,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.AnswerForm,
        beside=KEPT_FOR,
        guards=[file_guards.has_open_objection],
        barred=file_guards.not_who_announced,
        clocks=[
            cancel("removal_objection"),
            cancel("observation"),
            start("yearly_review"),
        ],
        basis="H-37",
        is_lent=True,
    )
    def uphold_objection(self, **said: Any) -> None:
        self.details.has_open_objection = False
        self.details.passes = 0
        self.details.removal_reason = ""

    @step(
        _("撤档"),
        source=S.REMOVAL_NOTICED,
        target=S.DEREGISTERED,
        by=SUPERVISOR,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.DeregisterForm,
        beside=KEPT_FOR,
        guards=[
            file_guards.no_open_objection,
            file_guards.window_is_over,
            file_guards.no_aid_is_under_way,
        ],
        barred=file_guards.not_who_announced,
        clocks=[
            stop("removal_objection"),
            cancel("observation"),
            cancel("yearly_review"),
            start("national_entry"),
            start("retention"),
        ],
        paper=_("撤档审批表"),
        basis="H-37",
        is_lent=True,
    )
    def deregister(self, signed_on: Any, **said: Any) -> None:
        self.details.removed_on = signed_on
        self.details.owes_entry = True

    @step(
        _("返困恢复"),
        source=S.DEREGISTERED,
        target=S.ACTIVE,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.RestoreForm,
        clocks=[
            cancel("retention"),
            start("yearly_review"),
            start("national_entry"),
        ],
        basis="H-38",
    )
    def restore(
        self, application: Case, category: Category, signed_on: Any, **said: Any
    ) -> None:
        details = self.details
        details.application_id, details.category = application.pk, category
        details.period += 1
        details.filed_on = signed_on
        details.removal_reason, details.removed_on = "", None
        details.reviewed_on, details.announcer = None, None
        details.passes = 0
        details.owes_entry = True

    @step(
        _("转出"),
        source=S.ACTIVE,
        target=S.MOVING,
        by=SUPERVISOR,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.MoveOutForm,
        beside=KEPT_FOR,
        clocks=[start("move")],
        paper=_("转移函"),
        basis="H-39",
    )
    def move_out(self, to: Unit, **said: Any) -> None:
        self.details.moves_to_id = to.pk
        # The receiving union has it now; where it belongs stays as it is.
        self.holder_id, self.assignee_id = to.pk, None

    @step(
        _("确认接收"),
        source=S.MOVING,
        target=S.MOVED,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.ConfirmMoveForm,
        guards=[file_guards.is_taken_over],
        clocks=[stop("move")],
        basis="H-39",
    )
    def confirm_move(self, **said: Any) -> None:
        pass

    @step(
        _("不予接收，退回"),
        source=S.MOVING,
        target=S.ACTIVE,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.DeclineMoveForm,
        guards=[file_guards.is_not_taken_over],
        clocks=[cancel("move")],
        basis="H-39",
    )
    def decline_move(self, **said: Any) -> None:
        assert self.county_id is not None
        self.details.moves_to_id = None
        self.holder_id, self.assignee_id = self.county_id, None

    @step(
        _("已录入全国系统"),
        source=[*KEPT, S.REMOVAL_NOTICED, S.DEREGISTERED],
        target=None,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.NationalEntryForm,
        guards=[file_guards.entry_is_owed],
        clocks=[stop("national_entry")],
        basis="H-33",
    )
    def enter_national_system(self, entered_on: Any, **said: Any) -> None:
        self.details.owes_entry = False
        self.details.entered_on = entered_on

    @step(
        _("登记变化"),
        source=KEPT,
        target=None,
        by=EVERYBODY,
        at=COUNTY,
        relation=HOLDER,
        form=file_forms.ChangeForm,
        clocks=[start("national_entry")],
        basis="H-33",
    )
    def report_change(self, **said: Any) -> None:
        self.details.owes_entry = True

    def _reviewed(self, said: dict[str, Any]) -> None:
        self.details.reviewed_on = said["signed_on"]
        self.details.inputs_digest = said["inputs_digest"]
        self.details.owes_entry = True


HARDSHIP_FILE = Registry.register(
    CaseType(
        code=str(FileKind.HARDSHIP_FILE),
        label=FileKind.HARDSHIP_FILE,
        number_word="帮档",
        model=HardshipFile,
        details=models.HardshipFileDetails,
        states=S,
        closed=frozenset({S.MOVED}),
        handlers=frozenset(EVERYBODY),
        resting=frozenset({S.ACTIVE, S.OBSERVING, S.DEREGISTERED}),
        opening=Opening(
            label=_("建立档案"),
            state=S.ACTIVE,
            form=file_forms.OpenFileForm,
            roles=frozenset(EVERYBODY),
            levels=frozenset(COUNTY),
            clocks=(start("yearly_review"), start("national_entry")),
            basis="H-01",
        ),
        rules=Path(__file__).with_name("file_rules.toml"),
        panels=FILE_PANELS,
        papers=FILE_PAPERS,
        records=(
            Party,
            models.Applicant,
            models.HouseholdMember,
            models.IncomeLine,
            models.ExpenseLine,
            models.Computation,
            models.FiledMember,
            models.FileReview,
            models.Removal,
            models.FileChange,
            models.Objection,
        ),
        terms=(Category,),
    )
)
