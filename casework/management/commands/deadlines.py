"""Print the due date of every case in a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.data.holidays import load_notices
from casework.domain.deadlines import DeadlineError, build_calendar, due_lines


class Command(BaseCommand):
    help = (
        "Print id,due_iso for every row of a CSV file with the columns id, start_iso, "
        "period, unit and rule_notes. A row that needs a year without a published "
        "holiday schedule reads ERROR:CALENDAR_HORIZON. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file, in UTF-8")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh")

    def handle(self, *args: Any, file: Path, lang: str, **options: Any) -> None:
        try:
            # All rows first: half a list must not look like a whole one.
            lines = list(
                due_lines(_read(file), calendar=build_calendar(load_notices()))
            )
        except DeadlineError as fault:
            raise CommandError(getattr(fault.sentence, lang)) from fault
        self.stdout.write("\n".join(lines))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as fault:
        raise CommandError(
            f"file：打不开 {file}：{fault.strerror}。请核对文件名和权限。"
            f" (Cannot open the file; check its name and permissions.)"
        ) from fault
    except UnicodeDecodeError as fault:
        raise CommandError(
            f"file：{file} 不是 UTF-8 编码。请另存为 UTF-8 的 CSV。"
            " (The file is not UTF-8; save it as UTF-8.)"
        ) from fault
