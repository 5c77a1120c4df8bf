"""What an act costs: statements, BEGIN and COMMIT among them, outside any test's own.

One act is BEGIN, lock and read, write, COMMIT.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.domain.errors import Forbidden
from casework.models import Case
from casework.services import cases
from casework.services.sweep import sweep
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.inquiry.forms import InquiryForm

OVERDUE = "2026-10-09 18:00"


@pytest.fixture
def opened(own_database: str, cast: Cast, clock: DatabaseClock) -> Case:
    """An inquiry in a database where transactions are real; rules are in memory."""
    return cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))


def test_an_act_is_four_statements(cast: Cast, opened: Case) -> None:
    case = cases.claim(opened.pk, by=cast.xiaobo)

    with counted() as said:
        cases.act(case.pk, "accept", by=cast.xiaobo, version=case.version)

    assert [sql.split()[0] for sql in said] == ["BEGIN", "WITH", "WITH", "COMMIT"]


def test_taking_a_case_on_and_acting_are_eight(cast: Cast, opened: Case) -> None:
    with counted() as said:
        case = cases.claim(opened.pk, by=cast.xiaobo)
        cases.act(case.pk, "accept", by=cast.xiaobo, version=case.version)

    assert len(said) == 8


def test_a_refusal_writes_nothing(cast: Cast, opened: Case) -> None:
    with counted() as said, pytest.raises(Forbidden):
        cases.act(opened.pk, "accept", by=cast.xiaobo, version=opened.version)

    assert [sql.split()[0] for sql in said] == ["BEGIN", "WITH", "ROLLBACK"]


def test_settling_first_adds_a_transaction_of_its_own(
    cast: Cast, opened: Case, clock: DatabaseClock
) -> None:
    case = cases.claim(opened.pk, by=cast.xiaobo)
    clock.set(OVERDUE)

    with counted() as said:
        cases.act(case.pk, "accept", by=cast.xiaobo, version=case.version)

    assert len(said) == 8
    assert said.count("COMMIT") == 2


@pytest.mark.parametrize("size", [1, 8])
def test_a_sweep_costs_one_statement_for_each_case(
    cast: Cast, opened: Case, clock: DatabaseClock, size: int
) -> None:
    for _ in range(size - 1):
        cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    clock.set(OVERDUE)

    with counted() as said:
        assert sweep().settled == size

    # A batch is BEGIN, claim, read, a write for each case, COMMIT; then the time, and
    # what has expired.
    assert len(said) == 6 + size


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield said
    said += [query["sql"] for query in captured.captured_queries]
