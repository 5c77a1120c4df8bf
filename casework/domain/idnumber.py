"""The citizen's ID number (GB 11643-1999): what makes one right, and what it says."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from casework.domain import masking
from casework.domain.deadlines import Sentence
from casework.domain.errors import Invalid
from casework.domain.vocabulary import Sex

#: The provinces, and 81, 82 and 83 of the residence permits for people of Hong Kong,
#: Macau and Taiwan (国办发〔2018〕81号). The county is no ground for a refusal: it was
#: given at birth or at registration and may be long gone.
PROVINCES = frozenset(
    f"{code}"
    for region in (
        range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55),
        range(61, 66), (71, 81, 82, 83),
    )
    for code in region
)  # fmt: skip
OLDEST = 130  # years: the age that nobody has reached

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class InvalidIdNumber(Invalid):
    """The ID number is wrong; the sentence says what of it, never the number itself."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(Sentence(zh, en), field="id_number")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A right ID number: 18 characters, half-width, the last perhaps a capital X."""

    text: str

    @classmethod
    def read(cls, text: str, *, on: date) -> "IdNumber":
        """Return the number as it was typed or pasted, full-width or with blanks.

        Raises InvalidIdNumber for what cannot be one on the day.
        """
        plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
        _must_look_right(plain)
        number = cls(plain)
        number._must_be_born(on)
        if check_character(plain[:17]) != plain[17]:
            raise InvalidIdNumber(
                "身份证号码的校验码（最后一位）不对，有一位填错了。请对照证件逐位核对。",
                "The check character (the last one) of the ID number is wrong: one of"
                " the digits is not right. Compare them with the card one by one.",
            )
        return number

    @property
    def birth_date(self) -> date:
        """The day of birth."""
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> Sex:
        """Odd for men, even for women."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE

    @property
    def masked(self) -> str:
        """The first and the last four: `3205**********1239`."""
        return masking.number(self.text)

    def age(self, *, on: date) -> int:
        """Return the full years on the day."""
        born = self.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def _must_be_born(self, on: date) -> None:
        try:
            born = self.birth_date
        except ValueError:
            raise InvalidIdNumber(
                "身份证号码第7到14位不是一个真实的出生日期。请对照证件核对。",
                "Digits 7 to 14 of the ID number are no real date of birth. Compare"
                " them with the card.",
            ) from None
        if born > on:
            raise InvalidIdNumber(
                "身份证号码里的出生日期在今天以后。请对照证件核对第7到14位。",
                "The date of birth in the ID number is still to come. Compare digits 7"
                " to 14 with the card.",
            )
        if self.age(on=on) >= OLDEST:
            raise InvalidIdNumber(
                f"按身份证号码算已满{OLDEST}岁。请对照证件核对第7到14位。",
                f"By the ID number the age is {OLDEST} or more. Compare digits 7 to 14"
                " with the card.",
            )


def check_character(digits: str) -> str:
    """Return the check character of the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(
        weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)
    )
    return _CHECKS[total % 11]


def _must_look_right(plain: str) -> None:
    if not plain:
        raise InvalidIdNumber("请填写身份证号码。", "Fill in the ID number.")
    if re.fullmatch(r"\d{15}", plain, re.ASCII):
        raise InvalidIdNumber(
            "这是15位的旧号码，已经停用。请按现在的身份证填18位号码。",
            "This is an old number of 15 digits, no longer in use. Fill in the 18"
            " characters of the present ID card.",
        )
    if re.fullmatch(r"9\d{17}", plain, re.ASCII):
        raise InvalidIdNumber(
            "这是外国人永久居留身份证的号码，不能填在这里：本系统只登记居民身份证和港澳台"
            "居民居住证的号码。请先收下纸质材料，报县级帮扶中心另行登记。",
            "This is the number of a foreigner's permanent residence card, which cannot"
            " be filled in here: this system takes the numbers of residents' ID cards and"
            " of residence permits for people of Hong Kong, Macau and Taiwan only. Take"
            " the papers and report to the county's centre, which registers it apart.",
        )
    if not re.fullmatch(r"\d*X?", plain, re.ASCII):
        raise InvalidIdNumber(
            "身份证号码只有数字，最后一位可以是X；护照等其他证件的号码不能填在这里。没有居民"
            "身份证或者港澳台居民居住证的，请先收下纸质材料，报县级帮扶中心另行登记。",
            "An ID number has digits only, and perhaps an X at the end; the number of a"
            " passport or another document cannot be filled in here. For who has neither a"
            " resident's ID card nor a residence permit for people of Hong Kong, Macau and"
            " Taiwan, take the papers and report to the county's centre, which registers it"
            " apart.",
        )
    if len(plain) != 18:
        raise InvalidIdNumber(
            f"身份证号码应是18位，现在是{len(plain)}位。请对照证件核对。",
            f"An ID number has 18 characters; this one has {len(plain)}. Compare it"
            " with the card.",
        )
    if plain[:2] not in PROVINCES:
        raise InvalidIdNumber(
            f"身份证号码开头的{plain[:2]}不是省级代码。请对照证件核对前两位。",
            f"The ID number begins with {plain[:2]}, which is no province. Compare the"
            " first two digits with the card.",
        )
