"""The worker's settings, which several promises rest on (assurance 4.5)."""

from typing import Any

import pytest
from django.conf import settings

from casework import tasks
from casework.conf.celery import app
from casework.models import Heartbeat


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("worker_prefetch_multiplier", 1),
        ("task_soft_time_limit", 120),
        ("task_time_limit", 150),
        ("task_ignore_result", True),
        ("task_serializer", "json"),
        ("accept_content", ["json"]),
    ],
)
def test_a_setting_of_the_worker(name: str, value: Any) -> None:
    assert app.conf[name] == value


def test_what_beat_rings_for_exists_and_does_not_pile_up() -> None:
    app.loader.import_default_modules()
    schedule: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    assert schedule
    for entry in schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]


@pytest.mark.django_db
def test_a_beat_is_kept_once() -> None:
    tasks.heartbeat()
    first = Heartbeat.objects.get()
    tasks.heartbeat()

    assert Heartbeat.objects.get().beaten_at > first.beaten_at
