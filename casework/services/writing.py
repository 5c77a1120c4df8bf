"""What the door writes: everything of one case in one statement, all of it or none.

What comes singly (case, details, act, event, segment) goes as plain values; what may be
many (clocks, pauses, rungs, records) as a document of rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count, islice
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _

from casework.domain.errors import Invalid
from casework.models import (
    Act,
    Case,
    CaseSegment,
    Clock,
    ClockPause,
    ClockRung,
    Event,
    Record,
)
from casework.services import failpoints, planned
from casework.services.planned import Value
from casework.services.rows import (
    CHANGING,
    Row,
    as_json,
    columns_of,
    values_of,
    written_of,
)


@dataclass(slots=True)
class Changes:
    """What one statement writes of one case."""

    case: Row
    #: The columns of the details; None where they stay as they are.
    details: Row | None = None
    act: Row | None = None
    events: list[Row] = field(default_factory=list)
    #: The stretch in other hands that begins; the one before it ends at its start.
    segment: Row | None = None
    #: The rows of its clocks by their natural keys: case, target, cycle.
    clocks: list[Row] = field(default_factory=list)
    pauses: list[Row] = field(default_factory=list)
    rungs: list[Row] = field(default_factory=list)
    #: What the act states, by the kind of record; a kind without a row is stated to be
    #: none. Of a kind that is `restated` what stood before ends.
    records: dict[type[Record], list[Row]] = field(default_factory=dict)
    restated: tuple[type[Record], ...] = ()
    #: The bytes that go with its records, too large for a document, by their ids.
    contents: dict[UUID, bytes] = field(default_factory=dict)


def write(
    changes: Changes, *, details: type[models.Model] | None, is_new: bool = False
) -> None:
    """Write the changes of one case in one statement: all of them, or none.

    Raises Invalid for what no row can hold, IntegrityError when a guard of the database
    refuses.
    """
    failpoints.reach(failpoints.BEFORE_WRITE)
    shape = _shape(changes, details, is_new=is_new)
    try:
        planned.run(_write_sql(shape), _values(changes, shape))
    except ValueError as fault:  # not a number, or a character that PostgreSQL has not
        raise Invalid(_("填写的内容里有存不下的数字或字符。")) from fault
    failpoints.reach(failpoints.AFTER_WRITE)
    failpoints.reach_after_commit()


@dataclass(frozen=True, slots=True)
class _Shape:
    """Of what a statement consists, whatever its values are."""

    is_new: bool
    details: type[models.Model] | None
    has_act: bool
    events: int
    has_segment: bool
    #: Whether there are rows of clocks, of their pauses, of their rungs.
    ledger: tuple[bool, bool, bool]
    records: tuple[type[Record], ...]
    restated: tuple[type[Record], ...]
    contents: int


def _shape(
    changes: Changes, details: type[models.Model] | None, *, is_new: bool
) -> _Shape:
    return _Shape(
        is_new=is_new,
        details=details if changes.details else None,
        has_act=changes.act is not None,
        events=len(changes.events),
        has_segment=changes.segment is not None,
        ledger=(bool(changes.clocks), bool(changes.pauses), bool(changes.rungs)),
        records=tuple(kind for kind, rows in changes.records.items() if rows),
        restated=changes.restated,
        contents=len(changes.contents),
    )


def _values(changes: Changes, shape: _Shape) -> list[Value]:
    """Return the values of a statement of the shape, in the order of `_write_sql`."""
    case = changes.case
    values: list[Value] = [str(case["id"])]
    values += values_of(Case, _columns_of_case(is_new=shape.is_new), case)
    if shape.details and changes.details:
        names = _columns_of_details(shape.details)
        values += values_of(shape.details, names, changes.details)
    if changes.act:
        values += values_of(Act, written_of(Act), changes.act)
    for event in changes.events:
        values += values_of(Event, written_of(Event), event)
    if changes.segment:
        values += values_of(CaseSegment, written_of(CaseSegment), changes.segment)
    ledger = (changes.clocks, changes.pauses, changes.rungs)
    values += [as_json(rows) for rows in ledger if rows]
    if shape.restated:
        values.append(str(case["version"]))
    values += [as_json(rows) for rows in changes.records.values() if rows]
    for material, content in changes.contents.items():
        values += [str(material), content]
    return values


@lru_cache(maxsize=64)
def _columns_of_case(*, is_new: bool) -> list[str]:
    known = columns_of(Case)
    return [name for name in known if name != "id" and (is_new or name in CHANGING)]


@lru_cache(maxsize=64)
def _columns_of_details(details: type[models.Model]) -> list[str]:
    return [name for name in columns_of(details) if name != "case_id"]


@lru_cache(maxsize=1024)
def _write_sql(shape: _Shape) -> str:
    """Return the statement that writes what the shape has and nothing else.

    $1 is the case; the values of rows that come singly follow, then documents of those
    of which there may be many.
    """
    places = map("${}".format, count(2))
    parts: dict[str, str] = {"wrote_case": _case_sql(shape, places)}
    if shape.details:
        parts["wrote_details"] = _details_sql(shape, shape.details, places)
    if shape.has_act:
        parts["wrote_act"] = _insert_sql(Act, places)
    if shape.events:
        parts["wrote_events"] = _insert_sql(Event, places, shape.events)
        parts["wrote_events"] += " RETURNING id"
        parts["wrote_outbox"] = _OUTBOX_SQL
    if shape.has_segment:
        parts |= _segment_sql(places)
    parts |= _ledger_sql(shape, places)
    if shape.restated:
        version = next(places)
        parts |= {_ended(kind): _end_sql(kind, version) for kind in shape.restated}
    for kind in shape.records:
        parts[f"wrote_{kind._meta.db_table}"] = _record_sql(kind, shape, places)
    if shape.contents:
        parts["wrote_contents"] = _contents_sql(shape.contents, places)
    told = ",\n".join(f"{name} AS ({sql})" for name, sql in parts.items())
    return f"WITH {told}\nSELECT"


Places = Iterator[str]


def _case_sql(shape: _Shape, places: Places) -> str:
    names = _columns_of_case(is_new=shape.is_new)
    if shape.is_new:
        return _insert_of_case("casework_case", "id", names, places)
    return f"UPDATE casework_case SET {_sets(names, places)} WHERE id = $1"


def _details_sql(shape: _Shape, details: type[models.Model], places: Places) -> str:
    table, names = details._meta.db_table, _columns_of_details(details)
    if shape.is_new:
        return _insert_of_case(table, "case_id", names, places)
    return f"UPDATE {table} SET {_sets(names, places)} WHERE case_id = $1"


def _insert_of_case(table: str, key: str, names: list[str], places: Places) -> str:
    values = ", ".join(["$1", *_taken(names, places)])
    return f"INSERT INTO {table} ({', '.join([key, *names])}) VALUES ({values})"


def _insert_sql(model: type[models.Model], places: Places, rows: int = 1) -> str:
    names = written_of(model)
    values = ", ".join(f"({', '.join(_taken(names, places))})" for _row in range(rows))
    return f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES {values}"


def _sets(names: list[str], places: Places) -> str:
    return ", ".join(f"{name} = {next(places)}" for name in names)


def _taken(names: Sequence[str], places: Places) -> Iterator[str]:
    return islice(places, len(names))


_OUTBOX_SQL = "INSERT INTO casework_outbox (event_id) SELECT id FROM wrote_events"


def _segment_sql(places: Places) -> dict[str, str]:
    # What is selected has a type of its own, and takes none of its column's.
    given = {
        str(column.column): f"{next(places)}::{column.cast_db_type(connection)}"
        for column in CaseSegment._meta.concrete_fields
        if column.column != "id"
    }
    return {
        "ended_segment": "UPDATE casework_casesegment"
        f" SET ends_at = {given['starts_at']}"
        " WHERE case_id = $1 AND ends_at IS NULL RETURNING id",
        "began_segment": f"INSERT INTO casework_casesegment ({', '.join(given)})"
        f" SELECT {', '.join(given.values())}" + _after("ended_segment"),
    }


def _after(name: str) -> str:
    """Let a part wait for another: left alone they run in no order.

    What is unique among rows in force makes room before new rows take it.
    """
    return f" WHERE (SELECT count(*) FROM {name}) >= 0"


def _ledger_sql(shape: _Shape, places: Places) -> dict[str, str]:
    parts = {}
    has_clocks, has_pauses, has_rungs = shape.ledger
    if has_clocks:
        names = written_of(Clock)
        parts["wrote_clocks"] = (
            _insert_rows(Clock, names, next(places))
            + _renewing(names, key=["case_id", "target", "cycle"])
            + " RETURNING id, target, cycle"
        )
    if has_pauses:
        key = ["clock_id", "started_at"]
        parts["wrote_pauses"] = _of_clock_sql(ClockPause, key, next(places))
    if has_rungs:
        key = ["clock_id", "code", "repeat"]
        parts["wrote_rungs"] = _of_clock_sql(ClockRung, key, next(places))
    return parts


def _of_clock_sql(model: type[models.Model], key: list[str], document: str) -> str:
    """Insert rows that belong to clocks written in the same statement, or renew them.

    In their order: a pause that makes room goes before the one that takes it.
    """
    types = {
        str(column.column): column.cast_db_type(connection)
        for column in model._meta.concrete_fields
        if column.column not in ("id", "clock_id")
    }
    told = "".join(f", {name} {kind}" for name, kind in types.items())
    return (
        f"INSERT INTO {model._meta.db_table} (clock_id, {', '.join(types)})"
        " SELECT (SELECT id FROM wrote_clocks w"
        " WHERE w.target = r.target AND w.cycle = r.cycle),"
        f" {', '.join(f'r.{name}' for name in types)}"
        f" FROM jsonb_to_recordset({document}::jsonb)"
        f" AS r(target text, cycle int{told})" + _renewing(list(types), key)
    )


def _insert_rows(model: type[models.Model], names: Sequence[str], document: str) -> str:
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(names)})"
        f" SELECT {', '.join(f'r.{name}' for name in names)}"
        f" FROM jsonb_populate_recordset(NULL::{table}, {document}::jsonb) r"
    )


def _renewing(names: Sequence[str], key: list[str]) -> str:
    sets = ", ".join(f"{n} = EXCLUDED.{n}" for n in names if n not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"


def _record_sql(kind: type[Record], shape: _Shape, places: Places) -> str:
    sql = _insert_rows(kind, columns_of(kind), next(places))
    return sql + _after(_ended(kind)) if kind in shape.restated else sql


def _ended(kind: type[Record]) -> str:
    return f"ended_{kind._meta.db_table}"


def _end_sql(kind: type[Record], version: str) -> str:
    return (
        f"UPDATE {kind._meta.db_table} SET ended_by = {version}"
        " WHERE case_id = $1 AND ended_by IS NULL RETURNING id"
    )


def _contents_sql(rows: int, places: Places) -> str:
    values = ", ".join(f"({next(places)}, {next(places)})" for _row in range(rows))
    return (
        f"INSERT INTO casework_materialcontent (material_id, content) VALUES {values}"
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
