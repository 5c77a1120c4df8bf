"""Gather the texts to translate into casework/locale and compile the catalogues.

    .venv/bin/python -m tools.messages

Chinese is the source language. `en` is complete; `zh_Hans` holds the strings of
libraries that their own catalogues leave in English (`LIBRARY_STRINGS`).
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "casework" / "locale"
ROOMS = ("casework", "workflows", "notifications")
LOCALES = ("en", "zh_Hans")

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

#: Shown to people by Django and its company, and not in their Chinese catalogues.
LIBRARY_STRINGS = (
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)


def main() -> None:
    """Update both catalogues and write their compiled form beside them."""
    wanted = template()
    for locale in LOCALES:
        folder = LOCALE / locale / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        catalogue = read(folder / "django.po", locale)
        if locale == "en":
            catalogue.update(wanted, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
        with (folder / "django.po").open("wb") as text:
            write_po(text, catalogue, width=0, sort_output=True, no_location=True)
        with (folder / "django.mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def read(path: Path, locale: str) -> Catalog:
    """Return the catalogue of the file; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale=locale, project="Casework", charset="utf-8")
    with path.open("rb") as text:
        return read_po(text, locale=locale)


def template() -> Catalog:
    """Return every text that the code and the templates mark for translation."""
    catalogue = Catalog(project="Casework", charset="utf-8")
    for path, text in sources():
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS
        ):
            catalogue.add(message, context=context, locations=[(path, 0)])
    return catalogue


def sources() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file, templates turned into Python calls."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        # What is no text becomes letters in lines; their indents are not Python's.
        lines = templatize(path.read_text()).splitlines()
        yield str(path.relative_to(ROOT)), "\n".join(line.strip() for line in lines)


if __name__ == "__main__":
    settings.configure()
    main()
