"""What can be wrong with a deadline, each a name and a sentence in two languages."""

from dataclasses import dataclass
from datetime import date

from casework.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is wrong and what to do; Chinese is the source language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


class DeadlineError(Invalid):
    """The deadline cannot be computed; `sentence` names the field and what to do."""

    def __init__(self, *, field: str, zh: str, en: str) -> None:
        self.sentence = Sentence(f"{field}：{zh}", f"{field}: {en}")
        super().__init__(self.sentence, field=field)


class InvalidTerms(DeadlineError):
    """A period, unit or counting rule that no clock can have."""


class InvalidInstant(DeadlineError):
    """A moment without its zone, or one that precedes what it must follow."""


class InvalidPause(DeadlineError):
    """A pause that ends before it begins."""


class InvalidNotation(DeadlineError):
    """A written period, unit, rule note or case row that cannot be read."""


class CalendarInvalid(DeadlineError):
    """Holiday data that contradict themselves or the law."""


class CalendarHorizon(DeadlineError):
    """No published schedule covers a day that the answer needs (T-24)."""

    def __init__(self, *, covers_from: date, covers_to: date) -> None:
        self.covers_from = covers_from
        self.covers_to = covers_to
        super().__init__(
            field="calendar",
            zh=(
                f"放假安排只有 {covers_from} 到 {covers_to} 的，"
                "这个期限要用到范围以外的日子（规则 T-24）。请先导入国务院办公厅的放假通知，或者按暂定日期办理。"
            ),
            en=(
                f"the published schedule covers {covers_from} to {covers_to} and this "
                "deadline needs a day outside it (rule T-24). Import the State Council "
                "notice first, or work with a provisional date."
            ),
        )


class ClockStandsStill(DeadlineError):
    """An open pause holds the clock: it has no due date, though time remains."""

    def __init__(self) -> None:
        super().__init__(
            field="pause",
            zh="时钟正停着，没有到期时间（规则 4.2）。请先恢复计时，再算到期日。",
            en=(
                "the clock is paused and has no due date (rule 4.2). "
                "Resume it first, then ask again."
            ),
        )


class BrokenDerivation(DeadlineError):
    """An explanation that does not lead to the instant it states."""

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(field="derivation", zh=zh, en=en)
