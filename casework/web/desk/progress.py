"""The steps bar: which states a case has passed, where it is, what may come next."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.domain.vocabulary import Role
from casework.models import Act
from casework.services.casefile import CaseFile
from casework.web.desk import turns
from casework.web.desk.story import Teller
from casework.web.templatetags.days import month_day
from casework.wording import word

#: How many states stand beside each other on the steps bar, and of those to come.
_STATES, _TO_COME = 7, 3


@dataclass(frozen=True, slots=True)
class Station:
    """One state on the steps bar: passed, current, or perhaps next; or several in one."""

    label: str
    look: str  # is-done, is-now, is-fold or nothing
    note: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """The steps bar as it fits, and every state of it when some had to fold."""

    shown: list[Station]
    whole: list[Station]


def of(file: CaseFile, passed: list[Act], teller: Teller) -> Progress:
    """Return the states the case has passed, the current one, and what may come next.

    A state that was passed names who took the case out of it; the current one who has
    it now.

    Where they are too many for one row, those passed long ago fold into one, and so do
    the unlikelier ones to come.
    """
    entered: dict[str, Act] = {}
    for act in passed:  # where a case came back, it stands when it was there last
        entered.pop(act.to_state, None)
        entered[act.to_state] = act
    left = {act.from_state: act for act in passed}
    now = file.case.state
    done = [
        Station(teller.state(code), "is-done", month_day(act.at), _by(left[code]))
        for code, act in entered.items()
        if code != now
    ]
    here = entered.get(now)
    current = Station(
        teller.state(now),
        "is-now",
        _("%(day)s起") % {"day": month_day(here.at)} if here else "",
        _holder(file),
    )
    ahead = [
        Station(teller.state(code), "", _("可能的下一步"))
        for code in _coming(file)
        if code not in entered
    ]
    whole = [*done, current, *ahead]
    if len(whole) <= _STATES:
        return Progress(whole, [])
    likely = ahead if len(ahead) <= _TO_COME + 1 else [*ahead[:_TO_COME], _more(ahead)]
    room = _STATES - 1 - len(likely)
    recent = done if len(done) <= room else [_before(done, room), *done[1 - room :]]
    return Progress([*recent, current, *likely], whole)


def _coming(file: CaseFile) -> Iterable[str]:
    """Return where a person's step may lead from here, the procedure's own way first.

    A way out that is open nearly everywhere (撤回, 终止) is no station of this one.
    """
    now = file.case.state
    steps = [
        step
        for step in file.kind.steps.values()
        if now in step.sources and step.target is not None
        if not step.by_system and len(step.sources) <= turns.FEW_STATES
    ]
    return dict.fromkeys(
        str(step.target) for step in sorted(steps, key=lambda step: len(step.sources))
    )


def _before(done: list[Station], room: int) -> Station:
    """Return the states passed long ago as one: how many, since when."""
    count = len(done) - (room - 1)
    label = ngettext("先前 %(n)s 步", "先前 %(n)s 步", count) % {"n": count}
    return Station(label, "is-done is-fold", _("%(day)s起") % {"day": done[0].note})


def _more(ahead: list[Station]) -> Station:
    """Return the unlikelier states to come as one: how many."""
    count = len(ahead) - _TO_COME
    label = ngettext("另有 %(n)s 种", "另有 %(n)s 种", count) % {"n": count}
    return Station(label, "is-fold", _("可能的下一步"))


def _holder(file: CaseFile) -> str:
    """Return who has the case now; nothing once it is closed."""
    if file.case.closed_at is not None:
        return ""
    return file.case.assignee.name if file.case.assignee else _("未签收")


def _by(act: Act) -> str:
    return act.person.name if act.person else word(Role.SYSTEM)
