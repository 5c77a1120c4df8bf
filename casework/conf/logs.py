"""Log lines: coloured for a person in the demo, JSON for a machine in production."""

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from casework.domain import masking

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _mask_numbers(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask numbers of people that an address or an exception brought into the line."""
    return {name: _without_numbers(value) for name, value in line.items()}


def _without_numbers(value: Any) -> Any:
    match value:
        case str():
            return masking.in_text(value)
        case None | bool() | int() | float():
            return value
        case dict():
            return {key: _without_numbers(each) for key, each in value.items()}
        case list() | tuple():
            return [_without_numbers(each) for each in value]
        case _:
            return masking.in_text(str(value))


def configuration(*, json: bool, level: str) -> dict[str, Any]:
    """Return Django's LOGGING and set structlog up to write through it."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    render = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    _mask_numbers,
                    render,
                ],
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines"}
        },
        # axes tells each log-in in four lines; the refusals among them are warnings.
        "loggers": {"axes": {"level": "WARNING"}},
        "root": {"handlers": ["stderr"], "level": level},
    }
