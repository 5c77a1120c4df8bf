"""Signs of life of the background processes."""

from datetime import datetime

from casework.models import Heartbeat


def beat(*, name: str, at: datetime) -> None:
    """Keep the moment at which the process was seen at work."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": at})
