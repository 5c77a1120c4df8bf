"""What the steps of an inquiry ask for."""

from typing import Any

from django import forms

from casework.domain.vocabulary import Part
from casework.lifecycle import OpeningForm, StepForm
from casework.models import Case, Party


class InquiryForm(OpeningForm):
    name = forms.CharField(max_length=100)
    phone = forms.CharField(max_length=30, required=False)
    question = forms.CharField(max_length=1000)

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"name": "周雅琴", "phone": "129 0000 6204", "question": "加班费"}

    def subject(self) -> str:
        return str(self.cleaned_data["question"])[:200]

    def parties(self) -> list[Party]:
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
    items = forms.JSONField()

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"items": '["身份证"]'}

    def clean_items(self) -> list[str]:
        items = self.cleaned_data["items"]
        if not isinstance(items, list) or not items:
            raise forms.ValidationError("缺的材料至少写一样。")
        return items


class Extension(StepForm):
    days = forms.IntegerField(min_value=1, max_value=30)

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"days": 5}


class Answer(StepForm):
    answer = forms.CharField(max_length=1000)
    refers_to = forms.ModelChoiceField(Case.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self, "case"):
            self.fields["refers_to"].queryset = Case.objects.filter(  # type: ignore[attr-defined]
                county=self.case.county
            )

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        return {"answer": "单位应当补发加班费差额。"}
