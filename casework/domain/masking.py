"""What others see of personal data: enough to tell two apart, not enough to use it."""

import re
import unicodedata

from casework.domain import surnames

STAR = "*"
#: What stands for everything below the street.
_HIDDEN = "***"
_STREET = re.compile(r"^.*?(?:街道|镇|乡|苏木)")
_COUNTY = re.compile(r"^.*(?:区|县|旗|市)")
#: What may be an ID number, a card number or a mobile, in whatever digits and groups.
_NUMBERS = re.compile(
    r"(?<!\d)(?:\d(?:[ \-]?\d){15,18}[XxＸｘ]?|1\d{2}[ \-]?\d{4}[ \-]?\d{4})(?!\d)"
)


def name(text: str) -> str:
    """Keep the first and the last character: `蒋*民`; of two, the first: `陶*`."""
    if len(text) < 3:
        return text[:1] + STAR
    return text[0] + STAR * (len(text) - 2) + text[-1]


def surname_only(text: str) -> str:
    """Keep the surname, as lists for the public do: `蒋**`, `欧阳*` (domain.md P-10)."""
    kept = len(surnames.surname_of(text))
    return text[:kept] + STAR * max(len(text) - kept, 1)


def number(text: str) -> str:
    """Keep the first and the last four of an ID or card number: `3205**********1239`."""
    if len(text) < 12:
        return STAR * len(text)
    return text[:4] + STAR * (len(text) - 8) + text[-4:]


def phone(text: str) -> str:
    """Keep the first three and the last four digits of a telephone: `129****6204`."""
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) < 10:
        return STAR * len(digits)
    return digits[:3] + STAR * (len(digits) - 7) + digits[-4:]


def address(text: str) -> str:
    """Keep an address down to the street, or to the county where none is named."""
    kept = _STREET.match(text) or _COUNTY.match(text)
    return (kept.group() if kept else "") + _HIDDEN if text else ""


def in_text(text: str) -> str:
    """Mask whatever may be an ID number, a card number or a mobile in a running text.

    For texts that people read who have nothing to do with the case: log lines, the
    addresses of refused requests. Rather too much is masked than too little.
    """
    return _NUMBERS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", found.group())
    signs = "".join(sign for sign in plain if sign.isalnum())
    return number(signs) if len(signs) > 11 else phone(signs)
