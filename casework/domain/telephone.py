"""Telephone numbers: what one looks like, in the one way in which it is kept."""

import re
import unicodedata

import phonenumbers

from casework.domain.deadlines import Sentence
from casework.domain.errors import Invalid
from casework.domain.sealing import canonical

#: Numbers of the public services, which no numbering plan of subscribers has.
SERVICE_NUMBERS = frozenset({"110", "12333", "12345", "12348", "12351"})
# New series of mobile numbers come faster than any table of them: eleven digits will do.
_MOBILE = re.compile(r"1[3-9]\d{9}|12\d{9}", re.ASCII)


class InvalidTelephone(Invalid):
    """That is no telephone number; the sentence says how one is written."""

    def __init__(self) -> None:
        told = Sentence(
            "电话号码不对。手机填11位；座机带区号，如0512-65201234。",
            "That is no telephone number. A mobile has 11 digits; a landline needs its"
            " area code, such as 0512-65201234.",
        )
        super().__init__(told, field="phone")


def read(text: str) -> str:
    """Return the number in digits, a foreign one with its `+`; raises InvalidTelephone."""
    digits = canonical(text)
    plain = unicodedata.normalize("NFKC", text).strip()
    is_foreign = plain.startswith("+") and not plain.startswith("+86")
    if is_foreign:
        return _by_plan(plain)
    if digits in SERVICE_NUMBERS or _MOBILE.fullmatch(digits):
        return digits
    return _by_plan(plain)


def _by_plan(text: str) -> str:
    """Read the number by the numbering plan of its country."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as fault:
        raise InvalidTelephone from fault
    if not phonenumbers.is_valid_number(number):
        raise InvalidTelephone
    if number.country_code != 86:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.NATIONAL
    )
    return canonical(national)
