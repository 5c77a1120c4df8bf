"""Invented people: names, numbers and addresses that belong to nobody.

ID numbers begin with 320599, an area code that was never given out; telephones with
129, a range that no operator has (P-17). The same seed invents the same people.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from casework.domain import cardnumber
from casework.domain.idnumber import IdNumber, check_character
from casework.domain.surnames import surname_of
from casework.domain.vocabulary import Sex

AREA = "320599"
_A_YEAR = timedelta(days=365)


def _words(text: str) -> list[str]:
    return text.split()


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾"
    "彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱"
    "秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季"
    "俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜单仇区解"
)
#: The first are the most frequent, as they are in the country.
_FREQUENT = [1 / (place + 20) for place in range(len(_SURNAMES))]
_COMPOUND = ("欧阳", "司徒", "上官", "诸葛", "皇甫", "尉迟", "长孙", "慕容")
_MALE = _words(
    "建国 志强 伟民 国平 永康 文斌 海涛 立军 春生 金根 阿大 云峰 卫东 家明 振华 学文 "
    "根生 兴旺 德福 启明 少华 晓东 正清 水根 守业 大勇 小弟 荣生 向阳 玉林 磊 强 军 斌 "
    "建新 建华 国强 国华 卫国 卫民 志明 志刚 文杰 文华 明华 明德 海峰 林生 福根 永明 "
    "永兴 利民 新华 庆丰 学军 宏伟 俊峰 耀明 祥生 泉根 雪根 金龙 伟 涛 勇 平"
)
_FEMALE = _words(
    "秀英 桂芳 雅琴 玉兰 美华 月娥 巧珍 丽萍 春燕 小妹 文娟 爱珍 雪梅 红霞 佩芬 婉仪 "
    "晓燕 凤珠 慧敏 素云 阿妹 银凤 彩萍 静怡 娟 芳 敏 静 燕 玲 "
    "桂英 秀珍 秀兰 玉珍 玉英 月琴 月芳 建芳 建英 丽华 丽娟 美芳 惠琴 惠芳 小红 小芳 "
    "雪芳 雪琴 林妹 根妹 水英 文英 文琴 国芳 海燕 晓红 云珠 巧英 华 红 萍 英"
)
_CHILD = _words(
    "子轩 梓涵 雨桐 浩然 欣怡 一诺 宇航 思琪 俊杰 诗涵 天乐 可馨 乐乐 小满 "
    "子涵 欣妍 佳怡 思远 嘉豪 晨曦 雨欣 梓轩 睿 悦 文博 语桐 安然 昊天"
)
_ESTATES = _words(
    "云溪新村 桂花里 彩香苑 莲香小区 水香新村 三元坊 南园里 胥江苑 葑门新村 娄葑花园 "
    "虹桥新村 山塘里 东环苑 金阊里 枫津苑 石湖人家 阳澄里 青剑苑 湖滨里 锦溪坊"
)
_EMPLOYERS = _words(
    "云溪丝织厂 恒泰电子厂 星湖物业服务公司 金阊棉纺厂 苏东机械厂 阳澄水产加工厂 "
    "姑苏绣品社 运河装卸公司 平江餐饮公司 娄江建筑劳务公司 虎丘园林养护队 吴门印刷厂 "
    "太湖保洁服务部 锦绣服装厂 青剑模具厂 枫桥搬运社 横塘物流公司 盛泽织造厂"
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One invented person."""

    name: str
    sex: Sex
    born: date
    id_number: str

    def age(self, *, on: date) -> int:
        """Return the full years on the day."""
        return IdNumber(self.id_number).age(on=on)


class Fiction:
    """An author who invents people, each of them once."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self._order = self.dice.randrange(1000)
        self._names: set[str] = set()
        self._numbers: set[str] = set()
        self._phones = self.dice.randrange(10_000_000)

    def adult(self, *, today: date, youngest: int = 24, oldest: int = 59) -> Somebody:
        """Return somebody of working age."""
        return self._somebody(today, youngest, oldest, surname=self._surname())

    def spouse_of(self, one: Somebody, *, today: date) -> Somebody:
        """Return somebody about as old, of the other sex."""
        age = one.age(on=today)
        sex = Sex.FEMALE if one.sex is Sex.MALE else Sex.MALE
        return self._somebody(
            today, max(22, age - 4), age + 4, sex=sex, surname=self._surname()
        )

    def children_of(
        self, one: Somebody, other: Somebody, *, most: int, today: date
    ) -> list[Somebody]:
        """Return children of the two, up to twenty-two years old, a year apart at least.

        They have the father's surname; a young couple has one child.
        """
        father = one if one.sex is Sex.MALE else other
        surname = surname_of(father.name)
        oldest = min(22, one.age(on=today) - 21, other.age(on=today) - 21)
        number = self.dice.randint(1, most) if oldest > 4 else 1
        children: list[Somebody] = []
        while len(children) < number:
            child = self._somebody(today, 1, oldest, surname=surname, names=_CHILD)
            if all(abs(child.born - each.born) > _A_YEAR for each in children):
                children.append(child)
        return children

    def phone(self) -> str:
        """Return a mobile number that no operator gives out."""
        self._phones = (self._phones + 61_803_399) % 100_000_000
        return f"129{self._phones:08d}"

    def card(self) -> str:
        """Return the number of a bank card that no bank issues, with a right check digit."""
        digits = "62999" + "".join(str(self.dice.randrange(10)) for _ in range(13))
        return digits + str(-cardnumber.checksum(f"{digits}0") % 10)

    def address(self, street: str) -> str:
        """Return an address in a street or town."""
        house, flat = (
            self.dice.randint(1, 48),
            self.dice.randint(1, 6) * 100 + self.dice.randint(1, 6),
        )
        return f"{street}{self.dice.choice(_ESTATES)}{house}幢{flat}室"

    def employer(self) -> str:
        """Return the name of an employer."""
        return self.dice.choice(_EMPLOYERS)

    def receipt(self, day: date) -> str:
        """Return the number of a receipt."""
        return f"YL{day:%Y%m}{self.dice.randrange(10**8):08d}"

    def _surname(self) -> str:
        if self.dice.random() < 0.02:
            return self.dice.choice(_COMPOUND)
        return self.dice.choices(_SURNAMES, weights=_FREQUENT)[0]

    def _somebody(
        self,
        today: date,
        youngest: int,
        oldest: int,
        *,
        surname: str,
        sex: Sex | None = None,
        names: list[str] | None = None,
    ) -> Somebody:
        sex = sex or self.dice.choice([Sex.MALE, Sex.FEMALE])
        born = today - timedelta(
            days=int(365.25 * self.dice.uniform(youngest + 0.1, oldest + 0.9))
        )
        name = self._name(surname, names or (_MALE if sex is Sex.MALE else _FEMALE))
        return Somebody(name, sex, born, self._id_number(born, sex))

    def _name(self, surname: str, given: list[str]) -> str:
        """Return a name that nobody has yet, unless chance insists: namesakes are rare."""
        for _try in range(4):
            name = surname + self.dice.choice(given)
            if name not in self._names:
                break
        self._names.add(name)
        return name

    def _id_number(self, born: date, sex: Sex) -> str:
        while True:
            self._order = (self._order + 37) % 500
            order = self._order * 2 + (1 if sex is Sex.MALE else 0)
            digits = f"{AREA}{born:%Y%m%d}{order:03d}"
            number = digits + check_character(digits)
            if number not in self._numbers:
                self._numbers.add(number)
                return number
