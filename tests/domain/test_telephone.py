"""Telephone numbers as people write them, and what is none."""

import pytest

from casework.domain import telephone
from casework.domain.telephone import InvalidTelephone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("129 0000 6204", "12900006204"),
        ("１３８１２３４６２０４", "13812346204"),
        ("+86 138 1234 6204", "13812346204"),
        ("0512-65201234", "051265201234"),
        ("(0512) 6520 1234", "051265201234"),
        ("+86 512 65201234", "051265201234"),
        ("400-123-4567", "4001234567"),
        ("12351", "12351"),
        ("12345", "12345"),
        ("12333", "12333"),
        ("110", "110"),
        ("+852 2123 4567", "+85221234567"),
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_a_number_is_kept_in_digits(typed: str, kept: str) -> None:
    assert telephone.read(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "abc", "65201234", "138123462", "1381234620455", "0512-1", "+999 1"]
)
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidTelephone, match="0512-65201234") as refusal:
        telephone.read(typed)
    assert refusal.value.field == "phone"
