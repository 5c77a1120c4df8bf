"""The databases of tests: in the application's role, apart, and never emptied."""

from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from casework.models import Heartbeat
from tests import servers

pytest_plugins = ["pytester"]


@pytest.mark.django_db
def test_tests_work_in_the_applications_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("casework_app",)
    with (
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE casework_membership")


@pytest.mark.parametrize("round_", [1, 2])
def test_a_database_of_ones_own_starts_empty_and_keeps_what_is_committed(
    own_database: str, round_: int
) -> None:
    assert not Heartbeat.objects.exists()

    Heartbeat.objects.create(name="kept", beaten_at="2026-11-23T00:00:00Z")

    assert connection.settings_dict["NAME"] == own_database
    assert not connection.in_atomic_block
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT name FROM casework_heartbeat")
        assert cursor.fetchall() == [("kept",)]


@pytest.mark.django_db
def test_a_database_of_ones_own_leaves_an_open_transaction_alone(
    request: pytest.FixtureRequest,
) -> None:
    before = connection.settings_dict["NAME"]
    Heartbeat.objects.create(name="mine", beaten_at="2026-11-23T00:00:00Z")

    own = request.getfixturevalue("own_database")

    assert connection.settings_dict["NAME"] == own != before
    assert not Heartbeat.objects.exists()


def test_a_copy_of_the_database_costs_little(
    postgres: servers.Server, database_name: str, migrated: str
) -> None:
    name = f"{database_name}_copy"
    postgres.create(name, template=migrated)
    with postgres.connect(name) as copy:
        row = copy.execute("SELECT count(*) FROM casework_unit").fetchone()
    postgres.drop(name)

    assert row == (0,)


@pytest.mark.parametrize(
    "body",
    [
        "def test_it(transactional_db): ...",
        "def test_it(live_server): ...",
        "@pytest.mark.django_db(transaction=True)\ndef test_it(): ...",
        "class TestIt(TransactionTestCase):\n    def test_it(self): ...",
        "class TestIt(LiveServerTestCase):\n    def test_it(self): ...",
    ],
)
def test_a_test_that_would_empty_tables_is_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    said = _collect(pytester, monkeypatch, body)

    assert "Tables that only grow refuse TRUNCATE" in said
    assert "test_it" in said


@pytest.mark.parametrize(
    "body",
    [
        "def test_it(db): ...",
        "def test_it(own_database): ...",
        "@pytest.mark.django_db\ndef test_it(): ...",
        "class TestIt(TestCase):\n    def test_it(self): ...",
    ],
)
def test_a_test_that_takes_back_what_it_did_is_welcome(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    said = _collect(pytester, monkeypatch, body)

    assert "1 test collected" in said


def _collect(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, body: str
) -> str:
    head = (
        "import pytest\n"
        "from django.test import LiveServerTestCase, TestCase, TransactionTestCase\n"
    )
    pytester.makepyfile(test_made=f"{head}\n{body}\n")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "casework.conf.settings")
    pytester.makeconftest("from tests.conftest import *")
    done = pytester.runpytest_subprocess("--collect-only", "-p", "no:cacheprovider")
    return "\n".join([*done.outlines, *done.errlines])
