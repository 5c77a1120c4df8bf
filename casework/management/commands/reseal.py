"""`manage.py reseal`: after a new key was added, seal with it what older keys sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.domain.sealing import SealError
from casework.services import resealing


class Command(BaseCommand):
    help = "Seal with the newest key what older keys sealed. Run it again if it stops."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--batch",
            type=int,
            default=resealing.BATCH,
            help="how many values are sealed anew in one transaction",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for done in resealing.reseal(batch=options["batch"]):
                self.stdout.write(f"{done.table}.{done.column} {done.rows}")
        except SealError as fault:
            raise CommandError(
                f"{fault}. The key is missing from CASEWORK_DATA_KEYS, or the row was"
                " changed outside of Casework."
            ) from fault
        self.stdout.write("Everything is sealed with the newest key.")
