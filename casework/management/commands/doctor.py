"""`manage.py doctor`: what is wrong with this installation, and what to do about it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.text import Text

from casework.reports import health
from casework.reports.health import State
from casework.wording import word

_STYLES = {State.OK: "green", State.WARNING: "yellow", State.FAILED: "bold red"}


class Command(BaseCommand):
    help = (
        "Check this installation; say for each fault what to do. Fails if one failed."
    )
    requires_system_checks: list[str] = []  # it must speak where they would stop it

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout, soft_wrap=True)  # type: ignore[arg-type]
        findings = health.examine(at=timezone.now())
        for finding in findings:
            line = Text(f"{word(finding.state)}  ", style=_STYLES[finding.state])
            line.append(f"{finding.name}：{finding.sentence}", style="default")
            console.print(line)
        if any(finding.state is State.FAILED for finding in findings):
            sys.exit(1)
