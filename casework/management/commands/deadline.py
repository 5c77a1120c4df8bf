"""Print one due date, and on request how it comes about."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.data.holidays import load_notices
from casework.domain.deadlines import (
    DeadlineError,
    Language,
    build_calendar,
    due,
    explain,
    read_reckoning,
    render,
)


class Command(BaseCommand):
    help = (
        "Print the due date of one period, for example: deadline "
        '2026-09-16T09:42:00+08:00 15 calendar_day "end=midnight;roll=next_working" '
        "--explain. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("start", help="ISO 8601 with its zone")
        parser.add_argument("period", help="a whole number of the unit")
        parser.add_argument(
            "unit", help="working_day, calendar_day, working_hour, month or year"
        )
        parser.add_argument("rule_notes", nargs="?", default="", help="end=…;roll=…;…")
        parser.add_argument("--explain", action="store_true", help="say why")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh")
        parser.add_argument(
            "--provisional",
            action="store_true",
            help="go on where no holiday schedule is published, and say so",
        )

    def handle(self, *args: Any, lang: Language, **options: Any) -> None:
        try:
            reckoning = read_reckoning(
                start=options["start"],
                period=options["period"],
                unit=options["unit"],
                rule_notes=options["rule_notes"],
                calendar=build_calendar(load_notices()),
            )
            answer = due(reckoning, strict=not options["provisional"])
        except DeadlineError as fault:
            raise CommandError(getattr(fault.sentence, lang)) from fault
        self.stdout.write(answer.due_at.isoformat())
        if options["explain"]:
            self.stdout.write("")
            self.stdout.write(render(explain(answer), lang=lang))
