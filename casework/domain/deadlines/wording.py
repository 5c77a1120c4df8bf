"""An explanation as text that a worker with nine years of schooling understands.

Short sentences; which day is day 1, which is the last, and why it moved. The text is
made from the derivation alone, so a stored one reads the same years later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, Literal

from casework.domain.deadlines.calendar import DayKind
from casework.domain.deadlines.derivation import Derivation, Stretch
from casework.domain.deadlines.phrases import EN, ZH, Phrases
from casework.domain.deadlines.terms import Unit

Language = Literal["zh", "en"]

_PHRASES: Final[dict[Language, Phrases]] = {"zh": ZH, "en": EN}
_WORKDAY_SECONDS: Final = 7 * 3600


def render(
    derivation: Derivation, *, lang: Language = "zh", year: int | None = None
) -> str:
    """Return an explanation as lines of text: the answer, the reason, each stretch.

    Days of the reader's `year` go without it (of the year of the start, unless told).
    Expects a derivation that `replay` accepts; raises KeyError for another language.
    """
    is_hours = Unit(derivation["periods"][0]["unit"]).is_hours
    start = datetime.fromisoformat(derivation["start"])
    text = _Text(derivation, _PHRASES[lang], year or start.year)
    summary = text.summary_of_hours() if is_hours else text.summary_of_days()
    stretches = text.spans() if is_hours else text.days()
    return "\n".join([*summary, "", *text.numbered(stretches), *text.sources()])


def open_time_words(
    seconds: int,
    *,
    lang: Language = "zh",
    workday_seconds: int = _WORKDAY_SECONDS,
    is_long: bool = False,
) -> str:
    """Say a length of working time: `2 天 5 时`, below one working day `5 时 36 分`.

    `seconds` is open time, 0 or more, rounded down to what is said; a working day has
    `workday_seconds` (7 hours unless the office says otherwise).
    """
    phrases = _PHRASES[lang]
    words = phrases.long_lengths if is_long else phrases.lengths
    days, rest = divmod(seconds, workday_seconds)
    hours, minutes = rest // 3600, rest % 3600 // 60
    amounts = (days, hours) if days else (0, hours, minutes)
    said = [
        _plural(word, amount)
        for word, amount in zip(words, amounts, strict=False)
        if amount
    ]
    return " ".join(said) or _plural(words[2], 0)


def _plural(template: str, amount: int) -> str:
    return template.format(n=amount, s="" if amount == 1 else "s")


@dataclass(frozen=True, slots=True)
class _Text:
    source: Derivation
    say: Phrases
    year: int

    def summary_of_days(self) -> Iterator[str]:
        say, source = self.say, self.source
        first_day = date.fromisoformat(source["first_day"])
        counted = [s for s in source["stretches"] if s["why"] == "counted"]
        yield say.last_day.format(
            day=self._full(source["due_on"]), cut_off=self._cut_off()
        )
        yield from self._beginning()
        if self._start().date() != first_day:
            yield say.late_receipt.format(day=self._full(source["first_day"]))
        yield say.first_day.format(
            first=self._day(first_day),
            one=self._day(date.fromisoformat(counted[0]["first"])),
        )
        units = {period["unit"] for period in source["periods"]}
        if units & {Unit.MONTH, Unit.YEAR}:
            yield say.in_days.format(total=source["total"])
        is_working = units == {Unit.WORKING_DAY}
        yield say.only_working_days_count if is_working else say.rest_days_count
        yield from self._pauses()
        yield from self._ending(counted[-1])

    def summary_of_hours(self) -> Iterator[str]:
        say, source = self.say, self.source
        due_at = datetime.fromisoformat(source["due_at"])
        yield say.last_moment.format(moment=self._moment(due_at))
        yield from self._beginning()
        is_plain = source["periods"][0]["unit"] == Unit.CLOCK_HOUR
        yield say.every_hour_counts if is_plain else say.only_open_hours_count
        yield from self._pauses()

    def numbered(self, stretches: Iterator[tuple[str, str]]) -> Iterator[str]:
        yield self.say.stretches
        for place, (span, text) in enumerate(stretches, start=1):
            yield self.say.stretch.format(place=place, span=span, text=text)

    def days(self) -> Iterator[tuple[str, str]]:
        """Yield the dates and the treatment of each run of days."""
        used = 0
        # A feast and the days swapped around it read as one holiday.
        for _, run in groupby(self.source["stretches"], key=self._treatment):
            alike = list(run)
            count = sum(stretch["count"] for stretch in alike)
            span = self._span(alike[0]["first"], alike[-1]["last"])
            yield span, self._treated(alike[-1], used, used + count)
            used += count

    def spans(self) -> Iterator[tuple[str, str]]:
        """Yield the moments and the treatment of each run of time."""
        for stretch in self.source["stretches"]:
            first = datetime.fromisoformat(stretch["first"])
            last = datetime.fromisoformat(stretch["last"])
            span = self.say.moments.format(
                first=self._moment(first), last=self._moment(last)
            )
            yield span, self._treated_time(stretch, last - first)

    def sources(self) -> Iterator[str]:
        """Yield the rule and the notices on which the date rests, if any."""
        basis = " ".join(filter(None, (self.source["rule"], self.source["basis"])))
        notices = dict.fromkeys(
            day["notice"]
            for stretch in self.source["stretches"]
            for day in (stretch, *stretch.get("rest", ()))
            if day.get("notice", "").startswith("http")
        )
        if basis or notices:
            yield ""
        if basis:
            yield self.say.basis.format(basis=basis)
        if notices:
            yield self.say.notices.format(notices=" ".join(notices))

    def _beginning(self) -> Iterator[str]:
        say, source = self.say, self.source
        if source["provisional"]:
            published_to = date.fromisoformat(source["published_to"])
            yield say.provisional.format(day=say.day_of_year(published_to))
        period, *extensions = (
            _plural(say.periods[period["unit"]], period["amount"])
            for period in source["periods"]
        )
        start = self._start()
        moment = f"{say.day_of_year(start.date())} {start:%H:%M}"
        yield say.begins.format(moment=moment, period=period)
        for extension in extensions:
            yield say.extended.format(period=extension)

    def _pauses(self) -> Iterator[str]:
        due_at = datetime.fromisoformat(self.source["due_at"])
        for pause in self.source["pauses"]:
            first = datetime.fromisoformat(pause["start"])
            if pause["end"] is None or first > due_at:
                continue
            last = datetime.fromisoformat(pause["end"])
            reason = pause["reason"] and self.say.pause_reason.format(
                reason=pause["reason"]
            )
            span = self.say.moments.format(
                first=self._moment(first), last=self._moment(last)
            )
            yield self.say.pause.format(span=span, reason=reason)

    def _ending(self, last_counted: Stretch) -> Iterator[str]:
        say, source = self.say, self.source
        raw_day = self._full(source["raw_due_on"])
        if source["raw_due_on"] == source["due_on"]:
            yield say.ends.format(total=source["total"], day=raw_day)
            return
        kind = self._kind(last_counted["kind"], last_counted["name"])
        yield say.ends_on_rest_day.format(total=source["total"], day=raw_day, kind=kind)
        yield say.moved.format(day=self._full(source["due_on"]))

    def _treatment(self, stretch: Stretch) -> tuple[str, str]:
        return stretch["why"], self._kind(stretch["kind"], stretch["name"])

    def _treated(self, stretch: Stretch, used: int, until: int) -> str:
        say = self.say
        kind = self._kind(stretch["kind"], stretch["name"])
        match stretch["why"]:
            case "late_receipt":
                return say.late_days
            case "first_day":
                return say.start_day
            case "rest":
                return say.not_counted.format(kind=kind)
            case "roll":
                return say.pushed_on.format(kind=kind)
            case "due":
                return say.due_day.format(cut_off=self._cut_off())
            case "counted":
                numbers = say.number if until - used == 1 else say.numbers
                said = numbers.format(first=used + 1, last=until)
                if kind and not DayKind(stretch["kind"]).is_working:
                    return say.not_an_end.format(numbers=said, kind=kind)
                return say.counted_as.format(kind=kind, numbers=said) if kind else said
            case _:
                return say.standing_still

    def _treated_time(self, stretch: Stretch, length: timedelta) -> str:
        say = self.say
        if stretch["why"] == "counted":
            return say.open_for.format(length=self._length(length))
        if stretch["why"] == "paused":
            return say.standing_still
        rest = say.comma.join(
            dict.fromkeys(
                self._kind(day["kind"], day["name"]) for day in stretch.get("rest", ())
            )
        )
        return say.closed_with_rest.format(rest=rest) if rest else say.closed

    def _length(self, length: timedelta) -> str:
        minutes = length // timedelta(minutes=1)
        parts = zip(self.say.long_lengths[1:], divmod(minutes, 60), strict=True)
        said = [_plural(word, amount) for word, amount in parts if amount]
        return " ".join(said) or _plural(self.say.long_lengths[2], 0)

    def _kind(self, kind: str, name: str) -> str:
        if not kind:
            return ""
        names = [self.say.holidays.get(part, part) for part in name.split("、")]
        said = self.say.comma.join(names) or self.say.here
        return self.say.kinds[kind].format(name=said)

    def _cut_off(self) -> str:
        template = self.say.cut_off[self.source["end"]]
        return template.format(time=self.source["stretches"][-1]["cut_off"])

    def _start(self) -> datetime:
        return datetime.fromisoformat(self.source["start"])

    def _span(self, first: str, last: str) -> str:
        if first == last:
            return self._full(first)
        first_day, last_day = date.fromisoformat(first), date.fromisoformat(last)
        return self.say.span.format(
            first=self._day(first_day), last=self._day(last_day)
        )

    def _day(self, day: date) -> str:
        """Name a day, with its year when that is not the reader's."""
        is_same_year = day.year == self.year
        return self.say.day(day) if is_same_year else self.say.day_of_year(day)

    def _full(self, text: str) -> str:
        day = date.fromisoformat(text)
        return self.say.full_day.format(
            day=self._day(day), week_day=self.say.week_day(day)
        )

    def _moment(self, moment: datetime) -> str:
        local = moment.astimezone(self._start().tzinfo)
        return f"{self._day(local.date())} {local:%H:%M}"
