"""When an office is open on a working day."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from casework.domain.deadlines.errors import CalendarInvalid

DAY_SECONDS: Final = 86_400


def clock_text(second: int) -> str:
    """Return a second of the day as `HH:MM`; the end of the day is `24:00`."""
    return f"{second // 3600:02}:{second % 3600 // 60:02}"


@dataclass(frozen=True, slots=True)
class HoursProfile:
    """Opening hours of one day: sorted, disjoint `[start, end)` in seconds of the day.

    Raises CalendarInvalid for segments that are empty, unsorted or overlapping, or do
    not begin and end on a whole minute (explanations say hours and minutes).
    """

    code: str
    segments: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        inside = all(0 <= start < end <= DAY_SECONDS for start, end in self.segments)
        apart = all(left[1] <= right[0] for left, right in pairwise(self.segments))
        whole = not any(second % 60 for span in self.segments for second in span)
        if not (self.segments and inside and apart and whole):
            raise CalendarInvalid(
                field="hours",
                zh=(
                    f"作息时间 {self.code} 的时段要从早到晚、互不重叠、都在一天之内、精确到分"
                    "（规则 4.1）。请改正时段。"
                ),
                en=(
                    f"the segments of hours profile {self.code} must be in order, apart, "
                    "within one day and in whole minutes (rule 4.1). Correct the segments."
                ),
            )

    @classmethod
    def parse(cls, code: str, text: str) -> "HoursProfile":
        """Read `09:00-12:00,13:30-17:30`; raise CalendarInvalid when unreadable."""
        try:
            segments = tuple(
                (_second(start), _second(end))
                for start, end in (span.split("-") for span in text.split(","))
            )
        except ValueError:
            raise CalendarInvalid(
                field="hours",
                zh=f"看不懂作息时间 {text!r}（规则 4.1）。请写成 09:00-12:00,13:30-17:30。",
                en=(
                    f"cannot read the hours {text!r} (rule 4.1). "
                    "Write them like 09:00-12:00,13:30-17:30."
                ),
            ) from None
        return cls(code, segments)

    @property
    def close_of_business(self) -> int:
        """The second of the day when the office closes (T-06)."""
        return self.segments[-1][1]

    @property
    def open_seconds(self) -> int:
        """The length of the working day in seconds."""
        return sum(end - start for start, end in self.segments)


def _second(text: str) -> int:
    hour, minute = (int(part) for part in text.split(":"))
    if not 0 <= minute < 60:
        raise ValueError(text)
    return hour * 3600 + minute * 60


STANDARD_HOURS: Final = HoursProfile.parse("std", "09:00-12:00,13:30-17:30")
SUMMER_HOURS: Final = HoursProfile.parse("alt", "08:30-12:00,14:30-18:00")
