"""The quick receipt (收件登记): name, telephone, matter, channel; the rest comes later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Part
from casework.lifecycle import OpeningForm
from casework.models import Case, Party, Record
from workflows.hardship_aid.forms.fields import PhoneField, WordChoice
from workflows.hardship_aid.stated import subject_of
from workflows.hardship_aid.vocabulary import ReceiptChannel, Wish


class ReceiptForm(OpeningForm):
    """What is asked while the applicant stands at the window."""

    sealed = frozenset({"name", "phone"})

    name = forms.CharField(label=_("姓名"), max_length=100)
    phone = PhoneField()
    wish = WordChoice(Wish, label=_("事项"))
    receipt_channel = WordChoice(ReceiptChannel, label=_("收件方式"))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {
            "name": "周雅琴",
            "phone": "129 0000 6204",
            "wish": str(Wish.FILE),
            "receipt_channel": str(ReceiptChannel.VISIT),
        }

    def subject(self) -> str:
        return subject_of(self.cleaned_data["wish"])

    def details(self) -> dict[str, Any]:
        return {
            "wish": self.cleaned_data["wish"],
            "receipt_channel": self.cleaned_data["receipt_channel"],
        }

    def records(self) -> list[Record]:
        return [
            Party(
                part=Part.APPLICANT,
                name=self.cleaned_data["name"],
                phone=self.cleaned_data["phone"],
            )
        ]
