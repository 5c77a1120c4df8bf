"""The sums of the organisation page, and the range of the path index behind them."""

from datetime import date

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from casework.access import SYSTEM
from casework.data import divisions
from casework.domain.vocabulary import Level
from casework.models import Unit
from casework.reports import network
from casework.services import units

DAY = date(2023, 6, 30)
LATER = date(2026, 3, 2)


@pytest.fixture
def suzhou(db: None) -> Unit:
    """苏州市 with its 10 counties and 118 streets."""
    known = tuple(d for d in divisions.packaged() if _is_suzhou(d.code))
    units.import_divisions(divisions=known, valid_from=DAY, by=SYSTEM)
    return unit("3205")


def _is_suzhou(code: str) -> bool:
    return code == "32" or code.startswith("3205")


def unit(code: str) -> Unit:
    found: Unit = Unit.objects.get(code=code)
    return found


def close(code: str) -> None:
    Unit.objects.filter(code=code).update(during=DateRange(DAY, LATER))


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("0", [1, 1, 1, 10, 118]),
        ("32", [1, 1, 10, 118]),
        ("3205", [1, 10, 118]),
        ("320508", [1, 8]),
        ("320508018", [1]),
    ],
)
def test_levels_are_counted_in_one_query(
    suzhou: Unit,
    django_assert_num_queries: DjangoAssertNumQueries,
    code: str,
    counts: list[int],
) -> None:
    top = unit(code)

    with django_assert_num_queries(1):
        found = network.level_counts(top)

    assert found == dict(zip(list(Level)[-len(counts) :], counts, strict=True))


def test_children_come_by_code_with_the_units_below_in_one_query(
    suzhou: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        branches = network.children(suzhou)

    assert len(branches) == 10
    assert [b.unit.code for b in branches] == sorted(b.unit.code for b in branches)
    assert sum(b.units_below for b in branches) == 118
    assert {b.unit.name: b.units_below for b in branches}["姑苏区帮扶中心"] == 8


def test_a_station_has_nothing_below(suzhou: Unit) -> None:
    assert network.children(unit("320508018")) == []


def test_a_closed_unit_counts_until_the_day_before(suzhou: Unit) -> None:
    close("320508018")
    gusu = unit("320508")

    assert network.level_counts(gusu, on=DAY)[Level.STATION] == 8
    assert network.level_counts(gusu, on=LATER)[Level.STATION] == 7
    assert len(network.children(gusu, on=LATER)) == 7
    below = {b.unit.code: b.units_below for b in network.children(suzhou, on=LATER)}
    assert below["320508"] == 7
    assert network.search("平江街道", within=gusu, on=LATER).units == []


def test_a_search_puts_what_begins_with_the_text_first(
    suzhou: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        hits = network.search("江", within=suzhou)

    names = [found.name for found in hits.units]
    assert not hits.more
    assert "平江街道帮扶站" in names
    begins = [name.startswith("江") for name in names]
    assert begins == sorted(begins, reverse=True)


def test_a_search_stays_in_the_subtree(suzhou: Unit) -> None:
    assert network.search("平江", within=unit("320583")).units == []


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "没有这个"])
def test_a_search_for_nothing_finds_nothing(suzhou: Unit, text: str) -> None:
    assert network.search(text, within=suzhou) == network.Hits([], more=False)


def test_a_search_is_capped_and_says_so(suzhou: Unit) -> None:
    hits = network.search("帮扶", within=suzhou)

    assert len(hits.units) == network.MOST_HITS
    assert hits.more


@pytest.mark.slow
def test_a_subtree_is_one_range_of_the_path_index_at_nation_scale(db: None) -> None:
    imported = units.import_divisions(
        divisions=divisions.packaged(), valid_from=DAY, by=SYSTEM
    )
    with connection.cursor() as cursor:
        # Statistics are the owner's to take; in production autovacuum takes them.
        cursor.execute("SET ROLE NONE")
        cursor.execute("ANALYZE casework_unit")
        cursor.execute("RESET ROLE")

    for code in ("32", "3205", "320508", "320508018"):
        plan = Unit.objects.within(unit(code)).explain()
        assert "Seq Scan" not in plan
        assert "casework_unit_path_key" in plan
    assert imported.created == network.level_counts(unit("0"))
    assert imported.created == {
        Level.NATION: 1,
        Level.PROVINCE: 31,
        Level.CITY: 342,
        Level.COUNTY: 2_978,
        Level.STATION: 41_352,
    }
    again = units.import_divisions(
        divisions=divisions.packaged(), valid_from=DAY, by=SYSTEM
    )
    assert not again.changed
    assert again.kept == 44_704


@pytest.mark.slow
def test_treebeard_finds_no_problem_in_the_nation(db: None) -> None:
    known = divisions.packaged()
    city = units.city_named("苏州市", divisions=known)
    for only in (city, None):
        units.import_divisions(divisions=known, city=only, valid_from=DAY, by=SYSTEM)

    assert Unit.objects.find_problems() == ([], [], [], [], [])
