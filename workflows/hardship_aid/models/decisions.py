"""What others answer and what is decided: check, publicity, objection, decision."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Level, Word
from casework.models import Person, Record
from casework.models.fields import WordField
from casework.models.sealing import SealedField
from workflows.hardship_aid.vocabulary import (
    Category,
    CheckFinding,
    CityGround,
    DecisionKind,
    NotAcceptedGround,
    PostingPlace,
    RejectionGround,
    ReminderChannel,
    StaffConcerned,
)


class InformationCheck(Record):
    """An economic check by the civil-affairs check centre (H-26).

    Stated when it is sent, and stated anew when the answer is there.
    """

    letter_number = models.CharField(_("委托函文号"), max_length=60)
    sent_on = models.DateField()
    received_on = models.DateField(null=True)
    report_number = models.CharField(_("报告文号"), max_length=60, blank=True)
    #: What each source says: {"property": "agrees", …}.
    findings = models.JSONField(default=dict)
    result = WordField(CheckFinding, blank=True)
    note = SealedField(_("核对说明"))

    def __str__(self) -> str:
        return self.letter_number


class CheckReminder(Record):
    """One reminder to the check centre: when, by which channel, what it said (H-26).

    No attempt to reach the household, which `ContactAttempt` counts.
    """

    at = models.DateTimeField()
    channel = WordField(ReminderChannel)
    answer = SealedField(_("核对机构的答复"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.channel}"


class Posting(Record):
    """One place where the list is posted, by which level, and when it came down."""

    place = WordField(PostingPlace)
    level = WordField(Level)
    name = models.CharField(_("张贴地点"), max_length=100)
    posted_on = models.DateField()
    #: SHA-256 of the text that is posted; another text begins the period anew.
    text_hash = models.CharField(max_length=64)
    taken_down_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Objection(Record):
    """What somebody said against a posted list, and how it was answered (H-28)."""

    received_at = models.DateTimeField()
    is_anonymous = models.BooleanField(default=False)
    name = SealedField(_("异议人"))
    phone = SealedField(_("联系电话"))
    content = SealedField(_("异议内容"))
    #: About whose work it complains; empty when it is about the household.
    about_staff = WordField(StaffConcerned, blank=True)

    class Meta(Record.Meta):
        indexes: ClassVar[list[models.Index]] = [
            # The auditor's list: the few that are about staff.
            models.Index(
                fields=["case"],
                name="objection_about_staff",
                condition=~models.Q(about_staff=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.received_at:%Y-%m-%d}"


class Decision(Record):
    """One decision or opinion: who, what, on what ground, under which minutes."""

    kind = WordField(DecisionKind)
    level = WordField(Level)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    decided_on = models.DateField()
    category = WordField(Category, blank=True)
    aid_fen = models.BigIntegerField(default=0)
    minutes_number = models.CharField(_("会议纪要文号"), max_length=60, blank=True)
    met_on = models.DateField(_("会议日期"), null=True)
    grounds = models.JSONField(default=list)
    reasons = SealedField(_("理由"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def named_grounds(self) -> list[Word]:
        """The grounds as words: of a rejection, a report to the city, no acceptance."""
        return [
            next(words(code) for words in _GROUNDS if code in set(words))
            for code in self.grounds
        ]


_GROUNDS: tuple[type[Word], ...] = (NotAcceptedGround, RejectionGround, CityGround)
