"""Rows and the instances that they stand for, both ways, without asking each field."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.base import ModelState

from casework.models import Case
from casework.models.fields import WordField
from casework.models.sealing import SealedBytesField, SealedField
from casework.services.planned import Value

Row = dict[str, Any]
Model = TypeVar("Model", bound=models.Model)
Way = TypeVar("Way")

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


def from_json(model: type[Model], row: Row) -> Model:
    """Return an instance of a row that was read as JSON."""
    return instance_of(model, attributes_of(model, row))


def attributes_of(model: type[models.Model], row: Row) -> Row:
    """Return what an instance keeps of a row that was read as JSON."""
    return {
        name: read(row[column]) if read and row[column] is not None else row[column]
        for name, column, read in _json_readers(model)
    }


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
            words: dict[str, str] = {str(word): word for word in field.vocabulary or ()}
            return ({"": ""} | words).__getitem__ if field.blank else words.__getitem__
        case models.BinaryField():
            return lambda told: bytes.fromhex(told.removeprefix("\\x"))
        case models.DecimalField() | models.TimeField():
            raise TypeError(f"{field} is not read from JSON")
        case _:
            return None


def _range(told: str) -> DateRange:
    first, end = (date.fromisoformat(d) if d else None for d in told[1:-1].split(","))
    return DateRange(first, end, told[0] + told[-1])


def instance_of(model: type[Model], attributes: Row) -> Model:
    """Return an instance as `Model.from_db` does, without asking each field."""
    instance = model.__new__(model)
    instance._state = ModelState()
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
    instance.__dict__.update(attributes)
    return instance


def values_of(
    model: type[models.Model], columns: Sequence[str], row: Row
) -> list[Value]:
    """Return the row's columns, in this order, as values of a statement.

    Raises ValueError for a number that PostgreSQL cannot hold.
    """
    ways = _ways(model)
    return [ways[column](row[column]) for column in columns]


@lru_cache(maxsize=64)
def _ways(model: type[models.Model]) -> dict[str, Callable[[Any], Value]]:
    """Return how the values of each column are written."""
    return {str(field.column): _way(field) for field in model._meta.concrete_fields}


def _way(field: Any) -> Callable[[Any], Value]:
    match field:
        case models.JSONField():
            return lambda value: None if value is None else as_json(value)
        case ArrayField():
            return _array
        case _:
            return _value


def _value(value: Any) -> Value:
    if value is None or type(value) is str:
        return value
    return _way_of(type(value))(value)  # type: ignore[arg-type]  # types are hashable


@lru_cache(maxsize=256)
def _way_of(kind: Any) -> Callable[[Any], Value]:
    return _nearest(kind, _VALUES)


def _nearest(
    kind: type, ways: Mapping[type, Callable[[Any], Way]]
) -> Callable[[Any], Way]:
    """Return how the nearest of the type's ancestors is written."""
    for base in kind.__mro__:
        if way := ways.get(base):
            return way
    raise TypeError(f"{kind.__name__} is not written")


def _array(values: Sequence[Any]) -> str:
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    told = str(_value(value)).replace("\\", r"\\").replace('"', r"\"")
    return f'"{told}"'


def plain(value: object) -> Any:
    """Return what JSON has no word for as the database will read it."""
    return _nearest(type(value), _WORDS)(value)


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


def as_json(value: object) -> str:
    """Return the value as PostgreSQL reads JSON; raises ValueError for what it cannot."""
    text = _encode(value)
    if "\\u0000" in text and _NULL.search(text):
        raise ValueError("a text holds the character of number 0")
    return text


_encode = json.JSONEncoder(default=plain, ensure_ascii=False, allow_nan=False).encode
#: The character of number 0, which PostgreSQL's text has not; not one of six characters.
_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

_WORDS: dict[type, Callable[[Any], str]] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    UUID: str,
    bytes: lambda value: "\\x" + value.hex(),
    memoryview: lambda value: "\\x" + value.hex(),
}

_VALUES: dict[type, Callable[[Any], Value]] = {
    **_WORDS,
    bool: lambda value: "t" if value else "f",
    int: str,
    str: str.__str__,
    Decimal: str,
    bytes: bytes,
    memoryview: bytes,
}
