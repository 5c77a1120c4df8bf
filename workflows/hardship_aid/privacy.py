"""The privacy notice that is shown before anything is asked (P-03): text and version."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_FILE = Path(__file__).with_name("privacy_notice.toml")


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the notice and what stands below it, in both languages."""

    heading: str
    heading_en: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of the notice; the case keeps the version that was shown."""

    version: str
    title: str
    title_en: str
    sections: tuple[Section, ...]


def shown() -> SafeString:
    """Return the notice in force as the form shows it, in the reader's language."""
    told, is_english = notice(), (get_language() or "").startswith("en")
    return render_to_string(
        "hardship_aid/forms/notice.html",
        {
            "notice": told,
            "title": told.title_en if is_english else told.title,
            "sections": [
                (each.heading_en, each.text_en)
                if is_english
                else (each.heading, each.text)
                for each in told.sections
            ],
        },
    )


@cache
def notice() -> Notice:
    """Return the notice in force."""
    document = tomllib.loads(_FILE.read_text("utf-8"))
    return Notice(
        version=document["version"],
        title=document["title"],
        title_en=document["title_en"],
        sections=tuple(Section(**section) for section in document["section"]),
    )
