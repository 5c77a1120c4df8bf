"""The network: built from divisions, opened, renamed and closed by hand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.access import SYSTEM, Actor
from casework.data import divisions
from casework.data.divisions import Division
from casework.data.divisions.names import UnitName
from casework.domain.errors import Conflict, Forbidden, Invalid
from casework.domain.vocabulary import Level, Role, UnitKind
from casework.models import Unit
from casework.services import units
from tests.cast import Cast

DAY = date(2023, 6, 30)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NO_PROBLEM: tuple[list[int], ...] = ([], [], [], [], [])

# 无锡 comes before 苏州 by code: imported later, it stands after it by path.
WUXI, SUZHOU, XUZHOU = "3202", "3205", "3203"
_PLACES = (WUXI, SUZHOU, "320205", "320508", "320583", "41", "4101", "410102")
EDITION = tuple(
    d
    for d in divisions.packaged()
    if d.code == "32" or d.code in _PLACES or d.parent_code in ("320508", "410102")
)


def build(
    edition: tuple[Division, ...] = EDITION, *, city: str | None = None
) -> units.Import:
    chosen = units.city_named(city, divisions=edition) if city else None
    return units.import_divisions(
        divisions=edition, city=chosen, valid_from=DAY, by=SYSTEM
    )


def paths() -> dict[str, str]:
    return dict(Unit.objects.values_list("code", "path"))


def unit(code: str) -> Unit:
    found: Unit = Unit.objects.get(code=code)
    return found


@pytest.mark.django_db
def test_an_import_builds_every_level_under_the_nation() -> None:
    result = build()

    assert result.created == {
        Level.NATION: 1,
        Level.PROVINCE: 2,
        Level.CITY: 3,
        Level.COUNTY: 4,
        Level.STATION: len(EDITION) - 9,
    }
    pingjiang = unit("320508018")
    assert [u.name for u in Unit.objects.get_ancestors(pingjiang)] == [
        "中华全国总工会",
        "江苏省总工会",
        "苏州市帮扶中心",
        "姑苏区帮扶中心",
    ]
    assert pingjiang.name == "平江街道帮扶站"
    assert pingjiang.kind == UnitKind.STREET_STATION
    assert pingjiang.during == DateRange(DAY, None)
    assert Unit.objects.find_problems() == NO_PROBLEM


@pytest.mark.django_db
def test_a_second_import_changes_nothing() -> None:
    build()
    before = list(Unit.objects.values())

    again = build()

    assert not again.changed
    assert (again.kept, again.gone) == (len(before), [])
    assert list(Unit.objects.values()) == before


@pytest.mark.django_db
def test_one_city_brings_only_what_stands_above_it() -> None:
    build(city="苏州市")

    assert set(paths()) >= {"0", "32", SUZHOU, "320508", "320583", "320508018"}
    assert not set(paths()) & {WUXI, "41"}
    assert Unit.objects.find_problems() == NO_PROBLEM


@pytest.mark.django_db
@pytest.mark.parametrize("later", [None, "无锡"], ids=["all", "another city"])
def test_paths_stay_when_more_of_the_nation_follows(later: str | None) -> None:
    build(city="苏州市")
    before = paths()

    build(city=later)

    assert before.items() <= paths().items()
    assert unit(WUXI).path > unit(SUZHOU).path
    assert unit("32").numchild == 2
    assert Unit.objects.find_problems() == NO_PROBLEM


@pytest.mark.django_db
def test_a_station_opened_by_hand_keeps_its_place_when_streets_follow() -> None:
    without = tuple(d for d in EDITION if d.code != "320508018")
    build(without)
    station = units.open_station(
        under=unit("320508"),
        name="雷允上帮扶站",
        short_name="雷允上",
        by=SYSTEM,
        at=NOON,
    )

    result = build()

    assert unit(station.code).path == station.path
    assert unit("320508018").path > station.path
    assert result.gone == []
    assert Unit.objects.find_problems() == NO_PROBLEM


@pytest.mark.django_db
def test_a_newer_file_renames_and_reports_what_it_does_not_have() -> None:
    build()
    newer = tuple(
        Division(d.code, "姑苏中心区") if d.code == "320508" else d
        for d in EDITION
        if d.code != "320583"
    )

    result = build(newer)

    assert result.renamed == [
        units.Renaming(
            "320508",
            UnitName("姑苏区帮扶中心", "姑苏"),
            UnitName("姑苏中心区帮扶中心", "姑苏中心"),
        )
    ]
    assert [gone.name for gone in result.gone] == ["昆山市帮扶中心"]
    assert unit("320508").name == "姑苏中心区帮扶中心"
    assert unit("320583").during.upper is None


@pytest.mark.django_db
def test_one_city_reports_nothing_gone_elsewhere() -> None:
    build()
    newer = tuple(d for d in EDITION if d.code not in ("320205", "320583"))

    result = build(newer, city="苏州")

    assert [gone.code for gone in result.gone] == ["320583"]


@pytest.mark.django_db
def test_progress_hears_the_end() -> None:
    heard = []

    units.import_divisions(
        divisions=EDITION,
        valid_from=DAY,
        by=SYSTEM,
        progress=lambda done, total: heard.append((done, total)),
    )

    assert heard == [(len(EDITION) + 1, len(EDITION) + 1)]


def test_only_the_system_imports(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="只能由系统命令"):
        units.import_divisions(divisions=EDITION, valid_from=DAY, by=cast.anquan)


def test_two_imports_at_once_do_not_double(own_database: str) -> None:
    def run(_: int) -> units.Import:
        try:
            return build()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, range(2)))

    assert sorted(result.changed for result in results) == [False, True]
    assert Unit.objects.count() == len(EDITION) + 1
    assert Unit.objects.find_problems() == NO_PROBLEM


@pytest.mark.django_db
def test_an_import_that_waits_in_vain_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "_PATIENCE", "50ms")
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [units._NETWORK_LOCK])

        with pytest.raises(Conflict, match="请稍后再试"):
            build()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("苏州市", "3205"),
        ("苏州", "3205"),
        ("3205", "3205"),
        ("苏州市帮扶中心", "3205"),
        ("北京市", "1101"),
        ("重庆", "5001"),
        ("重庆市县域", "5002"),
        ("湖北直管", "4290"),
        ("海南", "6325"),  # 海南藏族自治州; the province's own is 海南直管
    ],
)
def test_a_city_is_found_by_the_names_people_use(text: str, code: str) -> None:
    assert units.city_named(text, divisions=divisions.packaged()).code == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("苏洲", "没有叫“苏洲”的城市。相近的有：苏州市、株洲市。"),
        ("苏", "没有叫“苏”的城市。相近的有：苏州市。"),
        ("Atlantis", "没有叫“Atlantis”的城市，请写全称，如“苏州市”。"),
        ("", "没有叫“”的城市，请写全称，如“苏州市”。"),
        ("市辖区", "有几个城市叫“市辖区”，请写明是哪一个：北京市、天津市、上海市、重庆市。"),
    ],
)  # fmt: skip
def test_a_city_that_is_not_clear_is_answered_with_near_names(
    text: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as told:
        units.city_named(text, divisions=divisions.packaged())

    assert told.value.message == sentence


def test_a_security_administrator_opens_a_station_below_a_county(cast: Cast) -> None:
    stations = [
        units.open_station(
            under=cast.gusu, name=name, short_name=name[:3], by=cast.anquan, at=NOON
        )
        for name in ("雷允上帮扶站", "稻香村帮扶站")
    ]

    assert [s.code for s in stations] == ["320508Q001", "320508Q002"]
    assert {s.kind for s in stations} == {UnitKind.ENTERPRISE_STATION}
    assert stations[0].during == DateRange(NOON.date(), None)
    assert [u.pk for u in Unit.objects.get_ancestors(stations[0])][-1] == cast.gusu.pk
    assert Unit.objects.find_problems() == NO_PROBLEM


@pytest.mark.parametrize(
    ("place", "name", "short_name", "field", "reason"),
    [
        ("city", "雷允上帮扶站", "雷允上", "under", "只能设在县级帮扶中心之下"),
        ("pingjiang", "雷允上帮扶站", "雷允上", "under", "只能设在县级帮扶中心之下"),
        ("gusu", " ", "雷允上", "name", "2 到 100 个字"),
        ("gusu", "站" * 101, "雷允上", "name", "2 到 100 个字"),
        ("gusu", "雷允上\n帮扶站", "雷允上", "name", "不可见字符"),
        ("gusu", "雷允上帮扶站", "雷", "short_name", "2 到 40 个字"),
        ("gusu", "平江街道帮扶站", "雷允上", "name", "已有“平江街道帮扶站”"),
        ("gusu", "雷允上帮扶站", "平江街道", "short_name", "已有“平江街道”"),
    ],
)
def test_a_station_in_the_wrong_place_or_by_a_bad_name_is_refused(
    cast: Cast, place: str, name: str, short_name: str, field: str, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason) as told:
        units.open_station(
            under=getattr(cast, place),
            name=name,
            short_name=short_name,
            by=cast.anquan,
            at=NOON,
        )

    assert told.value.field == field


def test_no_station_opens_below_a_closed_centre(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.gusu.pk).update(
        during=DateRange(date(2025, 1, 1), NOON.date())
    )

    with pytest.raises(Invalid, match="不在有效期内"):
        _open(cast, cast.anquan)


def _open(cast: Cast, by: Actor) -> Unit:
    return units.open_station(
        under=cast.gusu, name="雷允上帮扶站", short_name="雷允上", by=by, at=NOON
    )


def _rename(cast: Cast, by: Actor) -> Unit:
    station = _open(cast, SYSTEM)
    return units.rename(unit=station, name="国药帮扶站", short_name="国药", by=by)


def _close(cast: Cast, by: Actor) -> Unit:
    later = NOON.replace(year=2027)
    return units.close_unit(unit=_open(cast, SYSTEM), by=by, at=later)


CHANGES = [_open, _rename, _close]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["xitong", "chendi", "heshi", "amin", "fangzheng"])
def test_nobody_else_changes_the_network(
    cast: Cast, change: Callable[[Cast, Actor], Unit], who: str
) -> None:
    with pytest.raises(Forbidden, match="只有安全管理员能"):
        change(cast, getattr(cast, who))


@pytest.mark.parametrize("change", CHANGES)
def test_a_security_administrator_changes_nothing_in_another_city(
    cast: Cast, change: Callable[[Cast, Actor], Unit]
) -> None:
    build(city="无锡")
    hat = cast.anquan.membership
    assert hat is not None
    hat.unit = unit(WUXI)

    with pytest.raises(Forbidden, match="不在您管的范围内"):
        change(cast, cast.anquan)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["anquan", "system"])
def test_those_in_charge_change_the_network(
    cast: Cast, change: Callable[[Cast, Actor], Unit], who: str
) -> None:
    by = SYSTEM if who == "system" else cast.anquan
    assert by.wears(Role.SECURITY_ADMINISTRATOR, Role.SYSTEM)

    changed = change(cast, by)

    assert Unit.objects.filter(pk=changed.pk, name=changed.name).exists()


def test_a_station_takes_its_new_name(cast: Cast) -> None:
    renamed = _rename(cast, cast.anquan)

    assert (unit(renamed.code).name, unit(renamed.code).short_name) == (
        "国药帮扶站",
        "国药",
    )


def test_a_station_may_keep_one_of_its_names(cast: Cast) -> None:
    station = _open(cast, cast.anquan)

    units.rename(unit=station, name="雷允上站", short_name="雷允上", by=cast.anquan)

    assert unit(station.code).name == "雷允上站"


def test_a_division_unit_is_not_renamed_by_hand(cast: Cast) -> None:
    with pytest.raises(Invalid, match="名称随行政区划"):
        units.rename(unit=cast.gusu, name="姑苏站", short_name="姑苏", by=cast.anquan)


def test_a_closed_unit_is_in_force_until_the_day_before(cast: Cast) -> None:
    closed = _close(cast, cast.anquan)

    assert unit(closed.code).during == DateRange(NOON.date(), date(2027, 3, 2))


def _with_open_children(cast: Cast) -> Unit:
    return cast.kunshan


def _with_a_hat(cast: Cast) -> Unit:
    return cast.pingjiang


def _closed_already(cast: Cast) -> Unit:
    return _close(cast, SYSTEM)


def _opened_that_day(cast: Cast) -> Unit:
    return units.open_station(
        under=cast.gusu, name="国药帮扶站", short_name="国药", by=SYSTEM, at=NOON
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (_with_open_children, "昆山市帮扶中心下还有 1 个单位未撤销"),
        (_with_a_hat, "平江街道帮扶站还有 1 个任职未结束"),
        (_closed_already, "已定于 2027年3月2日 撤销"),
        (_opened_that_day, "自 2026年3月2日 起设立，撤销日须晚于这一天"),
    ],
)
def test_a_unit_in_use_is_not_closed(
    cast: Cast, given: Callable[[Cast], Unit], reason: str
) -> None:
    in_use = given(cast)

    with pytest.raises(Invalid, match=reason):
        units.close_unit(unit=in_use, by=cast.anquan, at=NOON)


def test_a_centre_closes_after_its_stations_and_hats(cast: Cast) -> None:
    units.close_unit(unit=cast.yushan, by=cast.anquan, at=NOON)
    hat = cast.dinglan.membership
    assert hat is not None
    hat.during = DateRange(hat.during.lower, NOON.date())
    hat.save(update_fields=["during"])

    units.close_unit(unit=cast.kunshan, by=cast.anquan, at=NOON)

    assert unit("320583").during.upper == NOON.date()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_network", *arguments, stdout=out, skip_checks=True)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_imports_a_city_once() -> None:
    first, second = run("--city", "苏州市"), run("--city", "苏州")

    assert "写入单位 131/131\n" in first
    assert "新设 站点 118 个\n" in first
    assert second == "没有变化：131 个单位都已存在。\n"


@pytest.mark.django_db
def test_the_command_takes_the_day_and_another_edition(tmp_path: Path) -> None:
    run("--city", "无锡")
    newer = tmp_path / "newer.csv"
    newer.write_text("code,name\n32,江苏省\n3202,梁溪市\n320299,太湖县\n", "utf-8")

    told = run("--all", "--file", str(newer), "--date", "2026-07-01")

    assert "3202 无锡市帮扶中心（无锡） → 梁溪市帮扶中心（梁溪）\n" in told
    assert "仍有效的单位 " in told
    assert "320205 锡山区帮扶中心\n" in told
    assert unit("320299").during.lower == date(2026, 7, 1)
    assert unit("3202").during.lower == DAY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--city", "苏洲"), "没有叫“苏洲”的城市"),
        (("--all", "--file", "no-such.csv"), "no-such.csv：无法读取"),
        ((), "--city --all is required"),
        (("--all", "--city", "苏州市"), "not allowed with argument"),
        (("--all", "--date", "1 July"), "“1 July”不是日期"),
    ],
)
def test_the_command_refuses_in_a_sentence(
    arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)

    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_a_file_with_a_wrong_column_changes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("code,nom\n32,江苏省\n", "utf-8")

    with pytest.raises(CommandError, match=r"bad\.csv 第 1 行 name 列：表头应为"):
        run("--all", "--file", str(bad))

    assert not Unit.objects.exists()
