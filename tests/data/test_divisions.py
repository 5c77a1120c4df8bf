"""The file of divisions: what it holds, what a bad one is told, what units are called."""

import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from casework.data import divisions
from casework.data.divisions import Division
from casework.data.divisions.names import shorten, unit_names
from casework.domain.errors import Invalid
from casework.domain.vocabulary import Level

TOOL = Path(__file__).parents[2] / "tools" / "divisions.py"


def test_the_packaged_file_holds_the_nation() -> None:
    levels = Counter(division.level for division in divisions.packaged())

    assert levels == {
        Level.PROVINCE: 31,
        Level.CITY: 342,
        Level.COUNTY: 2_978,
        Level.STATION: 41_352,
    }


def test_each_division_follows_the_one_above_it() -> None:
    seen = {""}
    for division in divisions.packaged():
        assert division.parent_code in seen
        seen.add(division.code)


def test_the_tool_packs_four_levels_into_the_same_bytes_each_time(
    tmp_path: Path,
) -> None:
    for file, rows in {
        "provinces.csv": 'code,name\n32,"江苏省"\n',
        "cities.csv": 'code,name,provinceCode\n3205,"苏州市",32\n',
        "areas.csv": 'code,name,cityCode,provinceCode\n320508,"姑苏区",3205,32\n',
        "streets.csv": 'code,name,areaCode\n320508018,"平江街道",320508\n',
    }.items():
        (tmp_path / file).write_text(rows, "utf-8")

    made = []
    for target in (tmp_path / "one.csv.gz", tmp_path / "another.csv.gz"):
        subprocess.run([sys.executable, TOOL, tmp_path, target], check=True)
        made.append(target.read_bytes())

    assert made[0] == made[1]
    assert gzip.decompress(made[0]).decode() == (
        "code,name\n32,江苏省\n3205,苏州市\n320508,姑苏区\n320508018,平江街道\n"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        # A wrong column.
        ("code,nom\n32,江苏省\n", "d.csv 第 1 行 name 列：表头应为“code,name”，实为“code,nom”。"),
        ("name,code\n江苏省,32\n", "d.csv 第 1 行 code 列：表头应为“code,name”，实为“name,code”。"),
        ("code\n32\n", "d.csv 第 1 行 name 列：表头应为“code,name”，实为“code”。"),
        ("code,name,parent\n32,江苏省,\n", "d.csv 第 1 行 parent 列：多出一列；只应有 code,name。"),
        ("", "d.csv 第 1 行 code 列：表头应为“code,name”，实为“”。"),
        # A wrong row.
        ("code,name\n32\n", "d.csv 第 2 行 name 列：应有 2 列，实有 1 列。"),
        ("code,name\n32,江苏省,x\n", "d.csv 第 2 行 3 列：应有 2 列，实有 3 列。"),
        ("code,name\n320,江苏省\n", "d.csv 第 2 行 code 列：代码应为 2、4、6 或 9 位数字，实为“320”。"),
        ("code,name\n３２,江苏省\n", "d.csv 第 2 行 code 列：代码应为 2、4、6 或 9 位数字，实为“３２”。"),
        ("code,name\n32,江苏省\n32,江苏省\n", "d.csv 第 3 行 code 列：代码 32 已在第 2 行出现。"),
        ("code,name\n3205,苏州市\n", "d.csv 第 2 行 code 列：3205 的上级 32 不在文件中。"),
        ("code,name\n32,\n", "d.csv 第 2 行 name 列：名称为空。"),
        ("code,name\n32,江苏省 \n", "d.csv 第 2 行 name 列：名称含有空白或不可见的字符。"),
        ("code,name\n32,江\u200b苏省\n", "d.csv 第 2 行 name 列：名称含有空白或不可见的字符。"),
        (f"code,name\n32,{'省' * 41}\n", "d.csv 第 2 行 name 列：名称有 41 个字，最多 40 个。"),
        # Not a table of divisions at all.
        ("code,name\n", "d.csv：文件中没有行政区划。"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_its_line_column_and_rule(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as told:
        divisions.parse(text, file="d.csv")

    assert told.value.message == sentence


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("d.csv.gz", b"code,name\n", "d.csv.gz：不是完整的 gzip 文件。"),
        ("d.csv.gz", gzip.compress(b"code,name", mtime=0)[:-9], "d.csv.gz：不是完整的 gzip 文件。"),
        ("d.csv", "code,name\n32,江苏省\n".encode("gbk"), "d.csv 第 2 行：文字不是 UTF-8 编码。"),
        ("d.csv", None, "d.csv：无法读取（No such file or directory）。"),
    ],
)  # fmt: skip
def test_an_unreadable_file_is_told_so(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Invalid) as told:
        divisions.read(path)

    assert told.value.message == sentence


def test_an_unfinished_quotation_is_told_its_line() -> None:
    with pytest.raises(Invalid, match=r"d\.csv 第 2 行：不是有效的 CSV"):
        divisions.parse('code,name\n32,"江苏省\n', file="d.csv")


def test_rows_in_any_order_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes("\ufeffcode,name\n3205,苏州市\n32,江苏省\n".encode())

    assert divisions.read(path) == (
        Division("32", "江苏省"),
        Division("3205", "苏州市"),
    )


@pytest.mark.parametrize(
    ("level", "name", "short"),
    [
        (Level.PROVINCE, "江苏省", "江苏"),
        (Level.PROVINCE, "内蒙古自治区", "内蒙古"),  # 蒙古 belongs to the place here
        (Level.PROVINCE, "广西壮族自治区", "广西"),
        (Level.PROVINCE, "新疆维吾尔自治区", "新疆"),  # a people without 族
        (Level.CITY, "苏州市", "苏州"),
        (Level.CITY, "大兴安岭地区", "大兴安岭"),
        (Level.CITY, "锡林郭勒盟", "锡林郭勒"),
        (Level.CITY, "恩施土家族苗族自治州", "恩施"),
        (Level.CITY, "博尔塔拉蒙古自治州", "博尔塔拉"),
        (Level.COUNTY, "姑苏区", "姑苏"),
        (Level.COUNTY, "赵县", "赵县"),  # never one character
        (Level.COUNTY, "矿区", "矿区"),
        (Level.COUNTY, "峰峰矿区", "峰峰"),
        (Level.COUNTY, "万柏林区", "万柏林"),  # not the 林区 of 万柏
        (Level.COUNTY, "神农架林区", "神农架"),
        (Level.COUNTY, "下花园区", "下花园"),  # not a 园区
        (Level.COUNTY, "清新区", "清新"),  # not the 新区 of 清
        (Level.COUNTY, "浦东新区", "浦东"),
        (Level.COUNTY, "六枝特区", "六枝"),
        (Level.COUNTY, "互助土族自治县", "互助"),
        (Level.COUNTY, "东乡族自治县", "东乡"),  # nothing but its people
        (Level.COUNTY, "积石山保安族东乡族撒拉族自治县", "积石山"),
        (Level.COUNTY, "鄂伦春自治旗", "鄂伦春"),
        (Level.COUNTY, "巴林左旗", "巴林左旗"),  # 巴林左 is no name
        (Level.COUNTY, "敖汉旗", "敖汉"),
        (Level.COUNTY, "管城回族区", "管城"),
        (Level.COUNTY, "中沙群岛的岛礁及其海域", "中沙"),
        (Level.COUNTY, "大柴旦行政委员会", "大柴旦"),
        (Level.COUNTY, "苏州工业园区", "苏州工业园"),  # zones of the statistics
        (Level.COUNTY, "石家庄高新技术产业开发区", "石家庄高新"),
        (Level.COUNTY, "蚌埠市经济开发区", "蚌埠市经开"),
        (Level.COUNTY, "五台山风景名胜区", "五台山风景名胜区"),
        (Level.STATION, "平江街道", "平江"),
        (Level.STATION, "街道", "街道"),
        (Level.STATION, "乌镇", "乌镇"),
        (Level.STATION, "玉山镇", "玉山"),
        (Level.STATION, "高碑店地区", "高碑店"),  # so called in Beijing
        (Level.STATION, "伊和淖日苏木", "伊和淖日"),
        (Level.STATION, "敖鲁古雅鄂温克民族乡", "敖鲁古雅"),
        (Level.STATION, "军赛佤族拉祜族傈僳族德昂族乡", "军赛"),
        (Level.STATION, "三星镇（叠石桥家纺产业园区）", "三星"),
        (Level.STATION, "（工业园区）城南街道", "城南"),
        (Level.STATION, "省国营农场", "省国营农场"),
    ],
)
def test_a_name_is_shortened_as_the_field_does(
    level: Level, name: str, short: str
) -> None:
    assert shorten(name, level=level) == short


@pytest.mark.parametrize(
    ("code", "name", "short"),
    [
        ("32", "江苏省总工会", "江苏"),
        ("3205", "苏州市帮扶中心", "苏州"),
        ("320508", "姑苏区帮扶中心", "姑苏"),
        ("320508018", "平江街道帮扶站", "平江"),
        ("320583100", "玉山镇帮扶站", "玉山"),
        ("1101", "北京市帮扶中心", "北京"),  # 市辖区
        ("5001", "重庆市帮扶中心", "重庆"),  # 市辖区
        ("5002", "重庆市县域帮扶中心", "重庆县域"),  # 县
        ("4190", "河南省直管县（市）帮扶中心", "河南直管"),  # 省直辖县级行政区划
        ("6590", "新疆维吾尔自治区直管县（市）帮扶中心", "新疆直管"),
        ("441900", "东莞市本级帮扶中心", "东莞本级"),  # the city again, as a county
        ("442000", "中山市本级帮扶中心", "中山本级"),
        ("460400", "儋州市本级帮扶中心", "儋州本级"),
        ("620201", "嘉峪关市本级帮扶中心", "嘉峪关本级"),
        ("130107", "井陉矿区帮扶中心", "井陉矿区"),  # beside 井陉县
        ("210421", "抚顺县帮扶中心", "抚顺县"),  # in the city of 抚顺
    ],
)
def test_the_unit_of_a_division_has_the_name_people_say(
    code: str, name: str, short: str
) -> None:
    called = unit_names(divisions.packaged())[code]

    assert (called.name, called.short_name) == (name, short)


def test_short_names_tell_neighbours_apart_in_the_whole_nation() -> None:
    nation = divisions.packaged()
    names = unit_names(nation)

    beside = Counter((d.parent_code, names[d.code].short_name) for d in nation)
    as_above = [
        d
        for d in nation
        if d.level in (Level.COUNTY, Level.STATION)
        and names[d.code].short_name == names[d.parent_code].short_name
    ]

    assert max(beside.values()) == 1
    assert as_above == []
    assert min(len(called.short_name) for called in names.values()) == 2
