"""The only raw SQL of the door: lock a case, read it whole, write it whole.

Three statements an act. The lock comes first and alone, because a statement sees the
rows as they were when it began: a SELECT that waits for the lock would bring the clocks
of before the wait. Everything else is read in one, and written in one. What acts stated
as records is read in one more, by an act that asks for it.
"""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg import RawCursor
from psycopg.abc import Params, Query

from casework.access import Clause
from casework.domain.errors import Invalid
from casework.models import (
    NEVER,
    Act,
    Case,
    CaseSegment,
    Clock,
    ClockPause,
    ClockRung,
    Event,
    Record,
    Unit,
)
from casework.services import failpoints
from casework.services.rows import (
    CHANGING,
    Row,
    columns_of,
    from_columns,
    from_json,
    keys_to,
    know,
    plain,
    written_of,
)

#: The database's time decides, nobody else's. Only a log whose origin is a demo's takes
#: it from the session (`SET casework.recorded_at`), to tell a year in a minute; what is
#: recorded there proves nothing, and the verifier says so.
NOW = (
    "coalesce(nullif(current_setting('casework.recorded_at', true), '')::timestamptz,"
    " clock_timestamp())"
    if settings.AUDIT_ORIGIN.startswith("demo/")
    else "clock_timestamp()"
)


@dataclass(frozen=True, slots=True)
class Locked:
    """A case under its lock, and the database's time once the lock was had."""

    case: Case
    now: datetime


@dataclass(slots=True)
class Whole:
    """A case with all that an act may need, as of one moment of the database."""

    now: datetime
    newest_edition: int | None
    newest_calendar: int | None
    #: The units that the case and its details refer to, by their ids.
    units: dict[int, Unit]
    is_party: bool
    #: The step that the command was carried out as; None when it was not.
    answered: str | None
    #: Each clock with its pauses and its rungs, as JSON has them.
    clocks: list[Row]
    case: Case
    details: models.Model | None


@dataclass(slots=True)
class Changes:
    """What one statement writes, of one case or of many; each list is a table's rows."""

    cases: list[Row] = field(default_factory=list)
    details: list[Row] = field(default_factory=list)
    #: What the act states, by the kind of record; a kind without a row is stated to be
    #: none. Of a kind that is `restated` what stood before ends.
    records: dict[type[Record], list[Row]] = field(default_factory=dict)
    restated: tuple[type[Record], ...] = ()
    #: The bytes that go with its records, too large for the document, by their ids.
    contents: dict[UUID, bytes] = field(default_factory=dict)
    acts: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    pauses: list[Row] = field(default_factory=list)
    rungs: list[Row] = field(default_factory=list)
    #: A new segment ends the one before it at its own start.
    segments: list[Row] = field(default_factory=list)


class _PlannedCursor(RawCursor[Any]):
    """Binds on the server, which plans a statement once a connection.

    Django's own binds in the client, and has every statement planned anew.
    """

    def _convert_query(self, query: Query, params: Params | None = None) -> Any:
        # Where Django's log of statements looks.
        self._query = super()._convert_query(query, params)
        return self._query


def _cursor() -> CursorWrapper:
    """Open a planned cursor under Django's wrapping: its errors, its log."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    cursor: CursorWrapper = database._prepare_cursor(
        _PlannedCursor(database.connection)
    )
    return cursor


def lock(case_id: int, sight: Sequence[Clause] | None) -> str | None:
    """Lock the case until the transaction ends and return its kind.

    None when it does not exist for them. NO KEY: rows that refer to the case may be
    added meanwhile.
    """
    row = _locked("c.kind", case_id, sight)
    return row[1] if row else None


def lock_row(case_id: int, sight: Sequence[Clause] | None) -> Locked | None:
    """Lock the case as `lock` does and return its row, with the database's time."""
    row = _locked("to_json(c)", case_id, sight)
    return Locked(case=from_json(Case, row[1]), now=row[0]) if row else None


def _locked(
    columns: str, case_id: int, sight: Sequence[Clause] | None
) -> tuple[Any, ...] | None:
    failpoints.reach(failpoints.BEFORE_LOCK)
    values: list[Any] = [case_id]
    where = _condition(sight, values)
    with _cursor() as cursor:
        # The outer SELECT looks at the time when the wait for the lock is over.
        cursor.execute(
            f"WITH mine AS MATERIALIZED (SELECT {columns} FROM casework_case c"
            f" WHERE id = $1 AND {where} FOR NO KEY UPDATE)"
            f" SELECT {NOW}, mine.* FROM mine",
            values,
        )
        row: tuple[Any, ...] | None = cursor.fetchone()
    failpoints.reach(failpoints.AFTER_LOCK)
    return row


def _condition(sight: Sequence[Clause] | None, values: list[Any]) -> str:
    """Return what a case that is seen meets; its values go behind those there are."""

    def put(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    if sight is None:
        return "TRUE"
    parts = ["FALSE"]
    for clause in sight:
        part = f"c.{clause.column} = {put(clause.value)}"
        if not clause.is_for_all:
            degrees = ", ".join(put(str(d)) for d in sorted(clause.sensitivities))
            part = f"({part} AND c.sensitivity IN ({degrees}))"
        parts.append(part)
    return f"({' OR '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a new case needs to know before it is written."""

    case_id: int
    now: datetime
    newest_edition: int | None
    newest_calendar: int | None


def allocate() -> Fresh:
    """Return the id of a new case, and the database's time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('casework_case', 'id')),"
            f" {NOW},"
            " (SELECT max(id) FROM casework_ruleedition),"
            " (SELECT max(id) FROM casework_calendarversion)"
        )
        return Fresh(*cursor.fetchone())


def database_time() -> datetime:
    """Return the only clock that decides: the database's."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NOW}")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def next_number(*, unit_id: int, word: str, year: int) -> int:
    """Count a case of the unit, kind and year, and return its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_casenumber (unit_id, word, year, last)"
            " VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (unit_id, word, year)"
            " DO UPDATE SET last = casework_casenumber.last + 1 RETURNING last",
            [unit_id, word, year],
        )
        (last,) = cursor.fetchone()
    return int(last)


def claim_due(*, grace_seconds: int, most: int) -> list[int]:
    """Lock the cases with a rung that is overdue by the grace, the oldest first.

    What another sweep or an act has under its lock is passed over: it is in hand. So is
    a case with a clock whose end calls for a step: it goes by itself, in its order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM casework_case c"
            f" WHERE next_step_at < {NOW} - make_interval(secs => %s)"
            " AND next_step_at < %s"
            " AND NOT EXISTS (SELECT FROM casework_clock WHERE case_id = c.id"
            f" AND expires_at < {NOW} AND expires_at < %s)"
            " ORDER BY next_step_at, id LIMIT %s FOR NO KEY UPDATE OF c SKIP LOCKED",
            [grace_seconds, NEVER, NEVER, most],
        )
        claimed = [pk for (pk,) in cursor.fetchall()]
    failpoints.reach(failpoints.AFTER_CLAIM)
    return claimed


def read(
    case_ids: Sequence[int],
    *,
    model: type[Case],
    details: type[models.Model] | None,
    person_id: int | None = None,
    command: UUID | None = None,
) -> list[Whole]:
    """Read cases with details, clocks, pauses and rungs, and the database's time."""
    with _cursor() as cursor:
        values = [person_id, command, _array(case_ids)]
        cursor.execute(_read_sql(details), values)
        rows = cursor.fetchall()
    failpoints.reach(failpoints.AFTER_READ)
    return [_whole(row, model, details) for row in rows]


def _array(ids: Iterable[int]) -> str:
    """Return the ids as PostgreSQL writes an array: cheaper than to have it made."""
    return f"{{{','.join(map(str, ids))}}}"


def _whole(
    row: Sequence[Any], model: type[Case], details: type[models.Model] | None
) -> Whole:
    now, edition, calendar, places, is_party, answered, clocks, told, *values = row
    units = {place["id"]: from_json(Unit, place) for place in places}
    case = from_json(model, told)
    detailed = from_columns(details, values) if details else None
    for instance in (case, detailed) if detailed else (case,):
        know(instance, Unit, units)
    return Whole(
        now=now,
        newest_edition=edition,
        newest_calendar=calendar,
        units=units,
        is_party=is_party,
        answered=answered,
        clocks=clocks,
        case=case,
        details=detailed,
    )


@lru_cache(maxsize=64)
def _read_sql(details: type[models.Model] | None) -> str:
    columns, join = "", ""
    places = [f"c.{column}" for column in keys_to(Case, Unit)]
    if details is not None:
        columns = "".join(f", d.{column}" for column in columns_of(details))
        join = f" JOIN {details._meta.db_table} d ON d.case_id = c.id"
        places += [f"d.{column}" for column in keys_to(details, Unit)]
    # Under each clock, so that its own rows are looked up whatever the planner knows of
    # the tables.
    return f"""
        SELECT {NOW},
            (SELECT max(id) FROM casework_ruleedition),
            (SELECT max(id) FROM casework_calendarversion),
            (SELECT json_agg(u) FROM casework_unit u WHERE id IN ({", ".join(places)})),
            EXISTS (SELECT FROM casework_party
                    WHERE case_id = c.id AND person_id = $1 AND ended_by IS NULL),
            (SELECT step FROM casework_act WHERE case_id = c.id AND command = $2),
            (SELECT coalesce(json_agg(json_build_object(
                'clock', k,
                'pauses', (SELECT coalesce(json_agg(x ORDER BY x.started_at), '[]')
                    FROM casework_clockpause x WHERE x.clock_id = k.id),
                'rungs', (SELECT coalesce(json_agg(x ORDER BY x.number, x.repeat), '[]')
                    FROM casework_clockrung x WHERE x.clock_id = k.id)
            ) ORDER BY k.id), '[]') FROM casework_clock k WHERE k.case_id = c.id),
            to_json(c){columns}
        FROM casework_case c{join} WHERE c.id = ANY ($3::bigint[]) ORDER BY c.id"""


def write(
    changes: Changes, *, details: type[models.Model] | None, is_new: bool = False
) -> None:
    """Write the changes in one statement: all of them, or none.

    Raises Invalid for what no row can hold, IntegrityError when a guard of the database
    refuses.
    """
    parts = tuple(part for part in _PARTS if getattr(changes, part))
    text = _document(changes, parts)
    sql = _write_sql(
        parts,
        details,
        tuple(changes.records),
        changes.restated,
        is_new=is_new,
        has_contents=bool(changes.contents),
    )
    values: list[Any] = [text, _array(row["id"] for row in changes.cases)]
    if changes.contents:
        values += [list(changes.contents), list(changes.contents.values())]
    failpoints.reach(failpoints.BEFORE_WRITE)
    with _cursor() as cursor:
        cursor.execute(sql, values)
    failpoints.reach(failpoints.AFTER_WRITE)
    failpoints.reach_after_commit()


def read_records(
    case_id: int, kinds: Sequence[type[Record]]
) -> dict[type[Record], list[Record]]:
    """Read what stands of these kinds of record in the case, each in its order."""
    with _cursor() as cursor:
        cursor.execute(_records_sql(tuple(kinds)), [case_id])
        told = cursor.fetchone()
    return {
        kind: [from_json(kind, row) for row in rows]
        for kind, rows in zip(kinds, told, strict=True)
    }


@lru_cache(maxsize=16)
def _records_sql(kinds: tuple[type[Record], ...]) -> str:
    return "SELECT " + ", ".join(
        "(SELECT coalesce(json_agg(r ORDER BY r.version, r.id), '[]')"
        f" FROM {kind._meta.db_table} r WHERE case_id = $1 AND ended_by IS NULL)"
        for kind in kinds
    )


def take_records_back(
    case_id: int, kinds: Sequence[type[Record]], *, of: int, by: int
) -> None:
    """End what the act of version `of` stated, and let stand again what it ended."""
    stated = "version = %s AND ended_by IS NULL"
    _update_records(kinds, "ended_by = %s", stated, [by, case_id, of])
    _update_records(kinds, "ended_by = NULL", "ended_by = %s", [case_id, of])


def _update_records(
    kinds: Sequence[type[Record]], change: str, condition: str, values: list[int]
) -> None:
    if not kinds:
        return
    updates = [
        f"r{number} AS (UPDATE {kind._meta.db_table} SET {change}"
        f" WHERE case_id = %s AND {condition})"
        for number, kind in enumerate(kinds)
    ]
    with connection.cursor() as cursor:
        sql = f"WITH {', '.join(updates)} SELECT"
        cursor.execute(sql, values * len(kinds))


def _document(changes: Changes, parts: Sequence[str]) -> str:
    told = {part: getattr(changes, part) for part in parts}
    told |= {kind._meta.db_table: rows for kind, rows in changes.records.items()}
    try:
        text = _encode(told)
        text.encode()
    except ValueError as fault:  # not a number, or half of a character
        raise Invalid(_("填写的内容里有存不下的数字或字符。")) from fault
    if "\\u0000" in text and _NULL.search(text):
        raise Invalid(_("填写的内容里有存不下的数字或字符。"))
    return text


_encode = json.JSONEncoder(default=plain, ensure_ascii=False, allow_nan=False).encode
#: The character of number 0, which PostgreSQL's text has not; not one of six characters.
_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@lru_cache(maxsize=256)
def _write_sql(
    parts: tuple[str, ...],
    details: type[models.Model] | None,
    records: tuple[type[Record], ...],
    restated: tuple[type[Record], ...],
    *,
    is_new: bool,
    has_contents: bool,
) -> str:
    """Return the statement that writes these parts and no others, to run no more."""
    known = _fragments(details, is_new=is_new)
    fragments = {name: sql for part in parts for name, sql in known[part].items()}
    for kind in restated:
        fragments[f"ended_{kind._meta.db_table}"] = _end_sql(kind)
    for kind in records:
        table = kind._meta.db_table
        sql = _insert_sql(table, columns_of(kind), table)
        fragments[f"wrote_{table}"] = sql + _after(fragments, f"ended_{table}")
    if has_contents:
        fragments["wrote_contents"] = _CONTENTS_SQL
    told = "".join(f",\n{name} AS ({sql})" for name, sql in fragments.items())
    doc = "SELECT $1::jsonb AS j, $2::bigint[] AS ids"
    return f"WITH doc AS MATERIALIZED ({doc}){told}\nSELECT"


def _after(fragments: Collection[str], name: str) -> str:
    """Let a fragment wait for another, if there is one: left alone they run in no order.

    What is unique among rows in force makes room before new rows take it.
    """
    return f" WHERE (SELECT count(*) FROM {name}) >= 0" if name in fragments else ""


def _end_sql(kind: type[Record]) -> str:
    return (
        f"UPDATE {kind._meta.db_table} t SET ended_by = r.version"
        " FROM doc, jsonb_populate_recordset(NULL::casework_act, j -> 'acts') r"
        f" WHERE t.case_id = r.case_id AND t.case_id = {_ANY_CASE}"
        " AND t.ended_by IS NULL RETURNING t.id"
    )


_CONTENTS_SQL = (
    "INSERT INTO casework_materialcontent (material_id, content)"
    " SELECT * FROM unnest($3::uuid[], $4::bytea[])"
)


def _fragments(
    details: type[models.Model] | None, *, is_new: bool
) -> dict[str, dict[str, str]]:
    """Return by each part of the changes what writes it, under its name."""
    return {
        "cases": {"wrote_cases": _case_sql(is_new=is_new)},
        "details": {"wrote_details": _details_sql(details, is_new=is_new)}
        if details
        else {},
        "acts": {"wrote_acts": _insert_sql("casework_act", written_of(Act), "acts")},
        "events": {
            "wrote_events": _insert_sql("casework_event", written_of(Event), "events")
            + " ORDER BY r.sequence RETURNING id",
            "wrote_outbox": "INSERT INTO casework_outbox (event_id)"
            " SELECT id FROM wrote_events",
        },
        "clocks": {
            "wrote_clocks": _insert_sql("casework_clock", written_of(Clock), "clocks")
            + " ON CONFLICT (case_id, target, cycle) DO UPDATE SET "
            + _excluded(Clock, but=("case_id", "target", "cycle"))
            + " RETURNING id, case_id, target, cycle"
        },
        "pauses": {"wrote_pauses": _of_clock_sql(ClockPause, "pauses", "started_at")},
        "rungs": {"wrote_rungs": _of_clock_sql(ClockRung, "rungs", "code, repeat")},
        "segments": {
            "ended_segments": "UPDATE casework_casesegment s SET ends_at = r.starts_at"
            " FROM doc, jsonb_populate_recordset("
            "NULL::casework_casesegment, j -> 'segments') r"
            f" WHERE s.case_id = r.case_id AND s.case_id = {_ANY_CASE}"
            " AND s.ends_at IS NULL RETURNING s.id",
            "began_segments": _insert_sql(
                "casework_casesegment", written_of(CaseSegment), "segments"
            )
            + _after(("ended_segments",), "ended_segments"),
        },
    }


#: Said besides the join, so that the planner, who takes a document for a hundred rows,
#: looks the rows up and never reads a table whole.
_ANY_CASE = "ANY ($2::bigint[])"


def _case_sql(*, is_new: bool) -> str:
    names = columns_of(Case)
    row = "jsonb_populate_recordset(NULL::casework_case, j -> 'cases') r"
    if is_new:
        return (
            f"INSERT INTO casework_case ({', '.join(names)})"
            f" SELECT {', '.join(f'r.{name}' for name in names)} FROM doc, {row}"
        )
    sets = ", ".join(f"{name} = r.{name}" for name in names if name in CHANGING)
    return (
        f"UPDATE casework_case c SET {sets} FROM doc, {row}"
        f" WHERE c.id = r.id AND c.id = {_ANY_CASE}"
    )


def _details_sql(details: type[models.Model], *, is_new: bool) -> str:
    table = details._meta.db_table
    names = columns_of(details) if is_new else written_of(details)
    names = [name for name in names if name != "id"]
    row = f"jsonb_populate_recordset(NULL::{table}, j -> 'details') r"
    if is_new:
        return (
            f"INSERT INTO {table} ({', '.join(names)})"
            f" SELECT {', '.join(f'r.{name}' for name in names)} FROM doc, {row}"
        )
    sets = ", ".join(f"{name} = r.{name}" for name in names if name != "case_id")
    return (
        f"UPDATE {table} d SET {sets} FROM doc, {row}"
        f" WHERE d.case_id = r.case_id AND d.case_id = {_ANY_CASE}"
    )


def _insert_sql(table: str, names: Sequence[str], part: str) -> str:
    return (
        f"INSERT INTO {table} ({', '.join(names)})"
        f" SELECT {', '.join(f'r.{name}' for name in names)} FROM doc,"
        f" jsonb_populate_recordset(NULL::{table}, j -> '{part}') r"
    )


def _of_clock_sql(model: type[models.Model], part: str, key: str) -> str:
    """Insert rows that belong to clocks written in the same statement, or renew them."""
    names = [name for name in written_of(model) if name != "clock_id"]
    table = model._meta.db_table
    keys = {"clock_id", *key.split(", ")}
    return (
        f"INSERT INTO {table} (clock_id, {', '.join(names)})"
        f" SELECT w.id, {', '.join(f'r.{name}' for name in names)} FROM doc,"
        f" jsonb_array_elements(j -> '{part}') WITH ORDINALITY AS told(e, place),"
        f" jsonb_populate_record(NULL::{table}, e) r, wrote_clocks w"
        " WHERE w.case_id = (e ->> 'case_id')::bigint"
        " AND w.target = e ->> 'target' AND w.cycle = (e ->> 'cycle')::int"
        # A pause that makes room goes before the one that takes it.
        " ORDER BY place"
        f" ON CONFLICT (clock_id, {key}) DO UPDATE SET "
        + _excluded(model, but=tuple(keys))
    )


def _excluded(model: type[models.Model], *, but: Sequence[str]) -> str:
    return ", ".join(f"{n} = EXCLUDED.{n}" for n in written_of(model) if n not in but)


_PARTS = tuple(
    part.name
    for part in fields(Changes)
    if part.name not in ("records", "restated", "contents")
)
