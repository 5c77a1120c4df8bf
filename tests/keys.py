"""Rings of keys that the tests make: the key of a number is always the same."""

from base64 import b64encode
from hashlib import sha256


def ring_of(*numbers: int) -> str:
    """Return CASEWORK_DATA_KEYS of these numbers."""
    return ",".join(
        f"{number}:{b64encode(sha256(b'%d' % number).digest()).decode()}"
        for number in numbers
    )
