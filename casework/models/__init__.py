"""The rows of the engine, their constraints and their indexes."""

from casework.models.heartbeats import Heartbeat
from casework.models.people import Membership, Person, User
from casework.models.units import Unit

__all__ = ["Heartbeat", "Membership", "Person", "Unit", "User"]
