"""`manage.py migrate`, as the owner of the tables; then rules and calendars follow."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.utils import timezone

from casework.domain.errors import CaseworkError
from casework.services import calendars, recomputation, rules


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["app_label"] is None and not options["plan"]:
            self.bring_up_to_date(quiet=options["verbosity"] == 0)

    def bring_up_to_date(self, *, quiet: bool) -> None:
        """Publish shipped rules and calendars, and count going clocks anew under them."""
        try:
            version = calendars.publish_shipped_notices(at=timezone.now())
            editions = rules.sync_rules(from_day=timezone.localdate())
            # Of every calendar, not of the new one alone: an upgrade that was killed
            # half way is finished by the next.
            for newest in calendars.newest():
                recomputation.recompute(version=newest)
        except CaseworkError as problem:
            raise CommandError(problem.message) from problem
        if quiet:
            return
        if version is not None:
            self.stdout.write(f"  Published calendar {version}")
        for edition in editions:
            self.stdout.write(f"  Published rules {edition}")
