"""Who is named in clear, and how a name is masked for everybody else."""

from casework import access
from casework.access import Actor
from casework.models import Case, Party


def is_of_the_team(actor: Actor, case: Case) -> bool:
    """Whether the actor handles the open case: its assignee, or who heads its unit."""
    return case.closed_at is None and (
        is_assignee(actor, case) or access.supervises(actor, case)
    )


def is_assignee(actor: Actor, case: Case) -> bool:
    """Whether the case is the actor's own."""
    return actor.person is not None and case.assignee_id == actor.person.pk


def masked(text: str) -> str:
    """Keep the first and the last character: `蒋*民`; of two, the first: `陶*`."""
    if len(text) < 3:
        return text[:1] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


def masked_number(text: str) -> str:
    """Keep the last two digits of a telephone number."""
    return "*" * (len(text) - 2) + text[-2:] if len(text) > 4 else "*" * len(text)


def party_name(party: Party, *, in_clear: bool) -> str:
    """Return a party's name as the reader may see it."""
    return party.name if in_clear else masked(party.name)
