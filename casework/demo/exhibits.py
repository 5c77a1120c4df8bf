"""For each state a course that leads to it in time, so that the city shows some there."""

from dataclasses import dataclass

from casework.demo import courses
from casework.demo.story import Story
from casework.demo.year import Course
from workflows.hardship_aid.vocabulary import FileState, S


@dataclass(frozen=True, slots=True)
class Exhibit:
    """How a case comes to be seen in a state: its course, and how long it may take.

    In working days, as people work: before a long holiday nobody would come in time.
    """

    course: courses.Telling
    working_days: int
    #: Others that begin so many days after it, where time itself moves a case on.
    again: tuple[int, ...] = ()

    @property
    def begins(self) -> tuple[int, ...]:
        """How many working days before the end a case of it begins."""
        return self.working_days, *(self.working_days - days for days in self.again)


EXHIBITS: dict[S | FileState, Exhibit] = {
    S.DRAFT: Exhibit(courses.file_only, 1),
    S.SUBMITTED: Exhibit(courses.file_only, 2),
    S.CORRECTING: Exhibit(courses.supplemented, 4),
    S.NOT_ACCEPTED: Exhibit(courses.not_accepted, 4),
    S.STATION_REVIEW: Exhibit(courses.file_only, 5),
    S.HOME_VISIT: Exhibit(courses.file_only, 6),
    S.WITHDRAWN: Exhibit(courses.withdrawn, 7),
    S.COUNTY_REVIEW: Exhibit(courses.file_only, 11),
    S.INFO_CHECK: Exhibit(courses.file_only, 13),
    S.TERMINATED: Exhibit(courses.lost, 17),
    # A list hangs five full days and no longer: one of three is seen while it does.
    S.PUBLICITY: Exhibit(courses.file_only, 20, again=(2, 4)),
    S.OBJECTION: Exhibit(courses.objected, 26),
    S.REJECTED: Exhibit(courses.rejected, 24),
    S.APPROVAL: Exhibit(courses.file_only, 29),
    S.CITY_REVIEW: Exhibit(courses.by_the_city, 32),
    S.APPROVED: Exhibit(courses.with_aid, 32),
    S.RECONSIDERATION: Exhibit(courses.rejection_upheld, 28),
    S.CLOSED: Exhibit(courses.file_only, 36),
    # 待年度复核 comes of the year before.
    FileState.MOVING: Exhibit(courses.moved, 64),
    FileState.OBSERVING: Exhibit(courses.observed, 64),
    FileState.REMOVAL_NOTICED: Exhibit(courses.removed, 64),
    FileState.MOVED: Exhibit(courses.moved, 72),
    FileState.DEREGISTERED: Exhibit(courses.removed, 80),
}


def held_at(state: S | FileState, course: Course, story: Story) -> Course:
    """Take the course as far as the state of its case or file, and stop there."""
    while state not in (story.state, story.file_state):
        wait = next(course, None)
        if wait is None:
            return
        yield wait
