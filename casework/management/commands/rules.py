"""`manage.py rules`: which periods, figures and papers hold where, on what ground."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from casework.domain.rules import RequiredPaper, RuleTerms, Threshold
from casework.domain.vocabulary import Mark
from casework.lifecycle import CaseType, Registry
from casework.models import Unit
from casework.services import rules
from casework.wording import amount, cited, word


class Command(BaseCommand):
    help = "Print the rules in force: of every procedure or one, at a unit, on a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", help="the code of a procedure")
        parser.add_argument("--unit", help="the code of a unit; default: the nation")
        parser.add_argument("--on", help="a day, as 2026-09-24; default: today")

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day(options["on"])
        unit = _unit(options["unit"])
        for kind in _kinds(options["kind"]):
            lines = list(_lines(kind, unit, on))
            self._print(f"{word(kind.label)} {kind.code} {on}", lines)

    def _print(self, title: str, lines: list[tuple[str, ...]]) -> None:
        if not self.stdout.isatty():
            self.stdout.write(title)
            for line in lines:
                self.stdout.write("\t".join(line))
            return
        table = Table(title=title)
        for heading in (
            _("规则"),
            _("名称"),
            _("内容"),
            _("适用"),
            _("依据"),
            _("性质"),
        ):
            table.add_column(heading)
        for line in lines:
            table.add_row(*line)
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]


def _lines(kind: CaseType, unit: Unit | None, on: date) -> Iterator[tuple[str, ...]]:
    """Yield a line for each period, then each figure, then each paper."""
    for found in rules.in_force(kind.code, unit=unit, on=on):
        period = found.rule.terms.period
        said = f"{period.amount} {word(period.unit)}"
        yield _line(found.rule, found.rule.target, said, found.place)
    book, path = rules.newest_book(), unit.path if unit else ""
    for figure in book.thresholds(kind.code, unit_path=path, on=on):
        yield _line(figure, figure.name, amount(figure), figure.place)
    for paper in book.papers(kind.code, unit_path=path, on=on):
        yield _line(paper, paper.code, paper.required, paper.place)


def _line(
    given: RuleTerms | Threshold | RequiredPaper, name: str, said: str, place: str
) -> tuple[str, ...]:
    return (
        given.id,
        f"{name} {given.zh}",
        said,
        place or _("全国"),
        cited(given.basis),
        _ground(given.mark),
    )


def _ground(mark: Mark) -> str:
    """What we set ourselves, or know by heart only, is never shown as law."""
    return word(Mark.P if mark is Mark.M else mark)


def _kinds(code: str | None) -> list[CaseType]:
    kinds = [kind for kind in Registry.all() if code in (None, kind.code)]
    if code is not None and not kinds:
        raise CommandError(_("没有“%(kind)s”这类案件。") % {"kind": code})
    return kinds


def _day(text: str | None) -> date:
    if text is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            _("日期“%(text)s”读不出来，请写成 2026-09-24 这样。") % {"text": text}
        ) from None


def _unit(code: str | None) -> Unit | None:
    if code is None:
        return None
    unit: Unit | None = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(_("没有编码为 %(code)s 的单位。") % {"code": code})
    return unit
