"""Gather the texts to translate into casework/locale and compile the catalogues.

    .venv/bin/python -m tools.messages

Chinese is the source language. `en` is complete; `zh_Hans` holds what the libraries say
to people, in the site's own words (`LIBRARY_STRINGS`).
"""

import io
import tomllib
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
HEADER = """\
# Casework (工会帮扶与调解办案系统): what it says to people.
# `python -m tools.messages` gathers the texts; the translations are written here."""

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

#: What the libraries say to people, where their own Chinese is missing or speaks in
#: another tone than the site; a pair is a singular and its plural.
LIBRARY_STRINGS: tuple[str | tuple[str, str], ...] = (
    # every form
    "This field is required.",
    "(Hidden field %(name)s) %(error)s",
    "Null characters are not allowed.",
    (
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    ),
    (
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    "Enter a valid value.",
    "Enter a valid email address.",
    "Enter a valid URL.",
    # days, times and numbers
    "Enter a valid date.",
    "Enter a valid time.",
    "Enter a valid date/time.",
    "Enter a whole number.",
    "Enter a number.",
    "Ensure this value is less than or equal to %(limit_value)s.",
    "Ensure this value is greater than or equal to %(limit_value)s.",
    (
        "Ensure that there are no more than %(max)s digit in total.",
        "Ensure that there are no more than %(max)s digits in total.",
    ),
    (
        "Ensure that there are no more than %(max)s decimal place.",
        "Ensure that there are no more than %(max)s decimal places.",
    ),
    (
        "Ensure that there are no more than %(max)s digit before the decimal point.",
        "Ensure that there are no more than %(max)s digits before the decimal point.",
    ),
    # choices
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Select a valid choice. That choice is not one of the available choices.",
    "“%(pk)s” is not a valid value.",
    "Enter a list of values.",
    "Enter a complete value.",
    # files
    "No file was submitted.",
    "No file was submitted. Check the encoding type on the form.",
    "The submitted file is empty.",
    (
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
    ),
    "Please either submit a file or check the clear checkbox, not both.",
    "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
    "File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s.",
    # rows of the database
    "This field cannot be null.",
    "This field cannot be blank.",
    "Value %(value)r is not a valid choice.",
    "%(model)s instance with %(field)s %(value)r is not a valid choice.",
    "%(model_name)s with this %(field_label)s already exists.",
    "%(model_name)s with this %(field_labels)s already exists.",
    "Constraint “%(name)s” is violated.",
    # accounts and passwords
    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
    "Old password",
    "New password confirmation",
    "Enter the same password as before, for verification.",
    "Your old password was entered incorrectly. Please enter it again.",
    "The two password fields didn’t match.",
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    "The password is too similar to the %(verbose_name)s.",
    "This password is too common.",
    "This password is entirely numeric.",
    (
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    "Your password can’t be too similar to your other personal information.",
    "Your password can’t be a commonly used password.",
    "Your password can’t be entirely numeric.",
)


def main() -> None:
    """Bring both catalogues up to date and write their compiled form beside them."""
    for locale, wanted in (("en", template()), ("zh_Hans", library())):
        catalogue = updated(locale, wanted)
        folder = LOCALE / locale / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "django.po").open("wb") as text:
            write_po(text, catalogue, width=0, sort_output=True, no_location=True)
        with (folder / "django.mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def updated(locale: str, wanted: Catalog) -> Catalog:
    """Return the catalogue with the texts wanted, and what it says of them already."""
    catalogue = read(LOCALE / locale / "LC_MESSAGES" / "django.po", locale)
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.header_comment = HEADER
    return catalogue


def read(path: Path, locale: str) -> Catalog:
    """Return the catalogue of the file; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale=locale, project="Casework", charset="utf-8")
    with path.open("rb") as text:
        return read_po(text, locale=locale)


def library() -> Catalog:
    """Return the texts of the libraries that the site says in words of its own."""
    catalogue = Catalog(project="Casework", charset="utf-8")
    for message in LIBRARY_STRINGS:
        catalogue.add(message)
    return catalogue


def template() -> Catalog:
    """Return every text that code and templates mark, and what the rules rest on."""
    catalogue = Catalog(project="Casework", charset="utf-8")
    for path, text in sources():
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS
        ):
            catalogue.add(message, context=context, locations=[(path, 0)])
    for path, basis in bases():
        catalogue.add(basis, locations=[(path, 0)])
    return catalogue


def bases() -> Iterator[tuple[str, str]]:
    """Yield what each rule of the procedures rests on, with the path of its file."""
    for path in sorted((ROOT / "workflows").rglob("*.toml")):
        document = tomllib.loads(path.read_text())
        rows = [
            row for rows in document.values() if isinstance(rows, list) for row in rows
        ]
        for row in (document, *rows):
            if "basis" in row:
                yield str(path.relative_to(ROOT)), row["basis"]


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
