"""Asking to see a case's numbers in full: a purpose, a reason, half an hour."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.access import Actor
from casework.domain.errors import Forbidden, Invalid
from casework.domain.vocabulary import Purpose, Role
from casework.lifecycle import Paper
from casework.services import casefile, reveals
from casework.services.casefile import CaseFile
from casework.web.desk.case import READERS
from casework.web.forms import form_page, refused
from casework.web.requests import StaffRequest, wearing
from casework.web.templatetags.days import clock_time
from casework.wording import word


class RevealForm(forms.Form):
    """What the numbers are needed for."""

    purpose = forms.ChoiceField(label=gettext_lazy("用途"))
    reason = forms.CharField(
        label=gettext_lazy("说明"),
        help_text=gettext_lazy(
            "写明要办的事，例如：录入全国系统、向民政核实家庭收入。"
        ),
        min_length=reveals.SHORTEST_REASON,
        max_length=reveals.LONGEST_REASON,
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audits = by.wears(Role.AUDITOR)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(purpose), word(purpose))
            for purpose in Purpose
            if (purpose is Purpose.AUDIT) == audits
        ]


@wearing(*READERS)
def reveal(request: StaffRequest, case_id: int) -> HttpResponse:
    """Ask for the purpose, and let the numbers of the case be seen."""
    file = casefile.look(case_id, by=request.actor)
    barred = reveals.refusal(request.actor, file.case)
    if barred:
        raise Forbidden(barred)
    here = reverse("case", args=[case_id])
    paper = _paper(file, request.GET.get("paper", ""))
    back = reverse("case_paper", args=[case_id, paper.code]) if paper else ""
    sent = request.POST if request.method == "POST" else None
    form = RevealForm(sent, by=request.actor)
    if form.is_valid():
        try:
            leave = reveals.reveal(
                case_id,
                by=request.actor,
                purpose=Purpose(form.cleaned_data["purpose"]),
                reason=form.cleaned_data["reason"],
            )
        except Invalid as mistake:
            refused(form, mistake)
        else:
            told = {"time": clock_time(leave.until)}
            messages.success(request, _("完整号码显示到 %(time)s，已留痕。") % told)
            return redirect(back or f"{here}#parties")
    return form_page(
        request,
        form,
        title=_("显示完整号码"),
        submit=_("显示三十分钟"),
        back_url=back or here,
        back_label=str(paper.title) if paper else file.case.number or _("案件"),
        note=_(
            "身份证号码和银行卡号只对您一个人显示，三十分钟后自动遮住。用途和时间记入本案的时间轴。"
        ),
    )


def _paper(file: CaseFile, code: str) -> Paper | None:
    """Return the paper of the case from which the reader came; None from elsewhere."""
    return next((each for each in file.kind.papers if each.code == code), None)
