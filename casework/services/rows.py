"""Rows and the instances that they stand for, both ways, without asking each field."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.base import ModelState

from casework.models import Case
from casework.models.fields import WordField
from casework.models.sealing import SealedBytesField, SealedField

Row = dict[str, Any]
Model = TypeVar("Model", bound=models.Model)

#: The columns of a case that an act may change; the others are set when it is opened.
CHANGING = frozenset(
    {
        "number",
        "state",
        "subject",
        "station_id",
        "county_id",
        "holder_id",
        "level",
        "assignee_id",
        "sensitivity",
        "marks",
        "opened_at",
        "closed_at",
        "effective_at",
        "next_due_at",
        "next_step_at",
        "version",
        "event_count",
        "head",
    }
)


@lru_cache(maxsize=64)
def columns_of(model: type[models.Model]) -> list[str]:
    """The columns of the table, in the order of the fields."""
    return [str(field.column) for field in model._meta.concrete_fields]


def written_of(model: type[models.Model]) -> list[str]:
    """The columns that are written: all but a key that the database gives."""
    return [name for name in columns_of(model) if name != "id"]


def row_of(instance: models.Model) -> Row:
    """Return the instance as a row to write; what is sealed stays sealed."""
    values = instance.__dict__
    return {column: values[name] for column, name in _attributes(type(instance))}


def changing_of(case: Case) -> Row:
    """Return of the case's row what an act may change."""
    values = case.__dict__
    return {
        column: values[name] for column, name in _attributes(Case) if column in CHANGING
    }


@lru_cache(maxsize=64)
def _attributes(model: type[models.Model]) -> list[tuple[str, str]]:
    return [(str(f.column), f.attname) for f in model._meta.concrete_fields]


def from_columns(model: type[Model], values: Sequence[Any]) -> Model:
    """Return an instance of a row that was read column by column, whatever they hold."""
    readers = _readers(model)
    return _instance(
        model,
        {
            name: read(value, None, connection) if read else value
            for (name, read), value in zip(readers, values, strict=True)
        },
    )


@lru_cache(maxsize=64)
def _readers(model: type[models.Model]) -> list[tuple[str, Any]]:
    return [
        (field.attname, getattr(field, "from_db_value", None))
        for field in model._meta.concrete_fields
    ]


def from_json(model: type[Model], row: Row) -> Model:
    """Return an instance of a row that was read as JSON."""
    return _instance(
        model,
        {
            name: read(row[column]) if read and row[column] is not None else row[column]
            for name, column, read in _json_readers(model)
        },
    )


@lru_cache(maxsize=64)
def _json_readers(model: type[models.Model]) -> list[tuple[str, str, Any]]:
    return [
        (field.attname, str(field.column), _reader(field))
        for field in model._meta.concrete_fields
    ]


def _reader(field: Any) -> Callable[[str], Any] | None:
    """Return how what JSON has no word for is read."""
    match field:
        case models.ForeignKey():
            return _reader(field.target_field)
        case models.DateTimeField():
            return datetime.fromisoformat
        case models.DateField():
            return date.fromisoformat
        case DateRangeField():
            return _range
        case models.UUIDField():
            return UUID
        case SealedField() | SealedBytesField():
            return field.to_python
        case WordField():
            return field.to_python if field.blank else field.vocabulary
        case models.BinaryField():
            return lambda told: bytes.fromhex(told.removeprefix("\\x"))
        case models.DecimalField() | models.TimeField():
            raise TypeError(f"{field} is not read from JSON")
        case _:
            return None


def _range(told: str) -> DateRange:
    first, end = (date.fromisoformat(d) if d else None for d in told[1:-1].split(","))
    return DateRange(first, end, told[0] + told[-1])


def _instance(model: type[Model], values: Row) -> Model:
    """Return an instance as `Model.from_db` does, without asking each field."""
    instance = model.__new__(model)
    instance._state = ModelState()
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
    instance.__dict__.update(values)
    return instance


def plain(value: object) -> Any:
    """Return what JSON has no word for as the database will read it."""
    for kind in type(value).__mro__:
        if kind in _WORDS:
            return _WORDS[kind](value)
    raise TypeError(f"{type(value).__name__} is not written")


def know(
    instance: models.Model, kind: type[Model], others: Mapping[Any, Model]
) -> None:
    """Let the instance know the rows of the kind that its keys refer to."""
    for field in _keys_to(type(instance), kind):
        other = others.get(instance.__dict__[field.attname])
        if other is not None:
            field.set_cached_value(instance, other)


@lru_cache(maxsize=64)
def _keys_to(
    model: type[models.Model], other: type[models.Model]
) -> list["models.ForeignKey[Any, Any]"]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is other
    ]


def keys_to(model: type[models.Model], other: type[models.Model]) -> list[str]:
    """The columns of the model's table that refer to the other's rows."""
    return [str(field.column) for field in _keys_to(model, other)]


_WORDS: dict[type, Callable[[Any], str]] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    UUID: str,
    bytes: lambda value: "\\x" + value.hex(),
    memoryview: lambda value: "\\x" + value.hex(),
}
