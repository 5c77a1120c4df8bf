"""ID numbers: what is one, what is none, and what it says (GB 11643-1999).

Python-stdnum is the oracle of the check character; of the rest it is not: it refuses
numbers of districts younger than their holder and takes births of 2099 (trap 5).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from casework.domain.idnumber import (
    PROVINCES,
    IdNumber,
    InvalidIdNumber,
    check_character,
)
from casework.domain.vocabulary import Sex

TODAY = date(2026, 11, 23)


def made(county: str, born: str, order: str = "123") -> str:
    digits = county + born + order
    return digits + check_character(digits)


DIGITS = st.text("0123456789", min_size=17, max_size=17)
NUMBERS = st.builds(
    made,
    st.builds(
        str.__add__,
        st.sampled_from(sorted(PROVINCES)),
        st.text("0123456789", min_size=4, max_size=4),
    ),
    st.dates(date(1897, 1, 1), TODAY).map(lambda day: f"{day:%Y%m%d}"),
    st.integers(0, 999).map("{:03d}".format),
)


@given(DIGITS)
def test_the_check_character_is_that_of_stdnum(digits: str) -> None:
    assert check_character(digits) == ric.calc_check_digit(digits + "0")


@given(NUMBERS)
def test_every_right_number_is_taken_and_read(text: str) -> None:
    number = IdNumber.read(text, on=TODAY)

    assert number.text == text
    assert f"{number.birth_date:%Y%m%d}" == text[6:14]
    assert number.sex is (Sex.MALE if text[16] in "13579" else Sex.FEMALE)
    assert number.masked == f"{text[:4]}**********{text[14:]}"


@given(NUMBERS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(text: str, place: int, by: int) -> None:
    if text[place] == "X":
        return
    wrong = text[:place] + str((int(text[place]) + by) % 10) + text[place + 1 :]

    with pytest.raises(InvalidIdNumber):
        IdNumber.read(wrong, on=TODAY)


@given(NUMBERS, st.integers(0, 16))
def test_two_neighbours_changed_over_are_always_found(text: str, at: int) -> None:
    wrong = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if wrong == text:
        return

    with pytest.raises(InvalidIdNumber):
        IdNumber.read(wrong, on=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        made("320508", "19900307"),  # 姑苏区, founded in 2012
        made("810000", "19800101"),  # residence permit, Hong Kong
        made("820000", "19800101"),  # Macau
        made("830000", "19800101"),  # Taiwan
        made("510202", "19650101"),  # 重庆 before 1997
    ],
)
def test_trap_5_what_stdnum_refuses_is_taken(text: str) -> None:
    with pytest.raises(ValidationError):
        ric.validate(text)

    assert IdNumber.read(text, on=TODAY).text == text


def test_trap_5_a_birth_still_to_come_is_refused() -> None:
    text = made("320508", "20990101")

    with pytest.raises(InvalidIdNumber, match="在今天以后"):
        IdNumber.read(text, on=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002x ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u3000194912\u00a031002X\n",
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    number = IdNumber.read(typed, on=TODAY)

    assert number.text == "11010519491231002X"
    assert number.birth_date == date(1949, 12, 31)
    assert number.sex is Sex.FEMALE


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写身份证号码"),
        ("  ", "请填写身份证号码"),
        ("110105491231002", "15位的旧号码"),
        ("910105199001011237", "外国人永久居留身份证"),
        ("E12345678", "护照等其他证件"),
        ("11010519491231X02X", "只有数字"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٣", "只有数字"),
        ("1101051949123100", "现在是16位"),
        ("1101051949123100211", "现在是19位"),
        ("001105194912310021", "开头的00不是省级代码"),
        ("110105194902300021", "不是一个真实的出生日期"),
        ("110105000001010021", "不是一个真实的出生日期"),
        (made("110105", "18960101"), "已满130岁"),
        ("110105194912310021", "校验码"),
    ],
)
def test_a_refusal_names_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidIdNumber, match=sentence) as refusal:
        IdNumber.read(typed, on=TODAY)

    assert refusal.value.field == "id_number"
    # A sentence goes into logs and onto screens: the number does not.
    assert typed.strip() == "" or typed not in refusal.value.message


def test_who_is_born_today_is_taken_and_who_is_130_is_not() -> None:
    assert IdNumber.read(made("320508", "20261123"), on=TODAY).age(on=TODAY) == 0
    eve = made("320508", "18961124")
    assert IdNumber.read(eve, on=TODAY).age(on=TODAY) == 129
    with pytest.raises(InvalidIdNumber):
        IdNumber.read(eve, on=TODAY + timedelta(days=1))


def test_a_birthday_makes_a_year() -> None:
    number = IdNumber.read(made("320508", "19900307"), on=TODAY)

    assert number.age(on=date(2026, 3, 6)) == 35
    assert number.age(on=date(2026, 3, 7)) == 36
