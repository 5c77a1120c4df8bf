"""The two kinds of column that the models have of their own."""

from typing import Any

from django.db import models

from casework.domain.vocabulary import Word


class WordField(models.CharField):  # type: ignore[type-arg]
    """Stores a glossary word by its code and gives the word back.

    The words themselves stay out of migrations: a new word or a better translation
    is no change of the schema. A check constraint on the model names the codes that
    the column takes, where they are fewer than the glossary has.
    """

    def __init__(self, vocabulary: type[Word] | None = None, **options: Any) -> None:
        self.vocabulary = vocabulary
        options.setdefault("max_length", 40)
        super().__init__(**options)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        if value in (None, "") or self.vocabulary is None:
            return value
        return self.vocabulary(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)


class RecordedKey(models.ForeignKey):  # type: ignore[type-arg]
    """Names a row in a record that only grows: nullable, unchecked, without an index.

    What it names is never deleted, and a check would lock the same few people and
    units for every act of everybody.
    """

    def __init__(self, to: Any, **options: Any) -> None:
        super().__init__(
            to,
            **{
                "on_delete": models.DO_NOTHING,
                "related_name": "+",
                "null": True,
                "db_index": False,
                "db_constraint": False,
                **options,
            },
        )

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {"to": kwargs["to"]}
