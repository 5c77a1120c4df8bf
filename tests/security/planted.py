"""Numbers planted in applications, and a search for them in whatever leaves the house.

Found in clear, in full-width digits, with blanks or tags in between, escaped, in hex
and in base64.
"""

import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import unquote

from casework.demo.fiction import Fiction
from tests.hardship_aid.files import member

TODAY = date(2026, 9, 24)
#: A household takes so many rows beside the worker's.
MOST = 39

_RUN = re.compile(r"\d{11,}[Xx]?")
_BETWEEN = re.compile(r"(?<=\d)(?:<[^>]*>|[\s\u3000\-])+(?=[\dXx])")
_HEX = re.compile(r"(?=((?:3\d|58|78){11,}))", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{15,}={0,2}", re.ASCII)


@dataclass(slots=True)
class Planted:
    """The numbers of invented households: those nobody reads, and their telephones."""

    numbers: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    def found_in(self, content: str | bytes) -> set[str]:
        """Return the ID and card numbers that the content gives away."""
        return _found(self.numbers, content)

    def phones_in(self, content: str | bytes) -> set[str]:
        """Return the telephones that the content gives away."""
        return _found(self.phones, content)


def household(fiction: Fiction, planted: Planted, *, members: int) -> dict[str, Any]:
    """Return what an invented household fills in, and remember its numbers."""
    worker = fiction.adult(today=TODAY)
    said: dict[str, Any] = {
        "name": worker.name,
        "id_number": worker.id_number,
        "phone": fiction.phone(),
        "card": fiction.card(),
        "members": [],
    }
    for _member in range(members):
        one = fiction.adult(today=TODAY)
        said["members"].append(
            member(
                one.id_number,
                one.name,
                relation="other",
                health="good",
                phone=fiction.phone(),
            )
        )
    people = [said, *said["members"]]
    planted.numbers |= {said["card"], *(each["id_number"] for each in people)}
    planted.phones |= {each["phone"] for each in people}
    return said


def _found(wanted: set[str], content: str | bytes) -> set[str]:
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    found = set[str]()
    for reading in _readings(text):
        for run in _RUN.findall(reading):
            found |= wanted & set(_windows(run.upper(), {len(one) for one in wanted}))
    return found


def _windows(run: str, lengths: Iterable[int]) -> Iterator[str]:
    for length in lengths:
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def _readings(text: str) -> Iterator[str]:
    """Yield the text in every way in which a number can be read out of it."""
    plain = unicodedata.normalize("NFKC", unescape(unquote(text)))
    yield plain
    yield _BETWEEN.sub("", plain)
    if "\\u" in text:
        yield re.sub(r"\\u00(3\d)", lambda hit: chr(int(hit[1], 16)), text)
    for run in _HEX.findall(text):
        yield bytes.fromhex(run[: len(run) // 2 * 2]).decode("latin-1")
    for run in _BASE64.findall(text):
        if run != run.lower():  # a style's name, not base64
            yield from _out_of_base64(run)


def _out_of_base64(run: str) -> Iterator[str]:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        whole = plain[start:]
        whole = whole[: len(whole) // 4 * 4] if len(whole) % 4 == 1 else whole
        yield b64decode(whole + "=" * (-len(whole) % 4)).decode("latin-1")
