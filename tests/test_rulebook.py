"""Every rule of the manual is enforced somewhere, or listed with the reason why not."""

from dataclasses import replace

import pytest

from casework.domain.rules import read_rule_set
from tools.rulebook import Listed, evidence, faults, is_named, listed, procedures, table


def test_the_list_has_every_rule_once_in_the_order_of_the_manual() -> None:
    ids = [rule.id for rule in listed()]

    assert ids == [
        *(f"H-{n:02}" for n in range(1, 10)),
        *(f"H-{n}" for n in range(20, 28)),
        "H-27a",
        *(f"H-{n}" for n in range(28, 43)),
        *(f"F-{n:02}" for n in range(1, 17)),
        *(f"N-{n:02}" for n in range(1, 11)),
        *(f"E-{n:02}" for n in range(1, 15)),
        *(f"P-{n:02}" for n in range(1, 18)),
    ]


def test_every_rule_is_enforced_or_listed_with_its_reason() -> None:
    rules = listed()

    assert faults(rules, evidence(rules)) == []


def test_every_figure_is_asked_for_by_name() -> None:
    unused = [
        figure.name
        for kind in procedures()
        for figure in read_rule_set(
            kind.rules.read_text("utf-8"), file=kind.code
        ).thresholds
        if not is_named(figure.name)
    ]

    assert unused == []


RULE = Listed(id="H-21", says="Check the papers")


@pytest.mark.parametrize(
    ("rule", "places", "sentence"),
    [
        (RULE, [], "H-21 (Check the papers) is enforced nowhere"),
        (replace(RULE, not_built="later"), ["a step"], "is enforced now (a step)"),
        (replace(RULE, not_built="later", left="more"), [], "both 'not_built'"),
    ],
)
def test_a_rule_that_is_listed_wrongly_is_found(
    rule: Listed, places: list[str], sentence: str
) -> None:
    (fault,) = faults([rule], {rule.id: places})

    assert sentence in fault


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        (RULE, ["a step"]),
        (replace(RULE, left="more"), ["a step"]),
        (replace(RULE, not_built="later"), []),
    ],
)
def test_a_rule_that_is_listed_rightly_is_not(rule: Listed, places: list[str]) -> None:
    assert faults([rule], {rule.id: places}) == []


def test_evidence_comes_from_the_names_of_tests() -> None:
    rules = listed()
    found = evidence(rules)

    assert any("test_H08_equal_is_told_as_equal" in place for place in found["H-08"])
    assert not any("inquiry" in place for places in found.values() for place in places)
    lines = list(table(rules, found))
    assert len(lines) == len(rules) + 2
    assert lines[2].startswith("| H-01 | One household, one file |")
