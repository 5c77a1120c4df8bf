"""Statements that the server plans once a connection, with the values bound by it.

Django binds values in the client, so that every statement is planned anew. The door's
few go to libpq as the driver offers it (`psycopg.pq`): within Django's connection and
transaction, with its errors and its log of statements (decision 29).
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

#: How many plans a connection keeps; a statement has a shape for each number of files.
MOST = 256
#: A value on its way to the server: text as PostgreSQL reads it, or bytes.
Value = str | bytes | None
#: A row as the server writes it.
Answer = tuple[bytes | None, ...]


def run(sql: str, values: Sequence[Value]) -> list[Answer]:
    """Run the statement with its values at $1, $2, … and return its rows.

    Raises ValueError for a text that PostgreSQL cannot hold, and Django's database
    errors for what the server refuses.
    """
    if "\0" in "".join(value for value in values if isinstance(value, str)):
        # libpq would end the text there.
        raise ValueError("a text holds the character of number 0")
    sent = [v.encode() if isinstance(v, str) else v for v in values]
    formats = [isinstance(value, bytes) for value in values]
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors, _log(database, sql, values):
        result = _run(database.connection, sql, sent, formats)
    return [
        tuple(result.get_value(row, column) for column in range(result.nfields))
        for row in range(result.ntuples)
    ]


def _log(
    database: Any, sql: str, values: Sequence[Value]
) -> AbstractContextManager[None]:
    if not database.queries_logged:
        return nullcontext()
    log: AbstractContextManager[None] = CursorDebugWrapper(None, database).debug_sql(
        sql, values
    )
    return log


def _run(
    connection: "psycopg.Connection[Any]",
    sql: str,
    sent: Sequence[Any],
    formats: Sequence[bool],
) -> PGresult:
    wire = connection.pgconn
    if not connection.autocommit and wire.transaction_status == TransactionStatus.IDLE:
        _checked(wire, wire.exec_(b"BEGIN"))
    return _checked(wire, wire.exec_prepared(_name(connection, sql), sent, formats))


def _name(connection: "psycopg.Connection[Any]", sql: str) -> bytes:
    """Return by what name the connection knows the statement; plan it if it does not."""
    known, wire = _NAMES.setdefault(connection, {}), connection.pgconn
    if sql not in known:
        if len(known) >= MOST:
            _checked(wire, wire.exec_(b"DEALLOCATE ALL"))
            known.clear()
        name = f"casework_{len(known)}".encode()
        _checked(wire, wire.prepare(name, sql.encode()))
        known[sql] = name
    return known[sql]


_NAMES: WeakKeyDictionary["psycopg.Connection[Any]", dict[str, bytes]] = (
    WeakKeyDictionary()
)


def _checked(wire: PGconn, result: PGresult) -> PGresult:
    if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        return result
    if wire.status == ConnStatus.BAD:
        raise psycopg.OperationalError(wire.get_error_message())
    raise error_from_result(result)
