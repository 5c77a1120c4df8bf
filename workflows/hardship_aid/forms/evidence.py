"""What a home visit brings along: photos by consent, and three signatures (H-23, P-04)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField, Media, Script
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.domain.materials import PICTURES
from casework.lifecycle import StepForm
from casework.models import Material
from casework.services import materials, periods, records
from casework.services.materials import MaterialField, SignatureField
from casework.wording import word
from workflows.hardship_aid import stated
from workflows.hardship_aid.models import HouseholdMember, VisitPlan

#: Who signs: the field that says so, the field of the picture.
SIGNATURES = {
    "is_signed_by_second": "second_signature",
    "is_signed_by_first": "first_signature",
    "is_signed_by_family": "family_signature",
}


class EvidenceForm(StepForm):
    """Photos and signatures of a visit, on a phone; of the form that records it.

    A signature is drawn on the screen, or stands on paper: then its box is ticked, and
    the photo of the sheet may come with it.
    """

    template = "hardship_aid/forms/visit.html"
    keeps_itself = True

    photos = MaterialField(
        code="visit_photo",
        title=_("入户照片"),
        label=_("照片"),
        most=9,
        takes=PICTURES,
        required=False,
    )
    family_signer = forms.CharField(
        label=_("签名的家人"), max_length=100, required=False
    )
    family_signature = SignatureField(
        code="visit_signature", title=_("家庭成员签名"), required=False
    )
    first_signature = SignatureField(
        code="visit_signature", title=_("核查人签名"), required=False
    )
    second_signature = SignatureField(
        code="visit_signature", title=_("同行人签名"), required=False
    )

    @property
    def media(self) -> Media:
        """The style sheet and the script of the visit's page."""
        script: Any = Script("casework/js/visit.js", type="module")
        return super().media + Media(
            css={"all": ["casework/css/visit.css"]}, js=[script]
        )

    @property
    def visited(self) -> dict[str, str]:
        """What the head of the page says: who is visited, where, and by whom."""
        party = stated.worker_of(self.case)
        plan = records.one(self.case, VisitPlan)
        category = self.case.details.proposed_category  # type: ignore[attr-defined]
        titles = [party.name if party else "", word(category) if category else ""]
        members = len(records.of(self.case, HouseholdMember))
        return {
            "title": " · ".join(title for title in titles if title),
            "address": party.address if party else "",
            "members": ngettext("家里 %(n)s 口人", "家里 %(n)s 口人", members)
            % {"n": members},
            "visitors": plan.told() if plan else "",
        }

    @property
    def due_on(self) -> date | None:
        """The last day for the visit (H-23); none when nobody is waiting."""
        clock = periods.newest(self.case, "visit")
        due = clock.due_at if clock else None
        return timezone.localdate(due - timedelta.resolution) if due else None

    def sections(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """Yield the form's groups as cards, without what is drawn by itself."""
        drawn = {"photos", "photos_allowed", "family_signer"}
        drawn |= SIGNATURES.keys() | set(SIGNATURES.values())
        for heading, names in self.groups:
            fields = [self[name] for name in names if name not in drawn]
            if fields:
                yield heading, fields

    def signatures(self) -> list[tuple[BoundField, BoundField]]:
        """Return each signature, the family's first, with the box of the paper."""
        order = reversed(SIGNATURES.items())
        return [(self[picture], self[said]) for said, picture in order]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        materials.refuse_without_consent(self, consent="photos_allowed")
        for said, picture in SIGNATURES.items():
            cleaned[said] = bool(cleaned.get(said) or cleaned.get(picture))
        if cleaned["is_signed_by_family"] and not cleaned.get("family_signer"):
            self.add_error(
                "family_signer", gettext("请写明是哪一位家人签的名（规则 H-23）。")
            )
        return cleaned

    def evidence(self) -> list[Material]:
        """Return the photos and signatures; a signature bears its signer's name."""
        said = self.cleaned_data
        signers = {
            SIGNATURES["is_signed_by_first"]: said["first_visitor"].name,
            SIGNATURES["is_signed_by_second"]: said["second_visitor"].name
            if said["second_visitor"]
            else said["outsider_name"],
            SIGNATURES["is_signed_by_family"]: said["family_signer"],
        }
        return [
            *materials.stated(self, of=("photos",)),
            *(
                material
                for picture, signer in signers.items()
                for material in materials.stated(self, of=(picture,), named=signer)
            ),
        ]
