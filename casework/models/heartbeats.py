"""A sign of life of each background process."""

from typing import Final

from django.db import models

#: The name of the worker and its beat.
WORKER: Final = "worker"


class Heartbeat(models.Model):
    """The last moment at which a background process was seen at work."""

    name = models.CharField(max_length=60, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
