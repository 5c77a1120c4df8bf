"""What a PostgreSQL must offer before Casework moves in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

import psycopg
import psycopg.conninfo
from psycopg import sql

from casework.servers import StartRefused

OLDEST_VERSION = 15
_SECONDS_TO_CONNECT = 5
# A database that every server has.
_MAINTENANCE = "postgres"
_MAY_MAKE_THE_ROLE = """
    SELECT rolsuper OR rolcreaterole OR EXISTS (
        SELECT FROM pg_roles r
        WHERE r.rolname = %(role)s AND pg_has_role(current_user, r.oid, %(right)s)
    ) FROM pg_roles WHERE rolname = current_user
"""

Alias: TypeAlias = Mapping[str, Any]
Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]


def connect(alias: Alias, *, database: str | None = None) -> Connection:
    """Connect as one of Django's DATABASES says, without Django.

    Every statement commits by itself. Raises psycopg.OperationalError.
    """
    named = {
        "host": alias.get("HOST"),
        "port": alias.get("PORT"),
        "user": alias.get("USER"),
        "password": alias.get("PASSWORD"),
        "dbname": database or alias["NAME"],
    }
    # An empty HOST leaves room for the one among the URL's options.
    given = {name: str(value) for name, value in named.items() if value}
    conninfo = psycopg.conninfo.make_conninfo(
        connect_timeout=_SECONDS_TO_CONNECT, **{**alias.get("OPTIONS", {}), **given}
    )
    return psycopg.connect(conninfo, autocommit=True)


def prepare(owner: Alias, *, role: str) -> None:
    """See that the owner's database exists and that `role` can be made in it.

    Raises StartRefused for a server that does not answer, is too old, or grants too little.
    """
    with _open(owner) as connection:
        refuse_old_version(connection.info.server_version)
        version = connection.info.server_version
        # Since PostgreSQL 16 a member need not have the right to work as the role.
        right = "SET" if version >= 160_000 else "MEMBER"
        told = {"role": role, "right": right}
        may_make = connection.execute(_MAY_MAKE_THE_ROLE, told).fetchone()
        user = connection.info.user
    if may_make != (True,):
        raise StartRefused(
            zh=f"数据库用户 {user} 建不了角色 {role}。请数据库管理员运行："
            f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO {user};",
            en=f"The database user {user} may not make the role {role}. Ask the "
            f"administrator for: CREATE ROLE {role} NOLOGIN; GRANT {role} TO {user};",
        )


def refuse_old_version(number: int) -> None:
    """Raise StartRefused for a server older than 15; `number` is server_version_num."""
    if number < OLDEST_VERSION * 10_000:
        raise StartRefused(
            zh=f"数据库是 PostgreSQL {number // 10_000}，太旧了。本系统要 {OLDEST_VERSION} 或更新的版本。",
            en=f"The database is PostgreSQL {number // 10_000}, which is too old. "
            f"Casework takes {OLDEST_VERSION} or newer.",
        )


def admit(application: Alias, *, role: str) -> None:
    """See that the application can come in and work as `role`, which stands by now."""
    try:
        connect(application).close()
    except psycopg.OperationalError as problem:
        user = application.get("USER")
        raise StartRefused(
            zh=f"应用进不了数据库：{_reason(problem)}。请数据库管理员运行：GRANT {role} TO {user};",
            en=f"The application cannot come in as {role}: {_reason(problem)}. "
            f"Ask the administrator for: GRANT {role} TO {user};",
        ) from problem


def is_empty(owner: Alias) -> bool:
    """Return whether the migrated database holds no unit and no person yet."""
    with connect(owner) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM casework_unit)"
            " OR EXISTS (SELECT FROM casework_person)"
        ).fetchone()
    return row == (False,)


def last_beat(owner: Alias, *, name: str) -> datetime | None:
    """Return when the background process was last seen at work."""
    with connect(owner) as connection:
        row = connection.execute(
            "SELECT beaten_at FROM casework_heartbeat WHERE name = %s", [name]
        ).fetchone()
    return row[0] if row else None


def _open(owner: Alias) -> Connection:
    """Connect to the owner's database, made first where it is missing."""
    try:
        return connect(owner)
    except psycopg.OperationalError as problem:
        try:
            server = connect(owner, database=_MAINTENANCE)
        except psycopg.OperationalError:
            raise _unreachable(problem) from problem
        with server:
            if _exists(server, owner["NAME"]):
                raise _unreachable(problem) from problem
            _create(server, owner["NAME"])
        return connect(owner)


def _exists(server: Connection, name: str) -> bool:
    found = server.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _create(server: Connection, name: str) -> None:
    try:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name)
            )
        )
    except psycopg.errors.InsufficientPrivilege as problem:
        user = server.info.user
        raise StartRefused(
            zh=f"没有数据库 {name}，用户 {user} 又建不了。请数据库管理员运行：CREATE DATABASE {name} OWNER {user};",
            en=f"There is no database {name} and {user} may not make it. Ask the "
            f"administrator for: CREATE DATABASE {name} OWNER {user};",
        ) from problem


def _unreachable(problem: psycopg.Error) -> StartRefused:
    return StartRefused(
        zh=f"数据库连不上：{_reason(problem)}。请检查 DATABASE_URL，并确认 PostgreSQL 在运行。",
        en=f"The database does not answer: {_reason(problem)}. "
        "Check DATABASE_URL and that PostgreSQL runs.",
    )


def _reason(problem: psycopg.Error) -> str:
    # libpq speaks of every address it tried; the last line is the one that counts.
    lines = str(problem).strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else type(problem).__name__
