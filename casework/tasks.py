"""What the alarm clock rings for. A task takes ids, re-reads the row, makes one call."""

from celery import shared_task
from django.utils import timezone

from casework.models.heartbeats import WORKER
from casework.services import drafts, heartbeats
from casework.services.sweep import sweep as sweep_all


@shared_task
def heartbeat() -> None:
    """Show that beat, broker and worker are alive, all three."""
    heartbeats.beat(name=WORKER, at=timezone.now())


@shared_task
def sweep() -> None:
    """Settle what is overdue; a second sweep at the same time does no harm."""
    sweep_all()


@shared_task
def drop_old_drafts() -> None:
    """Forget what nobody went on typing for thirty days."""
    drafts.drop_old(at=timezone.now())
