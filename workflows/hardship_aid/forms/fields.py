"""The fields of which the forms are made: sums, days, ID numbers, telephones, words."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from casework import wording
from casework.domain import cardnumber, masking, telephone
from casework.domain.errors import Invalid
from casework.domain.idnumber import IdNumber
from casework.domain.vocabulary import Word
from casework.wording import sentence, word

#: No sum of a household is larger: a hundred million yuan, in fen.
LARGEST_SUM = 100_000_000_00


class YuanField(forms.Field):
    """A sum typed in yuan, `1,860.50` or full-width; its value is whole fen."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("请填写金额，单位是元，例如1860.50。"),
        "negative": _("金额不能是负数；没有就填0。"),
        "fraction": _("金额最多两位小数（到分）。"),
        "largest": _("金额太大，请核对单位是不是元。"),
    }

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
        try:
            yuan = Decimal(text)
        except InvalidOperation:
            raise self._mistake("invalid") from None
        if not yuan.is_finite():
            raise self._mistake("invalid")
        if yuan < 0:
            raise self._mistake("negative")
        fen = yuan * 100
        if fen > LARGEST_SUM:
            raise self._mistake("largest")
        if fen != int(fen):
            raise self._mistake("fraction")
        return int(fen)

    def prepare_value(self, value: Any) -> Any:
        """Show fen that were kept as yuan; what was typed stays as it was typed."""
        if isinstance(value, int):
            return f"{value // 100}.{value % 100:02d}"
        return value

    def _mistake(self, code: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code)


class CountField(forms.IntegerField):
    """A small whole number, full-width digits too."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
        return super().to_python(value)


class DayField(forms.DateField):
    """A day of the calendar, picked or typed as 2026-09-29, full-width digits too."""

    def __init__(self, *, may_be_ahead: bool = False, **options: Any) -> None:
        self.may_be_ahead = may_be_ahead
        options.setdefault("input_formats", ["%Y-%m-%d"])
        options.setdefault(
            "widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        )
        super().__init__(**options)
        #: The day on which it is asked; a form sets it.
        self.today: date | None = None

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
        day = super().to_python(value)
        if day and self.today and day > self.today and not self.may_be_ahead:
            raise forms.ValidationError(
                _("日期不能晚于今天（%(today)s）。")
                % {"today": wording.day(self.today)},
                code="ahead",
            )
        return day


class MomentField(forms.DateTimeField):
    """A day and a time of day, in the office's own time."""

    def __init__(self, *, may_be_ahead: bool = False, **options: Any) -> None:
        self.may_be_ahead = may_be_ahead
        options.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        options.setdefault(
            "widget",
            forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        )
        super().__init__(**options)
        #: The moment at which it is asked; a form sets it.
        self.now: datetime | None = None

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment and self.now and moment > self.now and not self.may_be_ahead:
            raise forms.ValidationError(
                _("时间不能晚于现在（%(now)s）。") % {"now": wording.moment(self.now)},
                code="ahead",
            )
        return moment


class KeptNumberField(forms.CharField):
    """A number of which a form shows the mask; the mask sent back leaves it as it is.

    `kept` reads the numbers that the case holds already; a form sets it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: Callable[[], Iterable[str]] = tuple

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if masking.STAR not in text:
            return text
        meant = {number for number in self.kept() if masking.number(number) == text}
        if len(meant) > 1:
            raise forms.ValidationError(
                _("有两个人的号码遮住以后一样，请填写完整号码。"), code="alike"
            )
        return meant.pop() if meant else text


class IdNumberField(KeptNumberField):
    """A citizen's ID number; its value is the number as it is kept."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("身份证号"))
        options.setdefault("max_length", 60)
        super().__init__(**options)
        self.today: date | None = None

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return IdNumber.read(text, on=self.today or date.today()).text
        except Invalid as mistake:
            raise forms.ValidationError(sentence(mistake)) from mistake


class PhoneField(forms.CharField):
    """A telephone number; its value is its digits."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("电话"))
        options.setdefault("max_length", 30)
        options.setdefault(
            "widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
        )
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return telephone.read(text)
        except Invalid as mistake:
            raise forms.ValidationError(sentence(mistake)) from mistake


class CardField(KeptNumberField):
    """The number of a bank card: 16 to 19 digits, the last of which checks the rest."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("银行卡号"))
        options.setdefault("max_length", 40)
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
        if not digits:
            return ""
        if not re.fullmatch(r"\d{16,19}", digits, re.ASCII):
            raise forms.ValidationError(_("银行卡号应是16到19位数字，请对照卡面核对。"))
        if cardnumber.checksum(digits) % 10:
            raise forms.ValidationError(
                _("银行卡号的校验位不对，有一位填错了，请对照卡面逐位核对。")
            )
        return digits


class WordChoice(forms.TypedChoiceField):
    """One word of a vocabulary; those in `but` are never the answer."""

    def __init__(
        self, vocabulary: type[Word], *, but: Collection[Word] = (), **options: Any
    ) -> None:
        self.vocabulary, self.but = vocabulary, but
        options.setdefault("empty_value", "")
        super().__init__(choices=self._words, coerce=vocabulary, **options)

    def _words(self) -> list[tuple[str, str]]:
        offered = (term for term in self.vocabulary if term not in self.but)
        return [("", "—"), *((str(term), word(term)) for term in offered)]


class WordChoices(forms.TypedMultipleChoiceField):
    """Several words of a vocabulary, ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, vocabulary: type[Word], **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(choices=self._words, coerce=vocabulary, **options)

    def _words(self) -> list[tuple[str, str]]:
        return [(str(term), word(term)) for term in self.vocabulary]


class RowChoice(forms.ChoiceField):
    """One of the rows that a form reads once, for several fields; None for none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._rows: Callable[[], Mapping[str, Model]] = dict
        self._near: Mapping[str, Model] = {}
        self._told: Callable[[Any], str] = str
        self._group: Callable[[Any], str] | None = None

    def offer(
        self,
        rows: Callable[[], Mapping[str, Model]],
        *,
        near: Mapping[str, Model] | None = None,
        told: Callable[[Any], str] = str,
        group: Callable[[Any], str] | None = None,
    ) -> None:
        """Let the field offer these rows, by their keys; read when they are looked at.

        Those that are `near` are known already and taken without a look. `told` says how
        a row is named; neighbours of the same `group` stand under its heading.
        """
        self._rows, self._near = rows, near or {}
        self._told, self._group = told, group
        self.choices = self._offered

    def _offered(self) -> list[tuple[str, Any]]:
        rows = self._rows().items()
        if self._group is None:
            return [("", "—"), *((key, self._told(row)) for key, row in rows)]
        groups = groupby(rows, key=lambda item: self._group(item[1]))  # type: ignore[misc]
        return [
            ("", "—"),
            *(
                (name, [(key, self._told(row)) for key, row in those])
                for name, those in groups
            ),
        ]

    def clean(self, value: Any) -> Model | None:
        if str(value) in self._near:
            return self._near[str(value)]
        key = super().clean(value)
        return self._rows()[key] if key else None


class Statement(forms.BooleanField):
    """A box that has to be ticked by hand; `refusal` says what follows if it is not."""

    def __init__(self, *, refusal: Any, **options: Any) -> None:
        super().__init__(error_messages={"required": refusal}, **options)


class StampField(forms.Field):
    """What the form itself knows, whatever is sent: who signs, what was computed."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)


class ChangesField(forms.MultipleChoiceField):
    """What is stated anew, by name: the form finds it out, the story tells it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> list[str]:
        return []


class LongText(forms.CharField):
    """A text of a few sentences."""

    def __init__(self, *, max_length: int = 1000, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=max_length, **options)


def set_today(fields: Iterable[forms.Field], today: date) -> None:
    """Tell fields the day on which they are asked."""
    for field in fields:
        if hasattr(field, "today"):
            field.today = today


def set_now(fields: Iterable[forms.Field], now: datetime) -> None:
    """Tell fields the moment at which they are asked."""
    for field in fields:
        if hasattr(field, "now"):
            field.now = now


def set_kept(fields: Iterable[forms.Field], kept: Callable[[], Iterable[str]]) -> None:
    """Tell fields how to read the numbers that the case holds already."""
    for field in fields:
        if hasattr(field, "kept"):
            field.kept = kept


def masked(field: forms.Field | None, typed: list[str]) -> list[str]:
    """Return what was typed into a field, with a number that the case holds masked."""
    read = getattr(field, "kept", None)
    if read is None or not any(typed):
        return typed
    kept = set(read())
    return [masking.number(said) if said in kept else said for said in typed]
