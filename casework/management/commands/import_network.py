"""Build the network of units from the administrative divisions."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from casework.access import SYSTEM
from casework.data import divisions
from casework.data.divisions.names import UnitName
from casework.domain.errors import CaseworkError
from casework.domain.vocabulary import Level
from casework.services import units
from casework.wording import word

_MOST_LISTED = 20


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(
            _("“%s”不是日期，请写成 2026-07-01 这样。") % text
        ) from problem


def _both(called: UnitName) -> str:
    # The short name, too: it may be all that changed.
    return f"{called.name}（{called.short_name}）"


class Command(BaseCommand):
    help = (
        "Build the network of units from the administrative divisions, or one city's."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        extent = parser.add_mutually_exclusive_group(required=True)
        extent.add_argument(
            "--city", help="only this city: name or code, such as 苏州市"
        )
        extent.add_argument("--all", action="store_true", help="the whole nation")
        parser.add_argument(
            "--date",
            type=_day,
            default=divisions.EDITION_DATE,
            metavar="YYYY-MM-DD",
            help="the day from which new units are in force (default: %(default)s,"
            " the day of the packaged divisions)",
        )
        parser.add_argument(
            "--file",
            type=Path,
            help="divisions of another edition, a CSV with the columns code,name",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self._import(options)
        except CaseworkError as problem:
            raise CommandError(problem.message) from problem
        self._report(result)

    def _import(self, options: dict[str, Any]) -> units.Import:
        known = (
            divisions.read(options["file"]) if options["file"] else divisions.packaged()
        )
        city = (
            None
            if options["all"]
            else units.city_named(options["city"], divisions=known)
        )
        with self._progress() as progress:
            return units.import_divisions(
                divisions=known,
                city=city,
                valid_from=options["date"],
                by=SYSTEM,
                progress=progress,
            )

    @contextmanager
    def _progress(self) -> Iterator[Callable[[int, int], None]]:
        """Show a bar to a person, and a line per batch to a log."""
        label = _("写入单位")
        if not self.stdout.isatty():
            yield lambda done, total: self.stdout.write(f"{label} {done:,}/{total:,}")
            return
        columns = (TextColumn(label), BarColumn(), MofNCompleteColumn())
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)

    def _report(self, result: units.Import) -> None:
        for level in Level:
            if result.created.get(level):
                self.stdout.write(
                    _("新设 %(level)s %(count)s 个")
                    % {"level": word(level), "count": f"{result.created[level]:,}"}
                )
        self._list(
            _("更名 %(count)s 个：") % {"count": len(result.renamed)},
            [f"{r.code} {_both(r.before)} → {_both(r.after)}" for r in result.renamed],
        )
        self._list(
            _("区划文件中已没有、仍有效的单位 %(count)s 个（未撤销，请核实）：")
            % {"count": len(result.gone)},
            [f"{unit.code} {unit.name}" for unit in result.gone],
        )
        if not result.changed:
            self.stdout.write(
                _("没有变化：%(count)s 个单位都已存在。")
                % {"count": f"{result.kept:,}"}
            )

    def _list(self, heading: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(heading)
        for line in lines[:_MOST_LISTED]:
            self.stdout.write(f"  {line}")
        if len(lines) > _MOST_LISTED:
            self.stdout.write(
                _("  其余 %(count)s 个从略。") % {"count": len(lines) - _MOST_LISTED}
            )
