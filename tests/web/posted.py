"""A form's example as a browser sends it: rows as fields of their own."""

from collections.abc import Mapping
from typing import Any


def posted(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a form as it is posted."""
    sent: dict[str, Any] = {}
    for name, value in said.items():
        if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
            sent[f"{name}-rows"] = str(len(value))
            for number, row in enumerate(value):
                sent |= {
                    f"{name}-{number}-{field}": _plain(one)
                    for field, one in row.items()
                }
        else:
            sent[name] = _plain(value)
    return {name: value for name, value in sent.items() if value is not None}


def _plain(value: Any) -> Any:
    match value:
        case True:
            return "on"
        case False | None:
            return None
        case list():
            return [str(one) for one in value]
        case _:
            return value
