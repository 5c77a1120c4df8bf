"""The consents of an application: each given by itself, kept, withdrawn (P-03 to P-06)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.hardship_aid import privacy, stated
from workflows.hardship_aid.forms.base import SignedForm
from workflows.hardship_aid.forms.fields import Statement
from workflows.hardship_aid.models import Consent
from workflows.hardship_aid.stated import CONSENTS
from workflows.hardship_aid.vocabulary import ConsentKind


class OnRecord(forms.Widget):
    """Says that it was given, when and under which notice; nothing to tick."""

    template_name = "hardship_aid/forms/on_record.html"
    use_fieldset = True

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "told": self.told}


class ConsentForm(SignedForm):
    """What is asked before anything else: the notice, and consent by consent.

    None is ticked beforehand (P-04). What was given under the notice in force stands,
    with its day, until it is withdrawn; what was given under an older one is asked anew.
    """

    notice_read = Statement(
        label=gettext_lazy("已向申请人出示个人信息告知书，申请人已阅读或者听读"),
        refusal=gettext_lazy(
            "已经出示的请勾选；没有出示告知书之前不能收集个人信息（规则 P-03）。"
        ),
    )
    consents_sensitive = Statement(
        label=gettext_lazy("申请人单独同意处理健康、银行卡等敏感个人信息"),
        refusal=gettext_lazy(
            "申请人已经单独同意的请勾选；没有的，不能登记敏感个人信息（规则 P-04），"
            "请向申请人说明必要性和影响。"
        ),
    )
    consents_sharing = forms.BooleanField(
        label=gettext_lazy("申请人单独同意把信息提供给经济状况核对机构"),
        required=False,
    )
    withdraws_sharing = forms.BooleanField(
        label=gettext_lazy("撤回同意：申请人不再同意提供给经济状况核对机构"),
        required=False,
        help_text=gettext_lazy(
            "撤回以后不再提供；还没有核对的，不能发起核对，申请办不下去（规则 P-05）。"
        ),
    )
    consents_publication = forms.BooleanField(
        label=gettext_lazy("申请人单独同意公示（只写姓，不写名）"), required=False
    )
    withdraws_publication = forms.BooleanField(
        label=gettext_lazy("撤回同意：申请人不再同意公示"),
        required=False,
        help_text=gettext_lazy(
            "撤回以后不能公示，没有公示就不能报批（规则 P-06）；以后可以重新同意。"
        ),
    )
    consents_children = forms.BooleanField(
        label=gettext_lazy("监护人单独同意处理未满十四周岁子女的信息"),
        required=False,
    )
    withdraws_children = forms.BooleanField(
        label=gettext_lazy("撤回同意：监护人不再同意处理子女的信息"),
        required=False,
        help_text=gettext_lazy(
            "撤回以后不能再登记未满十四周岁的子女，请同时去掉那一行（规则 P-04）。"
        ),
    )

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        version = privacy.notice().version
        standing = stated.consents_of(case)
        #: The consents on record under the notice in force.
        self.given = {
            kind: consent
            for kind, consent in standing.items()
            if consent.notice_version == version
        }
        self.fields["notice_read"].help_text = privacy.shown()
        for name, kind in CONSENTS.items():
            if kind in self.given:
                self._show(name, self.given[kind])
                continue
            self.fields.pop(_withdrawal(name), None)
            if kind in standing:
                self._say(name, _outdated(standing[kind]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._renews = bool(cleaned.get("consents_children"))
        if ConsentKind.CHILDREN in self.given:
            cleaned["consents_children"] = True
        for name in CONSENTS:
            if cleaned.get(_withdrawal(name)):
                cleaned[name] = False
        return cleaned

    def kept(self) -> dict[ConsentKind, Consent]:
        """Return the consents on record that stay as they are: not those given anew."""
        renewed = {ConsentKind.CHILDREN} if self._renews else set()
        return {k: given for k, given in self.given.items() if k not in renewed}

    def children_mistake(self, young: Collection[str]) -> str | None:
        """P-04: why these children, by their ID numbers, may not be registered."""
        if not young:
            return None
        if not self.cleaned_data.get("consents_children"):
            return _("家里有未满十四周岁的子女，要有监护人的单独同意（规则 P-04）。")
        if self._renews or set(young) <= set(stated.id_numbers(self.case)):
            return None
        return _(
            "原来的同意不包括这次新增的未满十四周岁的子女，"
            "请取得监护人的单独同意并勾选（规则 P-04）。"
        )

    def _show(self, name: str, given: Consent) -> None:
        """Say that it is on record; a guardian may consent for one more child."""
        said = _on_record(given)
        if given.kind is ConsentKind.CHILDREN:
            more = _("%(given)s新增了未满十四周岁的子女的，取得同意后再勾选。")
            self._say(name, more % {"given": said})
            return
        if given.kind is ConsentKind.SENSITIVE:
            more = _("%(given)s要撤回的请办“撤回申请”（规则 P-04）。")
            said = more % {"given": said}
        field = self.fields[name]
        field.widget, field.disabled, field.initial = OnRecord(said), True, True

    def _say(self, name: str, told: str) -> None:
        field = self.fields[name]
        field.help_text = f"{told}{field.help_text}"


def _withdrawal(name: str) -> str:
    return f"withdraws_{name.removeprefix('consents_')}"


def _on_record(given: Consent) -> str:
    told = {"day": date_format(given.given_on), "version": given.notice_version}
    if given.kind is ConsentKind.NOTICE:
        return _("%(day)s已出示，告知书版本 %(version)s。") % told
    return _("%(day)s已单独同意，告知书版本 %(version)s。") % told


def _outdated(given: Consent) -> str:
    return _(
        "告知书改过了：原来的同意（%(day)s，版本 %(version)s）不再有效，请重新取得。"
    ) % {"day": date_format(given.given_on), "version": given.notice_version}
