"""PDF files: taken as they are, when they have no script, no attachment, no password.

What is looked for are the names by which a PDF says such things, in the file and in
whatever it keeps compressed. A reader that is made to look elsewhere (a predictor over an
object stream) finds more than this does, so a PDF is never shown, only handed over as a
file (`Content-Disposition: attachment`).
"""

import re
import zlib
from collections.abc import Iterator

START = b"%PDF-"
#: Bytes that are unpacked to look into; a PDF that has more is not taken.
MOST_UNPACKED = 256 * 1024 * 1024

_END, _TAIL = b"%%EOF", 1024
_STEP, _OVERLAP = 1024 * 1024, 64
_ACTIVE = re.compile(
    rb"/(?:JavaScript|EmbeddedFiles?|Launch|RichMedia|SubmitForm|ImportData|GoToE"
    rb"|Rendition)(?![A-Za-z0-9])|/XFA\s*(?:\[|\d+\s+\d+\s+R)"
)
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z0-9])")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


class Unfit(Exception):
    """The PDF is not taken; `zh` and `en` go on after its name."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def pages_of(content: bytes) -> int:
    """Return how many pages the PDF says it has, at least 1.

    Raises Unfit for a PDF with a script, an attachment or a password, one that is cut
    off, and one that unpacks to more than MOST_UNPACKED bytes.
    """
    if _END not in content[-_TAIL:]:
        raise Unfit(
            "不完整，可能没有传完。请重新导出再传。",
            "is incomplete. Export it again.",
        )
    if _LOCKED.search(_spelled(content)):
        raise Unfit(
            "有密码或使用限制。请去掉密码再传。",
            "has a password or restrictions. Remove them and send it again.",
        )
    pages = 0
    for part in _parts(content):
        plain = _spelled(part)
        if _ACTIVE.search(plain):
            raise Unfit(
                "里有脚本、附件或表单程序，不能收。请打印成新的PDF再传。",
                "has a script, an attachment or an active form. Print it to a new PDF"
                " and send that.",
            )
        pages += len(_PAGE.findall(plain))
    return max(pages, 1)


def _spelled(text: bytes) -> bytes:
    """Return the text with names as they are read: `/J#61vaScript` is `/JavaScript`."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), text)


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield the file, and what its streams unpack to, a piece at a time."""
    yield content
    left = MOST_UNPACKED
    for found in _STREAM.finditer(content):
        for piece in _unpacked(content, found.end()):
            left -= len(piece)
            if left < 0:
                raise Unfit(
                    "解开以后太大，不能收。请降低清晰度，重新扫描或导出。",
                    "unpacks to too much. Scan or export it again at a lower quality.",
                )
            yield piece


def _unpacked(content: bytes, start: int) -> Iterator[bytes]:
    """Yield what is packed from `start` on, each piece with the end of the one before."""
    packed, unpacker, kept = content[start : start + _STEP], zlib.decompressobj(), b""
    try:
        while packed and not unpacker.eof:
            piece = unpacker.decompress(packed, _STEP)
            if piece:
                yield kept + piece
                kept = piece[-_OVERLAP:]
            packed = unpacker.unconsumed_tail
            if not packed:
                start += _STEP
                packed = content[start : start + _STEP]
    except zlib.error:
        return  # a stream that is packed another way, or not at all: seen as it stands
