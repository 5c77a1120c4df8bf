"""Several people at the same moment: threads with a connection each."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections

from casework.domain.errors import CaseworkError

Result = TypeVar("Result")
_SECONDS_TO_GATHER = 60


def at_once(works: Sequence[Callable[[], Result]]) -> list[Result | CaseworkError]:
    """Do all of it at the same moment; return what each gave, or how it was refused.

    Whatever is no refusal in the words of the house is raised.
    """
    barrier = Barrier(len(works))

    def do(work: Callable[[], Result]) -> Result | CaseworkError:
        try:
            connection.ensure_connection()
            barrier.wait(_SECONDS_TO_GATHER)
            return work()
        except CaseworkError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(do, w) for w in works]]


def kinds(results: Sequence[object]) -> Counter[str]:
    """Count the results by the name of their class."""
    return Counter(type(result).__name__ for result in results)


def set_time_of_all(name: str, moment: str) -> None:
    """Let every new connection to the database begin at this time (a demo's log)."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"ALTER DATABASE {name} SET casework.recorded_at = %s", [f"{moment}+08"]
        )
    connection.close()
