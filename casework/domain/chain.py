"""The chain that proves a history: canonical records, their hashes, and the verifier.

An event is kept as the exact bytes that were hashed. Each names the hash of the event
before it in the same chain, so that nothing in the middle can be changed, removed or
swapped without the next link breaking; the head is kept apart, with the case. What a
chain alone cannot see is said in `verify`. (audit.md 2.1, 2.2, 2.3)
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

ZERO = bytes(32)
MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
MAX_INTEGER = 2**53

_LEAF = b"\x00"
_KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


class NotCanonical(ValueError):
    """The record holds something that has no one way of being written."""


def canonical(record: Mapping[str, Any]) -> bytes:
    """Return the one way in which the record is written: RFC 8785, restricted.

    Objects with keys of `[a-z0-9_]`, arrays, strings, booleans, null and integers below
    2^53; no floats (money is integer fen), no lone surrogates, at most 8 deep and 64 KiB.
    Within this subset Python's sorted, compact JSON equals RFC 8785 byte for byte.

    Raises NotCanonical, naming the path, for anything else.
    """
    if fault := _fault(record, depth=1):
        raise NotCanonical(f"record{fault}")
    try:
        body = _encode(record).encode()
    except UnicodeEncodeError as problem:
        raise NotCanonical("a text holds half of a surrogate pair") from problem
    if len(body) > MAX_BYTES:
        raise NotCanonical(f"the record has {len(body)} bytes; {MAX_BYTES} is the most")
    return body


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False
).encode


def _fault(value: object, *, depth: int) -> str:
    """Return where below the value something has no one form, and what; else nothing."""
    match value:
        case str() | None | bool():
            return ""
        case int():
            is_small = -MAX_INTEGER < value < MAX_INTEGER
            return "" if is_small else ": the integer is not below 2^53"
        case dict() | list() if depth > MAX_DEPTH:
            return f": deeper than {MAX_DEPTH}"
        case dict():
            for key, inner in value.items():
                if not _is_key(key):
                    return f": the key {key!r} is not [a-z0-9_]"
                if inner is None or type(inner) is str:
                    continue
                if fault := _fault(inner, depth=depth + 1):
                    return f".{key}{fault}"
            return ""
        case list():
            for index, inner in enumerate(value):
                if fault := _fault(inner, depth=depth + 1):
                    return f"[{index}]{fault}"
            return ""
        case _:
            return f": {type(value).__name__} has no canonical form"


@lru_cache(maxsize=1024)
def _is_key(key: object) -> bool:
    return isinstance(key, str) and bool(key) and not set(key) - _KEY_CHARACTERS


def parse(body: bytes) -> dict[str, Any]:
    """Read a body back; raises NotCanonical unless it is written the one way."""
    try:
        record = json.loads(body, object_pairs_hook=_without_duplicates)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise NotCanonical("the body is not JSON") from problem
    if not isinstance(record, dict) or canonical(record) != body:
        raise NotCanonical("the body is not written canonically")
    return record


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise NotCanonical("a key stands twice")
    return record


def leaf_hash(body: bytes) -> bytes:
    """Return the 32 bytes that stand for the event in its chain (RFC 6962 leaf)."""
    return hashlib.sha256(_LEAF + body).digest()


def commitment(*, key: bytes, field: str, salt: bytes, value: str) -> str:
    """Return the hex digest that commits to a sensitive value without revealing it.

    A plain hash of an ID number could be found by trying them all; without the case's
    key, destroyed on erasure (PIPL 47), this one says nothing.
    """
    text = b"\x1f".join((field.encode(), salt, value.encode()))
    return hmac.digest(key, text, "sha256").hex()


def instant(moment: datetime) -> str:
    """Write a moment as the chain does: UTC, six digits, Z.

    Raises ValueError for a moment without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("the moment has no time zone")
    there = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{there.isoformat(timespec='microseconds')}Z"


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event as the verifier sees it."""

    sequence: int
    body: bytes
    hash: bytes


class Damage(StrEnum):
    """What kind of harm a chain shows."""

    BODY_CHANGED = "body_changed"  # the bytes do not give the stored hash
    NOT_CANONICAL = "not_canonical"
    LINK_BROKEN = "link_broken"  # the event names another predecessor
    EVENT_MISSING = "event_missing"
    EVENT_TWICE = "event_twice"
    FOREIGN_EVENT = "foreign_event"  # the body says another chain or place
    FOREIGN_LOG = "foreign_log"  # of another site, or of a later life of this one
    HEAD_DIFFERS = "head_differs"  # the end of the chain is not the head that is kept
    COUNT_DIFFERS = "count_differs"
    COLUMN_DIFFERS = "column_differs"  # a column of the row says other than the body
    CHAIN_UNKNOWN = "chain_unknown"  # events of a case or unit that is not there
    OUTBOX_MISSING = "outbox_missing"  # nobody will be told of the event
    ACT_MISSING = "act_missing"  # the event tells of an act that is not there
    ACT_UNTOLD = "act_untold"  # an act that no event tells of
    ACT_DIFFERS = "act_differs"  # a column of the act says other than its event
    DATA_CHANGED = "data_changed"  # the act's data are not those committed to
    CASE_DIFFERS = "case_differs"  # the case's row is not as its events leave it


@dataclass(frozen=True, slots=True)
class Finding:
    """One damage: in which chain, at which event, of what kind.

    `detail` holds names and numbers only, for whoever makes a sentence of it.
    """

    chain: str
    sequence: int
    damage: Damage
    detail: str


#: What else has to hold of an event whose body could be read.
Check = Callable[[Link, Mapping[str, Any]], Iterable[Finding]]


def verify(
    chain: str,
    links: Iterable[Link],
    *,
    head: bytes,
    count: int,
    check: Check | None = None,
) -> Iterator[Finding]:
    """Walk a chain in the order of its sequence numbers and yield what is wrong.

    `head` and `count` are what is kept apart from the events; `check` may find more in
    each event. A chain whose last events were dropped *and* whose head was set back to
    match is whole to this eye, and so is one that was written anew from the start: only
    a witness outside sees those.
    """
    previous: bytes | None = ZERO
    expected = 1
    for link in links:
        if link.sequence < expected:
            yield Finding(chain, link.sequence, Damage.EVENT_TWICE, "")
            continue
        if link.sequence > expected:
            gone = f"{expected}-{link.sequence - 1}"
            yield Finding(chain, expected, Damage.EVENT_MISSING, gone)
            previous = None
        yield from _verify_link(chain, link, previous, check)
        previous, expected = link.hash, link.sequence + 1
    if expected - 1 != count:
        told = f"{expected - 1}/{count}"
        yield Finding(chain, expected - 1, Damage.COUNT_DIFFERS, told)
    if previous != head:
        yield Finding(chain, expected - 1, Damage.HEAD_DIFFERS, "")


def _verify_link(
    chain: str, link: Link, previous: bytes | None, check: Check | None
) -> Iterator[Finding]:
    if leaf_hash(link.body) != link.hash:
        yield Finding(chain, link.sequence, Damage.BODY_CHANGED, "")
    try:
        record = parse(link.body)
    except NotCanonical as problem:
        yield Finding(chain, link.sequence, Damage.NOT_CANONICAL, str(problem))
        return
    place = record.get("case"), record.get("cseq")
    if place != (chain, link.sequence):
        told = f"{place[0]} {place[1]}"
        yield Finding(chain, link.sequence, Damage.FOREIGN_EVENT, told)
    # What stood before a gap is not there to be compared with.
    if previous is not None and record.get("prev") != previous.hex():
        yield Finding(chain, link.sequence, Damage.LINK_BROKEN, "")
    if check is not None:
        yield from check(link, record)
