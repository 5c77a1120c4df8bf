"""The search for planted numbers finds one in every disguise, or it proves nothing."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest

from tests.security.planted import Planted

NUMBER, CARD, PHONE = "32050819850307002X", "6299912345678901234", "12900006204"
WIDE = NUMBER.translate({ord("0") + n: chr(ord("０") + n) for n in range(10)})
PLANTED = Planted({NUMBER, CARD}, {PHONE})


@pytest.mark.parametrize(
    "disguise",
    [
        NUMBER,
        NUMBER.lower(),
        f"第{NUMBER}号",
        WIDE,
        "320508 19850307 002X",
        "320508-19850307-002X",
        "<b>320508</b><i>19850307</i>\n<u>002X</u>",
        "".join(f"&#{ord(sign)};" for sign in NUMBER),
        "".join(f"\\u{ord(sign):04x}" for sign in NUMBER[:17]) + "X",
        quote(WIDE),
        NUMBER.encode().hex(),
        "ab" + NUMBER.encode().hex() + "0d",
        *(b64encode(b"x" * n + NUMBER.encode()).decode() for n in range(4)),
        urlsafe_b64encode(f'{{"id":"{NUMBER}"}}'.encode()).decode(),
        f"1{NUMBER}2",
    ],
)
def test_a_number_is_found_in_every_disguise(disguise: str) -> None:
    assert PLANTED.found_in(disguise) == {NUMBER}


def test_cards_and_telephones_are_found_too() -> None:
    assert PLANTED.found_in(f"卡{CARD}".encode()) == {CARD}
    assert PLANTED.phones_in("电话 129 0000 6204") == {PHONE}


@pytest.mark.parametrize(
    "harmless", ["3205**********002X", "2026-09-24 10:00", "0027", ""]
)
def test_what_is_masked_is_not_found(harmless: str) -> None:
    assert PLANTED.found_in(harmless) == set()
    assert PLANTED.phones_in(harmless) == set()
