"""Employers: one row for one enterprise, whoever names it first."""

import pytest

from casework.domain.errors import Invalid
from casework.domain.vocabulary import Ownership
from casework.models import Employer
from casework.services.employers import find_or_register, read_uscc

pytestmark = pytest.mark.django_db

CODE = "91110000600037341L"  # of a company known from GB 32100's own examples
NAME = "云帆包装有限公司"


def test_an_employer_is_registered_once() -> None:
    first = find_or_register(
        name=f" {NAME} ", uscc=CODE.lower(), ownership=Ownership.PRIVATE
    )
    again = find_or_register(name="云帆包装公司", uscc=CODE, ownership=Ownership.STATE)

    assert again == first
    assert (again.name, again.uscc, again.ownership) == (NAME, CODE, Ownership.PRIVATE)
    assert Employer.objects.count() == 1


def test_an_employer_known_by_its_name_learns_its_code() -> None:
    known = find_or_register(name=NAME)

    assert find_or_register(name=NAME) == known
    assert find_or_register(name=NAME, uscc=CODE) == known
    assert Employer.objects.get().uscc == CODE


def test_two_enterprises_of_one_name_are_told_apart_by_code() -> None:
    other = "91320594MA1MYFJE44"
    first = find_or_register(name=NAME, uscc=CODE)
    second = find_or_register(name=NAME, uscc=read_uscc(other))

    assert first != second
    assert find_or_register(name=NAME) == first


def test_a_wrong_check_character_is_told_from_a_wrong_shape() -> None:
    wrong = f"{CODE[:-1]}{'0' if CODE[-1] != '0' else '1'}"

    with pytest.raises(Invalid, match="校验码（最后一位）"):
        read_uscc(wrong)
    with pytest.raises(Invalid, match="应是18位"):
        read_uscc(CODE[:-1])
    with pytest.raises(Invalid, match="没有I、O、Z、S、V"):
        read_uscc(f"{CODE[:-1]}I")


@pytest.mark.parametrize("code", ["91110000600037341X", "123", "32050819900307123X"])
def test_a_wrong_code_is_refused_and_nothing_kept(code: str) -> None:
    with pytest.raises(Invalid, match="统一社会信用代码不对") as refusal:
        find_or_register(name=NAME, uscc=code)

    assert refusal.value.field == "uscc"
    assert not Employer.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "长" * 101])
def test_an_employer_has_a_name(name: str) -> None:
    with pytest.raises(Invalid, match="单位名称") as refusal:
        find_or_register(name=name)
    assert refusal.value.field == "employer"
