"""Sealing: personal data that only this site's keys open, and marks to find it by.

A sealed value says by which algorithm and key it was sealed, and opens only at the place
it was sealed for (`casework_party.phone:<id>`): copied to another row or column it is
refused. A mark is a keyed digest: equal texts have equal marks, and nothing else of a
text can be told from one.
"""

import hmac
import re
import secrets
import unicodedata
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: The length of a key, and of a mark, in bytes.
KEY_BYTES = MARK_BYTES = 32
AES_256_GCM = 1

_HEADER = Struct(">BH")  # algorithm, key version
_NONCE_BYTES, _TAG_BYTES = 12, 16
_LARGEST_VERSION = 0xFFFF


class SealError(Exception):
    """A sealed value cannot be opened; nothing is known of what it holds."""


class UnknownKey(SealError):
    """It was sealed with a key that the ring does not have."""


class BrokenSeal(SealError):
    """It is damaged, or was sealed for another place or by another site's key."""


class BadKeys(ValueError):
    """The keys of the settings cannot be used; the sentence says what to do."""


class Scope(StrEnum):
    """What a mark is of: equal numbers of different kinds have different marks."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    CARD = "card"


def canonical(text: str) -> str:
    """Return the one way of writing a number: `129 0000-6204` and `+86129…` are one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"^(?:\+|00)86(?=\D*1\d)", "", plain)
    return "".join(sign for sign in plain if sign.isalnum()).upper()


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The keys of a site: those that open what was sealed, the newest of which seals."""

    keys: Mapping[int, bytes]
    index_key: bytes

    @classmethod
    def read(cls, data_keys: str, index_key: str) -> "KeyRing":
        """Return the ring of `1:base64,2:base64` and `base64`, each key of 32 bytes.

        Raises BadKeys with a sentence for anything else.
        """
        keys = dict(_numbered(part) for part in data_keys.split(","))
        if len(keys) < data_keys.count(",") + 1:
            raise BadKeys("CASEWORK_DATA_KEYS has two keys of one number.")
        if list(keys) != sorted(keys):
            raise BadKeys("CASEWORK_DATA_KEYS is not in order. The newest key is last.")
        index = _key("CASEWORK_INDEX_KEY", index_key)
        if index in keys.values():
            raise BadKeys("CASEWORK_INDEX_KEY is a data key. Make a key of its own.")
        return cls(keys=keys, index_key=index)

    @property
    def newest(self) -> int:
        """The version of the key that seals."""
        return max(self.keys)

    def seal(self, text: str, place: str) -> bytes:
        """Return the text sealed with the newest key, to be opened at the place only."""
        return self.seal_bytes(text.encode(), place)

    def open(self, sealed: bytes, place: str) -> str:
        """Return the text that was sealed for the place.

        Raises UnknownKey, or BrokenSeal when bytes, place or key are not those of then.
        """
        return self.open_bytes(sealed, place).decode()

    def seal_bytes(self, content: bytes, place: str) -> bytes:
        """Return the content sealed, as `seal` does a text."""
        header = _HEADER.pack(AES_256_GCM, self.newest)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = AESGCM(self.keys[self.newest])
        told = header + place.encode()
        return header + nonce + cipher.encrypt(nonce, content, told)

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """Return the content that was sealed for the place; raises as `open` does."""
        version = version_of(sealed)
        if version not in self.keys:
            raise UnknownKey(f"{place}: sealed with key {version}, which is not here")
        header, body = sealed[: _HEADER.size], sealed[_HEADER.size :]
        nonce, rest = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
        try:
            return AESGCM(self.keys[version]).decrypt(
                nonce, rest, header + place.encode()
            )
        except InvalidTag as fault:
            raise BrokenSeal(f"{place}: does not open") from fault

    def index(self, text: str, scope: Scope) -> bytes:
        """Return the mark of a number, 32 bytes: the same for every way of writing it."""
        told = f"{scope}\0{canonical(text)}".encode()
        return hmac.digest(self.index_key, told, "sha256")


def version_of(sealed: bytes) -> int:
    """Return the version of the key that sealed it; raises BrokenSeal."""
    if len(sealed) < _HEADER.size + _NONCE_BYTES + _TAG_BYTES:
        raise BrokenSeal("too short for a sealed value")
    algorithm, version = _HEADER.unpack_from(sealed)
    if algorithm != AES_256_GCM:
        raise BrokenSeal(f"no algorithm has the number {algorithm}")
    return int(version)


def header_of(version: int) -> bytes:
    """Return how everything begins that the key of this version seals."""
    return _HEADER.pack(AES_256_GCM, version)


def _numbered(part: str) -> tuple[int, bytes]:
    number, colon, text = part.strip().partition(":")
    if not colon or not re.fullmatch(r"[1-9]\d{0,4}", number, re.ASCII):
        raise BadKeys(
            "CASEWORK_DATA_KEYS is written 1:key,2:key, each key with its number."
        )
    if int(number) > _LARGEST_VERSION:
        raise BadKeys(f"CASEWORK_DATA_KEYS: no number is above {_LARGEST_VERSION}.")
    return int(number), _key(f"CASEWORK_DATA_KEYS, key {number}", text)


def _key(name: str, text: str) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except NotBase64:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadKeys(
            f"{name} is not {KEY_BYTES} bytes in base64. Make one: "
            'python3 -c "import base64, secrets; '
            'print(base64.b64encode(secrets.token_bytes(32)).decode())".'
        )
    return key
