"""The demo city: 苏州市 with its real divisions and fictional people."""

from collections.abc import Callable

from django.db import transaction

from casework.access import SYSTEM
from casework.data import divisions
from casework.demo import staff
from casework.services import units

CITY = "苏州市"


#: The network, and each member of the staff.
STEPS = 1 + len(staff.STAFF)


@transaction.atomic
def load(*, done: Callable[[int], None]) -> None:
    """Load the city's network and its staff, all of it or nothing.

    `done` hears how many of the `STEPS` are taken.
    """
    known = divisions.packaged()
    units.import_divisions(
        divisions=known,
        city=units.city_named(CITY, divisions=known),
        valid_from=divisions.EDITION_DATE,
        by=SYSTEM,
    )
    done(1)
    for number, member in enumerate(staff.STAFF, start=2):
        staff.appoint(member)
        done(number)
