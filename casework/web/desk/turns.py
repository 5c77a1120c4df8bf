"""Whose turn it is: what can be done now, what stands out, and for whom it waits."""

from dataclasses import dataclass
from datetime import datetime

from casework.access import Actor
from casework.domain.errors import Forbidden
from casework.domain.vocabulary import Act as ActWord
from casework.domain.vocabulary import ClockState, ClockVerb
from casework.lifecycle import Step
from casework.models import NEVER
from casework.services import cases, mending
from casework.services.casefile import CaseFile
from casework.services.cases import Choice, Offer

#: A step that is open in more states than these is no state's own next one.
FEW_STATES = 4
#: What a step does to a period that is over with it.
_ENDS = frozenset({ClockVerb.STOP, ClockVerb.RESTART})


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done now, what cannot, and what belongs to another time."""

    allowed: list[Choice]
    #: The one step that stands out; none where a sequel or taking the case on does.
    leading: Step | None
    #: Somebody else's step that ends the running period, where nothing stands out.
    awaited: Choice | None
    refused: list[Choice]
    other: list[Choice]
    #: The engine's general words: whose the case is, and mending.
    hands: list[Offer]
    mends: list[Offer]
    refused_words: list[Offer]

    @property
    def refused_count(self) -> int:
        """How much cannot be done now, with why not."""
        return len(self.refused) + len(self.refused_words)

    @property
    def is_empty(self) -> bool:
        """Whether the reader can do nothing here."""
        return not (self.allowed or self.hands or self.mends)


def offered(
    actor: Actor, file: CaseFile, choices: list[Choice], *, has_sequel: bool
) -> Acts:
    """Sort what the steps and the general words of the engine say to the actor now."""
    state = file.kind.state(file.case.state)
    allowed = sorted(
        (choice for choice in choices if choice.is_allowed),
        key=lambda choice: _rank(file, choice.step),
    )
    put = cases.hands(file.case, by=actor)
    mends = mending.offered(file, by=actor)
    is_expected = has_sequel or any(
        hand.act is ActWord.CLAIM and hand.is_allowed for hand in put
    )
    leading = _leading(file, choices, is_expected=is_expected)
    return Acts(
        allowed=allowed,
        leading=leading,
        awaited=None if leading or is_expected else _awaited(file, choices),
        refused=[
            choice
            for choice in choices
            if not choice.is_allowed and state in choice.step.sources
        ],
        other=[choice for choice in choices if state not in choice.step.sources],
        hands=[hand for hand in put if hand.is_allowed],
        mends=[mend for mend in mends if mend.is_allowed],
        refused_words=[word for word in (*mends, *put) if not word.is_allowed],
    )


def _leading(
    file: CaseFile, choices: list[Choice], *, is_expected: bool
) -> Step | None:
    """Return the step that stands out: what ends a running period, else the next one.

    Something else is expected first where the case is to be taken on or has a sequel,
    nothing where a period is waited for (while a list hangs there is nothing to do), and
    nothing where the period that runs is ended by somebody else.
    """
    allowed = [choice.step for choice in choices if choice.is_allowed]
    first = min(allowed, key=lambda step: _rank(file, step), default=None)
    if first is None or _ends_at(file, first) < NEVER:
        return first
    is_waiting = any(
        sheet.is_waiting and sheet.clock.state == ClockState.RUNNING
        for sheet in file.clocks.sheets
    )
    if is_expected or is_waiting or len(first.sources) > FEW_STATES:
        return None
    return None if _awaited(file, choices) else first


def _awaited(file: CaseFile, choices: list[Choice]) -> Choice | None:
    """Return the step of somebody else that ends the period that runs here; or none."""
    state = file.kind.state(file.case.state)
    ending = [
        choice
        for choice in choices
        if state in choice.step.sources and _ends_at(file, choice.step) < NEVER
    ]
    if not ending or any(not _is_anothers(choice) for choice in ending):
        return None
    first = min(ending, key=lambda choice: _rank(file, choice.step))
    # What the system takes when the time is over is nobody's turn.
    return None if first.step.by_system else first


def _is_anothers(choice: Choice) -> bool:
    """Whether the actor lacks the right; a guard only says that it is too early."""
    return choice.refusal is not None and choice.refusal.kind is Forbidden


def _rank(file: CaseFile, step: Step) -> tuple[datetime, int, bool, int]:
    """Sort what may be done: what ends the period that is due next comes first.

    Then the procedure's own way from this state: a step of few states before one that
    is open in most; one that moves the case before one that only adds to it; and what
    is allowed though much might speak against it.
    """
    way = len(step.sources), step.target is None, -len(step.guards)
    return _ends_at(file, step), *way


def _ends_at(file: CaseFile, step: Step) -> datetime:
    """Return when the most urgent running period falls due that the step ends."""
    going = [
        file.clocks.going(directive.target)
        for directive in step.clocks
        if directive.verb in _ENDS
    ]
    due = [
        sheet.clock.due_at
        for sheet in going
        if sheet and sheet.clock.state == ClockState.RUNNING and sheet.clock.due_at
    ]
    return min(due, default=NEVER)
