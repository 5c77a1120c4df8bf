"""Working calendars: publishing them, and the one that holds at a unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from django.db import transaction

from casework.data.holidays import load_notices
from casework.domain import deadlines
from casework.domain.chain import canonical
from casework.domain.deadlines.hours import clock_text
from casework.models import Calendar, CalendarDay, CalendarVersion

NATIONAL = "CN"


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a calendar with the days it holds."""

    version: int
    days: deadlines.Calendar


class CalendarBook:
    """The newest version of every calendar, and which of them holds where."""

    def __init__(self, newest: dict[str, int], followed: dict[int, int]) -> None:
        #: By the path of the unit it is for; "" is the nation's.
        self._newest = newest
        #: By each version, the newest one of the same calendar.
        self._followed = followed

    def at(self, unit_path: str) -> Published:
        """Return the calendar of the nearest unit above the path that has its own.

        Raises KeyError when not even the nation's is published.
        """
        nearest = max(
            (path for path in self._newest if unit_path.startswith(path)), key=len
        )
        version = self._newest[nearest]
        return Published(version, days_of(version))

    def newest_of(self, version: int) -> Published:
        """Return the newest version of the calendar that the version is one of."""
        newest = self._followed[version]
        return Published(newest, days_of(newest))


@lru_cache(maxsize=4)
def book(newest_version: int) -> CalendarBook:
    """Return the book as of the newest version; made once a process and version."""
    versions = list(
        CalendarVersion.objects.filter(pk__lte=newest_version)
        .order_by("number")
        .values_list("pk", "calendar_id", "calendar__unit__path")
    )
    newest = {calendar: pk for pk, calendar, _path in versions}
    return CalendarBook(
        newest={path or "": pk for pk, _calendar, path in versions},
        followed={pk: newest[calendar] for pk, calendar, _path in versions},
    )


@lru_cache(maxsize=64)
def days_of(version: int) -> deadlines.Calendar:
    """Return the days of a version; a version is never changed."""
    profiles: dict[str, deadlines.HoursProfile] = {}
    notes: dict[tuple[str, str], deadlines.DayNote] = {}
    rows = CalendarDay.objects.filter(version_id=version)
    return deadlines.restored(
        (
            deadlines.CalendarDay(
                date=row.day,
                kind=deadlines.DayKind(row.kind),
                note=_note((row.name, row.reference), notes),
                hours=_profile(row.hours, profiles),
                workday_ordinal=row.workday_ordinal,
                open_seconds_before=row.open_seconds_before,
            )
            for row in rows.iterator(chunk_size=2000)
        ),
        code=NATIONAL,
    )


def publish_shipped_notices(*, at: datetime) -> CalendarVersion | None:
    """Publish the notices that ship with the engine; None when they already are."""
    notices = load_notices()
    days = deadlines.build_calendar(notices, code=NATIONAL)
    source = f"国务院办公厅放假通知 {notices[0].year}–{notices[-1].year}"
    return publish(code=NATIONAL, days=days, source=source, at=at)


@transaction.atomic
def publish(
    *, code: str, days: deadlines.Calendar, source: str, at: datetime
) -> CalendarVersion | None:
    """Publish the next version of a calendar; None when its days are as they were."""
    calendar, _created = Calendar.objects.get_or_create(code=code)
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    newest = calendar.versions.order_by("-number").first()
    rows = list(_rows(days.days()))
    digest = _digest(rows)
    if newest is not None and newest.digest == digest:
        return None
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=newest.number + 1 if newest else 1,
        covers_from=days.covers_from,
        covers_to=days.covers_to,
        source=source,
        digest=digest,
        published_at=at,
    )
    for row in rows:
        row.version = version
    CalendarDay.objects.bulk_create(rows, batch_size=2000)
    return version


def newest() -> list[CalendarVersion]:
    """Return the newest version of every calendar."""
    versions = CalendarVersion.objects.order_by("calendar", "-number")
    return list(versions.distinct("calendar"))


def _rows(days: Iterable[deadlines.CalendarDay]) -> Iterable[CalendarDay]:
    for day in days:
        yield CalendarDay(
            day=day.date,
            kind=str(day.kind),
            is_working=day.kind.is_working,
            name=day.note.name,
            reference=day.note.reference,
            hours={
                "code": day.hours.code,
                "open": ",".join(
                    f"{clock_text(start)}-{clock_text(end)}"
                    for start, end in day.hours.segments
                ),
            },
            workday_ordinal=day.workday_ordinal,
            open_seconds_before=day.open_seconds_before,
        )


def _digest(rows: Iterable[CalendarDay]) -> str:
    total = sha256()
    for row in rows:
        told = [row.day.isoformat(), row.kind, row.name, row.reference, row.hours]
        total.update(canonical({"day": told}))
    return total.hexdigest()


def _profile(
    row: dict[str, str], known: dict[str, deadlines.HoursProfile]
) -> deadlines.HoursProfile:
    if row["code"] not in known:
        known[row["code"]] = deadlines.HoursProfile.parse(row["code"], row["open"])
    return known[row["code"]]


def _note(
    told: tuple[str, str], known: dict[tuple[str, str], deadlines.DayNote]
) -> deadlines.DayNote:
    return known.setdefault(told, deadlines.DayNote(*told))
