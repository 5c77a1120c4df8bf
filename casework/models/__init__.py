"""The rows of the engine, their constraints and their indexes."""

from casework.models.audit import ChainHead, Event, Outbox
from casework.models.cases import NEVER, Act, Case, CaseNumber
from casework.models.clocks import (
    Calendar,
    CalendarDay,
    CalendarVersion,
    CaseSegment,
    Clock,
    ClockPause,
    ClockRung,
)
from casework.models.drafts import FormDraft
from casework.models.employers import Employer
from casework.models.heartbeats import Heartbeat
from casework.models.materials import Material, MaterialContent
from casework.models.parties import Party
from casework.models.people import Membership, Person, User
from casework.models.records import Record
from casework.models.reveals import Reveal
from casework.models.rules import RequiredPaper, Rule, RuleEdition, Threshold
from casework.models.units import Unit

__all__ = [
    "NEVER",
    "Act",
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "Case",
    "CaseNumber",
    "CaseSegment",
    "ChainHead",
    "Clock",
    "ClockPause",
    "ClockRung",
    "Employer",
    "Event",
    "FormDraft",
    "Heartbeat",
    "Material",
    "MaterialContent",
    "Membership",
    "Outbox",
    "Party",
    "Person",
    "Record",
    "RequiredPaper",
    "Reveal",
    "Rule",
    "RuleEdition",
    "Threshold",
    "Unit",
    "User",
]
