"""What a migration says about a table of records: the application ends rows, no more."""

from django.db import migrations

#: The trigger of every table of records; `reports.health` looks for it.
RECORDS_GUARD = "record_is_never_deleted"

# ENABLE ALWAYS: session_replication_role does not switch the guard off.
_GUARD = """
CREATE TRIGGER {guard} BEFORE DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_deletion();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard};
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM casework_app;
GRANT UPDATE (ended_by) ON {table} TO casework_app;
"""
_UNGUARD = """
DROP TRIGGER {guard} ON {table};
GRANT UPDATE, DELETE ON {table} TO casework_app;
"""


def guard_records(*tables: str) -> migrations.RunSQL:
    """Return the operation that guards tables of records.

    Nobody deletes a row, and the application changes no column but `ended_by`. The
    migration that makes the tables runs it; it depends on casework's 0003 at least.
    """
    return migrations.RunSQL(_of(_GUARD, tables), _of(_UNGUARD, tables))


def _of(text: str, tables: tuple[str, ...]) -> str:
    return "".join(text.format(guard=RECORDS_GUARD, table=table) for table in tables)
