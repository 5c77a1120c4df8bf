"""What the database refuses whatever the code says: as the application, as the owner.

The application comes in as its own log-in here (SESSION AUTHORIZATION), as on a real
site; what it may write and should not is found by the verifier (reconciliation).
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from casework.domain.chain import Damage
from casework.models import Act, Case, Event
from casework.services import verification
from tests.operations import commands

TABLES = ("casework_event", "casework_act")


@pytest.fixture
def application(db: None, inquiry: Case) -> Iterator[None]:
    """Be the application's log-in and nobody else, until the test is taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION casework_app")
        yield
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute("SET ROLE casework_app")


#: How a row that is there might be changed or removed, or a guard put out of the way.
CHANGES = (
    "UPDATE {table} SET at = at - interval '1 day'",
    "DELETE FROM {table}",
    "DELETE FROM ONLY {table} USING casework_case WHERE case_id = casework_case.id",
    "TRUNCATE {table} CASCADE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET at = now()",
    "MERGE INTO {table} t USING {table} s ON t.id = s.id WHEN MATCHED THEN DELETE",
    "MERGE INTO {table} t USING {table} s ON t.id = s.id"
    " WHEN MATCHED THEN UPDATE SET at = now()",
    "WITH gone AS (DELETE FROM {table} RETURNING id) SELECT count(*) FROM gone",
)
DISARMING = (
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "SELECT set_config('role', 'postgres', false)",
    "SET ROLE postgres",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER {trigger}",
    "DROP TRIGGER {trigger} ON {table}",
    "ALTER TRIGGER {trigger} ON {table} RENAME TO nothing",
    "DROP FUNCTION casework_refuse_change() CASCADE",
    "CREATE OR REPLACE FUNCTION casework_refuse_change() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NULL; END $$",
    "ALTER FUNCTION casework_refuse_change() RENAME TO nothing",
    "CREATE RULE away AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER away BEFORE INSERT ON {table} FOR EACH ROW"
    " EXECUTE FUNCTION casework_refuse_change()",
    "ALTER TABLE {table} OWNER TO casework_app",
    "ALTER TABLE {table} RENAME TO nothing",
    "ALTER TABLE {table} DROP COLUMN at",
    "ALTER TABLE {table} INHERIT casework_outbox",
    "DROP TABLE {table} CASCADE",
    "CREATE TABLE public.casework_event_2 ()",
    "COPY {table} FROM PROGRAM 'cat /dev/null'",
    "COPY {table} FROM '/dev/null'",
    "UPDATE pg_trigger SET tgenabled = 'D'",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", [*CHANGES, *DISARMING])
def test_the_application_changes_nothing_that_only_grows(
    application: None, table: str, statement: str
) -> None:
    before = _digest()
    told = {"table": table, "trigger": table.removeprefix("casework_") + "_only_grows"}

    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(**told))

    assert _digest() == before


@pytest.mark.parametrize("table", TABLES)
def test_copying_rows_over_those_that_are_there_is_refused(
    application: None, table: str
) -> None:
    before = _digest()
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} TO STDOUT") as copy:
            rows = b"".join(bytes(part) for part in copy)
        assert rows

    with (
        pytest.raises(Exception, match="duplicate key"),
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN") as copy,
    ):
        copy.write(rows)

    assert _digest() == before


@pytest.mark.parametrize("table", TABLES)
def test_the_application_grants_itself_nothing(application: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON {table} TO casework_app")
        for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
            cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
            assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("replication", ["origin", "replica", "local"])
@pytest.mark.parametrize("table", TABLES)
def test_the_owner_changes_nothing_either_while_the_guards_stand(
    own_database: str, inquiry: Case, table: str, replication: str
) -> None:
    before = _digest()

    for statement in CHANGES:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"SET session_replication_role = {replication}")
            with pytest.raises(DatabaseError, match="only appended"):
                cursor.execute(statement.format(table=table))

    assert _digest() == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM casework_case",
        "DELETE FROM casework_outbox",
        "DELETE FROM casework_chainhead",
        "TRUNCATE casework_outbox",
        "TRUNCATE casework_case CASCADE",
        "DELETE FROM casework_clock",
        "DELETE FROM casework_clockrung",
    ],
)
def test_the_application_removes_no_case_and_nothing_that_is_to_be_told(
    application: None, statement: str
) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        ("version = version + 1", Damage.CASE_DIFFERS),
        ("state = 'accepted'", Damage.CASE_DIFFERS),
        ("assignee_id = NULL", Damage.CASE_DIFFERS),
        ("holder_id = county_id, level = 'county'", Damage.CASE_DIFFERS),
        ("event_count = event_count + 1", Damage.COUNT_DIFFERS),
        ("head = sha256('nothing')", Damage.HEAD_DIFFERS),
        ("secret = sha256('nothing')", Damage.DATA_CHANGED),
    ],
)
def test_a_case_that_is_changed_past_the_door_is_found(
    application: None, inquiry: Case, change: str, damage: Damage
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE casework_case SET {change} WHERE id = %s", [inquiry.pk])

    assert _damages() == {damage}


def test_an_event_that_is_added_past_the_door_is_found(
    application: None, inquiry: Case
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_event (chain, sequence, case_id, city_id, uid, at, verb,"
            " body, hash) SELECT chain, 3, case_id, city_id, gen_random_uuid(), at, verb,"
            " body, hash FROM casework_event WHERE case_id = %s AND sequence = 2",
            [inquiry.pk],
        )

    assert _damages() >= {
        Damage.COUNT_DIFFERS,
        Damage.LINK_BROKEN,
        Damage.FOREIGN_EVENT,
    }


@pytest.mark.parametrize(("origin", "is_settable"), [("demo/1", True), ("sz/1", False)])
def test_only_a_demos_log_takes_its_time_from_the_session(
    origin: str, is_settable: bool
) -> None:
    program = (
        "import django; django.setup();"
        "from casework.services.reading import NOW; print('recorded_at' in NOW)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=commands.environment(
            CASEWORK_AUDIT_ORIGIN=origin,
            DJANGO_SETTINGS_MODULE="casework.conf.settings",
        ),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    assert said.stdout.strip() == str(is_settable)


def _digest() -> tuple[int, int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(e::text, '' ORDER BY id) FROM casework_event e)"
            " || (SELECT string_agg(a::text, '' ORDER BY id) FROM casework_act a)"
        )
        (rows,) = cursor.fetchone()
    digest = hashlib.sha256(rows.encode()).hexdigest()
    return Event.objects.count(), Act.objects.count(), digest


def _damages() -> set[Damage]:
    found: set[Damage] = set()
    verification.verify(tell=lambda harm: found.add(harm.damage))
    return found


def test_nobody_hides_a_table_behind_a_temporary_one(own_database: str) -> None:
    # A copy of a database does not bring the rights on the database itself along.
    migration = import_module("casework.migrations.0009_no_temporary_tables")
    with connections["owner"].cursor() as owner:
        owner.execute(migration.REVOKE)

    with pytest.raises(DatabaseError, match="permission denied"):
        connection.cursor().execute("CREATE TEMPORARY TABLE casework_event (id int)")
