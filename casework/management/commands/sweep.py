"""Settle what is overdue and take the steps of the system, once, without Celery."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from casework.services.sweep import sweep


class Command(BaseCommand):
    help = "Settle what is overdue and take the steps that clocks' ends call for."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep()
        self.stdout.write(
            _(
                "到期处理 %(settled)s 件，系统办理 %(taken)s 步，留待下次 %(refused)s 件。"
            )
            % {
                "settled": swept.settled,
                "taken": swept.taken,
                "refused": swept.refused,
            }
        )
