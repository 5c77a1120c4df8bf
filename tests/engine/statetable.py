"""A state table, executed: what `choices` allows `act` does, what it refuses stays undone."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.access import Actor
from casework.domain.errors import CaseworkError
from casework.lifecycle import Step
from casework.models import Act, Case, Event
from casework.services import cases

#: What one act may cost, its BEGIN and COMMIT (here savepoints) among them (design 3).
MOST_STATEMENTS = 7
#: 返困恢复 reads a second case whole, under the city's lock (H-01).
MOST_OF = {"restore": 10}


def allowed(case: Case, actor: Actor) -> set[str]:
    """Return the steps that are offered; every other one says why not."""
    offered = cases.choices(case.pk, by=actor)
    for choice in offered:
        assert choice.is_allowed or (choice.refusal and choice.refusal.reason)
    return {choice.step.name for choice in offered if choice.is_allowed}


def check_that_act_agrees(
    case: Case, actor: Actor, *, data: Mapping[str, Mapping[str, Any]] | None = None
) -> None:
    """Take every step that is offered, with its form's example, and undo it.

    Of those refused for one reason take the first: nothing of it stays. `data` is sent
    instead of an example, by step. None costs more statements than an act may.
    """
    tried: set[str] = set()
    for choice in cases.choices(case.pk, by=actor):
        if choice.refusal is not None:
            if choice.refusal.reason in tried:
                continue
            tried.add(choice.refusal.reason)
        before = traces(case)
        savepoint = transaction.savepoint()
        said = (data or {}).get(choice.step.name) or choice.step.form.example(case)
        with CaptureQueriesContext(connection) as asked:
            done = _taken(case, choice.step, actor, said)

        if choice.refusal is None:
            assert isinstance(done, Case), (choice.step.name, done)
            most = MOST_OF.get(choice.step.name, MOST_STATEMENTS)
            assert len(asked) <= most, (
                choice.step.name,
                [query["sql"] for query in asked.captured_queries],
            )
            assert done.state == str(choice.step.target or case.state)
        else:
            assert isinstance(done, CaseworkError), choice.step.name
            assert choice.refusal.reason in done.message
            assert traces(case) == before
        transaction.savepoint_rollback(savepoint)


def traces(case: Case) -> tuple[object, ...]:
    """Return what an act would have changed."""
    row = Case.objects.filter(pk=case.pk).values_list(
        "state", "version", "event_count", "next_due_at", "assignee_id", "holder_id"
    )
    return (
        *row.get(),
        Act.objects.filter(case=case).count(),
        Event.objects.filter(case=case).count(),
    )


def _taken(
    case: Case, step: Step, actor: Actor, said: Mapping[str, Any]
) -> Case | CaseworkError:
    files = step.form.example_files(case)
    try:
        return cases.act(
            case.pk, step.name, by=actor, version=case.version, data=said, files=files
        )
    except CaseworkError as refusal:
        return refusal
