"""Who is named in clear, and how names and numbers are masked for everybody else."""

from dataclasses import dataclass

from casework.access import is_assignee, is_of_the_team
from casework.domain import masking
from casework.domain.vocabulary import Word
from casework.models import Party

__all__ = ["PartyCard", "card", "is_assignee", "is_of_the_team", "party_name"]


@dataclass(frozen=True, slots=True)
class PartyCard:
    """A party as the reader may see it."""

    part: Word
    name: str
    phone: str
    id_number: str
    address: str


def party_name(party: Party, *, in_clear: bool) -> str:
    """Return a party's name as the reader may see it."""
    return party.name if in_clear else masking.name(party.name)


def card(party: Party, *, in_clear: bool, is_revealed: bool) -> PartyCard:
    """Return a party for the reader: `in_clear` for the team, numbers when revealed."""
    phone, number, address = party.phone, party.id_number, party.address
    return PartyCard(
        part=party.part,
        name=party_name(party, in_clear=in_clear),
        phone=phone if in_clear else masking.phone(phone),
        id_number=number if is_revealed else masking.number(number),
        address=address if in_clear else masking.address(address),
    )
