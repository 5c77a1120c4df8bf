"""What only an application for hardship aid knows, and what its worker states."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.domain.sealing import Scope
from casework.domain.vocabulary import Sex
from casework.models import Case, Party, Record, Unit
from casework.models.fields import WordField
from casework.models.sealing import IndexField, SealedField
from workflows.hardship_aid.household_vocabulary import (
    Cause,
    EmployerCondition,
    EmployerNature,
    HouseholdRegistration,
    Housing,
    Industry,
    ModelWorker,
    PoliticalStatus,
)
from workflows.hardship_aid.vocabulary import (
    AidItem,
    Category,
    ConsentKind,
    ConsentMeans,
    FundLevel,
    ReceiptChannel,
    Wish,
)

#: What is written where there is no fixed employer.
NO_EMPLOYER = "无"


def _codes() -> Any:
    return ArrayField(models.CharField(max_length=40), default=list)


class HardshipAidDetails(models.Model):
    """Where an application stands; no personal data in clear.

    Sums are fen. People are the ids of staff persons. Everything that says who the
    household is stands in records, sealed.
    """

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="hardship_aid_details"
    )
    wish = WordField(Wish)
    receipt_channel = WordField(ReceiptChannel)
    is_oral = models.BooleanField(default=False)
    notice_version = models.CharField(max_length=20, blank=True)

    # What was stated, as far as the procedure turns on it.
    #: Whether the whole application was registered, not only its receipt.
    is_stated = models.BooleanField(default=False)
    #: Whether every adult member has signed the authorisation (H-22).
    is_authorised = models.BooleanField(default=False)
    may_be_shared = models.BooleanField(default=False)
    may_be_published = models.BooleanField(default=False)
    #: Where the worker lives and works; the county of either is competent (H-20).
    lives_in = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    works_in = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    proposed_category = WordField(Category, blank=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    exclusions = _codes()
    is_staff_relative = models.BooleanField(default=False)

    # How often, so far.
    supplements = models.IntegerField(default=0)
    absences = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)
    returns = models.IntegerField(default=0)

    # What has been done.
    was_reached = models.BooleanField(default=False)
    third_visit = models.BooleanField(default=False)
    is_checked = models.BooleanField(default=False)
    check_agrees = models.BooleanField(default=False)
    is_posted = models.BooleanField(default=False)
    publicity_is_over = models.BooleanField(default=False)
    has_open_objection = models.BooleanField(default=False)

    # Who, by the person's id.
    visitors = ArrayField(models.BigIntegerField(), default=list)
    reporter = models.BigIntegerField(null=True)
    reviewer = models.BigIntegerField(null=True)
    checker = models.BigIntegerField(null=True)
    decider = models.BigIntegerField(null=True)

    # What is proposed and decided.
    category = WordField(Category, blank=True)
    aid_item = WordField(AidItem, blank=True)
    aid_fen = models.BigIntegerField(default=0)
    fund_level = WordField(FundLevel, blank=True)
    city_grounds = _codes()
    grounds = _codes()
    decided_on = models.DateField(null=True)
    served_on = models.DateField(null=True)
    is_final = models.BooleanField(default=False)

    # Urgent relief (H-32).
    is_urgent = models.BooleanField(default=False)
    urgent_fen = models.BigIntegerField(default=0)
    owes_papers = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.wish)


class Applicant(Record):
    """The worker himself: the first part of the 困难职工档案表 (4.4)."""

    party = models.OneToOneField(Party, models.PROTECT, related_name="+")
    worker_number = models.CharField(_("职工编号"), max_length=40, blank=True)
    sex = WordField(Sex)
    ethnicity = models.CharField(_("民族"), max_length=20)
    political_status = WordField(PoliticalStatus, blank=True)
    model_worker = WordField(ModelWorker)
    registration = WordField(HouseholdRegistration)
    registered_at = models.CharField(_("户口所在地"), max_length=100)
    other_contact = SealedField(_("其他联系方式"))
    postcode = models.CharField(_("邮编"), max_length=6, blank=True)
    housing = WordField(Housing)
    #: Square metres.
    floor_area = models.IntegerField(_("建筑面积"), null=True)
    employer_name = models.CharField(_("工作单位"), max_length=100, blank=True)
    employer_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    employer_nature = WordField(EmployerNature, blank=True)
    employer_condition = WordField(EmployerCondition, blank=True)
    industry = WordField(Industry)
    works_since = models.DateField(_("参加工作时间"), null=True)
    contract_from = models.DateField(_("劳动合同签订时间"), null=True)
    contract_until = models.DateField(_("劳动合同到期"), null=True)
    is_single_parent = models.BooleanField(_("单亲"), default=False)
    is_zero_employment = models.BooleanField(_("零就业家庭"), default=False)
    can_help_itself = models.BooleanField(_("有自救能力"), default=False)
    on_low_income_support = models.BooleanField(_("享受低保"), default=False)
    main_cause = WordField(Cause)
    second_cause = WordField(Cause, blank=True)
    accident_loss_fen = models.BigIntegerField(null=True)
    accident_compensation_fen = models.BigIntegerField(null=True)
    statement = SealedField(_("申请理由"))
    bank = models.CharField(_("开户银行"), max_length=60, blank=True)
    bank_branch = models.CharField(_("开户支行"), max_length=100, blank=True)
    card = SealedField(_("银行卡号"), index="card_index", scope=Scope.CARD)
    card_index = IndexField()
    signed_by = WordField(ConsentMeans)
    #: Who wrote down an oral application, and whether it was read back (代填).
    written_by = models.CharField(_("代填人"), max_length=100, blank=True)
    was_read_back = models.BooleanField(_("已宣读"), default=False)

    class Meta(Record.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["card_index"], name="applicant_card")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.employer_name}"

    @property
    def has_employer(self) -> bool:
        """Whether there is a fixed employer, to post a list at and to name in one."""
        return self.employer_name not in ("", NO_EMPLOYER)


class Consent(Record):
    """One consent, given by itself: to what, under which notice, how."""

    kind = WordField(ConsentKind)
    notice_version = models.CharField(max_length=20)
    given_on = models.DateField()
    means = WordField(ConsentMeans)

    def __str__(self) -> str:
        return str(self.kind)


class Authorisation(Record):
    """An adult member's signed authorisation of the economic check (H-22)."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    signed_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.signed_on}"


class ReceivedPaper(Record):
    """A required paper that was handed in, by its code in the rules (H-21)."""

    code = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.code


class Computation(Record):
    """What the figures spoke for when they were stated (H-08): inputs and proposal."""

    #: `category.Inputs.data` as JSON.
    inputs = SealedField(_("测算数据"))
    digest = models.CharField(max_length=64)
    category = WordField(Category, blank=True)
    per_head_fen = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.category}"
