"""The key ring: what opens, what does not, and what equal marks say."""

from base64 import b64encode
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.sealing import (
    BadKeys,
    BrokenSeal,
    KeyRing,
    Scope,
    UnknownKey,
    canonical,
    header_of,
    version_of,
)
from tests import keys

INDEX = b64encode(b"i" * 32).decode()
PLACE = "casework_party.id_number:0192"


def ring(*numbers: int) -> KeyRing:
    return KeyRing.read(keys.ring_of(*numbers), INDEX)


@given(st.text(), st.text(max_size=40))
def test_what_is_sealed_opens_at_its_place_and_at_no_other(
    text: str, place: str
) -> None:
    sealed = ring(1).seal(text, place)

    assert ring(1).open(sealed, place) == text
    with pytest.raises(BrokenSeal):
        ring(1).open(sealed, place + " ")


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({ring(1).seal("张三", PLACE) for _ in range(100)}) == 100


def test_every_bit_of_a_sealed_value_counts() -> None:
    sealed = ring(1, 2).seal("320508199003071239", PLACE)

    for damaged in _flipped(sealed):
        with pytest.raises((BrokenSeal, UnknownKey)):
            ring(1, 2).open(damaged, PLACE)


def test_a_shortened_value_is_broken() -> None:
    sealed = ring(1).seal("张三", PLACE)

    for length in range(len(sealed)):
        with pytest.raises(BrokenSeal):
            ring(1).open(sealed[:length], PLACE)


def test_the_newest_key_seals_and_older_ones_open() -> None:
    old = ring(1).seal("张三", PLACE)
    both = ring(1, 2)

    assert both.open(old, PLACE) == "张三"
    anew = both.seal("张三", PLACE)
    assert (version_of(old), version_of(anew)) == (1, 2)
    assert anew.startswith(header_of(2))
    with pytest.raises(UnknownKey, match="key 2"):
        ring(1).open(anew, PLACE)


def test_another_key_of_the_same_number_opens_nothing() -> None:
    other = KeyRing.read(f"1:{b64encode(b'o' * 32).decode()}", INDEX)

    with pytest.raises(BrokenSeal):
        other.open(ring(1).seal("张三", PLACE), PLACE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("129 0000 6204", "12900006204"),
        ("＋86 129-0000-6204", "12900006204"),
        ("0086 12900006204", "12900006204"),
        ("0512-6520 1234", "051265201234"),
        ("11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ"),
        ("6222 0211 0201 2345 678", "6222021102012345678"),
    ],
)
def test_ways_of_writing_one_number_have_one_mark(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)
    for scope in Scope:
        assert ring(1).index(one, scope) == ring(2).index(other, scope)


def test_a_mark_tells_kinds_and_sites_apart() -> None:
    text = "12900006204"
    marks = {
        each.index(text, scope)
        for each, scope in product(
            (ring(1), KeyRing.read(keys.ring_of(1), b64encode(b"j" * 32).decode())),
            Scope,
        )
    }

    assert len(marks) == 6
    assert {len(mark) for mark in marks} == {32}


@pytest.mark.parametrize(
    ("data", "index", "sentence"),
    [
        ("", INDEX, "written 1:key"),
        ("1", INDEX, "written 1:key"),
        ("0:" + INDEX, INDEX, "written 1:key"),
        ("1:short", INDEX, "key 1 is not 32 bytes"),
        (keys.ring_of(2, 1), INDEX, "newest key is last"),
        (keys.ring_of(1, 1), INDEX, "two keys of one number"),
        (keys.ring_of(65536), INDEX, "above 65535"),
        (keys.ring_of(1), "", "CASEWORK_INDEX_KEY is not"),
        (f"1:{INDEX}", INDEX, "Make a key of its own"),
    ],
)
def test_bad_keys_are_refused_with_a_sentence(
    data: str, index: str, sentence: str
) -> None:
    with pytest.raises(BadKeys, match=sentence):
        KeyRing.read(data, index)


def test_a_ring_does_not_print_its_keys() -> None:
    assert "bytes" not in repr(ring(1))
    assert "index_key" not in repr(ring(1))


def _flipped(sealed: bytes) -> Iterator[bytes]:
    for at in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[at] ^= 1 << bit
            yield bytes(changed)
