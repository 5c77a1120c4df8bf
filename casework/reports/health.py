"""What is right and wrong with this installation, one finding a check.

`manage.py doctor` and the page 系统状态 show the same list.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.domain.vocabulary import Word


class State(Word):
    """How a finding stands; the worst first."""

    FAILED = "failed", "有问题", "Failed"
    WARNING = "warning", "要注意", "Warning"
    OK = "ok", "正常", "OK"

    @property
    def severity(self) -> int:
        """0 for the worst."""
        return list(State).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw: its name, its state, and a sentence with the remedy."""

    name: str
    state: State
    sentence: str


def examine() -> list[Finding]:
    """Run every check and return what each saw, in the order of `CHECKS`."""
    return [check() for check in CHECKS]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < (3, 11):
        return Finding("Python", State.FAILED, _("Python %s 太旧，请装 3.11 以上。") % version)
    return Finding("Python", State.OK, version)


CHECKS: tuple[Callable[[], Finding], ...] = (_python,)
