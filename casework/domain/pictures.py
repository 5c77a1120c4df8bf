"""Pictures drawn anew: what is seen stays, everything else a file can carry goes."""

import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

JPEG, PNG = "image/jpeg", "image/png"
#: Pixels of the longer side: an A4 page at some 170 dots an inch.
LONGEST_SIDE = 2000
#: Pixels that are decoded, so that one picture costs less than 200 MB. A baseline JPEG
#: is decoded at a fraction of its size; the decoder of WEBP keeps several copies.
MOST_PIXELS, MOST_BASELINE_PIXELS, MOST_WEBP_PIXELS = 20_000_000, 50_000_000, 8_000_000

_QUALITY = 85
#: A PNG that stays larger than this is a photo and is kept as one, in bytes.
_LARGEST_PNG = 2 * 1024 * 1024
_PLAIN = ("L", "LA", "RGB", "RGBA")
_FORMATS = ("JPEG", "PNG", "WEBP")
#: What Pillow raises for files that are damaged or made to do damage.
_DAMAGE = (
    *(OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError),
    *(struct.error, MemoryError, RuntimeError),
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Unfit(Exception):
    """The picture is not taken; `zh` and `en` go on after its name."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was drawn anew."""

    content_type: str
    content: bytes


def redraw(content: bytes, *, longest: int = LONGEST_SIDE) -> Picture:
    """Return the picture upright, at most `longest` pixels long, as a new JPEG or PNG.

    No EXIF, no place, no comment, no colour profile, no second frame, and nothing that
    stood behind the picture. Raises Unfit for what is damaged or has too many pixels.
    """
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            _measure(opened)
            is_png = opened.format == "PNG"
            opened.draft(None, (longest, longest))
            drawn = _small(opened, longest)
    except _BOMBS as fault:
        raise _too_many(MOST_PIXELS) from fault
    except _DAMAGE as fault:
        raise Unfit(
            "打不开，可能没有传完或者已经损坏。请重新拍照或扫描。",
            "does not open: it is incomplete or damaged. Take or scan it again.",
        ) from fault
    if is_png:
        made = _saved(drawn, "PNG", optimize=True)
        if len(made) <= _LARGEST_PNG:
            return Picture(PNG, made)
    return Picture(JPEG, _saved(_on_white(drawn), "JPEG", quality=_QUALITY))


def _measure(image: Image.Image) -> None:
    width, height = image.size
    most = MOST_WEBP_PIXELS if image.format == "WEBP" else MOST_PIXELS
    if image.format == "JPEG" and not image.info.get("progressive"):
        most = MOST_BASELINE_PIXELS
    if width * height > most:
        raise _too_many(most, width, height)


def _too_many(most: int, width: int = 0, height: int = 0) -> Unfit:
    has = f"{width}×{height}" if width else ""
    return Unfit(
        f"的像素太多（{has or '超大'}），最多{most // 10_000}万像素。请压小后再传。",
        f"has too many pixels ({has or 'huge'}); {most // 1_000_000} million are the"
        " most. Make it smaller.",
    )


def _small(image: Image.Image, longest: int) -> Image.Image:
    """Return the picture small, upright, in one of four modes, and nothing beside it.

    It is made small before anything makes a copy of it: that is what bounds the memory.
    """
    if image.mode not in _PLAIN:
        is_clear = "transparency" in image.info or image.mode in ("PA", "RGBa", "La")
        is_grey = image.mode in ("1", "I", "I;16", "F")
        image = image.convert("RGBA" if is_clear else "L" if is_grey else "RGB")
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(image)
    upright.info = {}
    return upright


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands():
        return image
    paper = Image.new("RGB", image.size, "white")
    seen = image.convert("RGBA")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    made = BytesIO()
    image.save(made, form, **options)
    return made.getvalue()
