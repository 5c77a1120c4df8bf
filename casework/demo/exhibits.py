"""For each state a course that leads to it in time, so that the city shows some there."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.demo import courses
from casework.demo.story import Story
from casework.demo.year import Course
from workflows.hardship_aid.vocabulary import FileState, S


@dataclass(frozen=True, slots=True)
class Exhibit:
    """How a case comes to be seen in a state: its course, and how long it may take."""

    course: Callable[[Story], Course]
    #: Calendar days.
    days: int


#: What time itself moves on cannot be held: 公示中 is full of those on their way.
EXHIBITS: dict[S | FileState, Exhibit] = {
    S.DRAFT: Exhibit(courses.file_only, 2),
    S.SUBMITTED: Exhibit(courses.file_only, 3),
    S.CORRECTING: Exhibit(courses.supplemented, 7),
    S.NOT_ACCEPTED: Exhibit(courses.not_accepted, 7),
    S.STATION_REVIEW: Exhibit(courses.file_only, 8),
    S.HOME_VISIT: Exhibit(courses.file_only, 10),
    S.WITHDRAWN: Exhibit(courses.withdrawn, 11),
    S.COUNTY_REVIEW: Exhibit(courses.file_only, 19),
    S.INFO_CHECK: Exhibit(courses.file_only, 19),
    S.TERMINATED: Exhibit(courses.lost, 26),
    S.OBJECTION: Exhibit(courses.objected, 38),
    S.REJECTED: Exhibit(courses.rejected, 34),
    S.APPROVAL: Exhibit(courses.file_only, 43),
    S.CITY_REVIEW: Exhibit(courses.by_the_city, 46),
    S.APPROVED: Exhibit(courses.with_aid, 46),
    S.RECONSIDERATION: Exhibit(courses.rejection_upheld, 50),
    S.CLOSED: Exhibit(courses.file_only, 52),
    # 待年度复核 comes of the year before.
    FileState.MOVING: Exhibit(courses.moved, 80),
    FileState.OBSERVING: Exhibit(courses.observed, 81),
    FileState.REMOVAL_NOTICED: Exhibit(courses.removed, 82),
    FileState.MOVED: Exhibit(courses.moved, 94),
    FileState.DEREGISTERED: Exhibit(courses.removed, 103),
}


def stopping_at(state: S | FileState, story: Story) -> Course:
    """Take the course that leads to the state of case or file, and stop there."""
    course = EXHIBITS[state].course(story)
    while state not in (story.state, story.file_state):
        wait = next(course, None)
        if wait is None:
            return
        yield wait
