"""Chinese names: where the surname ends, how it is read, and what finds a name.

A dictionary reads many surnames as the common word of the same character (曾 as céng, 黑
as hēi), so the first character counts with every reading it has, and with the one it has
as a surname.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

from pypinyin import Style, lazy_pinyin, pinyin

#: Surnames of two characters, with their reading where the single characters mislead.
COMPOUND = {
    "欧阳": "ou yang", "太史": "tai shi", "端木": "duan mu", "上官": "shang guan",
    "司马": "si ma", "东方": "dong fang", "独孤": "du gu", "南宫": "nan gong",
    "万俟": "mo qi", "闻人": "wen ren", "夏侯": "xia hou", "诸葛": "zhu ge",
    "尉迟": "yu chi", "公羊": "gong yang", "赫连": "he lian", "澹台": "tan tai",
    "皇甫": "huang fu", "宗政": "zong zheng", "濮阳": "pu yang", "公冶": "gong ye",
    "太叔": "tai shu", "申屠": "shen tu", "公孙": "gong sun", "慕容": "mu rong",
    "仲孙": "zhong sun", "钟离": "zhong li", "长孙": "zhang sun", "宇文": "yu wen",
    "司徒": "si tu", "鲜于": "xian yu", "司空": "si kong", "闾丘": "lv qiu",
    "亓官": "qi guan", "令狐": "ling hu", "单于": "chan yu", "乐正": "yue zheng",
    "拓跋": "tuo ba", "淳于": "chun yu", "呼延": "hu yan", "轩辕": "xuan yuan",
    "百里": "bai li", "东郭": "dong guo", "西门": "xi men", "羊舌": "yang she",
    "第五": "di wu", "颛孙": "zhuan sun", "谷梁": "gu liang", "左丘": "zuo qiu",
}  # fmt: skip
#: Readings as a surname that the dictionary does not have among its own.
SURNAME_READINGS = {
    "黑": "he", "区": "ou", "翟": "zhai", "曾": "zeng", "单": "shan", "仇": "qiu",
    "解": "xie", "朴": "piao", "查": "zha", "盖": "ge", "乐": "yue", "任": "ren",
    "员": "yun", "贠": "yun", "缪": "miao", "么": "yao", "繁": "po", "秘": "bi",
    "折": "she", "洗": "xian", "召": "shao", "祭": "zhai", "句": "gou", "种": "chong",
    "宓": "fu", "覃": "qin", "尉": "wei", "郇": "xun", "郗": "chi", "谌": "shen",
    "能": "nai", "佴": "nai", "瞿": "qu", "隗": "wei", "长": "zhang", "车": "che",
}  # fmt: skip

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+")
_WORD = re.compile(r"[a-z0-9]+")
#: Syllables that anybody types of a name, an enterprise's included.
_LONGEST = 8


class Token(StrEnum):
    """Why a name is found: the first letter of the token that did it."""

    NAME = "n"
    WORD = "w"
    PINYIN = "p"
    INITIALS = "i"
    ID_TAIL = "d"
    PHONE_TAIL = "t"

    def of(self, text: str) -> str:
        """Return the token as it is stored: `p:zhangsan`."""
        return f"{self.value}:{text}"


def surname_of(name: str) -> str:
    """Return the surname: two characters for the compound ones, else the first."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND else name[:1]


def tokens_of(name: str) -> set[str]:
    """Return everything by which a name is found, each kind with its letter.

    Characters and pairs of them, pinyin of its parts, initials, Latin words.
    """
    plain = plain_text(name)
    found = {Token.WORD.of(word) for word in _WORD.findall(plain)}
    runs = _HAN.findall(plain)
    # 阿卜杜拉·买买提 is also typed without its dot.
    for run in {*runs, "".join(runs)}:
        found |= {Token.NAME.of(piece) for piece in pieces(run)}
        for syllables in _readings(run):
            for part in _parts(syllables):
                found.add(Token.PINYIN.of("".join(part)))
                if len(part) > 1:
                    found.add(Token.INITIALS.of("".join(s[0] for s in part)))
    return found


def tail_tokens(*, id_number: str = "", phone: str = "") -> set[str]:
    """Return the tokens of the last four characters of an ID number and a telephone."""
    told = ((Token.ID_TAIL, id_number), (Token.PHONE_TAIL, phone))
    return {
        kind.of(tail)
        for kind, text in told
        if len(tail := "".join(filter(str.isalnum, text)).upper()[-4:]) == 4
    }


def plain_text(text: str) -> str:
    """Return a text as it is compared: half-width, lower-case, ü as v."""
    return unicodedata.normalize("NFKC", text).strip().lower().replace("ü", "v")


def han_runs(text: str) -> list[str]:
    """Return the runs of Chinese characters in a text."""
    return _HAN.findall(text)


def pieces(run: str) -> list[str]:
    """Return the characters of a run and its pairs of neighbours."""
    return [*run, *(run[at : at + 2] for at in range(len(run) - 1))]


def _readings(run: str) -> Iterator[list[str]]:
    """Read a run in every way that its beginning may be read."""
    if not run:
        return
    rest = lazy_pinyin(run, style=Style.NORMAL, errors="ignore")
    if len(rest) != len(run):  # a character that the dictionary does not have
        return
    if run[:2] in COMPOUND and len(run) > 2:
        yield [*COMPOUND[run[:2]].split(), *rest[2:]]
    (all_of_first,) = pinyin(run[0], style=Style.NORMAL, heteronym=True)
    for first in {*all_of_first, SURNAME_READINGS.get(run[0], rest[0]), rest[0]}:
        yield [first, *rest[1:]]


def _parts(syllables: list[str]) -> Iterable[list[str]]:
    """Return every beginning of the name, every syllable and every pair of them."""
    for length in range(1, min(len(syllables), _LONGEST) + 1):
        yield syllables[:length]
    for at in range(1, len(syllables)):
        yield syllables[at : at + 1]
        yield syllables[at : at + 2]
