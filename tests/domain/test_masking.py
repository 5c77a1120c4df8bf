"""What is left of personal data when it is masked."""

import pytest

from casework.domain import masking


@pytest.mark.parametrize(
    ("name", "said"),
    [("陶敏", "陶*"), ("蒋建民", "蒋*民"), ("欧阳修文", "欧**文"), ("", "*")],
)
def test_a_name_keeps_its_ends(name: str, said: str) -> None:
    assert masking.name(name) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("陶敏", "陶*"),
        ("蒋建民", "蒋**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("单于明", "单于*"),
    ],
)
def test_a_list_for_the_public_keeps_the_surname(name: str, said: str) -> None:
    assert masking.surname_only(name) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("320508199003071239", "3205**********1239"),
        ("6222021102012345678", "6222***********5678"),
        ("E12345678", "*********"),
        ("", ""),
    ],
)
def test_a_number_keeps_four_at_each_end(number: str, said: str) -> None:
    assert masking.number(number) == said


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("129 0000 6204", "129****6204"),
        ("051265201234", "051*****1234"),
        ("12351", "*****"),
        ("", ""),
    ],
)
def test_a_telephone_keeps_its_beginning_and_end(phone: str, said: str) -> None:
    assert masking.phone(phone) == said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("苏州市姑苏区平江街道大儒巷12号3幢201室", "苏州市姑苏区平江街道***"),
        ("昆山市玉山镇前进中路3号", "昆山市玉山镇***"),
        ("苏州市吴中区东吴南路8号", "苏州市吴中区***"),
        ("大儒巷12号", "***"),
        ("", ""),
    ],
)
def test_an_address_ends_at_the_street(address: str, said: str) -> None:
    assert masking.address(address) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/cases/320508198503070027/", "/cases/3205**********0027/"),
        ("写错 32050819850307002X 了", "写错 3205**********002X 了"),
        ("320508 19850307 0027", "3205**********0027"),
        ("３２０５０８１９８５０３０７００２７", "3205**********0027"),
        ("卡6222020200112233445", "卡6222***********3445"),
        ("电话12900006204，", "电话129****6204，"),
        ("129-0000-6204", "129****6204"),
        ("姑苏工帮〔2026〕0001", "姑苏工帮〔2026〕0001"),
        ("2026-09-24T10:00:00.123456Z", "2026-09-24T10:00:00.123456Z"),
        ("/cases/12/steps/submit/", "/cases/12/steps/submit/"),
    ],
)
def test_numbers_of_people_are_masked_in_a_running_text(text: str, said: str) -> None:
    assert masking.in_text(text) == said
