"""The chain by itself: what it sees, what it cannot see, and no false alarm."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from casework.domain.chain import (
    ZERO,
    Damage,
    Finding,
    Link,
    NotCanonical,
    canonical,
    leaf_hash,
    parse,
    verify,
)

SEED = 20260924
LENGTH = 12
Attack = Callable[[list[Link], random.Random], list[Link]]


def written(length: int, *, salt: int = 0) -> list[Link]:
    """Return a whole chain of so many events."""
    links: list[Link] = []
    for sequence in range(1, length + 1):
        body = canonical(
            {
                "case": "case:7",
                "cseq": sequence,
                "prev": (links[-1].hash if links else ZERO).hex(),
                "act": f"step.{salt}.{sequence}",
                "reason": "补正材料🏗",
            }
        )
        links.append(Link(sequence, body, leaf_hash(body)))
    return links


def findings(links: list[Link], kept: list[Link]) -> list[Finding]:
    """Verify the links against the head and the count of those that were written."""
    head = kept[-1].hash if kept else ZERO
    return list(verify("case:7", links, head=head, count=len(kept)))


@pytest.mark.parametrize("length", [0, 1, 2, 3, 7, 8, 50])
def test_a_whole_chain_is_whole(length: int) -> None:
    for salt in range(10):
        links = written(length, salt=salt)
        assert findings(links, links) == []


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _body(links: list[Link], chance: random.Random) -> list[Link]:
    at = chance.randrange(len(links))
    was = links[at]
    links[at] = Link(was.sequence, _flip(was.body, chance), was.hash)
    return links


def _hash(links: list[Link], chance: random.Random) -> list[Link]:
    at = chance.randrange(len(links))
    was = links[at]
    links[at] = Link(was.sequence, was.body, _flip(was.hash, chance))
    return links


def _body_and_hash(links: list[Link], chance: random.Random) -> list[Link]:
    at = chance.randrange(len(links))
    body = canonical({**parse(links[at].body), "act": "forged"})
    links[at] = Link(links[at].sequence, body, leaf_hash(body))
    return links


def _remove(links: list[Link], chance: random.Random) -> list[Link]:
    del links[chance.randrange(len(links))]
    return links


def _repeat(links: list[Link], chance: random.Random) -> list[Link]:
    at = chance.randrange(len(links))
    return [*links[:at], links[at], *links[at:]]


def _swap(links: list[Link], chance: random.Random) -> list[Link]:
    one, other = sorted(chance.sample(range(len(links)), 2))
    first, second = links[one], links[other]
    links[one] = Link(first.sequence, second.body, second.hash)
    links[other] = Link(second.sequence, first.body, first.hash)
    return links


def _append(links: list[Link], chance: random.Random) -> list[Link]:
    body = canonical({**parse(links[-1].body), "cseq": len(links) + 1})
    return [*links, Link(len(links) + 1, body, leaf_hash(body))]


def _replay(links: list[Link], chance: random.Random) -> list[Link]:
    """An event of another chain of the same length takes the place of its like."""
    at = chance.randrange(len(links))
    links[at] = written(LENGTH, salt=1)[at]
    return links


def _renumber(links: list[Link], chance: random.Random) -> list[Link]:
    gone = chance.randrange(len(links))
    kept = links[:gone] + links[gone + 1 :]
    return [Link(n, link.body, link.hash) for n, link in enumerate(kept, start=1)]


def _tail_anew(links: list[Link], chance: random.Random) -> list[Link]:
    """Everything from one event on is written anew, with right links and hashes."""
    at = chance.randrange(len(links))
    for place in range(at, len(links)):
        previous = links[place - 1].hash if place else ZERO
        body = parse(links[place].body) | {"prev": previous.hex(), "act": "forged"}
        links[place] = Link(place + 1, canonical(body), leaf_hash(canonical(body)))
    return links


ATTACKS: list[Attack] = [
    *(_body, _hash, _body_and_hash, _remove, _repeat, _swap, _append, _replay),
    *(_renumber, _tail_anew),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_attack_is_seen_wherever_it_falls(attack: Attack) -> None:
    chance = random.Random(f"{SEED} {attack.__name__}")
    kept = written(LENGTH)
    for _round in range(200):
        assert findings(attack(list(kept), chance), kept), "not seen"


def test_what_only_a_witness_sees() -> None:
    kept = written(LENGTH)

    dropped = kept[:-1]
    anew = written(LENGTH, salt=1)

    assert findings(dropped, dropped) == [], "the head was set back with it"
    assert findings(anew, anew) == [], "all of it was written anew"
    assert {f.damage for f in findings(dropped, kept)} == {
        Damage.COUNT_DIFFERS,
        Damage.HEAD_DIFFERS,
    }


@pytest.mark.parametrize(
    "record",
    [
        *({"a": 1.0}, {"a": 2**53}, {"A": 1}, {"": 1}, {"a": {1: 2}}, {"a": {1, 2}}),
        *({"a": "\ud800"}, {"a": "x" * 70_000}, {"a": b"x"}),
        {"a": [[[[[[[[[1]]]]]]]]]},
    ],
    ids=lambda record: str(record)[:30].encode("ascii", "replace").decode(),
)
def test_what_has_no_one_way_is_not_written(record: dict[str, Any]) -> None:
    with pytest.raises(NotCanonical):
        canonical(record)


@pytest.mark.parametrize(
    "body",
    [
        *(b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b'{"a":1.0}', b"[1]", b""),
        *(b'{"a":"\\u4e2d"}', b'{"a":NaN}', b'{"a":1e400}', b"\xff", b"[" * 100_000),
        *(b'{"a":"\\ud800"}', b'{"a":01}', b'{"a":1}\n', b"null"),
    ],
)
def test_what_is_written_otherwise_is_not_read(body: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse(body)
