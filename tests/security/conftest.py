"""What the tests of security borrow: the office, its time, an application on its way."""

from tests.hardship_aid.conftest import clock, office, way

__all__ = ["clock", "office", "way"]
