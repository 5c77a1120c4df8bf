"""At a million cases and clocks the queue, the sweep and the read go by their indexes."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from casework.models import Case
from casework.services import cases, planned, reading
from casework.services.planned import Answer, Value
from tests.cast import Cast
from tests.inquiry.forms import InquiryForm

MANY = 1_000_000

#: Copies of the one case that was opened: a fifth is open, one in a hundred is overdue,
#: one in a thousand is held by a union outside its territory.
CASES = """
INSERT INTO casework_case SELECT (c).* FROM (
  SELECT jsonb_populate_record(c, jsonb_build_object(
    'id', c.id + n, 'number', 'copy ' || n, 'assignee_id', NULL,
    'county_id', CASE WHEN n %% 10 = 0 THEN c.county_id ELSE NULL END,
    'holder_id', CASE WHEN n %% 1000 = 0 THEN %s ELSE c.holder_id END,
    'closed_at', CASE WHEN n %% 5 = 0 THEN NULL ELSE now() END,
    'next_due_at', CASE WHEN n %% 5 = 0 THEN now() + n * interval '1 minute'
                   ELSE '9999-01-01' END,
    'next_step_at', CASE WHEN n %% 100 = 0 THEN now() - interval '1 hour'
                    WHEN n %% 5 = 0 THEN now() + n * interval '1 minute'
                    ELSE '9999-01-01' END)) AS c
  FROM casework_case c, generate_series(1, %s) n WHERE c.id = %s) copies
"""
CLOCKS = """
INSERT INTO casework_clock SELECT (k).* FROM (
  SELECT jsonb_populate_record(k, jsonb_build_object(
    'id', k.id + n, 'case_id', k.case_id + n)) AS k
  FROM casework_clock k, generate_series(1, %s) n WHERE k.case_id = %s) copies
"""


@pytest.mark.slow
def test_no_hot_question_reads_a_table(own_database: str, cast: Cast) -> None:
    first = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(CASES, [cast.kunshan.pk, MANY, first.pk])
        cursor.execute(CLOCKS, [MANY, first.pk])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE casework_case, casework_clock")

    city, county, station = first.city_id, first.county_id, first.station_id
    queue = Case.objects.open().order_by("next_due_at", "id")
    for name, question in {
        "case_queue_city": lambda: page(queue.filter(city=city, level=first.level)),
        "case_queue_county": lambda: page(
            queue.filter(county=county, level=first.level)
        ),
        "case_queue_station": lambda: page(
            queue.filter(station=station, level=first.level)
        ),
        "case_queue_holder": lambda: page(queue.filter(holder=cast.kunshan)),
        "case_queue_assignee": lambda: page(queue.filter(assignee=first.pk)),
        "case_next_step": lambda: reading.claim_due(grace_seconds=60, most=500),
        "clock_cycle_once": lambda: reading.take(
            first.pk + 77, None, person_id=None, command=None
        ),
        "casework_case_pkey": lambda: reading.read([first.pk + 77, first.pk + 78]),
    }.items():
        used, read_whole = plans_of(question)
        assert name in used
        assert not read_whole & {"casework_case", "casework_clock"}, name


def page(rows: Any) -> None:
    list(rows[:50])


def plans_of(question: Callable[[], object]) -> tuple[set[str], set[str]]:
    """Return the indexes that a question's statements use, and the tables they scan."""
    used, scanned = set[str](), set[str]()
    with explaining() as plans:
        question()
    for node in (node for plan in plans for node in _nodes(plan)):
        if "Index Name" in node:
            used.add(node["Index Name"])
        if node["Node Type"] == "Seq Scan":
            scanned.add(node["Relation Name"])
    return used, scanned


@contextmanager
def explaining() -> Iterator[list[dict[str, Any]]]:
    """Explain every statement on its way to the database."""
    plans: list[dict[str, Any]] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        cursor: CursorWrapper = context["cursor"]
        execute(f"EXPLAIN (FORMAT JSON) {sql}", params, many, context)
        (told,) = cursor.fetchone()
        document = json.loads(told) if isinstance(told, str) else told
        plans.append(document[0]["Plan"])
        return execute(sql, params, many, context)

    def run(sql: str, values: Sequence[Value]) -> list[Answer]:
        ((told,),) = planned_run(f"EXPLAIN (FORMAT JSON) {sql}", values)
        plans.append(json.loads(told or b"")[0]["Plan"])
        return planned_run(sql, values)

    planned_run = planned.run
    with connection.execute_wrapper(explain), patch.object(planned, "run", run):
        yield plans


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)
