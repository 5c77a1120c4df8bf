"""The State Council's holiday notices, read from the files beside this module."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from casework.domain.deadlines import Notice, parse_notice


def load_notices() -> tuple[Notice, ...]:
    """Read and check every notice that ships with the engine, by year (T-24).

    Raises CalendarInvalid for a notice that contradicts itself.
    """
    folder = resources.files(__name__)
    feasts = _read((folder / "feasts.json").read_text("utf-8"))
    files = sorted(
        (
            entry
            for entry in folder.iterdir()
            if entry.name.removesuffix(".json").isdecimal()
        ),
        key=lambda entry: entry.name,
    )
    return tuple(_notice(_read(entry.read_text("utf-8")), feasts) for entry in files)


def _read(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document


def _notice(document: Mapping[str, Any], feasts: Mapping[str, Any]) -> Notice:
    return parse_notice({**document, **feasts.get(str(document["year"]), {})})
