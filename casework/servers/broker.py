"""Where tasks lie for the worker when no Redis is named: two folders."""

from pathlib import Path


def messages_folder(var: Path) -> Path:
    """Return where tasks lie until the worker takes them."""
    return var / "broker" / "messages"


def control_folder(var: Path) -> Path:
    """Return where Celery keeps its lists of queues."""
    return var / "broker" / "control"


def make_folders(var: Path) -> None:
    """Make both; Celery's transport neither makes them nor survives their loss."""
    messages_folder(var).mkdir(parents=True, exist_ok=True)
    control_folder(var).mkdir(parents=True, exist_ok=True)
