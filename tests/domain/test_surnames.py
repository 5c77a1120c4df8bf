"""How names are read, and what finds them (trap 6)."""

import pytest

from casework.domain import surnames
from casework.domain.surnames import Token


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("区志明", "ouzhiming"),
        ("翟天明", "zhaitianming"),
        ("翟天明", "ditianming"),
        ("曾小贤", "zengxiaoxian"),
        ("单雄信", "shanxiongxin"),
        ("仇和", "qiuhe"),
        ("解海龙", "xiehailong"),
        ("黑敬德", "hejingde"),
        ("朴树", "piaoshu"),
        ("查良镛", "zhaliangyong"),
        ("盖叫天", "gejiaotian"),
        ("乐嘉", "yuejia"),
        ("缪建民", "miaojianmin"),
        ("谌龙", "shenlong"),
        ("么红", "yaohong"),
        ("欧阳娜娜", "ouyangnana"),
        ("尉迟恭", "yuchigong"),
        ("长孙无忌", "zhangsunwuji"),
        ("万俟卨", "moqi"),
        ("单于明", "chanyuming"),
        ("乐正绫", "yuezhengling"),
        ("吕布", "lvbu"),
        ("云帆包装有限公司", "yunfanbaozhuang"),
    ],
)
def test_a_surname_is_found_as_it_is_read(name: str, pinyin: str) -> None:
    assert Token.PINYIN.of(pinyin) in surnames.tokens_of(name)


@pytest.mark.parametrize(
    ("name", "initials"),
    [("曾小贤", "zxx"), ("欧阳娜娜", "oynn"), ("单于明", "cym"), ("张三", "zs")],
)
def test_initials_find_a_name(name: str, initials: str) -> None:
    assert Token.INITIALS.of(initials) in surnames.tokens_of(name)


def test_characters_and_pairs_find_a_name() -> None:
    tokens = surnames.tokens_of("张小明")

    assert {
        Token.NAME.of(piece) for piece in ("张", "小", "明", "张小", "小明")
    } <= tokens
    assert Token.NAME.of("张明") not in tokens


def test_latin_words_find_a_name() -> None:
    assert {"w:john", "w:smith"} <= surnames.tokens_of("John SMITH")
    assert "n:买提" in surnames.tokens_of("阿卜杜拉·买买提")


@pytest.mark.parametrize("name", ["", " ", "·", "★", "\U00031350某"])
def test_a_name_that_no_dictionary_has_breaks_nothing(name: str) -> None:
    surnames.tokens_of(name)


def test_the_longest_name_has_tokens_in_bounds() -> None:
    tokens = surnames.tokens_of("张" * 100) | surnames.tokens_of("曾" + "某" * 99)

    assert len(tokens) < 400
    assert max(map(len, tokens)) < 60


def test_tails_are_the_last_four() -> None:
    assert surnames.tail_tokens(
        id_number="32050819900307123X", phone="129 0000 6204"
    ) == {"d:123X", "t:6204"}
    assert surnames.tail_tokens(id_number="", phone="110") == set()


@pytest.mark.parametrize(
    ("name", "surname"), [("张三", "张"), ("欧阳娜", "欧阳"), ("欧阳", "欧"), ("", "")]
)
def test_where_a_surname_ends(name: str, surname: str) -> None:
    assert surnames.surname_of(name) == surname
