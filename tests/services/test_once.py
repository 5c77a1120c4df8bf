"""What is read of a case once is read anew when an act has changed the case."""

from casework.models import Case
from casework.services import once


def test_the_first_question_asks_and_the_next_ones_know() -> None:
    case = Case()
    assert once.read(case, "acts", lambda: "read") == "read"
    assert once.read(case, "acts", lambda: "anew") == "read"

    once.forget(case)

    assert once.read(case, "acts", lambda: "anew") == "anew"


def test_nothing_found_is_known_too() -> None:
    case = Case()
    assert once.read(case, "rejected by", lambda: None) is None

    assert once.read(case, "rejected by", lambda: 7) is None


def test_what_was_told_is_not_asked() -> None:
    case = Case()
    once.tell(case, "clocks", [])

    assert once.read(case, "clocks", lambda: [1]) == []
