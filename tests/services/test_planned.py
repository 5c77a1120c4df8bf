"""Statements that the server plans once a connection."""

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.services import planned

ECHO = "SELECT $1::text, $2::bytea, $3::text"


def plans() -> list[str]:
    """Return the statements that the connection keeps planned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY name")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.fixture(autouse=True)
def _afresh(own_database: str) -> None:
    """A connection that knows no plan yet."""


def test_values_come_back_as_the_server_writes_them() -> None:
    values = ['姑苏 \\ "x"', b"\x00\xff", None]

    assert planned.run(ECHO, values) == [('姑苏 \\ "x"'.encode(), b"\\x00ff", None)]


def test_a_statement_is_planned_once() -> None:
    for text in ("a", "b"):
        planned.run(ECHO, [text, b"", None])

    assert plans() == [ECHO]


def test_a_plan_outlives_what_was_taken_back() -> None:
    with pytest.raises(DataError), transaction.atomic():
        planned.run("SELECT 1 / $1::int", ["0"])

    assert planned.run("SELECT 1 / $1::int", ["1"]) == [(b"1",)]
    assert plans() == ["SELECT 1 / $1::int"]


def test_no_more_plans_are_kept_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "MOST", 2)
    for number in range(5):
        assert planned.run(f"SELECT {number} + $1::int", ["1"])

    assert plans() == ["SELECT 4 + $1::int"]


def test_it_is_part_of_the_transaction() -> None:
    told = "SELECT current_setting('casework.told', true)"

    with transaction.atomic():
        planned.run("SELECT set_config('casework.told', $1, true)", ["yes"])
        assert planned.run(told, []) == [(b"yes",)]

    assert planned.run(told, []) == [(b"",)]


def test_a_transaction_that_is_broken_takes_no_more() -> None:
    with transaction.atomic():
        with pytest.raises(DataError), transaction.atomic(savepoint=False):
            planned.run("SELECT 1 / $1::int", ["0"])
        with pytest.raises(transaction.TransactionManagementError):
            planned.run(ECHO, ["a", b"", None])
        transaction.set_rollback(True)


def test_djangos_log_has_it() -> None:
    with CaptureQueriesContext(connection) as captured:
        planned.run(ECHO, ["a", b"", None])

    assert [query["sql"] for query in captured] == [ECHO]


@pytest.mark.parametrize(
    ("text", "reason"), [("a\0b", "number 0"), ("\ud800", "surrogates")]
)
def test_a_text_that_postgresql_cannot_hold_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        planned.run(ECHO, [text, b"", None])
