"""`manage.py verify_chain`: whether the history is whole, and where it is not."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from casework.models import Case
from casework.services import verification
from casework.services.verification import Harm, Walked


class Command(BaseCommand):
    help = (
        "Walk every chain of the history and hold every row against it; name each "
        "damage. Fails if there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--case", metavar="NUMBER_OR_ID", help="only this case (default: all)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cases = _found(options["case"]) if options["case"] else None
        with self._progress(verification.size(cases)) as (tell, done):
            walked = verification.verify(cases=cases, tell=tell, done=done)
        if walked.is_demo:
            self.stdout.write(
                _("演示日志：记录时间可以由人设定，证明不了任何事情发生在什么时候。")
            )
        if walked.harms:
            self.stdout.write(_("发现 %(harms)s 处损坏。") % {"harms": walked.harms})
            sys.exit(1)
        self._say_what_is_proved(walked)

    def _say_what_is_proved(self, walked: Walked) -> None:
        self.stdout.write(
            _("完好：%(chains)s 条链，%(events)s 条记录。")
            % {"chains": f"{walked.chains:,}", "events": f"{walked.events:,}"}
        )
        self.stdout.write(
            _(
                "只凭这个数据库看不出两种改动：删掉最后几条记录并把链尾和条数一起改回去；"
                "把整条链从头重写。要看出来，得有数据库之外的见证。"
            )
        )

    @contextmanager
    def _progress(
        self, total: int
    ) -> Iterator[tuple[Callable[[Harm], None], Callable[[int], None]]]:
        """Show a bar to a person; a log has the damages alone."""
        if not self.stdout.isatty():
            yield lambda harm: self.stdout.write(str(harm)), lambda events: None
            return
        console = Console(file=self.stdout, soft_wrap=True)  # type: ignore[arg-type]
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(_("核对记录"), total=total)
            yield (
                lambda harm: bar.console.print(str(harm), style="bold red"),
                lambda events: bar.update(task, completed=events),
            )


def _found(told: str) -> list[int]:
    """Return the cases of the number or the id; raises CommandError when there is none."""
    named = {"pk": int(told)} if told.isdecimal() else {"number": told}
    cases = list(Case.objects.filter(**named).values_list("pk", flat=True))
    if not cases:
        raise CommandError(_("没有案件“%s”。请写案件号或编号。") % told)
    return cases
