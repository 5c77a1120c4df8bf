"""Acts through the door beside the barest twin that writes the same rows.

Run `python -m tests.benches.door_bench [cases]`. Each case goes through eight acts: two
claims and six steps, with form, event and clocks. The twin is psycopg with one prepared
statement for each row (lock, read, case, event, act, clock, outbox): no access, no
guards, no form, no hash. Both commit every act. They take turns, because the machine
is not equally fast at all times; what counts is the ratio of the medians.
"""

import json
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Barrier
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import django
import psycopg

ACTS = 8
PROCESSES = (1, 2, 4)
TURNS = 5
#: Cases before the start, so that every statement has its plan.
WARM = 4
#: What an event of the door is long, so that the twin writes as much.
BODY = 1100

Drive = Callable[[list[int]], None]


@dataclass(frozen=True)
class Run:
    """What one run of one contestant came to."""

    rate: float
    bytes_per_case: float
    wal_per_case: float


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests import servers

    with servers.postgres() as server, server.name_of_our_own() as name:
        server.create(name)
        url = server.url(name)
        with get_context("spawn").Pool(1) as pool:
            pool.apply(_prepare, [url])
        try:
            _report(url, size)
        finally:
            server.drop(name)


def _report(url: str, size: int) -> None:
    print(f"{size} cases a process, {ACTS} acts each, {TURNS} turns")
    for processes in PROCESSES:
        door, twin = [], []
        for _turn in range(TURNS):
            door.append(_contest(url, "door", processes, size))
            twin.append(_contest(url, "twin", processes, size))
        ratios = [d.rate / t.rate for d, t in zip(door, twin, strict=True)]
        ours, theirs = (median(run.rate for run in runs) for runs in (door, twin))
        print(
            f"{processes} processes: door {ours:5.0f} acts/s, twin {theirs:5.0f}, "
            f"ratio {ours / theirs:4.0%} "
            f"(by turns {min(ratios):.0%} to {max(ratios):.0%})"
        )
        if processes == 1:
            print(
                f"a case of {ACTS} acts: {door[-1].bytes_per_case:7.0f} bytes kept, "
                f"{door[-1].wal_per_case:7.0f} bytes of WAL "
                f"(twin {twin[-1].bytes_per_case:.0f} and {twin[-1].wal_per_case:.0f})"
            )


def _contest(url: str, who: str, processes: int, size: int) -> Run:
    context = get_context("spawn")
    barrier = context.Barrier(processes + 1, timeout=60)
    times = context.Array("d", 2 * processes)
    started = [
        context.Process(target=_race, args=(url, who, size, barrier, times, number))
        for number in range(processes)
    ]
    with psycopg.connect(url, autocommit=True) as watch:
        for process in started:
            process.start()
        barrier.wait()
        watch.execute("CHECKPOINT")
        before, lsn = _size(watch), _lsn(watch)
        barrier.wait()
        for process in started:
            process.join()
            if process.exitcode:
                raise SystemExit(f"the {who} failed")
        spent = max(times[1::2]) - min(times[::2])
        cases = processes * size
        return Run(
            rate=cases * ACTS / spent,
            bytes_per_case=(_size(watch) - before) / cases,
            wal_per_case=(_lsn(watch) - lsn) / cases,
        )


def _size(watch: psycopg.Connection[Any]) -> int:
    return _one(
        watch,
        "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class"
        " WHERE relkind = 'r' AND relname ~ '^(casework|inquiry)_'",
    )


def _lsn(watch: psycopg.Connection[Any]) -> int:
    return _one(watch, "SELECT (pg_current_wal_lsn() - '0/0')::bigint")


def _one(watch: psycopg.Connection[Any], question: str) -> int:
    row = watch.execute(question).fetchone()
    assert row is not None
    return int(row[0])


def _prepare(url: str) -> None:
    _use(url)
    from django.core.management import call_command

    from tests.cast import call_the_cast

    call_command("migrate", verbosity=0)
    call_the_cast()


def _use(url: str) -> None:
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()


def _race(
    url: str,
    who: str,
    size: int,
    barrier: Barrier,
    times: "SynchronizedArray[float]",
    number: int,
) -> None:
    _use(url)
    from casework.models import Case
    from casework.services import cases
    from tests.inquiry.forms import InquiryForm

    people = _people()
    ids = [
        cases.open("inquiry", by=people["xiaobo"], data=InquiryForm.example(Case())).pk
        for _ in range(size + WARM)
    ]
    drive = _door(people) if who == "door" else _twin(url)
    drive(ids[:WARM])
    barrier.wait()
    barrier.wait()
    times[2 * number] = perf_counter()
    drive(ids[WARM:])
    times[2 * number + 1] = perf_counter()


def _people() -> dict[str, Any]:
    from casework.access import Actor
    from casework.models import Membership

    hats = Membership.objects.select_related("person", "unit")
    return {
        user.username: Actor(user, hat.person, hat)
        for hat in hats
        for user in hat.person.accounts.all()
    }


def _door(people: dict[str, Any]) -> Drive:
    from casework.services import cases

    xiaobo, amin, chendi = (people[key] for key in ("xiaobo", "amin", "chendi"))
    script: list[tuple[str, Any, dict[str, Any]]] = [
        ("ask_for_papers", xiaobo, {"items": '["身份证", "劳动合同", "工资单"]'}),
        ("supply", xiaobo, {}),
        ("accept", xiaobo, {}),
        ("", amin, {}),
        ("lengthen", chendi, {"days": 5}),
        ("lengthen", chendi, {"days": 5}),
        ("answer", amin, {"answer": "单位应当补发加班费差额。"}),
    ]

    def drive(ids: list[int]) -> None:
        for case_id in ids:
            case = cases.claim(case_id, by=xiaobo)
            for step, actor, data in script:
                if step:
                    case = cases.act(
                        case_id,
                        step,
                        by=actor,
                        version=case.version,
                        data=data,
                        command=uuid4(),
                    )
                else:
                    case = cases.claim(case_id, by=actor)

    return drive


def _twin(url: str) -> Drive:
    """One statement for each row, every one prepared, in a transaction an act."""
    connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
    body, told = b"x" * BODY, json.dumps({"items": ["身份证", "劳动合同", "工资单"]})
    lock = "SELECT * FROM casework_case WHERE id = %s FOR NO KEY UPDATE"
    read = "SELECT * FROM casework_clock WHERE case_id = %s"
    case = (
        "UPDATE casework_case SET version = version + 1, event_count = event_count + 1,"
        " head = %s, effective_at = now(), next_due_at = now() WHERE id = %s"
        " RETURNING version"
    )
    event = (
        "INSERT INTO casework_event (chain, sequence, case_id, city_id, uid, at, verb,"
        " person_id, unit_id, body, hash) VALUES (%s, %s, %s, %s, %s, now(),"
        " 'step.accept', 1, 1, %s, %s) RETURNING id"
    )
    act = (
        "INSERT INTO casework_act (case_id, version, step, from_state, to_state,"
        " person_id, membership_id, unit_id, role, channel, at, recorded_at, data,"
        " before, late_reason, command) VALUES (%s, %s, 'step.accept', 'registered',"
        " 'accepted', 1, 1, 1, 'caseworker', 'web', now(), now(), %s, %s, '', %s)"
    )
    clock = (
        "UPDATE casework_clock SET generation = generation + 1, due_at = now()"
        " WHERE case_id = %s"
    )
    outbox = "INSERT INTO casework_outbox (event_id) VALUES (%s)"

    def step(case_id: int) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(lock, [case_id])
            cursor.fetchone()
            cursor.execute(read, [case_id])
            cursor.fetchall()
            head = secrets.token_bytes(32)
            cursor.execute(case, [head, case_id])
            (version,) = cursor.fetchone() or (0,)
            place = [f"case:{case_id}", version + 1, case_id, 1]
            cursor.execute(event, [*place, uuid4(), body, head])
            (event_id,) = cursor.fetchone() or (0,)
            cursor.execute(act, [case_id, version, told, told, uuid4()])
            cursor.execute(clock, [case_id])
            cursor.execute(outbox, [event_id])

    def drive(ids: list[int]) -> None:
        for case_id in ids:
            for _act in range(ACTS):
                step(case_id)

    return drive


if __name__ == "__main__":
    main()
