"""Deadlines: when a period ends, why, and what is used and left of it.

Pure: no Django, no database, no clock; instants are aware datetimes, answers are in
Asia/Shanghai. Build a calendar from notices (`build_calendar`), put a question
(`Reckoning`), ask it (`due`, `elapsed`, `remaining`, `step_at`), and let the answer
explain itself (`explain`, `render`; `replay` checks). Every failure is a DeadlineError
whose `sentence` names the field, the rule and what to do.
"""

from casework.domain.deadlines.calendar import Calendar, CalendarDay, DayKind, DayNote
from casework.domain.deadlines.casefile import CaseRowInvalid, due_lines
from casework.domain.deadlines.derivation import Derivation, Stretch
from casework.domain.deadlines.errors import (
    BrokenDerivation,
    CalendarHorizon,
    CalendarInvalid,
    ClockStandsStill,
    DeadlineError,
    InvalidInstant,
    InvalidNotation,
    InvalidPause,
    InvalidTerms,
    Sentence,
)
from casework.domain.deadlines.explanation import explain
from casework.domain.deadlines.hours import (
    STANDARD_HOURS,
    SUMMER_HOURS,
    HoursProfile,
)
from casework.domain.deadlines.notation import (
    RuleNotes,
    read_reckoning,
    read_rule_notes,
)
from casework.domain.deadlines.notices import Notice, NoticeDay, parse_notice
from casework.domain.deadlines.reckoning import (
    Answer,
    Reckoning,
    days_between,
    due,
    elapsed,
    open_seconds_between,
    remaining,
    working_end_after,
)
from casework.domain.deadlines.replay import replay
from casework.domain.deadlines.schedule import (
    Overlay,
    Season,
    build_calendar,
    overlaid,
    restored,
    spliced,
)
from casework.domain.deadlines.steps import StepTime, step_at
from casework.domain.deadlines.terms import (
    After,
    AtDue,
    Before,
    End,
    LateReceipt,
    Pause,
    Percent,
    Period,
    Roll,
    RuleReference,
    Step,
    Terms,
    Unit,
)
from casework.domain.deadlines.wording import Language, open_time_words, render

__all__ = [
    "STANDARD_HOURS",
    "SUMMER_HOURS",
    "After",
    "Answer",
    "AtDue",
    "Before",
    "BrokenDerivation",
    "Calendar",
    "CalendarDay",
    "CalendarHorizon",
    "CalendarInvalid",
    "CaseRowInvalid",
    "ClockStandsStill",
    "DayKind",
    "DayNote",
    "DeadlineError",
    "Derivation",
    "End",
    "HoursProfile",
    "InvalidInstant",
    "InvalidNotation",
    "InvalidPause",
    "InvalidTerms",
    "Language",
    "LateReceipt",
    "Notice",
    "NoticeDay",
    "Overlay",
    "Pause",
    "Percent",
    "Period",
    "Reckoning",
    "Roll",
    "RuleNotes",
    "RuleReference",
    "Season",
    "Sentence",
    "Step",
    "StepTime",
    "Stretch",
    "Terms",
    "Unit",
    "build_calendar",
    "days_between",
    "due",
    "due_lines",
    "elapsed",
    "explain",
    "open_seconds_between",
    "open_time_words",
    "overlaid",
    "parse_notice",
    "read_reckoning",
    "read_rule_notes",
    "remaining",
    "render",
    "replay",
    "restored",
    "spliced",
    "step_at",
    "working_end_after",
]
