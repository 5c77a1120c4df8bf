"""The demo city: 苏州市 with its real divisions and fictional people."""

from django.db import transaction
from rich.console import Console

from casework.access import SYSTEM
from casework.demo import staff
from casework.services import units

CITY = "苏州市"


@transaction.atomic
def load(*, console: Console) -> None:
    """Load the city's network and its staff, all of it or nothing."""
    console.print(f"载入 {CITY} 的帮扶网络和人员 · loading the network and the staff")
    staff.appoint_staff()
