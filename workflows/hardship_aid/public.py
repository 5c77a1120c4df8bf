"""What a list for the public may say of a household, and nothing else (P-10).

Surname with the given name masked, employer or community, category, item, dates. Never a
number, a telephone, an address, an illness, a bank, anything of children.
"""

from collections.abc import Iterable
from typing import Any

from casework.domain import masking
from casework.domain.vocabulary import Part
from casework.models import Party
from workflows.hardship_aid.models import Applicant
from workflows.hardship_aid.vocabulary import Category

_NO_EMPLOYER = ("", "无")


def said_of(
    details: Any, parties: Iterable[Party], applicant: Applicant | None
) -> dict[str, str]:
    """Return the public line of an application, for whoever reads it."""
    workers = [party for party in parties if party.part is Part.APPLICANT]
    employer = applicant.employer_name if applicant else ""
    home = details.lives_in.name if details.lives_in else ""
    category = details.category
    return {
        "name": masking.surname_only(workers[0].name) if workers else "",
        "place": home if employer in _NO_EMPLOYER else employer,
        "category": category.zh if isinstance(category, Category) else "",
        "item": details.aid_item.zh if details.aid_item else "建档",
    }
