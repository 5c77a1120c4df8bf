"""The demo city: 苏州市 with its real divisions and fictional people."""

from django.db import transaction

from casework.access import SYSTEM
from casework.data import divisions
from casework.demo import staff
from casework.services import units

CITY = "苏州市"


@transaction.atomic
def load() -> None:
    """Load the city's network and its staff, all of it or nothing."""
    known = divisions.packaged()
    units.import_divisions(
        divisions=known,
        city=units.city_named(CITY, divisions=known),
        valid_from=divisions.EDITION_DATE,
        by=SYSTEM,
    )
    staff.appoint_staff()
