"""`manage.py migrate`, as the owner of the tables; then rules and calendars follow."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.utils import timezone

from casework.domain.errors import CaseworkError
from casework.services import calendars, rules


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["app_label"] is None and not options["plan"]:
            self._bring_up_to_date(quiet=options["verbosity"] == 0)

    def _bring_up_to_date(self, *, quiet: bool) -> None:
        try:
            version = calendars.publish_shipped_notices(at=timezone.now())
            editions = rules.sync_rules(from_day=timezone.localdate())
        except CaseworkError as problem:
            raise CommandError(problem.message) from problem
        if quiet:
            return
        if version is not None:
            self.stdout.write(f"  Published calendar {version}")
        for edition in editions:
            self.stdout.write(f"  Published rules {edition}")
