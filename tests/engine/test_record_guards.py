"""Records: the application states and ends them, and nothing else."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, connections, transaction

from casework.models import Case, Party, Reveal
from casework.reports import health
from tests.cast import Cast

TABLE = "casework_party"


@pytest.fixture
def application(inquiry: Case) -> Iterator[Case]:
    """Be the application's log-in and nobody else, until the test is taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION casework_app")
        yield inquiry
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute("SET ROLE casework_app")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_party SET name = '别人'",
        "UPDATE casework_party SET phone = NULL, ended_by = 1",
        "UPDATE casework_party SET version = version + 1",
        "INSERT INTO casework_party SELECT * FROM casework_party"
        " ON CONFLICT (id) DO UPDATE SET name = '别人'",
        "DELETE FROM casework_party",
        "TRUNCATE casework_party CASCADE",
        "SET session_replication_role = replica",
        "ALTER TABLE casework_party DISABLE TRIGGER record_is_never_deleted",
        "GRANT UPDATE ON casework_party TO casework_app",
    ],
)
def test_the_application_changes_no_record(application: Case, statement: str) -> None:
    before = list(Party.objects.values())

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        pass
    else:  # PostgreSQL answers a grant that may not be given with a warning
        assert statement.startswith("GRANT")
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [TABLE])
            assert cursor.fetchone() == (False,)

    assert list(Party.objects.values()) == before


def test_the_application_states_and_ends_records(application: Case) -> None:
    party = Party.objects.create(case=application, version=2, part="member", name="李")
    Party.objects.filter(pk=party.pk).update(ended_by=3)

    assert not Party.objects.in_force().filter(pk=party.pk).exists()


@pytest.mark.parametrize("replication", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM casework_party", "TRUNCATE casework_party CASCADE"]
)
def test_the_owner_deletes_no_record_either(
    own_database: str, inquiry: Case, statement: str, replication: str
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SET session_replication_role = {replication}")
        with pytest.raises(DatabaseError, match="never deleted"):
            cursor.execute(statement)


def test_a_table_of_records_without_its_guard_is_found(own_database: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TRIGGER record_is_never_deleted ON casework_party")

    assert health.guards().state is health.State.FAILED


@pytest.mark.parametrize(
    "statement",
    ["UPDATE casework_reveal SET reason = ''", "DELETE FROM casework_reveal"],
)
def test_a_reveal_is_never_changed(inquiry: Case, cast: Cast, statement: str) -> None:
    assert cast.xiaobo.person is not None
    Reveal.objects.create(
        case=inquiry,
        person=cast.xiaobo.person,
        purpose="other",
        reason="核对",
        at=inquiry.opened_at,
        until=inquiry.opened_at,
    )

    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
