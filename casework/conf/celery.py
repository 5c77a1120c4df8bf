"""The worker's alarm clock. `celery -A casework.conf.celery worker` finds it here."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.conf.settings")

app = Celery("casework")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_the_sites_logging(**_: object) -> None:
    """With a listener Celery leaves the log lines as the settings page has them."""


@worker_ready.connect
def ring_at_once(**_: object) -> None:
    """After a pause of any length nothing waits for beat's first round."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"], **entry["options"])
