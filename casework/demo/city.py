"""The demo city: 苏州市 with its real divisions and fictional people."""

from collections.abc import Callable

from django.db import transaction

from casework.access import SYSTEM
from casework.data import divisions
from casework.demo import staff
from casework.services import units
from workflows.hardship_aid.standards import load_demo_standards

CITY = "苏州市"


#: The network with its living standards, and each member of the staff.
STEPS = 1 + len(staff.STAFF)


@transaction.atomic
def load(*, done: Callable[[int], None]) -> None:
    """Load the city's network with its standards and its staff, all of it or nothing.

    `done` hears how many of the `STEPS` are taken.
    """
    known = divisions.packaged()
    units.import_divisions(
        divisions=known,
        city=units.city_named(CITY, divisions=known),
        valid_from=divisions.EDITION_DATE,
        by=SYSTEM,
    )
    load_demo_standards()
    done(1)
    for number, member in enumerate(staff.STAFF, start=2):
        staff.appoint(member)
        done(number)
