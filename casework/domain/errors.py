"""What can go wrong, each a name and a sentence for the person who meets it.

A subclass is a reason; its message says which field or rule, and what to do. The door
(`casework.services`) raises them, web and API translate them to 404, 403, 409 or 422.
"""


class CaseworkError(Exception):
    """The request cannot be carried out."""

    def __init__(self, message: object = "") -> None:
        super().__init__(message or self.__class__.__doc__)

    @property
    def message(self) -> str:
        """The sentence, in the language that is active when it is read."""
        return str(self.args[0])


class NotFound(CaseworkError):
    """There is no such thing for this person: 404, whoever owns it."""


class Forbidden(CaseworkError):
    """The person sees it but may not do this: 403, with the reason."""


class Conflict(CaseworkError):
    """Somebody else changed it first: 409."""


class Taken(Conflict):
    """What counts once is another's already: 409, and looking again does not help."""


class NotNow(CaseworkError):
    """The case does not stand so that this can be done: 422, with what is missing."""


class Invalid(CaseworkError):
    """The data break a rule: 422; `field` names where, when one field is at fault."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidForm(Invalid):
    """Several fields break rules: `mistakes` has the sentences of each."""

    def __init__(self, mistakes: dict[str, list[str]]) -> None:
        field, sentences = next(iter(mistakes.items()))
        super().__init__(sentences[0], field=field)
        self.mistakes = mistakes
