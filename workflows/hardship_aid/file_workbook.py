"""The 困难职工档案表 of a file as a workbook, as the national system is filled (4.4, H-33).

Worker, money, members, attachments, opinions, aid records and the life of the file, as
far as the reader may see them: a paper is Chinese whoever takes it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils import timezone, translation

from casework.domain.vocabulary import Role
from casework.lifecycle import Registry, View
from casework.models import Act
from casework.services import records
from workflows.hardship_aid import file_sheet, reading
from workflows.hardship_aid.dossier import Dossier, day_of, yuan, zh
from workflows.hardship_aid.lifecycle import HardshipAid
from workflows.hardship_aid.models import (
    FileReview,
    HardshipAidDetails,
    HardshipFileDetails,
    Removal,
)
from workflows.hardship_aid.spreadsheet import Spreadsheet

ATTACHMENTS = (("材料", "title"), ("页数", "pages"), ("日期", "day"))
OPINIONS = (
    *(("意见", "kind"), ("级别", "level"), ("类别", "category"), ("办理人", "person")),
    *(("日期", "day"), ("会议纪要", "minutes"), ("理由", "reasons")),
)
AID = (
    *(("日期", "day"), ("项目", "item"), ("资金来源", "source"), ("金额（元）", "sum")),
    *(("领款人", "payee"), ("批次", "batch"), ("凭证", "proof"), ("回访", "visit")),
)
LIFE = (
    *(("日期", "day"), ("办理", "step"), ("结果", "note"), ("单位", "unit")),
    ("办理人", "person"),
)
_HANDS = ("case.claim", "case.release", "case.assign")


class FileDossier(Dossier):
    """A file as its papers tell it: papers and opinions are its application's."""

    @cached_property
    def application(self) -> Dossier | None:
        """The application on which the file rests."""
        found = application_of(self.case)
        return Dossier(found, self.view) if found else None

    @cached_property
    def decided(self) -> dict[str, dict[str, Any]]:
        return self.application.decided if self.application else {}

    @cached_property
    def attachments(self) -> list[dict[str, Any]]:
        """What was handed in and uploaded for the application."""
        told = self.application
        if told is None:
            return []
        return [*({"title": name} for name in told.received), *told.materials]

    @cached_property
    def reviews(self) -> list[dict[str, Any]]:
        """Every complete review of this file, the newest first."""
        found = records.name_people(records.of(self.case, FileReview))
        return [
            {
                "outcome": review.outcome.zh,
                "day": day_of(review.reviewed_on),
                "proposed": review.proposed_category.zh,
                "category": review.category.zh,
                "per_head": yuan(review.per_head_fen)
                if self.reads_figures
                else zh(reading.against(review.per_head_fen, review.standard_fen)),
                "standard": yuan(review.standard_fen),
                "person": review.person.name if review.person else "",
                "reasons": self.text(review.reasons),
            }
            for review in reversed(found)
        ]

    @cached_property
    def removal(self) -> dict[str, str]:
        """The last notice of removal."""
        last = records.one(self.case, Removal)
        if last is None:
            return {}
        return {
            "reason": last.reason.zh,
            "served": day_of(last.served_on),
            "means": last.means.zh,
            "explanation": self.text(last.explanation),
        }


def workbook(case: Any, view: View) -> bytes:
    """Return the sheet as the bytes of an .xlsx file, as the reader may see it."""
    with translation.override("zh-hans"):
        return _sheet(case, view).content()


def lives(case: Any, view: View) -> list[dict[str, str]]:
    """Return what became of the file, the oldest first, its files elsewhere included."""
    return _lives(case, shows_figures=reading.reads_figures(case, view))


def _lives(case: Any, *, shows_figures: bool) -> list[dict[str, str]]:
    origin = HardshipFileDetails.objects.get(pk=case.pk).moved_from
    before = _lives(origin, shows_figures=shows_figures) if origin is not None else []
    return [*before, *_life(case, shows_figures=shows_figures)]


def application_of(case: Any) -> Any | None:
    """Return the application on which the file rests, wherever the file was then."""
    details = HardshipFileDetails.objects.get(pk=case.pk)
    if details.application_id is None:
        return application_of(details.moved_from) if details.moved_from else None
    application: Any = HardshipAid.objects.get(pk=details.application_id)
    application.details = HardshipAidDetails.objects.get(pk=application.pk)
    return application


def _sheet(case: Any, view: View) -> Spreadsheet:
    dossier = FileDossier(case, view)
    sheet = file_sheet.spreadsheet(dossier)
    attachments, opinions = dossier.attachments, dossier.decided.values()
    sheet.table("附件", ATTACHMENTS, attachments, otherwise="没有登记材料。")
    sheet.table("意见", OPINIONS, opinions, otherwise="没有登记意见。")
    sheet.table("救助记录", AID, [], otherwise="还没有发放记录。")
    sheet.table("档案变动", LIFE, lives(case, view))
    return sheet


def _life(case: Any, *, shows_figures: bool) -> Iterator[dict[str, str]]:
    kind = Registry.get(case.kind)
    notes = _notes(case, shows_figures=shows_figures)
    acts = Act.objects.filter(case_id=case.pk).select_related("person", "unit")
    for act in acts.exclude(step__in=_HANDS).order_by("version"):
        step = kind.steps.get(act.step.removeprefix("step."))
        label = step.label if step else _GENERAL.get(act.step, act.step)
        if act.version == 1:
            label = kind.opening.label
        yield {
            "day": day_of(timezone.localdate(act.at)),
            "step": str(label),
            "note": notes.get(act.version, ""),
            "unit": act.unit.name if act.unit else "",
            "person": act.person.name if act.person else Role.SYSTEM.zh,
        }


#: The engine's own words, as a history names them.
_GENERAL = {
    "case.take_back": "取回上一步",
    "case.correct": "更正",
    "case.correction_proposed": "提出更正",
}


def _notes(case: Any, *, shows_figures: bool) -> dict[int, str]:
    """Return what reviews and removals came to, by the act that says it."""
    reviews = FileReview.objects.filter(case_id=case.pk)
    notes = {
        review.version: f"{review.outcome.zh}，{review.category.zh}，"
        + _head(review, shows_figures=shows_figures)
        for review in reviews
    }
    removals = Removal.objects.filter(case_id=case.pk)
    return notes | {removal.version: removal.reason.zh for removal in removals}


def _head(review: FileReview, *, shows_figures: bool) -> str:
    if shows_figures:
        return f"月人均 {yuan(review.per_head_fen)} 元"
    return f"月人均{zh(reading.against(review.per_head_fen, review.standard_fen))}"
