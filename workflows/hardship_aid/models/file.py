"""What only the file of a household knows, and what its acts state."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models import Case, Person, Record, Unit
from casework.models.fields import WordField
from casework.models.sealing import IndexField, SealedField
from workflows.hardship_aid.file_vocabulary import ChangeKind, ReviewOutcome
from workflows.hardship_aid.vocabulary import Category, DeliveryMeans, RemovalReason


class HardshipFileDetails(models.Model):
    """Where a file stands; no personal data in clear.

    People are the ids of staff persons. Who the household is stands in records.
    """

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="hardship_file_details"
    )
    #: The approved application of this period; none for a file that moved here.
    application = models.ForeignKey(
        Case, models.PROTECT, related_name="hardship_files", null=True
    )
    #: The file of another union of the city that goes on in this one (H-39).
    moved_from = models.ForeignKey(
        Case, models.PROTECT, related_name="moved_files", null=True
    )
    moves_to = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    #: 1 since it was opened; one more each time the household is back (H-38).
    period = models.IntegerField(default=1)
    filed_on = models.DateField()
    category = WordField(Category)

    #: The last complete review, and how many in a row the household has passed (H-36).
    reviewed_on = models.DateField(null=True)
    passes = models.IntegerField(default=0)
    inputs_digest = models.CharField(max_length=64, blank=True)

    removal_reason = WordField(RemovalReason, blank=True)
    announcer = models.BigIntegerField(null=True)
    has_open_objection = models.BooleanField(default=False)
    removed_on = models.DateField(null=True)

    #: Whether the national system does not say yet what this file says (H-33).
    owes_entry = models.BooleanField(default=True)
    entered_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.category}"


class FiledMember(Record):
    """That somebody's household has its file here: one file in the whole city (H-01).

    Who it is says a mark only. A file that is being moved keeps its members until the
    receiving union has taken them over; they are then `is_leaving`.
    """

    taken = {
        "one_file_in_the_city": _(
            "这个家庭里有人已经在本市的另一份困难职工档案里，一户只有一份档案"
            "（规则 H-01）。请刷新后查看是哪个单位的哪一份。"
        ),
        "one_move_in_the_city": _(
            "这个家庭的档案正在转出，不能再转一次（规则 H-39）。请刷新后再办。"
        ),
    }

    city = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    id_index = IndexField()
    is_leaving = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["city", "id_index"],
                condition=Q(ended_by__isnull=True, is_leaving=False),
                name="one_file_in_the_city",
            ),
            models.UniqueConstraint(
                fields=["city", "id_index"],
                condition=Q(ended_by__isnull=True, is_leaving=True),
                name="one_move_in_the_city",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class FileReview(Record):
    """One complete review of a file: what the figures said, what was decided (H-34)."""

    outcome = WordField(ReviewOutcome)
    reviewed_on = models.DateField()
    proposed_category = WordField(Category)
    category = WordField(Category, blank=True)
    per_head_fen = models.BigIntegerField()
    standard_fen = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    reasons = SealedField(_("理由"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class Removal(Record):
    """The notice that a file is to be removed, as the household got it (H-37)."""

    reason = WordField(RemovalReason)
    served_on = models.DateField()
    means = WordField(DeliveryMeans)
    explanation = SealedField(_("说明"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"


class FileChange(Record):
    """A change of the facts that was reported (H-33)."""

    kind = WordField(ChangeKind)
    changed_on = models.DateField()
    note = SealedField(_("变化情况"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
