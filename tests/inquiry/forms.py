"""What the steps of an inquiry ask for."""

from datetime import datetime
from typing import Any

from django import forms

from casework import access
from casework.domain.vocabulary import Part, Word
from casework.lifecycle import OpeningForm, StepForm
from casework.models import Case, Party, Record
from casework.services import materials
from casework.services.materials import MaterialField
from casework.wording import lazy_word


class F(Word):
    """The fields in both languages."""

    NAME = "name", "姓名", "Name"
    PHONE = "phone", "电话", "Phone"
    QUESTION = "question", "咨询事项", "Question"
    ITEMS = "items", "缺的材料", "Missing papers"
    PAPERS = "papers", "补正材料", "Supplied papers"
    DAYS = "days", "延长几个工作日", "Working days more"
    ANSWER = "answer", "答复内容", "Answer"
    WHO = "who", "谁来咨询", "Who asks"
    REFERS_TO = "refers_to", "参照案件", "Refers to case"
    SCAN = "scan", "会议纪要扫描件", "Scanned minutes"


class InquiryForm(OpeningForm):
    groups = ((lazy_word(F.WHO), ("name", "phone")),)
    sealed = frozenset({"name", "phone"})

    name = forms.CharField(label=lazy_word(F.NAME), max_length=100)
    phone = forms.CharField(label=lazy_word(F.PHONE), max_length=30, required=False)
    question = forms.CharField(label=lazy_word(F.QUESTION), max_length=1000)

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"name": "周雅琴", "phone": "129 0000 6204", "question": "加班费"}

    def subject(self) -> str:
        return str(self.cleaned_data["question"])[:200]

    def records(self) -> list[Record]:
        return [
            Party(
                part=Part.APPLICANT,
                name=self.cleaned_data["name"],
                phone=self.cleaned_data["phone"],
            )
        ]

    def details(self) -> dict[str, Any]:
        return {"question": self.cleaned_data["question"]}


class MissingPapers(StepForm):
    items = forms.JSONField(label=lazy_word(F.ITEMS))

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"items": '["身份证"]'}

    def clean_items(self) -> list[str]:
        items = self.cleaned_data["items"]
        if not isinstance(items, list) or not items:
            raise forms.ValidationError("缺的材料至少写一样。")
        return items


class SuppliedPapers(StepForm):
    papers = MaterialField(
        code="supplied", title=lazy_word(F.PAPERS), most=20, required=False
    )

    def records(self) -> list[Record]:
        return [*materials.stated(self)]


class Extension(StepForm):
    days = forms.IntegerField(label=lazy_word(F.DAYS), min_value=1, max_value=30)

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"days": 5}


class Answer(StepForm):
    answer = forms.CharField(label=lazy_word(F.ANSWER), max_length=1000)
    refers_to = forms.ModelChoiceField(
        label=lazy_word(F.REFERS_TO), queryset=Case.objects.none(), required=False
    )
    scan = MaterialField(code="minutes", title=lazy_word(F.SCAN), required=False)

    def ask(self, *, case: Case, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.fields["refers_to"].queryset = access.visible(by)  # type: ignore[attr-defined]

    def records(self) -> list[Record]:
        return [*materials.stated(self)]

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"answer": "单位应当补发加班费差额。"}
