"""What is asked: a period and its rules, the pauses, and the steps of a clock."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from casework.domain.deadlines.civil import ticks_of
from casework.domain.deadlines.errors import InvalidPause, InvalidTerms
from casework.domain.vocabulary import Word


class Unit(Word):
    """What a period counts (4.2)."""

    WORKING_HOUR = "working_hour", "工作小时", "working hour"
    CLOCK_HOUR = "clock_hour", "小时", "hour"
    WORKING_DAY = "working_day", "工作日", "working day"
    CALENDAR_DAY = "calendar_day", "天", "day"
    MONTH = "month", "个月", "month"
    YEAR = "year", "年", "year"

    @property
    def is_hours(self) -> bool:
        """Whether the unit runs from the moment and not from the day (T-03)."""
        return self in HOUR_UNITS

    @property
    def is_calendar(self) -> bool:
        """Whether rest days count, so that only the last day may move (T-05)."""
        return self in CALENDAR_UNITS


HOUR_UNITS: Final = frozenset({Unit.WORKING_HOUR, Unit.CLOCK_HOUR})
CALENDAR_UNITS: Final = frozenset({Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR})


class End(Word):
    """When the last day ends (T-06)."""

    COB = "cob", "下班", "close of business"
    MIDNIGHT = "midnight", "24:00", "24:00"


class Roll(Word):
    """What happens when the last day is a rest day (T-05)."""

    NONE = "none", "不推", "stays"
    NEXT_WORKING = "next_working", "推到下一个上班日", "moves to the next working day"


class LateReceipt(Word):
    """On which day something arrives that comes after hours or on a rest day (1.4)."""

    SAME_DAY = "same_day", "当天", "the same day"
    NEXT_WORKING_DAY = "next_working_day", "下一个上班日", "the next working day"


LONGEST: Final = {
    Unit.WORKING_HOUR: 40_000,
    Unit.CLOCK_HOUR: 175_320,
    Unit.WORKING_DAY: 5_000,
    Unit.CALENDAR_DAY: 7_305,
    Unit.MONTH: 240,
    Unit.YEAR: 20,
}
"""Twenty years, the longest period that the law knows (Civil Code 188), by unit."""


@dataclass(frozen=True, slots=True)
class Period:
    """An amount of a unit. Raises InvalidTerms below 1 and beyond twenty years."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        longest = LONGEST[self.unit]
        if not 1 <= self.amount <= longest:
            raise InvalidTerms(
                field="period",
                zh=(
                    f"期限 {self.amount} 不行，单位 {self.unit} 要在 1 到 {longest} 之间"
                    "（规则 T-01、民法典 188）。请改成这个范围里的整数。"
                ),
                en=(
                    f"{self.amount} {self.unit} is not between 1 and {longest} "
                    "(rule T-01, Civil Code 188). Give a whole number in that range."
                ),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A period with its counting rules; extensions are added to the raw period.

    Working units end on a working day by nature, so `roll` changes nothing there.
    Raises InvalidTerms for an extension in a unit that cannot be added, and for a roll
    of clock hours.
    """

    period: Period
    end: End = End.COB
    roll: Roll = Roll.NONE
    late_receipt: LateReceipt = LateReceipt.SAME_DAY
    extensions: tuple[Period, ...] = ()

    def __post_init__(self) -> None:
        unit = self.unit
        for extension in self.extensions:
            if extension.unit != unit and not (
                unit.is_calendar and extension.unit.is_calendar
            ):
                raise InvalidTerms(
                    field="extension",
                    zh=(
                        f"延长的单位 {extension.unit} 和原来的单位 {unit} 加不到一起"
                        "（规则 4.2）。请用原来的单位延长。"
                    ),
                    en=(
                        f"an extension in {extension.unit} cannot be added to a period "
                        f"in {unit} (rule 4.2). Extend in the period's own unit."
                    ),
                )
        if self.roll is Roll.NEXT_WORKING and unit is Unit.CLOCK_HOUR:
            raise InvalidTerms(
                field="roll",
                zh=(
                    "按小时连续算的期限到点就到期，不往后推（规则 T-03）。"
                    "请写 roll=none。"
                ),
                en=(
                    "a period in clock hours ends at its moment and never rolls "
                    "(rule T-03). Write roll=none."
                ),
            )

    @property
    def unit(self) -> Unit:
        """The unit of the period."""
        return self.period.unit

    @property
    def periods(self) -> tuple[Period, ...]:
        """The period and its extensions, which count from the same start (CD09)."""
        return (self.period, *self.extensions)

    def extended(self, extension: Period) -> "Terms":
        """Return the terms with one more extension; raise InvalidTerms like Terms."""
        return replace(self, extensions=(*self.extensions, extension))


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still in `[start, end)`; an open pause has no end yet.

    Pauses are an additive set: they may touch or overlap, and the measure counts each
    moment once (I5). Raises InvalidInstant for naive times, InvalidPause for an end
    before the start.
    """

    start: datetime
    end: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        start = ticks_of(self.start, field="pause")
        if self.end is not None and ticks_of(self.end, field="pause") < start:
            raise InvalidPause(
                field="pause",
                zh=(
                    f"暂停的结束 {self.end.isoformat()} 早于开始 {self.start.isoformat()}"
                    "（规则 4.2）。请把两个时间调过来。"
                ),
                en=(
                    f"the pause ends at {self.end.isoformat()}, before it starts at "
                    f"{self.start.isoformat()} (rule 4.2). Swap the two times."
                ),
            )


@dataclass(frozen=True, slots=True)
class RuleReference:
    """Which rule asks for the deadline, and the text it rests on, for explanations."""

    id: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Percent:
    """A warning when this share of the period is used: 1 to 99. Raises InvalidTerms."""

    share: int

    def __post_init__(self) -> None:
        if not 1 <= self.share <= 99:
            raise InvalidTerms(
                field="step",
                zh=f"提醒的百分比 {self.share} 要在 1 到 99 之间（规则 4.2）。请改正。",
                en=f"a step at {self.share} percent is not between 1 and 99 (rule 4.2). Correct it.",
            )


@dataclass(frozen=True, slots=True)
class Before:
    """A warning this long before the due instant, in hours or days.

    Raises InvalidTerms for months and years, which have no length of their own.
    """

    period: Period

    def __post_init__(self) -> None:
        if self.period.unit in {Unit.MONTH, Unit.YEAR}:
            raise InvalidTerms(
                field="step",
                zh="到期前的提醒要用小时或天，不用月和年（规则 4.2）。请换算成天。",
                en="a warning is so many hours or days before, not months or years (rule 4.2). Say it in days.",
            )


@dataclass(frozen=True, slots=True)
class AtDue:
    """The breach itself, at the due instant; it never moves."""


@dataclass(frozen=True, slots=True)
class After:
    """A rung of the escalation ladder this long after the due instant."""

    period: Period


Step = Percent | Before | AtDue | After
