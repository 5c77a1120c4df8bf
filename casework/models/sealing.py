"""Columns that hold personal data sealed, and the marks by which equal ones are found."""

import json
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from casework.domain.sealing import MARK_BYTES, KeyRing, Scope

if TYPE_CHECKING:
    _TextField = models.Field[str, str]
    _BytesField = models.Field[bytes, bytes]
else:
    _TextField = _BytesField = models.Field


def ring() -> KeyRing:
    """Return the keys of this site."""
    return _ring(settings.DATA_KEYS, settings.INDEX_KEY)


@lru_cache(maxsize=8)
def _ring(data_keys: str, index_key: str) -> KeyRing:
    return KeyRing.read(data_keys, index_key)


def place_of(table: str, column: str, key: object) -> str:
    """Return the place that a value is sealed for: one column of one row."""
    return f"{table}.{column}:{key}"


def seal_value(value: Any, place: str) -> dict[str, str]:
    """Return a value of JSON sealed for the place, itself as JSON."""
    sealed = ring().seal(json.dumps(value, ensure_ascii=False), place)
    return {"sealed": b64encode(sealed).decode()}


def open_value(kept: Any, place: str) -> Any:
    """Return the value that `seal_value` sealed; one in clear as it is."""
    if not is_sealed(kept):
        return kept
    return json.loads(ring().open(b64decode(kept["sealed"]), place))


def is_sealed(kept: Any) -> bool:
    """Whether a value of JSON is a sealed one."""
    return isinstance(kept, dict) and kept.keys() == {"sealed"}


class Sealed:
    """The clear value of a sealed column: sealed when it is set, opened when it is read.

    The instance keeps only the sealed bytes, so a list of rows opens nothing.
    """

    def __init__(self, field: "SealedField | SealedBytesField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: Any = None) -> Any:
        if instance is None:
            return self
        sealed = getattr(instance, self.field.attname)
        if sealed is None:
            return self.field.to_clear(b"")
        return self.field.to_clear(
            ring().open_bytes(bytes(sealed), self._place(instance))
        )

    def __set__(self, instance: models.Model, clear: Any) -> None:
        content = self.field.from_clear(clear)
        sealed = ring().seal_bytes(content, self._place(instance)) if content else None
        setattr(instance, self.field.attname, sealed)
        if self.field.index and self.field.scope:
            mark = ring().index(clear, self.field.scope) if content else None
            setattr(instance, self.field.index, mark)

    def _place(self, instance: models.Model) -> str:
        if instance.pk is None:
            raise TypeError(
                f"{type(instance).__name__} needs its id before {self.field.name} is"
                " sealed: the value opens in its own row only"
            )
        return place_of(instance._meta.db_table, str(self.field.column), instance.pk)


class _SealedColumn:
    """What both kinds of sealed column have: bytea, no comparison, empty is NULL.

    The sealed bytes are the attribute `<name>_sealed`; that is what is written.
    """

    index: str
    scope: Scope | None

    def get_attname(self) -> str:
        return f"{self.name}_sealed"  # type: ignore[attr-defined]

    def get_attname_column(self) -> tuple[str, str]:
        return self.get_attname(), self.db_column or self.name  # type: ignore[attr-defined]

    def contribute_to_class(
        self, cls: Any, name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)  # type: ignore[misc]
        setattr(cls, name, Sealed(self))  # type: ignore[arg-type]

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is not None and not isinstance(value, bytes | memoryview):
            raise TypeError("a sealed value is set on an instance, which seals it")
        return None if value is None else bytes(value)

    def get_db_prep_value(
        self, value: Any, connection: Any, prepared: bool = False
    ) -> Any:
        value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):  # as JSON of PostgreSQL has it
            return bytes.fromhex(value.removeprefix("\\x"))
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """Sealed values are there or not; equal ones are found by their marks."""
        lookup = super().get_lookup(lookup_name)  # type: ignore[misc]
        return lookup if lookup_name == "isnull" else None

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        for option in ("null", "blank", "default"):
            kwargs.pop(option, None)
        return name, path, args, kwargs


class SealedField(_SealedColumn, _TextField):
    """A text that is stored sealed; "" stands for none.

    `index` names the `IndexField` that is to find it, `scope` what kind of number it is.
    """

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        index: str = "",
        scope: Scope | None = None,
        **options: Any,
    ) -> None:
        self.index, self.scope = index, scope
        super().__init__(verbose_name, **{**options, "null": True, "blank": True})

    def from_clear(self, clear: str | None) -> bytes:
        return (clear or "").encode()

    def to_clear(self, content: bytes) -> str:
        return content.decode()


class SealedBytesField(_SealedColumn, _BytesField):
    """Bytes that are stored sealed; b"" stands for none."""

    index, scope = "", None

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        super().__init__(verbose_name, **{**options, "null": True, "blank": True})

    def from_clear(self, clear: bytes | None) -> bytes:
        return bytes(clear or b"")

    def to_clear(self, content: bytes) -> bytes:
        return content


class IndexField(models.BinaryField):  # type: ignore[type-arg]
    """The mark of a sealed number (32 bytes), set with it; equality is all it tells."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{**options, "max_length": MARK_BYTES, "null": True, "editable": False}
        )

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for option in ("max_length", "null", "editable"):
            kwargs.pop(option, None)
        return name, path, args, kwargs
