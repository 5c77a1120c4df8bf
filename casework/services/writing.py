"""The only raw SQL of the door: lock a case, read it whole, write it whole.

Two statements an act: one locks and reads, one writes. A statement sees the rows as they
were when it began, so that one which waited for the lock brings the clocks of before the
wait; it says so, and then they are read once more. What acts stated as records is read
in one more, by an act that asks for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from itertools import count, islice
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext as _

from casework.access import Clause
from casework.domain.errors import Invalid
from casework.lifecycle import Registry
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
from casework.services import failpoints, planned
from casework.services.planned import Value
from casework.services.rows import (
    CHANGING,
    Row,
    as_json,
    attributes_of,
    columns_of,
    from_json,
    instance_of,
    keys_to,
    know,
    values_of,
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


#: The clauses of which a case that is seen meets one; None: every case is seen.
Sight = tuple[Clause, ...] | None


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


def take(
    case_id: int,
    sight: Sight,
    *,
    person_id: int | None,
    command: UUID | None,
) -> Whole | None:
    """Lock the case until the transaction ends and read it whole.

    None when it does not exist for them. NO KEY: rows that refer to the case may be
    added meanwhile.
    """
    failpoints.reach(failpoints.BEFORE_LOCK)
    asked = _asked(case_id, person_id, command)
    sql, seen = _take_sql(sight)
    rows = planned.run(sql, [*asked, *seen])
    failpoints.reach(failpoints.AFTER_LOCK)
    if rows and rows[0][0] == b"f":
        rows = planned.run(f"SELECT {_document()} {_OF_CASE}", asked)
    failpoints.reach(failpoints.AFTER_READ)
    return _whole(*rows[0][-2:]) if rows else None


@lru_cache(maxsize=1024)
def _take_sql(sight: Sight) -> tuple[str, list[Value]]:
    where, seen = _condition(sight, after=3)
    sql = (
        "WITH c AS MATERIALIZED (SELECT c.*, c.ctid AS place FROM casework_case c"
        f" WHERE c.id = $1 AND {where} FOR NO KEY UPDATE)"
        # Another place than when the statement began: it was changed while this waited.
        " SELECT c.place = (SELECT ctid FROM casework_case WHERE id = $1),"
        f" {_document()} FROM c"
    )
    return sql, seen


def look(case_id: int, sight: Sight, *, person_id: int | None) -> Whole | None:
    """Read the case whole without a lock; None when it does not exist for them."""
    where, seen = _condition(sight, after=3)
    sql = f"SELECT {_document()} {_OF_CASE} AND {where}"
    rows = planned.run(sql, [*_asked(case_id, person_id), *seen])
    return _whole(*rows[0]) if rows else None


def read(case_ids: Sequence[int]) -> list[Whole]:
    """Read cases whole in one statement, in the order of their ids."""
    ids = f"{{{','.join(map(str, case_ids))}}}"
    rows = planned.run(
        f"SELECT {_document()} FROM casework_case c"
        " WHERE c.id = ANY ($1::bigint[]) ORDER BY c.id",
        _asked(ids),
    )
    return [_whole(*row) for row in rows]


def lock_row(case_id: int, sight: Sight) -> Locked | None:
    """Lock the case as `take` does and return its row, with the database's time."""
    failpoints.reach(failpoints.BEFORE_LOCK)
    where, seen = _condition(sight, after=1)
    rows = planned.run(
        "WITH c AS MATERIALIZED (SELECT * FROM casework_case c"
        f" WHERE c.id = $1 AND {where} FOR NO KEY UPDATE)"
        # Looks at the time when the wait for the lock is over.
        f" SELECT json_build_object('now', {NOW}, 'case', c) FROM c",
        [str(case_id), *seen],
    )
    failpoints.reach(failpoints.AFTER_LOCK)
    if not rows:
        return None
    told = _read_json(rows[0][0])
    case = from_json(Case, told["case"])
    return Locked(case=case, now=datetime.fromisoformat(told["now"]))


_OF_CASE = "FROM casework_case c WHERE c.id = $1"


def _asked(*values: object) -> list[Value]:
    """Return what a document is asked for: the case, the person, the command."""
    given = [None if value is None else str(value) for value in values]
    return [*given, *[None] * (3 - len(given))]


@lru_cache(maxsize=1024)
def _condition(sight: Sight, *, after: int) -> tuple[str, list[Value]]:
    """Return what a case that is seen meets, and its values, which go after so many."""
    values: list[Value] = []

    def put(value: object) -> str:
        values.append(str(value))
        return f"${after + len(values)}"

    if sight is None:
        return "TRUE", values
    parts = ["FALSE"]
    for clause in sight:
        part = f"c.{clause.column} = {put(clause.value)}"
        if not clause.is_for_all:
            degrees = ", ".join(put(d) for d in sorted(clause.sensitivities))
            part = f"({part} AND c.sensitivity IN ({degrees}))"
        parts.append(part)
    return f"({' OR '.join(parts)})", values


@cache
def _document() -> str:
    """Return what makes a document of the units of the case `c`, and one of the rest.

    $2 is the person, $3 the command. What is under something else is looked up by it,
    whatever the planner knows of the tables.
    """
    kinds = Registry.all()
    details = _by_kind(
        f"(SELECT to_json(d) FROM {kind.details._meta.db_table} d"
        " WHERE d.case_id = c.id)"
        for kind in kinds
    )
    return f"""array_to_json(ARRAY(
        SELECT u FROM casework_unit u WHERE id = ANY ({_places()}) ORDER BY id)),
    json_build_object(
        'now', {NOW},
        'edition', (SELECT max(id) FROM casework_ruleedition),
        'calendar', (SELECT max(id) FROM casework_calendarversion),
        'is_party', EXISTS (SELECT FROM casework_party
            WHERE case_id = c.id AND person_id = $2 AND ended_by IS NULL),
        'answered',
            (SELECT step FROM casework_act WHERE case_id = c.id AND command = $3),
        'clocks', ARRAY(SELECT json_build_object(
            'clock', k,
            'pauses', ARRAY(SELECT x FROM casework_clockpause x
                WHERE x.clock_id = k.id ORDER BY x.started_at),
            'rungs', ARRAY(SELECT x FROM casework_clockrung x
                WHERE x.clock_id = k.id ORDER BY x.number, x.repeat)
        ) FROM casework_clock k WHERE k.case_id = c.id ORDER BY k.id),
        'case', c,
        'details', {details})"""


def _places() -> str:
    """Return the ids of the units that the case and its details refer to."""
    of_case = ", ".join(f"c.{column}" for column in keys_to(Case, Unit))
    of_details = _by_kind(_places_of_details(kind.details) for kind in Registry.all())
    return f"ARRAY[{of_case}] || {of_details}"


def _places_of_details(details: type[models.Model]) -> str:
    names = ", ".join(f"d.{column}" for column in keys_to(details, Unit))
    table = details._meta.db_table
    if not names:
        return "'{}'"
    return f"(SELECT ARRAY[{names}] FROM {table} d WHERE d.case_id = c.id)"


def _by_kind(parts: Iterable[str]) -> str:
    """Return for each kind of case its own part of a statement."""
    kinds = zip(Registry.all(), parts, strict=True)
    told = "".join(f" WHEN '{kind.code}' THEN {part}" for kind, part in kinds)
    return f"CASE c.kind{told} END"


def _whole(places: bytes | None, document: bytes | None) -> Whole:
    told = _read_json(document)
    kind = Registry.get(told["case"]["kind"])
    units = {place["id"]: instance_of(Unit, place) for place in _units(places)}
    case = from_json(kind.model, told["case"])
    know(case, Unit, units)
    details = None
    if told["details"] is not None:
        details = from_json(kind.details, told["details"])
        know(details, Unit, units)
    return Whole(
        now=datetime.fromisoformat(told["now"]),
        newest_edition=told["edition"],
        newest_calendar=told["calendar"],
        units=units,
        is_party=told["is_party"],
        answered=told["answered"],
        clocks=told["clocks"],
        case=case,
        details=details,
    )


@lru_cache(maxsize=4096)
def _units(told: bytes | None) -> list[Row]:
    """Return the attributes of the units; the same few are told again and again."""
    return [attributes_of(Unit, place) for place in _read_json(told)]


def _read_json(told: bytes | None) -> Any:
    assert told is not None  # no expression of ours is NULL
    return orjson.loads(told)


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
    columns, values = (
        ", ".join([key, *names]),
        ", ".join(["$1", *_taken(names, places)]),
    )
    return f"INSERT INTO {table} ({columns}) VALUES ({values})"


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


def read_records(
    case_id: int, kinds: Sequence[type[Record]]
) -> dict[type[Record], list[Record]]:
    """Read what stands of these kinds of record in the case, each in its order."""
    ((told,),) = planned.run(_records_sql(tuple(kinds)), [str(case_id)])
    return {
        kind: [from_json(kind, row) for row in rows]
        for kind, rows in zip(kinds, _read_json(told), strict=True)
    }


@lru_cache(maxsize=16)
def _records_sql(kinds: tuple[type[Record], ...]) -> str:
    in_force = ", ".join(
        f"ARRAY(SELECT r FROM {kind._meta.db_table} r"
        " WHERE case_id = $1 AND ended_by IS NULL ORDER BY r.version, r.id)"
        for kind in kinds
    )
    return f"SELECT json_build_array({in_force})"


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
