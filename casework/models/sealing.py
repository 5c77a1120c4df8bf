"""Columns that hold personal data sealed, and the marks by which equal ones are found."""

import json
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from casework.domain.sealing import MARK_BYTES, KeyRing, Scope

Clear = TypeVar("Clear", str, bytes)

if TYPE_CHECKING:

    class _Column(models.Field[Clear, Clear]): ...
else:

    class _Column(models.Field):
        def __class_getitem__(cls, _: object) -> type:
            return cls


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


class Stored(bytes):
    """Sealed bytes as a row has them, not to be sealed once more."""


class Sealed(DeferredAttribute):
    """The clear value of a sealed column: sealed when it is set, opened when it is read.

    The instance keeps only the sealed bytes, so a list of rows opens nothing.
    """

    field: "SealedField | SealedBytesField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        stored = super().__get__(instance, cls)
        if stored is None:
            return self.field.to_clear(b"")
        return self.field.to_clear(ring().open_bytes(stored, self._place(instance)))

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, Stored):
            instance.__dict__[self.field.attname] = value
            return
        content = self.field.from_clear(value)
        instance.__dict__[self.field.attname] = (
            Stored(ring().seal_bytes(content, self._place(instance)))
            if content
            else None
        )
        if self.field.index and self.field.scope:
            mark = ring().index(value, self.field.scope) if content else None
            setattr(instance, self.field.index, mark)

    def _place(self, instance: models.Model) -> str:
        if instance.pk is None:
            raise TypeError(
                f"{type(instance).__name__} needs its id before {self.field.name} is"
                " sealed: the value opens in its own row only"
            )
        return place_of(instance._meta.db_table, str(self.field.column), instance.pk)


class Marked(DeferredAttribute):
    """The mark of a sealed number: setting the number sets it, in whatever order."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is _UNSET:
            instance.__dict__.setdefault(self.field.attname, None)
        else:
            instance.__dict__[self.field.attname] = value


#: What a new instance begins with, unless its number has set the mark already.
_UNSET = object()


class _SealedColumn(_Column[Clear]):
    """What both kinds of sealed column have: bytea, no comparison, empty is NULL."""

    index: str
    scope: Scope | None
    descriptor_class = Sealed

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, *_: Any) -> Stored | None:
        return None if value is None else Stored(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):  # as JSON of PostgreSQL has it
            return Stored(bytes.fromhex(value.removeprefix("\\x")))
        return value

    def pre_save(self, instance: models.Model, add: bool) -> Stored | None:
        return self.value_from_object(instance)

    def value_from_object(self, instance: models.Model) -> Stored | None:  # type: ignore[override]
        """Return what is written: the sealed bytes, never the value."""
        stored: Stored | None = instance.__dict__[self.attname]
        return stored

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is not None and not isinstance(value, Stored):
            raise TypeError("a sealed value is set on an instance, which seals it")
        return None if value is None else bytes(value)

    def get_db_prep_value(
        self, value: Any, connection: Any, prepared: bool = False
    ) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Sealed values are there or not; equal ones are found by their marks."""
        lookup = super().get_lookup(lookup_name)
        return lookup if lookup_name == "isnull" else None

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for option in ("null", "blank", "default"):
            kwargs.pop(option, None)
        return name, path, args, kwargs


class SealedField(_SealedColumn[str]):
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


class SealedBytesField(_SealedColumn[bytes]):
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

    descriptor_class = Marked

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{**options, "max_length": MARK_BYTES, "null": True, "editable": False}
        )

    def get_default(self) -> Any:
        return _UNSET

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for option in ("max_length", "null", "editable"):
            kwargs.pop(option, None)
        return name, path, args, kwargs
