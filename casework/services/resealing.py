"""Sealing anew with the newest key: row by row, while others write, from where it stopped.

An old key opens what acts keep sealed for as long as they are kept, so it stays in the
ring; what stands in records is sealed anew, so that a key that may be known seals nothing
that can still be changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

from casework.domain.sealing import header_of
from casework.models.sealing import SealedBytesField, SealedField, place_of, ring

BATCH = 500
#: Of what may be long (a scanned paper), so that a batch fits into memory.
FEW = 10


@dataclass(frozen=True, slots=True)
class Resealed:
    """What was sealed anew in one column so far."""

    table: str
    column: str
    rows: int


def reseal(*, batch: int = BATCH) -> Iterator[Resealed]:
    """Seal with the newest key what older keys sealed; yield after each batch.

    Every batch is committed by itself: one that is killed is done again, the others not.
    It writes as the owner of the tables, for the application may not change a record.
    Raises UnknownKey and BrokenSeal, naming the place, for what cannot be opened.
    """
    for model, field in sealed_columns():
        size = min(batch, FEW) if isinstance(field, SealedBytesField) else batch
        done, last = 0, None
        while True:
            keys = _batch(model, str(field.column), size, after=last)
            if not keys and last is None:
                break
            # What a process without the new key wrote meanwhile stands anywhere: after
            # the last row once more from the first, until a pass finds nothing.
            done, last = done + len(keys), keys[-1] if keys else None
            yield Resealed(model._meta.db_table, str(field.column), done)


def left() -> int:
    """Return how many values are sealed with an older key."""
    total = 0
    for model, field in sealed_columns():
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table}"
                f" WHERE substr({field.column}, 1, 3) <> %s",
                [header_of(ring().newest)],
            )
            total += cursor.fetchone()[0]
    return total


def sealed_columns() -> Iterator[
    tuple[type[models.Model], SealedField | SealedBytesField]
]:
    """Return every sealed column of every model."""
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField | SealedBytesField):
                yield model, field


def _batch(
    model: type[models.Model], column: str, size: int, *, after: Any
) -> list[Any]:
    """Seal up to `size` values of a column anew, those after a key; return their keys.

    What another run holds is waited for; a value never changes but here.
    """
    table, key = model._meta.db_table, str(model._meta.pk.column)
    beyond, values = (f" AND {key} > %s", [after]) if after else ("", [])
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {table} WHERE substr({column}, 1, 3) <> %s"
            f"{beyond} ORDER BY {key} LIMIT %s FOR NO KEY UPDATE",
            [header_of(ring().newest), *values, size],
        )
        rows = cursor.fetchall()
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s",
            [(_anew(place_of(table, column, pk), sealed), pk) for pk, sealed in rows],
        )
    return [pk for pk, _sealed in rows]


def _anew(place: str, sealed: bytes) -> bytes:
    content = ring().open_bytes(bytes(sealed), place)
    return ring().seal_bytes(content, place)
