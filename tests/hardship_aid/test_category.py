"""The proposal of a category: exact at the lines, monotone, and the same when replayed."""

import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.chain import canonical
from casework.domain.deadlines import Sentence
from casework.domain.errors import Invalid
from workflows.hardship_aid.category import (
    Accident,
    Expense,
    Income,
    Inputs,
    Missing,
    Per,
    Terms,
    propose,
    replay,
)
from workflows.hardship_aid.household_vocabulary import ExpenseKind, IncomeKind
from workflows.hardship_aid.vocabulary import Category, ExclusionGround

STANDARD = 109_500
TERMS = Terms(standard=STANDARD, exclusions=frozenset({ExclusionGround.DWELLINGS}))
NEEDIEST_FIRST = [
    Category.DEEP,
    Category.RELATIVE,
    Category.ACCIDENT,
    Category.NONE,
]


def household(monthly: Any, *, members: int = 3, **changes: Any) -> Inputs:
    """A household whose members have this much a month between them."""
    return Inputs(
        terms=TERMS,
        members=members,
        income=(Income(IncomeKind.WAGES, monthly),),
        **changes,
    )


@pytest.mark.parametrize(
    ("times", "difference", "category"),
    [
        (1, -1, Category.DEEP),
        (1, 0, Category.RELATIVE),
        (1, 1, Category.RELATIVE),
        (2, -1, Category.RELATIVE),
        (2, 0, Category.NONE),
        (2, 1, Category.NONE),
    ],
)
@pytest.mark.parametrize("members", [1, 3, 7])
def test_H02_H03_equal_to_the_line_does_not_qualify(
    times: int, difference: int, category: Category, members: int
) -> None:
    """One fen a year between all of them decides."""
    whole = 12 * STANDARD * times * members + difference
    income = (Income(IncomeKind.WAGES, whole, Per.YEAR),)

    assert (
        propose(Inputs(terms=TERMS, members=members, income=income)).category
        is category
    )


def test_H08_equal_is_told_as_equal() -> None:
    steps = propose(household(3 * STANDARD)).steps

    said = next(step.said for step in steps if step.figures.get("line") == 100)
    assert "正好等于标准线；等于不算低于，不属于深度困难职工" in said.zh
    assert "equals it, and equal is not below" in said.en


def test_H02_the_computation_is_told_step_by_step() -> None:
    inputs = household(
        600_000,
        expenses=(
            Expense(ExpenseKind.MEDICAL, 3_000_000, receipts=4),
            Expense(ExpenseKind.EDUCATION, 100_000),
        ),
    )

    proposal = propose(inputs)

    assert proposal.per_head == Fraction(7_200_000 - 3_000_000, 36)
    assert proposal.per_head_fen == 116_666
    assert proposal.missing == (Missing.RECEIPTS,)
    assert [(step.rule, step.said.zh) for step in proposal.steps] == [
        ("H-08", "家庭年收入：工资性收入 6,000.00 × 12 月 = 72,000.00 元。"),
        ("H-02", "有票据的刚性支出：医疗支出 30,000.00 = 30,000.00 元。"),
        (
            "H-02",
            "（72,000.00 − 30,000.00）÷ 12 ÷ 3 人 = 月人均 1,166.66 元（不足一分舍去）。",
        ),
        (
            "H-02",
            "低保标准 1,095.00 元 × 1 = 1,095.00 元；月人均 1,166.66 元，"
            "不低于标准线，不属于深度困难职工。",
        ),
        (
            "H-03",
            "低保标准 1,095.00 元 × 2 = 2,190.00 元；月人均 1,166.66 元，"
            "低于标准线，属于相对困难职工。",
        ),
    ]
    assert proposal.steps[2].said.en == (
        "(72,000.00 − 30,000.00) ÷ 12 ÷ 3 = 1,166.66 yuan per head and month "
        "(parts of a fen dropped)."
    )


def test_H02_on_low_income_support_with_the_costs_of_illness_is_deep() -> None:
    sick = (Expense(ExpenseKind.MEDICAL, 1, receipts=1),)
    working = (Expense(ExpenseKind.EMPLOYMENT, 1, receipts=1),)
    over = household(3 * STANDARD + 100, on_low_income_support=True)

    assert propose(over).category is Category.RELATIVE
    assert propose(replace(over, expenses=working)).category is Category.RELATIVE
    assert propose(replace(over, expenses=sick)).category is Category.DEEP
    unsupported = replace(over, expenses=sick, on_low_income_support=False)
    assert propose(unsupported).category is Category.RELATIVE


@pytest.mark.parametrize(
    ("loss", "back", "category"),
    [
        (9_600_000, 0, Category.NONE),
        (9_600_001, 0, Category.ACCIDENT),
        (9_600_001, 1, Category.NONE),
        (9_700_000, 99_999, Category.ACCIDENT),
        (100, 200, Category.NONE),
    ],
)
def test_H04_the_loss_borne_must_exceed_the_share_of_the_income(
    loss: int, back: int, category: Category
) -> None:
    inputs = household(1_000_000, accident=Accident(loss, back))

    assert propose(inputs).category is category


def test_H07_an_exclusion_counts_only_where_it_is_switched_on() -> None:
    poor = household(1)
    grounds = frozenset({ExclusionGround.DWELLINGS, ExclusionGround.ASSETS})

    excluded = propose(replace(poor, grounds=grounds))
    assert excluded.category is Category.NONE
    assert excluded.exclusions == (ExclusionGround.DWELLINGS,)
    assert excluded.steps[-1].rule == "H-07"
    assert "有两套以上住房" in excluded.steps[-1].said.zh

    switched_off = replace(poor, grounds=frozenset({ExclusionGround.ASSETS}))
    assert propose(switched_off).category is Category.DEEP


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"terms": Terms(standard=None)}, Missing.STANDARD),
        ({"members": 0}, Missing.MEMBERS),
        ({"income": ()}, Missing.INCOME),
    ],
)
def test_P11_nothing_is_proposed_while_something_decisive_is_missing(
    changes: dict[str, Any], missing: Missing
) -> None:
    proposal = propose(replace(household(1), **changes))

    assert (proposal.category, proposal.per_head_fen) == (None, None)
    assert proposal.missing == (missing,)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda: household(-1), "wages"),
        (lambda: household(1.0), "wages"),
        (lambda: household(True), "wages"),
        (lambda: household(10**12 + 1), "wages"),
        (lambda: household(1, members=-1), "members"),
        (lambda: household(1, members=51), "members"),
        (lambda: household(1, accident=Accident(-1)), "loss"),
        (lambda: household(1, accident=Accident(1, -1)), "compensation"),
        (lambda: replace(household(1), terms=Terms(standard=0)), "standard"),
        (
            lambda: household(1, expenses=(Expense(ExpenseKind.MEDICAL, -5),)),
            "medical",
        ),
        (
            lambda: household(
                1, expenses=(Expense(ExpenseKind.MEDICAL, 5, receipts=-1),)
            ),
            "receipts",
        ),
    ],
)
def test_H08_a_figure_that_cannot_be_is_refused_by_name(
    change: Any, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        change()

    assert refusal.value.field == field
    told = refusal.value.args[0]
    assert isinstance(told, Sentence)
    assert told.zh.startswith(f"{field}：")
    assert "whole number" in told.en


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form": 2}, "form"),
        ({"grounds": ["yacht"]}, "grounds"),
        ({"members": "3"}, "members"),
        ({"income": [{"kind": "gifts", "fen": 1, "per": "month"}]}, "income"),
        ({"income": [{"kind": "wages", "per": "month"}]}, "fen"),
    ],
)
def test_stored_inputs_that_cannot_be_read_are_refused_by_name(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        replay({**household(1).data, **changes})

    assert refusal.value.field == field


SUMS = st.integers(min_value=0, max_value=50_000_000)
INCOMES = st.lists(
    st.builds(Income, st.sampled_from(IncomeKind), SUMS, st.sampled_from(Per)),
    min_size=1,
    max_size=6,
).map(tuple)
EXPENSES = st.lists(
    st.builds(
        Expense,
        st.sampled_from(ExpenseKind),
        SUMS,
        st.sampled_from(Per),
        st.integers(min_value=0, max_value=3),
    ),
    max_size=6,
).map(tuple)
GROUNDS = st.frozensets(st.sampled_from(ExclusionGround), max_size=3)
HOUSEHOLDS = st.builds(
    Inputs,
    terms=st.builds(
        Terms,
        standard=st.none() | st.integers(min_value=1, max_value=300_000),
        exclusions=GROUNDS,
    ),
    members=st.integers(min_value=0, max_value=8),
    income=INCOMES,
    expenses=EXPENSES,
    accident=st.none() | st.builds(Accident, SUMS, SUMS),
    on_low_income_support=st.booleans(),
    grounds=GROUNDS,
)


@given(HOUSEHOLDS)
def test_P11_what_is_stored_gives_the_same_proposal_again(inputs: Inputs) -> None:
    stored = json.loads(json.dumps(inputs.data))

    assert canonical(inputs.data) == canonical(stored)
    assert replay(stored) == propose(inputs)


@given(HOUSEHOLDS, st.randoms(use_true_random=False))
def test_H08_the_order_of_lines_does_not_matter(inputs: Inputs, random: Any) -> None:
    def shuffled(lines: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(random.sample(list(lines), len(list(lines))))

    other = replace(
        inputs, income=shuffled(inputs.income), expenses=shuffled(inputs.expenses)
    )

    before, after = propose(inputs), propose(other)
    assert (after.category, after.per_head) == (before.category, before.per_head)


@given(HOUSEHOLDS, SUMS)
def test_H02_more_income_never_makes_needier(inputs: Inputs, more: int) -> None:
    richer = replace(
        inputs, income=(*inputs.income, Income(IncomeKind.OTHER, more, Per.YEAR))
    )

    assert rank(richer) >= rank(inputs)


@given(HOUSEHOLDS, SUMS, st.sampled_from(ExpenseKind))
def test_H02_more_expenses_never_make_less_needy(
    inputs: Inputs, more: int, kind: ExpenseKind
) -> None:
    burdened = replace(
        inputs, expenses=(*inputs.expenses, Expense(kind, more, receipts=1))
    )

    assert rank(burdened) <= rank(inputs)


@given(HOUSEHOLDS)
def test_H02_the_formula_decides_in_whole_fen(inputs: Inputs) -> None:
    """The definition said another way: multiplied out, without a division."""
    proposal = propose(inputs)
    if proposal.category in (None, Category.ACCIDENT) or proposal.exclusions:
        return
    assert inputs.terms.standard is not None
    left = sum(line.yearly for line in inputs.income) - sum(
        line.yearly for line in inputs.expenses if line.receipts
    )
    line = inputs.terms.standard * 12 * inputs.members

    if proposal.category is Category.NONE:
        assert left >= 2 * line
    if proposal.category is Category.RELATIVE:
        assert line <= left < 2 * line
    if proposal.category is Category.DEEP and not inputs.on_low_income_support:
        assert left < line


@given(HOUSEHOLDS)
def test_H08_no_figure_is_a_float(inputs: Inputs) -> None:
    for step in propose(inputs).steps:
        assert all(type(figure) is int for figure in step.figures.values())
        assert step.said.zh
        assert step.said.en


def rank(inputs: Inputs) -> int:
    """Return the place of the proposal from the neediest on; nothing proposed is last."""
    category = propose(inputs).category
    return len(NEEDIEST_FIRST) if category is None else NEEDIEST_FIRST.index(category)
