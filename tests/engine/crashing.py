"""A process that works and is killed: `python -m tests.engine.crashing`.

It imports everything once. For each line of its input, a job in JSON, it forks a child
that does the job and writes down what was acknowledged to it; then it tells how the
child ended. A mutant is the engine with a mistake that the tests have to find.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from casework.access import Actor  # noqa: E402
from casework.models import Case, Membership  # noqa: E402
from casework.services import cases, failpoints, writing  # noqa: E402
from casework.services.sweep import sweep  # noqa: E402
from casework.services.writing import Changes  # noqa: E402
from tests.inquiry.forms import Answer, InquiryForm  # noqa: E402

APPLICATION_NAME = "crashing"
Acknowledge = Callable[[Case], None]


def act(acknowledge: Acknowledge) -> None:
    """Take three inquiries from the opening to the answer."""
    people = ("xiaobo", "amin", "chendi")
    xiaobo, amin, chendi = (_actor(name) for name in people)
    for _number in range(3):
        case = cases.open("inquiry", by=xiaobo, data=InquiryForm.example(Case()))
        acknowledge(case)
        acknowledge(cases.claim(case.pk, by=xiaobo))
        for step, by, data in (
            ("ask_for_papers", xiaobo, {"items": '["身份证"]'}),
            ("supply", xiaobo, {}),
            ("accept", xiaobo, {}),
            ("lengthen", chendi, {"days": 5}),
        ):
            acknowledge(cases.act(case.pk, step, by=by, version=None, data=data))
        acknowledge(cases.claim(case.pk, by=amin))
        answer = Answer.example(case)
        acknowledge(cases.act(case.pk, "answer", by=amin, version=None, data=answer))


def sweep_up(acknowledge: Acknowledge) -> None:
    """Sweep, in the middle of October, two cases at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SET casework.recorded_at = '2026-10-12 09:00+08'")
    sweep(batch=2)


def event_after_commit() -> None:
    """Mutant: what is done is committed, and then told."""
    write = writing.write

    def mutant(changes: Changes, **options: Any) -> None:
        told = Changes(changes.case, events=changes.events)
        changes.events = []
        write(changes, **options)
        transaction.on_commit(lambda: write(told, details=None))

    writing.write = mutant


def mark_then_tell() -> None:
    """Mutant: the sweep marks its rungs, commits, and then tells of them."""
    write = writing.write

    def mutant(changes: Changes, **options: Any) -> None:
        if changes.act:
            return write(changes, **options)
        told = Changes(changes.case, events=changes.events)
        marks = Changes(
            changes.case | _kept(changes.case, "event_count", "head"),
            clocks=changes.clocks,
            rungs=changes.rungs,
        )
        write(marks, **options)
        transaction.on_commit(lambda: write(told, **options))

    writing.write = mutant


def tell_then_mark() -> None:
    """Mutant: the sweep tells of its rungs, commits, and then marks them."""
    write = writing.write

    def mutant(changes: Changes, **options: Any) -> None:
        if changes.act:
            return write(changes, **options)
        marks = Changes(changes.case, clocks=changes.clocks, rungs=changes.rungs)
        told = Changes(
            changes.case | _kept(changes.case, "next_step_at"), events=changes.events
        )
        write(told, **options)
        transaction.on_commit(lambda: write(marks, **options))

    writing.write = mutant


def _kept(row: dict[str, Any], *columns: str) -> dict[str, Any]:
    return dict(Case.objects.values(*columns).get(pk=row["id"]))


def _actor(username: str) -> Actor:
    hat = Membership.objects.select_related("person", "unit").get(
        person__accounts__username=username
    )
    return Actor(user=None, person=hat.person, membership=hat)


JOBS: dict[str, Callable[[Acknowledge], None]] = {"act": act, "sweep": sweep_up}
MUTANTS: dict[str, Callable[[], None]] = {
    mutant.__name__: mutant
    for mutant in (event_after_commit, mark_then_tell, tell_then_mark)
}


def main() -> None:
    """Carry out the jobs of the input, each in a child of its own."""
    for line in sys.stdin:
        told = json.loads(line)
        reading, writing_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _work(told, writing_end)
        os.close(writing_end)
        _pid, status = os.waitpid(child, 0)
        with os.fdopen(reading) as pipe:
            acknowledged = [[int(part) for part in row.split()] for row in pipe]
        ended = {"status": os.waitstatus_to_exitcode(status), "acked": acknowledged}
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


def _work(told: dict[str, str], pipe: int) -> None:
    def acknowledge(case: Case) -> None:
        os.write(pipe, f"{case.pk} {case.version}\n".encode())

    status = 1
    try:
        if told["mutant"]:
            MUTANTS[told["mutant"]]()
        failpoints.arm(told["failpoint"])
        JOBS[told["job"]](acknowledge)
        status = 0
    finally:
        # Without the parent's buffers and its other ends.
        os._exit(status)


if __name__ == "__main__":
    main()
