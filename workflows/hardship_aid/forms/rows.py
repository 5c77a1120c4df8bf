"""A list of rows inside a form: members, incomes, expenses, places.

Works without a script: every row has its own controls, and a button sends the form back
with one row more. A caller that is no browser gives a list of mappings instead.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.hardship_aid.forms.fields import set_kept, set_today

#: The code of a mistake that is none: a row was asked for, nothing was sent.
ONE_ROW_MORE = "more"
#: A household of more rows is a slip of the pen.
MOST_ROWS = 40


class RowForm(forms.Form):
    """One row; its `clean` checks what its fields say of each other."""

    #: What a row is called in a mistake: 第2行.
    noun: ClassVar["str | Promise"] = gettext_lazy("第%(number)s行")

    use_required_attribute = False

    @property
    def title(self) -> str:
        """Which row this is, as its mistakes name it."""
        number = int(str(self.prefix).rsplit("-", 1)[-1]) + 1
        return str(self.noun) % {"number": number}


class Typed(list[dict[str, Any]]):
    """Rows as they came with the form; `wants_more` when only a row was asked for."""

    wants_more = False
    #: Makes the form of a row that was sent, which is drawn with its mistakes; the rows
    #: of a draft have none yet.
    sent: Callable[..., RowForm] | None = None


class RowsWidget(forms.Widget):
    """Draws each row as a group of its own controls, and some empty ones."""

    template_name = "hardship_aid/forms/rows.html"
    #: A group of controls: its label is a legend.
    use_fieldset = True

    def __init__(self, row: type[RowForm], *, spare: int) -> None:
        super().__init__()
        self.row, self.spare = row, spare

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> Typed:
        given = data.get(name)
        if isinstance(given, list | tuple):
            return Typed(dict(row) for row in given if isinstance(row, Mapping))
        rows = Typed(
            {
                field: _value(data, f"{name}-{number}-{field}", control)
                for field, control in self.row.base_fields.items()
            }
            for number in range(_count(data, name))
        )
        rows.wants_more = f"{name}-add" in data
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = list(self._drawn(name, value))
        context["widget"].update(rows=rows, count=len(rows), add=f"{name}-add")
        return context

    def _drawn(self, name: str, value: Any) -> Iterator[RowForm]:
        kept = [row for row in value or [] if is_filled(row)]
        spare, sent = self.spare, None
        if isinstance(value, Typed):  # it comes back with the rows that it went with
            spare = max(len(value), spare) - len(kept) + value.wants_more
            sent = value.sent
        for number, row in enumerate([*kept, *({} for _row in range(spare))]):
            prefix = f"{name}-{number}"
            if sent and row:
                typed = {f"{prefix}-{field}": said for field, said in row.items()}
                yield sent(typed, prefix=prefix)
            else:
                yield self.row(initial=row, prefix=prefix)


class RowsField(forms.Field):
    """A list of rows; its value is the list of what each row's form takes."""

    def __init__(
        self,
        row: type[RowForm],
        *,
        spare: int = 1,
        least: int = 0,
        **options: Any,
    ) -> None:
        self.row, self.least = row, least
        self.today: date | None = None
        #: Reads the numbers that the case holds already, of which rows show the masks.
        self.kept: Callable[[], Iterable[str]] = tuple
        options.setdefault("required", False)
        super().__init__(widget=RowsWidget(row, spare=spare), **options)

    def bound_data(self, data: Typed, initial: Any) -> Typed:
        data.sent = self._form
        return data

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows = [row for row in value or [] if is_filled(row)]
        mistakes: list[forms.ValidationError] = []
        if getattr(value, "wants_more", False):
            mistakes.append(
                forms.ValidationError(_("已加一行，请接着填写。"), code=ONE_ROW_MORE)
            )
        if len(rows) > MOST_ROWS:
            raise forms.ValidationError(
                _("最多填%(most)s行，请核对。") % {"most": MOST_ROWS}
            )
        if len(rows) < self.least:
            mistakes.append(
                forms.ValidationError(_("至少填%(least)s行。") % {"least": self.least})
            )
        cleaned = []
        for number, row in enumerate(rows, start=1):
            form = self._form(row)
            if form.is_valid():
                cleaned.append(dict(form.cleaned_data))
            mistakes += _told(form, number)
        if mistakes:
            raise forms.ValidationError(mistakes)
        return cleaned

    def _form(self, row: dict[str, Any], **options: Any) -> RowForm:
        """Return the form of a row as it is judged: with the day, and what is held."""
        form = self.row(row, **options)
        if self.today:
            set_today(form.fields.values(), self.today)
        set_kept(form.fields.values(), self.kept)
        return form


def is_filled(row: Mapping[str, Any]) -> bool:
    """Whether somebody wrote anything into the row; a ticked default is nothing."""
    return any(value not in (None, "", [], False) for value in row.values())


def _count(data: Mapping[str, Any], name: str) -> int:
    text = str(data.get(f"{name}-rows", ""))
    return min(int(text), MOST_ROWS) if text.isdecimal() else 0


def _value(data: Mapping[str, Any], key: str, control: forms.Field) -> Any:
    files: MultiValueDict[str, Any] = MultiValueDict()
    return control.widget.value_from_datadict(data, files, key)


def _told(form: RowForm, number: int) -> Iterator[forms.ValidationError]:
    for name, said in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        place = str(form.noun) % {"number": number}
        for mistake in said:
            yield forms.ValidationError(
                f"{place} {label}：{mistake}" if label else f"{place}：{mistake}"
            )
