"""Living standards: the county's own, on the day of the application, or a clear refusal."""

import tomllib
from datetime import date
from typing import Any

import pytest

from casework.data import divisions
from casework.domain.rules import Measure, read_rule_set
from casework.domain.vocabulary import Mark
from casework.models import RuleEdition, Unit
from casework.services import casefile, rules
from tests.cast import Cast
from tests.hardship_aid.conftest import Way
from workflows.hardship_aid import standards
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.standards import NoStandard, living_standard, terms_of
from workflows.hardship_aid.vocabulary import ExclusionGround

pytestmark = pytest.mark.django_db

COUNTIES = 10
SHIPPED = standards._DEMO.with_name("rules.toml")


@pytest.fixture
def city(cast: Cast) -> Cast:
    """The cast's two counties, with the demo's standards and the shipped rules."""
    publish_shipped()
    assert standards.load_demo_standards() == 2 * 3
    return cast


def test_H09_the_standard_is_that_of_the_county_on_the_day(city: Cast) -> None:
    def fen(unit: Unit, day: str) -> int:
        return living_standard(unit, on=date.fromisoformat(day)).value

    assert fen(city.gusu, "2025-06-30") == 101_500
    assert fen(city.gusu, "2025-07-01") == 104_500
    assert fen(city.pingjiang, "2026-07-01") == 107_500
    assert fen(city.kunshan, "2026-07-01") == 108_000

    found = living_standard(city.pingjiang, on=date(2026, 11, 1))
    assert (found.unit, found.mark, found.basis) == (Measure.FEN, Mark.P, "演示数据")
    assert (found.place, found.since) == (city.gusu.name, date(2026, 7, 1))


def test_H09_a_missing_standard_names_unit_day_and_who_publishes_it(
    city: Cast,
) -> None:
    with pytest.raises(NoStandard) as refusal:
        living_standard(city.kunshan, on=date(2024, 6, 30))

    said = refusal.value.message
    assert city.kunshan.name in said
    assert "2024年6月30日" in said
    assert "系统管理员发布" in said
    assert terms_of(city.kunshan, on=date(2024, 6, 30)).standard is None


def test_H08_the_terms_are_those_of_the_rules(city: Cast) -> None:
    terms = terms_of(city.pingjiang, on=date(2026, 9, 1))

    assert terms.standard == 107_500
    assert (terms.line_deep, terms.line_relative, terms.accident_share) == (
        100,
        200,
        80,
    )


def test_H07_a_county_may_switch_an_exclusion(city: Cast) -> None:
    switched = read_rule_set(
        SHIPPED.read_text("utf-8").replace("value = 0", "value = 1"), file="rules.toml"
    ).thresholds
    overlay = tuple(t for t in switched if t.name == "exclusion_assets")
    rules.publish(
        kind="hardship_aid",
        thresholds=overlay,
        from_day=date(2026, 10, 1),
        unit=city.kunshan,
    )

    def excluded(unit: Unit) -> frozenset[ExclusionGround]:
        return terms_of(unit, on=date(2026, 10, 1)).exclusions

    assert ExclusionGround.DWELLINGS in excluded(city.gusu)
    assert ExclusionGround.ASSETS not in excluded(city.gusu)
    assert ExclusionGround.ASSETS in excluded(city.yushan)


def test_P17_the_demos_standards_cover_the_city_and_are_never_official() -> None:
    document = tomllib.loads(standards._DEMO.read_text("utf-8"))
    counties = {
        division.code
        for division in divisions.packaged()
        if division.code.startswith("3205") and len(division.code) == 6
    }

    assert len(counties) == COUNTIES
    assert (document["basis"], document["mark"]) == ("演示数据", "P")
    assert [str(standard["from"]) for standard in document["standard"]] == [
        "2024-07-01",
        "2025-07-01",
        "2026-07-01",
    ]
    for standard in document["standard"]:
        assert set(standard["fen"]) == counties
        assert all(type(fen) is int and fen > 0 for fen in standard["fen"].values())


def publish_shipped() -> None:
    """Publish the nation's rules of hardship aid, unless the registry did."""
    if RuleEdition.objects.filter(kind="hardship_aid", unit=None).exists():
        return
    given = read_rule_set(SHIPPED.read_text("utf-8"), file="rules.toml")
    rules.publish(
        kind="hardship_aid",
        rules=given.rules,
        thresholds=given.thresholds,
        papers=given.papers,
        from_day=rules.BEGINNING,
    )


def test_the_figures_of_a_case_come_from_the_book_that_the_door_read(
    way: Way, django_assert_num_queries: Any
) -> None:
    case = casefile.look(way.case.pk, by=way.office.xiaobo).case
    assert case.county is not None

    with django_assert_num_queries(0):
        assert figure(case, "visit_tries") == 2
        assert figure(case, "urgent_limit") == 300_000
