"""Load the fictional demo city into an empty database, or print its log-ins."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from casework.demo import staff
from casework.demo.city import STEPS, load
from casework.models import Person, Unit
from casework.wording import word


class Command(BaseCommand):
    help = "Load the demo city (苏州市, fictional people) into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--log-ins", action="store_true", help="only print the demo's log-ins"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["log_ins"]:
            if Unit.objects.exists() or Person.objects.exists():
                raise CommandError(
                    "The database already holds units or people; the demo loads only "
                    "into an empty one. Empty the database, or keep what is there."
                )
            self._load()
        self._print_log_ins()

    def _load(self) -> None:
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task(
                "苏州市：单位、人员和一年的案件 · units, staff, a year of cases",
                total=STEPS,
            )
            load(
                now=timezone.now(),
                done=lambda number: progress.update(bar, completed=number),
            )

    def _print_log_ins(self) -> None:
        table = Table(title=f"密码 password: {staff.PASSWORD}")
        for heading in ("登录名 log-in", "姓名", "岗位 hats"):
            table.add_column(heading)
        with translation.override("zh-hans"):
            for username, hats in staff.log_ins():
                told = "\n".join(f"{hat.unit.name} · {word(hat.role)}" for hat in hats)
                table.add_row(username, hats[0].person.name, told)
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]
