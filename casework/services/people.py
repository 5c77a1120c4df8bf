"""People, their accounts and their hats: the only door for a change to any of them."""

from casework.models import User


def speak(*, user: User, language: str) -> None:
    """Keep the language in which the site speaks to this account."""
    user.language = language
    user.save(update_fields=["language"])


def choose_password(*, user: User, password: str) -> None:
    """Set the password that the account's own person chose."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
