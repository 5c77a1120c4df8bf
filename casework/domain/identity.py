"""Identities: of events, in the order in which they came."""

from datetime import datetime
from secrets import randbits
from uuid import UUID

_VERSION = 7
_VARIANT = 0b10
_LOW = 2**62 - 1


def new_uid(moment: datetime) -> UUID:
    """Return a UUID version 7 (RFC 9562): the millisecond first, the rest random."""
    milliseconds = int(moment.timestamp() * 1000)
    chance = randbits(74)
    return UUID(
        int=milliseconds << 80
        | _VERSION << 76
        | (chance >> 62) << 64
        | _VARIANT << 62
        | chance & _LOW
    )
