"""What the door reads: a case under its lock, whole; and what is known before one is.

One statement locks and reads. It sees the rows as they were when it began, so that one
which waited for the lock brings the clocks of before the wait; it says so, and then they
are read once more (decision 29). What acts stated as records is read in one more, by an
act that asks for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection, models

from casework.access import Clause
from casework.lifecycle import Registry
from casework.models import NEVER, Case, Record, Unit
from casework.services import failpoints, planned
from casework.services.planned import Value
from casework.services.rows import (
    Row,
    attributes_of,
    from_json,
    instance_of,
    keys_to,
    know,
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
    if rows and rows[0][0] != b"t":
        rows = planned.run(f"SELECT {_document()} {_OF_CASE}", asked)
    failpoints.reach(failpoints.AFTER_READ)
    return _whole(*rows[0][-2:]) if rows else None


@lru_cache(maxsize=1024)
def _take_sql(sight: Sight) -> tuple[str, list[Value]]:
    where, seen = _condition(sight, after=3)
    sql = (
        _locked(where)
        # Another place than when the statement began: it was changed while this waited.
        + " SELECT c.place = (SELECT ctid FROM casework_case WHERE id = $1),"
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
        _locked(where)
        # Looks at the time when the wait for the lock is over.
        + f" SELECT json_build_object('now', {NOW}, 'case', c) FROM c",
        [str(case_id), *seen],
    )
    failpoints.reach(failpoints.AFTER_LOCK)
    if not rows:
        return None
    told = _read_json(rows[0][0])
    case = from_json(Case, told["case"])
    return Locked(case=case, now=datetime.fromisoformat(told["now"]))


def _locked(where: str) -> str:
    return (
        "WITH c AS MATERIALIZED (SELECT c.*, c.ctid AS place FROM casework_case c"
        f" WHERE c.id = $1 AND {where} FOR NO KEY UPDATE)"
    )


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
