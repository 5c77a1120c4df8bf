"""Materials of a case: how a form takes files in, who opens them, and who did."""

from base64 import b64decode
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import access
from casework.access import Actor
from casework.domain import materials, pictures
from casework.domain.errors import Forbidden, Invalid, NotFound
from casework.domain.materials import (
    LARGEST_FILE,
    MOST_FILES,
    PAPERS,
    PICTURES,
    Upload,
)
from casework.domain.vocabulary import Role
from casework.lifecycle import StepForm
from casework.models import Act, Case, Material, MaterialContent
from casework.services import audit
from casework.wording import sentence

#: Bytes of a signature, and the pixels to which the photo of one is made small.
LARGEST_SIGNATURE, LONGEST_SIGNATURE = 100 * 1024, 640

#: What a file chooser offers; what comes is judged by its content.
_OFFERED = {
    PICTURES: ".jpg,.jpeg,.png,.webp",
    PAPERS: ".jpg,.jpeg,.png,.webp,.pdf",
}
_READ = "taken_in"  # attribute of an uploaded file: what reading it gave


class Dropped(UploadedFile):  # type: ignore[type-arg]
    """A file that was too large to be kept: only its name and size came through."""


def take_in(file: "UploadedFile[Any]") -> Upload:
    """Return what the uploaded file is, read once; raises Invalid with its sentence."""
    if not hasattr(file, _READ):
        setattr(file, _READ, _taken_in(file))
    found = getattr(file, _READ)
    if isinstance(found, Invalid):
        raise found
    return cast(Upload, found)


def prepare(files: "MultiValueDict[str, UploadedFile[Any]]") -> None:
    """Read every file of a request, before the lock: pictures take their time."""
    for _name, several in files.lists():
        for file in several[:MOST_FILES]:
            if not hasattr(file, _READ):
                setattr(file, _READ, _taken_in(file))


def share(files: "MultiValueDict[str, UploadedFile[Any]]", case: Case) -> None:
    """Let further acts of the form refer to the bytes that the case keeps of its files.

    A scan that decides several cases is kept once, and each names it by its digest.
    """
    taken_in = [
        (file, taken)
        for _name, several in files.lists()
        for file in several
        if isinstance(taken := getattr(file, _READ, None), Upload)
        and taken.kept_as is None
    ]
    if not taken_in:
        return
    found = Material.objects.in_force().filter(case_id=case.pk)
    kept = {each.sha256: each.same_as_id or each.pk for each in found}
    for file, taken in taken_in:
        setattr(file, _READ, replace(taken, kept_as=kept.get(taken.sha256)))


def _taken_in(file: "UploadedFile[Any]") -> Upload | Invalid:
    name, size = file.name or "", file.size or 0
    if size > LARGEST_FILE:
        return materials.too_large(name, size)
    if isinstance(file, Dropped):
        return materials.too_much(name)
    try:
        file.seek(0)
        return materials.read(name, file.read())
    except Invalid as problem:
        return problem


class MaterialInput(forms.FileInput):
    """Chooses one file or several."""

    def __init__(self, *, most: int, takes: frozenset[str]) -> None:
        self.allow_multiple_selected = most > 1
        attrs = {"accept": _OFFERED[takes], "data-most": str(most)}
        super().__init__(attrs | ({"multiple": True} if most > 1 else {}))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if isinstance(files, MultiValueDict):
            return files.getlist(name)
        found = files.get(name)
        return found if isinstance(found, list | tuple) else [found] if found else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)


class SignatureInput(MaterialInput):
    """Is signed with a finger or the mouse; without JavaScript a scan is chosen."""

    template_name = "forms/signature.html"

    def __init__(self) -> None:
        super().__init__(most=1, takes=PICTURES)


class MaterialField(forms.FileField):
    """Files that a form takes in as materials of one code; its value is a tuple of them.

    A file is what its content says, and a bad one is named with what to do about it.
    """

    default_error_messages = {
        "required": gettext_lazy("请选择文件。"),
        "too_many": gettext_lazy("这里最多传 %(most)s 个文件，您选了 %(count)s 个。"),
        "pictures": gettext_lazy(
            "“%(name)s”不是照片。这里只收照片（JPG、PNG、WEBP）。"
        ),
    }

    def __init__(
        self,
        *,
        code: str,
        title: "str | Promise",
        most: int = 1,
        takes: frozenset[str] = PAPERS,
        **options: Any,
    ) -> None:
        self.code, self.title, self.most, self.takes = code, title, most, takes
        options.setdefault("widget", MaterialInput(most=most, takes=takes))
        options.setdefault("label", title)
        super().__init__(**options)

    def clean(
        self, data: "list[UploadedFile[Any]] | None", initial: Any = None
    ) -> tuple[Upload, ...]:
        """Return what was taken in; raises ValidationError naming each bad file."""
        chosen = data or []
        if not chosen and self.required:
            raise forms.ValidationError(
                self.error_messages["required"], code="required"
            )
        if len(chosen) > self.most:
            told = {"most": self.most, "count": len(chosen)}
            raise forms.ValidationError(
                self.error_messages["too_many"], code="too_many", params=told
            )
        taken: list[Upload] = []
        mistakes: list[forms.ValidationError] = []
        for file in chosen:
            try:
                taken.append(self._accepted(file))
            except forms.ValidationError as mistake:
                mistakes.append(mistake)
        if mistakes:
            raise forms.ValidationError(mistakes)
        return tuple(taken)

    def _accepted(self, file: "UploadedFile[Any]") -> Upload:
        try:
            taken = take_in(file)
        except Invalid as problem:
            raise forms.ValidationError(sentence(problem), code="bad") from problem
        if taken.content_type not in self.takes:
            raise forms.ValidationError(
                self.error_messages["pictures"],
                code="pictures",
                params={"name": taken.name},
            )
        return taken


class SignatureField(MaterialField):
    """One signature as a picture: drawn on the screen, or the photo of a signed sheet."""

    default_error_messages = {"required": gettext_lazy("请签名。")}

    def __init__(self, *, code: str, title: "str | Promise", **options: Any) -> None:
        super().__init__(
            code=code,
            title=title,
            takes=PICTURES,
            **{"widget": SignatureInput(), **options},
        )

    def _accepted(self, file: "UploadedFile[Any]") -> Upload:
        taken = super()._accepted(file)
        if taken.size > LARGEST_SIGNATURE:
            drawn = pictures.redraw(taken.content, longest=LONGEST_SIGNATURE)
            taken = replace(
                taken, content=drawn.content, content_type=drawn.content_type
            )
        if taken.size > LARGEST_SIGNATURE:
            told = materials.too_large(taken.name, taken.size, LARGEST_SIGNATURE)
            raise forms.ValidationError(sentence(told), code="bad")
        return taken


def stated(
    form: StepForm, *, of: Collection[str] = (), named: str = ""
) -> list[Material]:
    """Return the materials that the form's files become; of `StepForm.records`.

    Of all its fields, or of the named ones; `named` replaces the names of their files.
    """
    return [
        _material(field, upload, named)
        for name, field in form.fields.items()
        if isinstance(field, MaterialField) and (name in of or not of)
        for upload in form.cleaned_data.get(name) or ()
    ]


def _material(field: MaterialField, upload: Upload, named: str) -> Material:
    with translation.override(settings.LANGUAGE_CODE):  # papers print it
        title = str(field.title)
    material = Material(
        code=field.code,
        title=title,
        file_name=upload.renamed(named) if named else upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        pages=upload.pages,
        same_as_id=upload.kept_as,
    )
    material.content = upload.content
    return material


def refuse_without_consent(
    form: StepForm, *, photos: str = "photos", consent: str = "photo_consent"
) -> None:
    """Put the mistake beside the photos when nobody agreed to them (P-04)."""
    if form.cleaned_data.get(photos) and not form.cleaned_data.get(consent):
        form.add_error(
            photos,
            _("没有勾选同意拍照，照片不能收。请先征得同意并勾选，或者去掉照片。"),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A material in the list of a case, with the act that brought it."""

    material: Material
    act: Act | None

    @property
    def is_in_force(self) -> bool:
        """Whether no later act replaced it or took it back."""
        return self.material.ended_by is None


def listed(case: Case) -> list[Entry]:
    """Return every material of the case, the newest act's first; no bytes are read."""
    found = Material._base_manager.filter(case_id=case.pk).order_by("-version", "id")
    versions = {material.version for material in found}
    acts = Act.objects.filter(case_id=case.pk, version__in=versions)
    by_version = {act.version: act for act in acts.select_related("person", "unit")}
    return [Entry(material, by_version.get(material.version)) for material in found]


def refusal(actor: Actor, case: Case) -> str:
    """Return why the actor may not open the case's materials; "" when he may."""
    if actor.wears(Role.AUDITOR) and access.sees(actor, case):
        return ""
    if case.closed_at is not None:
        return _("案件已经办结，材料只有审计员能打开。")
    if not access.is_of_the_team(actor, case):
        return _("材料只有承办人、案件所在单位的负责人和审计员能打开。")
    return ""


def opened(case_id: int, material_id: UUID, *, by: Actor) -> tuple[Material, bytes]:
    """Return a material with its bytes, and log that the actor opened it.

    Raises NotFound when the case does not exist for the actor or the material is not
    of the case, Forbidden with the reason when he may not open it.
    """
    case = access.visible(by).filter(pk=case_id).first()
    found = Material._base_manager.filter(case_id=case_id, pk=material_id)
    material = found.select_related("kept", "same_as__kept").first() if case else None
    if case is None or material is None:
        raise NotFound(_("没有这份材料。"))
    barred = refusal(by, case)
    if barred:
        raise Forbidden(barred)
    content = bytes((material.same_as or material).kept.content)
    with transaction.atomic():
        audit.looked("material.opened", by=by, cases=[case], material=str(material.pk))
    return material, content


def kept(found: Collection[Material]) -> dict[UUID, bytes]:
    """Return the bytes of materials that a paper prints, read in one statement.

    Nothing is logged here: that the paper was printed is, and by whom.
    """
    rows = MaterialContent.objects.in_bulk(
        {each.same_as_id or each.pk for each in found}
    )
    return {each.pk: bytes(rows[each.same_as_id or each.pk].content) for each in found}


def example_picture(name: str = "照片.png") -> "UploadedFile[Any]":
    """Return a picture of one white pixel, for the examples of forms."""
    return SimpleUploadedFile(name, _PIXEL, materials.PNG)


_PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5E"
    "rkJggg=="
)
