"""`manage.py rules`: which periods are in force where, on what ground."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from casework.domain.vocabulary import Mark
from casework.lifecycle import CaseType, Registry
from casework.models import Unit
from casework.services import rules
from casework.services.rules import InForce
from casework.wording import word


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
            found = rules.in_force(kind.code, unit=unit, on=on)
            self._print(f"{word(kind.label)} {kind.code} {on}", found)

    def _print(self, title: str, found: list[InForce]) -> None:
        if not self.stdout.isatty():
            self.stdout.write(title)
            for line in map(_cells, found):
                self.stdout.write("\t".join(line))
            return
        table = Table(title=title)
        for heading in (
            _("规则"),
            _("期限"),
            _("长度"),
            _("适用"),
            _("依据"),
            _("性质"),
        ):
            table.add_column(heading)
        for line in map(_cells, found):
            table.add_row(*line)
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]


def _cells(found: InForce) -> tuple[str, ...]:
    rule = found.rule
    period = rule.terms.period
    return (
        rule.id,
        f"{rule.target} {rule.zh}",
        f"{period.amount} {word(period.unit)}",
        found.place or _("全国"),
        rule.basis,
        _ground(rule.mark),
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
