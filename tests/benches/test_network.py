"""How long the nation takes: to build, to find unchanged, and to ask about."""

from collections.abc import Callable
from datetime import date
from time import perf_counter

import pytest

from casework.access import SYSTEM
from casework.data import divisions
from casework.models import Unit
from casework.reports import network
from casework.services import units

SUBTREES = ("0", "32", "3205", "320508", "320508018")


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


@pytest.mark.slow
def test_the_nation(own_database: str) -> None:
    def build() -> None:
        units.import_divisions(
            divisions=divisions.packaged(), valid_from=date(2023, 6, 30), by=SYSTEM
        )

    print(f"\nbuild the nation     {seconds(build):6.2f} s")
    print(f"find it unchanged    {seconds(build):6.2f} s")
    for code in SUBTREES:
        top = Unit.objects.get(code=code)
        for name, question in {
            "count by level": lambda top=top: network.level_counts(top),
            "list children": lambda top=top: network.children(top),
            "search 平江": lambda top=top: network.search("平江", within=top),
        }.items():
            print(f"{top.name:<12}{name:<16}{seconds(question) * 1000:8.1f} ms")
