"""What is read of a case once, and known until an act changes the case."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def read(case: Any, what: str, ask: Callable[[], T]) -> T:
    """Return what is known of the case under this name; the first question asks."""
    known = _known(case)
    if what not in known:
        known[what] = ask()
    found: T = known[what]
    return found


def tell(case: Any, what: str, known: object) -> None:
    """Let the case know what has been read of it already."""
    _known(case)[what] = known


def forget(case: Any) -> None:
    """Let the next questions ask anew."""
    _known(case).clear()


def _known(case: Any) -> dict[str, Any]:
    known: dict[str, Any] = vars(case).setdefault("known_of_it", {})
    return known
