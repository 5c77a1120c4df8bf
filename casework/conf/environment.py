"""Reading one value of the environment, or stopping with a sentence about it."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read_text(name: str, *, default: str) -> str:
    """Return the value of `name`, without surrounding blanks."""
    return os.environ.get(name, default).strip()


def read_choice(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    """Return the value of `name`, one of `choices`.

    Raises ImproperlyConfigured, naming the choices, for anything else.
    """
    value = read_text(name, default=default)
    if value not in choices:
        raise ImproperlyConfigured(
            f"{name} is '{value}'. It takes one of: {', '.join(choices)}."
        )
    return value


def read_folder(name: str, *, default: Path) -> Path:
    """Return the folder named by `name` as an absolute path; it need not exist yet."""
    return Path(read_text(name, default=str(default))).expanduser().resolve()
