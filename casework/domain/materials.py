"""Papers and photos as they are taken in: what a file is, by its content alone.

A name and a declared type are the sender's word and decide nothing. Pictures are drawn
anew, so that nothing of a file but what is seen gets in; a PDF comes in as it is, or not
at all.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from uuid import UUID

from casework.domain import pdfs, pictures
from casework.domain.deadlines import Sentence
from casework.domain.errors import Invalid

MEGABYTE = 1024 * 1024
#: Bytes of one file, bytes and files of one form.
LARGEST_FILE, LARGEST_FORM, MOST_FILES = 10 * MEGABYTE, 30 * MEGABYTE, 20
#: Bytes of a name in UTF-8, its ending included: what file systems hold.
LONGEST_NAME = 255

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
PICTURES = frozenset({JPEG, PNG})
PAPERS = PICTURES | {PDF}

_ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
_ALIKE = re.compile(r"\.(?:jpe?g|png|webp|pdf)$", re.IGNORECASE)
_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class BadFile(Invalid):
    """The file is not taken in; the sentence names it and says what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(Sentence(zh, en))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it is kept: its bytes, and what they are."""

    name: str
    content_type: str
    pages: int
    content: bytes = field(repr=False)
    #: The material that keeps these bytes already, when several acts share a file.
    kept_as: UUID | None = None

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """The digest of the bytes that are kept, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def renamed(self, name: str) -> str:
        """Return the name with the ending of what the file is."""
        return _named(clean_name(name), self.content_type)


def read(name: str, content: bytes) -> Upload:
    """Take a file in: a picture drawn anew (EXIF gone, upright), a PDF without scripts.

    Raises BadFile with a sentence that names the file.
    """
    shown = clean_name(name)
    if not content:
        raise BadFile(
            f"“{shown}”是空文件。请重新选择。",
            f"“{shown}” is empty. Choose the file again.",
        )
    if len(content) > LARGEST_FILE:
        raise too_large(name, len(content))
    try:
        if content.startswith(pdfs.START):
            pages = pdfs.pages_of(content)
            return Upload(_named(shown, PDF), PDF, pages, content)
        if content.startswith(_PICTURE_STARTS) or _is_webp(content):
            drawn = pictures.redraw(content)
            return Upload(
                _named(shown, drawn.content_type), drawn.content_type, 1, drawn.content
            )
    except (pdfs.Unfit, pictures.Unfit) as fault:
        raise BadFile(f"“{shown}”{fault.zh}", f"“{shown}” {fault.en}") from fault
    raise BadFile(
        f"“{shown}”既不是照片（JPG、PNG、WEBP），也不是PDF。请转成其中一种再传。",
        f"“{shown}” is neither a picture (JPG, PNG, WEBP) nor a PDF. Convert it to one"
        " of them.",
    )


def too_large(name: str, size: int, most: int = LARGEST_FILE) -> BadFile:
    """Return the refusal of a file of `size` bytes where `most` may be."""
    shown, has, limit = clean_name(name), _told(size), _told(most)
    return BadFile(
        f"“{shown}”有{has}，每个文件最多{limit}。请压小或分开后再传。",
        f"“{shown}” has {has}; a file may have {limit}. Make it smaller or split it.",
    )


def too_much(name: str) -> BadFile:
    """Return the refusal of a file with which the form becomes too large."""
    shown, limit = clean_name(name), _told(LARGEST_FORM)
    return BadFile(
        f"加上“{shown}”，这张表单的文件超过了{limit}。请压小，或者分几次传。",
        f"With “{shown}” the files of this form exceed {limit}. Make them smaller or"
        " send them in several steps.",
    )


def clean_name(name: str) -> str:
    """Return the name without folders and without signs that do not show or turn text."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign for sign in last
    )
    shown = " ".join(kept.split()).strip(". ")
    return _short(shown, LONGEST_NAME) or "file"


def _named(shown: str, content_type: str) -> str:
    """Return the name with the ending of what it is, instead of any other picture's."""
    ending = _ENDINGS[content_type]
    stem = _ALIKE.sub("", shown) or "file"
    return _short(stem, LONGEST_NAME - len(ending)) + ending


def _short(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _told(size: int) -> str:
    if size < MEGABYTE:
        return f"{-(-size // 1024)} kB"
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"
