"""What the unit of a division is called, in full and in case numbers.

The statistical bureau's file has names that nobody says (市辖区, 省直辖县级行政区划) and
the field drops what it does not need (姑苏 for 姑苏区). docs/decisions/0003 has the reasons.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.data.divisions import Division
from casework.domain.vocabulary import Level

NATION = "中华全国总工会"
NATION_SHORT = "全国"

_SUFFIX = {
    Level.PROVINCE: "总工会",
    Level.CITY: "帮扶中心",
    Level.COUNTY: "帮扶中心",
    Level.STATION: "帮扶站",
}

# What a short name drops, the longer ending first: 西沙群岛 → 西沙, 六枝特区 → 六枝.
_DROPPED = {
    Level.PROVINCE: ("自治区", "省", "市"),
    Level.CITY: ("自治州", "地区", "市", "盟"),
    Level.COUNTY: (
        "群岛的岛礁及其海域",
        "管理区管委会",
        "行政委员会",
        "管理区",
        "联合旗",
        "自治县",
        "自治旗",
        "群岛",
        "新区",
        "特区",
        "矿区",
        "新城",
        "区",
        "县",
        "市",
        "旗",
    ),
    Level.STATION: (
        "街道办事处",
        "少数民族乡",
        "民族苏木",
        "民族乡",
        "办事处",
        "街道",
        "地区",
        "苏木",
        "镇",
        "乡",
    ),
}

# The zones of the statistical bureau (区 that are no divisions of the state).
_ZONES = (
    ("高新技术产业开发区", "高新"),
    ("高新技术产业园区", "高新"),
    ("高技术产业开发区", "高新"),
    ("高新技术开发区", "高新"),
    ("经济技术开发区", "经开"),
    ("经济开发区", "经开"),
    ("工业园区", "工业园"),
)
# Without their last character these would be no word any more: 五台山风景名胜, 巴林左.
_WHOLE = (
    *("化工园区", "产业园区", "创意园区", "开发区", "示范区", "实验区"),
    *("名胜区", "聚集区", "食品区"),
    *("左旗", "右旗", "前旗", "中旗", "后旗", "白旗", "黄旗", "蓝旗"),
)

# 林区 is an ending only here: 万柏林区 is the 区 of 万柏林.
_KNOWN = {"神农架林区": "神农架"}

# Some autonomous units name their people without 族: 博尔塔拉蒙古自治州.
_BARE_PEOPLES = (
    *("维吾尔", "哈萨克", "蒙古", "塔吉克", "锡伯", "柯尔克孜", "达斡尔"),
    *("鄂温克", "鄂伦春", "朝鲜", "珞巴", "门巴", "纳西"),
)
# Longest first: 土家族 is not 家族, 东乡族 is not 乡族.
_PEOPLES = (
    *("柯尔克孜族", "维吾尔族", "哈萨克族", "塔吉克族", "达斡尔族", "俄罗斯族"),
    *("鄂温克族", "鄂伦春族", "土家族", "布依族", "朝鲜族", "哈尼族", "傈僳族"),
    *("拉祜族", "仡佬族", "仫佬族", "毛南族", "锡伯族", "景颇族", "纳西族"),
    *("布朗族", "撒拉族", "裕固族", "保安族", "东乡族", "普米族", "德昂族"),
    *("阿昌族", "独龙族", "基诺族", "蒙古族", "门巴族", "珞巴族"),
    *("各族", "汉族", "回族", "满族", "藏族", "蔵族", "苗族", "彝族", "壮族", "侗族"),
    *("瑶族", "白族", "傣族", "黎族", "畲族", "佤族", "水族", "羌族", "土族", "怒族"),
)

_SHORTEST = 2
_BELOW_CITY = (Level.COUNTY, Level.STATION)


@dataclass(frozen=True, slots=True)
class UnitName:
    """How a unit is called: on paper, and in case numbers and lists."""

    name: str
    short_name: str


def unit_names(divisions: Iterable[Division]) -> dict[str, UnitName]:
    """Return the names of the unit of each division, by code.

    A short name differs from those of its siblings, and below the city from that of the
    unit above, because a case number has nothing else to tell two counties apart: where
    shortening would make them equal (井陉县, 井陉矿区) both keep the whole name.
    """
    by_code = {division.code: division for division in divisions}
    titles = {code: _title(division, by_code) for code, division in by_code.items()}
    shorts = _short_names(by_code, titles)
    return {
        code: UnitName(titles[code] + _SUFFIX[division.level], shorts[code])
        for code, division in by_code.items()
    }


def shorten(name: str, *, level: Level) -> str:
    """Return the name without the words that the field drops; at least two characters."""
    if name in _KNOWN:
        return _KNOWN[name]
    bare = _without_remark(name)
    for ending, short in _ZONES:
        if level == Level.COUNTY and bare.endswith(ending):
            return bare.removesuffix(ending) + short
    if level == Level.COUNTY and bare.endswith(_WHOLE):
        return bare
    for ending in _DROPPED[level]:
        stem = bare.removesuffix(ending)
        if stem != bare and len(stem) >= _SHORTEST:
            return _without_peoples(stem, bare_too=ending.startswith(("自治", "民族")))
    return bare


def _title(division: Division, by_code: Mapping[str, Division]) -> str:
    above = by_code[division.parent_code].name if division.parent_code else ""
    if division.level == Level.CITY:
        if division.name == "市辖区":
            return above
        if division.name == "县":
            return f"{above}县域"
        if division.name.endswith("直辖县级行政区划"):
            return f"{above}直管县（市）"
    if division.level in _BELOW_CITY and division.name == above:
        return f"{above}本级"
    return division.name


def _short_names(
    by_code: Mapping[str, Division], titles: Mapping[str, str]
) -> dict[str, str]:
    shorts: dict[str, str] = {}
    for parent, codes in _siblings(by_code).items():
        wanted = {code: _wanted(by_code[code], titles[code], shorts) for code in codes}
        taken = list(wanted.values())
        above = shorts.get(parent)
        for code, short in wanted.items():
            as_above = short == above and by_code[code].level in _BELOW_CITY
            is_same = as_above or taken.count(short) > 1
            shorts[code] = titles[code] if is_same else short
    return shorts


def _siblings(by_code: Mapping[str, Division]) -> dict[str, list[str]]:
    """Group the codes by the division above, from the provinces down."""
    groups: dict[str, list[str]] = defaultdict(list)
    for code in sorted(by_code, key=lambda code: (len(code), code)):
        groups[by_code[code].parent_code].append(code)
    return groups


def _wanted(division: Division, title: str, shorts: Mapping[str, str]) -> str:
    if title == division.name:
        return shorten(title, level=division.level)
    above = shorts[division.parent_code]
    if division.level in _BELOW_CITY:
        return f"{above}本级"
    if title.endswith("直管县（市）"):
        return f"{above}直管"
    return above if division.name == "市辖区" else f"{above}县域"


def _without_remark(name: str) -> str:
    """Drop a remark in brackets at either end: （工业园区）城南街道, 三星镇（园区）."""
    if name.startswith("（"):
        return name.partition("）")[2] or name
    if name.endswith("）"):
        return name.rpartition("（")[0] or name
    return name


def _without_peoples(stem: str, *, bare_too: bool) -> str:
    peoples = (*_PEOPLES, *_BARE_PEOPLES) if bare_too else _PEOPLES
    while people := next((p for p in peoples if stem.endswith(p)), None):
        if len(stem) - len(people) < _SHORTEST:
            break
        stem = stem.removesuffix(people)
    # 东乡族自治县 is nothing but its people.
    if stem.endswith("族") and len(stem) > _SHORTEST:
        return stem.removesuffix("族")
    return stem
