"""The shipped rules of hardship aid: what each period is, and worked cases with reasons."""

from pathlib import Path

import pytest

from casework.domain.deadlines import Pause, Reckoning, due
from casework.domain.rules import RuleTerms, Threshold, read_rule_set
from casework.domain.vocabulary import ClockKind, Mark
from tests.domain.deadlines.questions import CALENDAR, at
from workflows.hardship_aid import vocabulary
from workflows.hardship_aid.vocabulary import ExclusionGround, PaperCondition

FOLDER = Path(vocabulary.__file__).parent
APPLICATION = read_rule_set((FOLDER / "rules.toml").read_text("utf-8"), file="rules")
FILE = read_rule_set((FOLDER / "file_rules.toml").read_text("utf-8"), file="file")
PERIODS = {rule.target: rule for rule in (*APPLICATION.rules, *FILE.rules)}
FIGURES = {figure.name: figure for figure in APPLICATION.thresholds}

#: target: rule, period, end and roll, kind, mark.
MANUAL = {
    "completion": ("H-20", "8 working_hour", "cob", "internal", "P"),
    "acceptance": ("H-21", "5 working_day", "cob", "internal", "P"),
    "correction": ("H-21", "15 calendar_day", "midnight, rolls", "waiting", "P"),
    "visit": ("H-23", "10 working_day", "cob", "internal", "P"),
    "contact": ("H-23", "5 working_day", "cob", "internal", "P"),
    "opinion": ("H-24", "3 working_day", "cob", "internal", "P"),
    "review": ("H-25", "10 working_day", "cob", "internal", "L"),
    "station_return": ("H-25", "5 working_day", "cob", "internal", "P"),
    "info_check": ("H-26", "20 working_day", "cob", "waiting", "P"),
    "publicity": ("H-27", "5 working_day", "midnight", "waiting", "L"),
    "take_down": ("P-10", "1 working_day", "cob", "internal", "P"),
    "objection_check": ("H-28", "10 working_day", "cob", "internal", "P"),
    "approval": ("H-29", "5 working_day", "cob", "internal", "P"),
    "city_review": ("H-30", "10 working_day", "cob", "internal", "P"),
    "reconsideration_window": (
        "H-31",
        "15 calendar_day",
        "midnight, rolls",
        "waiting",
        "P",
    ),
    "reconsideration": ("H-31", "10 working_day", "cob", "internal", "P"),
    "urgent": ("H-32", "3 working_day", "cob", "internal", "P"),
    "papers_owed": ("H-32", "20 working_day", "cob", "internal", "P"),
    "archive": ("R-01", "30 calendar_day", "cob, rolls", "internal", "P"),
    "national_entry": ("H-33", "30 working_day", "cob", "statutory", "V"),
    "yearly_review": ("H-34", "1 year", "midnight", "statutory", "V"),
    "observation": ("H-36", "6 month", "midnight", "waiting", "P"),
    "removal_objection": ("H-37", "10 working_day", "midnight", "waiting", "P"),
    "move": ("H-39", "10 working_day", "cob", "internal", "P"),
    "retention": ("H-40", "10 year", "midnight", "waiting", "V"),
}


def said(rule: RuleTerms) -> tuple[str, ...]:
    terms = rule.terms
    rolls = ", rolls" if terms.roll == "next_working" else ""
    return (
        rule.id,
        f"{terms.period.amount} {terms.unit}",
        f"{terms.end}{rolls}",
        str(rule.kind),
        str(rule.mark),
    )


def test_every_period_is_that_of_the_manual() -> None:
    assert {target: said(rule) for target, rule in PERIODS.items()} == MANUAL


def test_what_expires_into_a_step_and_what_stands_still_for_which_reason() -> None:
    assert {t: rule.expiry for t, rule in PERIODS.items() if rule.expiry} == {
        "correction": "deem_withdrawn",
        "publicity": "end_publicity",
        "yearly_review": "fall_due",
    }
    assert {t: set(rule.pauses) for t, rule in PERIODS.items() if rule.pauses} == {
        "acceptance": {"supplement"},
        "visit": {"absence"},
        "review": {"returned", "info_check"},
        "publicity": {"objection"},
        "approval": {"objection"},
        "removal_objection": {"objection"},
    }


def test_E01_to_E05_an_office_target_has_the_whole_ladder() -> None:
    """Shorter ones leave out the rungs that would fall on the day they begin."""
    short = {"completion", "contact", "opinion", "urgent", "take_down", "archive"}
    for target, rule in PERIODS.items():
        codes = [rung.code for rung in rule.ladder]
        if rule.kind is ClockKind.INTERNAL and target not in short:
            assert codes == [
                "50%",
                "80%",
                "-1 working_day",
                "due",
                "+1 working_day",
                "+3 working_day",
            ], target


#: What is asked, when it began (and stood still), when it ends, and why.
WORKED = [
    (
        "acceptance",
        "2026-09-29T10:00",
        (),
        "2026-10-12T17:30",
        "30 Sep, 8, 9 and the make-up Sat 10, Mon 12 Oct: National Day does not count",
    ),
    (
        "acceptance",
        "2026-02-14T10:00",
        (),
        "2026-02-28T17:30",
        "received on a make-up Saturday, a day like any other: 24-27 and make-up Sat 28",
    ),
    (
        "acceptance",
        "2026-03-08T15:00",
        (),
        "2026-03-16T17:30",
        "received on a Sunday: as if on Mon 9; 10-13 and Mon 16",
    ),
    (
        "acceptance",
        "2026-02-04T10:00",
        (("2026-02-06T16:00", "2026-02-24T10:00"),),
        "2026-02-27T17:30",
        "one day used (Thu 5); stood still over Spring Festival; 24, 25, 26, 27",
    ),
    (
        "correction",
        "2026-02-01T10:00",
        (),
        "2026-02-25T00:00",
        "the 15th day, 16 Feb, is in Spring Festival: 24:00 of the next working day",
    ),
    (
        "correction",
        "2026-09-16T10:00",
        (),
        "2026-10-09T00:00",
        "the 15th day is 1 Oct: rolls to 8 Oct, 24:00",
    ),
    (
        "correction",
        "2026-02-13T10:00",
        (),
        "2026-03-01T00:00",
        "the 15th day, Sat 28 Feb, is a make-up working day: no roll",
    ),
    (
        "publicity",
        "2026-09-18T09:00",
        (),
        "2026-09-25T00:00",
        "day of posting is day 0; make-up Sun 20, 21, 22, 23 and the whole of 24",
    ),
    (
        "publicity",
        "2026-09-18T09:00",
        (("2026-09-24T23:59", "2026-09-28T10:00"),),
        "2026-09-29T00:00",
        "an objection in the last minute: the fifth day was not full, Mon 28 is",
    ),
    (
        "reconsideration_window",
        "2026-04-20T10:00",
        (),
        "2026-05-07T00:00",
        "the 15th day is 5 May, a holiday: 24:00 of 6 May",
    ),
    (
        "observation",
        "2025-08-31T10:00",
        (),
        "2026-03-01T00:00",
        "six months later February has no 31st: 24:00 of the 28th",
    ),
    (
        "yearly_review",
        "2024-02-29T10:00",
        (),
        "2025-03-01T00:00",
        "a year after a 29 February is the 28th, 24:00",
    ),
]


@pytest.mark.parametrize(("target", "start", "still", "end", "why"), WORKED)
def test_H21_H27_H31_H34_H36_worked_cases(
    target: str, start: str, still: tuple[tuple[str, str], ...], end: str, why: str
) -> None:
    rule = PERIODS[target]
    (reason,) = rule.pauses or {""}
    pauses = tuple(Pause(at(begin), at(stop), reason) for begin, stop in still)
    question = Reckoning(
        start=at(start), terms=rule.terms, calendar=CALENDAR, pauses=pauses
    )

    assert due(question).due_at == at(end), why


def test_H40_a_file_is_kept_ten_years_from_its_removal() -> None:
    question = Reckoning(
        start=at("2026-07-01T10:00"),
        terms=PERIODS["retention"].terms,
        calendar=CALENDAR,
    )

    assert due(question, strict=False).due_at == at("2036-07-02T00:00")


def test_H07_every_ground_of_exclusion_has_its_switch() -> None:
    switches = {
        figure.name: figure.value
        for figure in APPLICATION.thresholds
        if figure.unit == "switch"
    }
    off = {"refuses_work", "refuses_check", "assets"}

    assert switches == {
        f"exclusion_{ground}": int(str(ground) not in off) for ground in ExclusionGround
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("line_deep", 100),
        ("line_relative", 200),
        ("accident_share", 80),
        ("visit_tries", 2),
        ("returns", 2),
        ("supplements", 1),
        ("urgent_limit", 300_000),
        ("county_limit", 2_000_000),
        ("refile_window", 366),
    ],
)
def test_the_figures_are_those_of_the_manual(name: str, value: int) -> None:
    assert FIGURES[name].value == value


def test_H21_H22_papers_are_asked_for_under_conditions_that_forms_know() -> None:
    known = {str(condition) for condition in PaperCondition}
    always = {paper.code for paper in APPLICATION.papers if paper.is_always_required}

    assert {paper.required for paper in APPLICATION.papers} == known
    assert always == {
        "application",
        "id_card",
        "household_book",
        "authorisation",
        "union_membership",
    }


def test_what_is_our_own_default_says_so() -> None:
    """Never present a default as law (domain.md 0): the basis itself tells."""
    rows: list[RuleTerms | Threshold] = [
        *PERIODS.values(),
        *APPLICATION.thresholds,
        *FILE.thresholds,
    ]

    for row in rows:
        assert row.basis.startswith("本系统默认值") == (row.mark is Mark.P), row.id
