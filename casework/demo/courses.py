"""What becomes of an application: the courses that households take in the demo's year.

Each part acts and yields what it waits for; a course is parts, one after the other.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from casework.demo.story import Story
from casework.demo.year import After, Course, Until
from workflows.hardship_aid.vocabulary import (
    AttemptChannel,
    AttemptOutcome,
    Category,
    FileState,
    FundLevel,
    NotAcceptedGround,
    PaperCode,
    RejectionGround,
    S,
    TerminationGround,
    Wish,
)

Part = Generator[After | Until, None, None]
#: Working days, from the day after a rejection is served: so few that any holiday leaves
#: them inside the window of H-31.
RECONSIDERED_AFTER = (1, 3)
MISSING = [str(PaperCode.INCOME_PROOF)]


def file_only(story: Story) -> Course:
    """A file is asked for and built."""
    yield from _to_the_approval(story)
    yield from _filed(story)


def with_aid(story: Story) -> Course:
    """A file and money: it waits in 已批准 for the payment."""
    story.wish = Wish.FILE_AND_AID
    yield from _to_the_approval(story)


def supplemented(story: Story) -> Course:
    """A paper is missing, asked for once, and brought."""
    yield from _registered(story, papers=_without(MISSING))
    story.take("ask_for_papers", by=story.reception, papers=MISSING)
    yield After(story.dice.randint(2, 6))
    story.take("supply", by=story.reception, papers=MISSING)
    yield After(1)
    story.take("accept", by=story.reception)
    yield After(1)
    yield from _from_the_visit(story)
    yield from _filed(story)


def deemed_withdrawn(story: Story) -> Course:
    """Asked for papers, reminded on two ways, and silent."""
    yield from _registered(story, papers=_without(MISSING))
    story.take("ask_for_papers", by=story.reception, papers=MISSING)
    yield After(5)
    for channel in (AttemptChannel.PHONE, AttemptChannel.POST):
        story.take(
            "remind",
            by=story.reception,
            channel=str(channel),
            outcome=str(AttemptOutcome.NO_ANSWER),
        )
        yield After(3)
    yield Until(lambda: story.state == S.WITHDRAWN)
    yield from _closed(story)


def not_accepted(story: Story) -> Course:
    """No worker of the union's, or none of ours."""
    yield from _registered(story)
    ground = story.dice.choice(
        [NotAcceptedGround.NOT_A_WORKER, NotAcceptedGround.NOT_OURS]
    )
    story.take(
        "refuse_acceptance",
        by=story.reception,
        ground=str(ground),
        competent=str(story.elsewhere.pk),
    )
    yield After(4)
    yield from _closed(story)


def returned(story: Story) -> Course:
    """The county sends it back once."""
    yield from _accepted(story)
    yield from _visited(story)
    yield After(2)
    story.take("send_back", by=story.reviewer)
    yield After(2)
    story.take("report_up", by=story.head)
    yield from _from_the_check(story)
    yield from _filed(story)


def objected(story: Story) -> Course:
    """Somebody objects; another than the reviewer checks and finds nothing."""
    yield from _to_the_decision(story)
    yield from _objected_to(story)
    yield After(4)
    story.take("dismiss_objection", by=story.checker)
    yield from _posted_in_full(story)
    yield from _approved(story)
    yield from _filed(story)


def reposted(story: Story) -> Course:
    """The list named a wrong category; the right one is posted for its full time."""
    yield from _to_the_decision(story)
    right = story.category
    wrong = Category.DEEP if right == Category.RELATIVE else Category.RELATIVE
    story.take(
        "publish",
        by=story.reviewer,
        departs_because="按家庭实际困难程度认定。",
        **story.publication(wrong),
    )
    yield After(2)
    story.take("object", by=story.checker, is_anonymous="on")
    yield After(3)
    story.take("repost", by=story.checker, **story.publication(right))
    yield from _posted_in_full(story)
    yield from _approved(story)
    yield from _filed(story)


def objection_upheld(story: Story) -> Course:
    """The objection is right; the application is rejected."""
    yield from _to_the_decision(story)
    yield from _objected_to(story)
    yield After(5)
    story.take("uphold_objection", by=story.checker)
    yield After(1)
    yield from _taken_down(story)
    yield from _rejected(
        story,
        grounds=[str(RejectionGround.OBJECTION_UPHELD)],
        reasons="公示异议经核查成立。",
    )
    yield Until(lambda: story.may("close", by=story.approver))
    yield from _closed(story)


def rejected(story: Story) -> Course:
    """Too much income; the time to ask for reconsideration passes."""
    yield from _to_the_decision(story)
    yield from _rejected(story)
    yield Until(lambda: story.may("close", by=story.approver))
    yield from _closed(story)


def rejection_upheld(story: Story) -> Course:
    """Reconsidered by the city, which upholds it."""
    yield from _to_the_decision(story)
    yield from _rejected(story)
    yield from _reconsidered(story)
    story.take("uphold_rejection", by=story.city_head)
    yield After(3)
    yield from _closed(story)


def rejection_reversed(story: Story) -> Course:
    """Reconsidered by the city, which reverses it; the file is built after all."""
    yield from _to_the_decision(story)
    yield from _rejected(story)
    yield from _reconsidered(story)
    story.take("reverse_rejection", by=story.city_head)
    yield After(1)
    yield from _from_the_posting(story)
    yield from _filed(story)


def by_the_city(story: Story) -> Course:
    """Money of the province: the county reports, the city decides."""
    story.wish = Wish.FILE_AND_AID
    story.fund_level = FundLevel.PROVINCIAL
    yield from _to_the_decision(story)
    yield from _published(story)
    story.take("report_to_city", by=story.approver)
    yield After(story.dice.randint(2, 6))
    story.take("city_approve", by=story.city_head)
    yield After(1)


def urgent(story: Story) -> Course:
    """Help first, papers later."""
    story.wish = Wish.URGENT
    story.receive()
    yield After(0)
    story.take(
        "ask_urgent_relief",
        by=story.reception,
        id_number=story.home.worker.id_number,
        address=story.home.said["address"],
        asked_sum=str(story.dice.randrange(800, 2600, 100)),
    )
    yield After(1)
    story.take("grant_urgent_relief", by=story.approver)
    yield After(story.dice.randint(5, 14))
    story.take("complete_papers", by=story.reviewer, **story.home.application())
    yield After(1)


def withdrawn(story: Story) -> Course:
    """The applicant finds work and withdraws."""
    yield from _accepted(story)
    story.take("withdraw", by=story.reception)
    yield After(2)
    yield from _closed(story)


def hard_to_find(story: Story) -> Course:
    """Nobody at home twice; a third visit succeeds."""
    yield from _accepted(story)
    yield from _missed_twice(story)
    story.take("decide_absence", by=story.head)
    yield After(1)
    yield from _from_the_visit(story)
    yield from _filed(story)


def lost(story: Story) -> Course:
    """Nobody at home twice, and nobody to be reached: the case is ended."""
    yield from _accepted(story)
    yield from _missed_twice(story)
    story.take(
        "terminate",
        by=story.head,
        ground=str(TerminationGround.NOT_FOUND),
        evidence="两次入户无人，电话停机。",
    )
    yield After(3)
    yield from _closed(story)


def observed(story: Story) -> Course:
    """Out of hardship by the figures: observed for six months."""
    yield from _to_the_file(story)
    yield from _observed(story)


def removed(story: Story) -> Course:
    """Announced, waited for, removed."""
    yield from _to_the_file(story)
    yield from _removed(story)


def moved(story: Story) -> Course:
    """The worker goes to another county of the city, and his file with him."""
    yield from _to_the_file(story)
    yield from _moved(story)


def left_unreviewed(story: Story) -> Course:
    """A file of the year before whose yearly review nobody has done."""
    yield from _to_the_file(story)


def reviewed(story: Story) -> Course:
    """A file of the year before: its yearly review came due, and was done."""
    yield from _to_the_file(story)
    yield Until(lambda: story.file_state == FileState.REVIEW_DUE)
    yield After(story.dice.randint(2, 9))
    story.keep("review", by=story.reviewer)
    yield After(story.dice.randint(1, 5))
    story.keep("enter_national_system", by=story.checker)


#: How many of a hundred take which course.
COURSES: dict[Callable[[Story], Course], int] = {
    file_only: 33,
    with_aid: 12,
    supplemented: 9,
    deemed_withdrawn: 4,
    not_accepted: 4,
    returned: 6,
    objected: 4,
    reposted: 2,
    objection_upheld: 2,
    rejected: 6,
    rejection_upheld: 2,
    rejection_reversed: 3,
    by_the_city: 4,
    urgent: 4,
    withdrawn: 2,
    hard_to_find: 2,
    lost: 1,
}

#: Whose income is over the line.
WELL_OFF = frozenset({rejected, rejection_upheld})


@dataclass(frozen=True, slots=True)
class Exhibit:
    """How a case comes to be seen in a state: its course, and how long it may take."""

    course: Callable[[Story], Course]
    #: Calendar days.
    days: int


#: For each state a course that leads to it in time, so that the city shows some there.
#: What time itself moves on cannot be held: 公示中 is full of those on their way.
EXHIBITS: dict[S, Exhibit] = {
    S.DRAFT: Exhibit(file_only, 2),
    S.SUBMITTED: Exhibit(file_only, 3),
    S.CORRECTING: Exhibit(supplemented, 7),
    S.NOT_ACCEPTED: Exhibit(not_accepted, 7),
    S.STATION_REVIEW: Exhibit(file_only, 8),
    S.HOME_VISIT: Exhibit(file_only, 10),
    S.WITHDRAWN: Exhibit(withdrawn, 11),
    S.COUNTY_REVIEW: Exhibit(file_only, 19),
    S.INFO_CHECK: Exhibit(file_only, 19),
    S.TERMINATED: Exhibit(lost, 26),
    S.OBJECTION: Exhibit(objected, 38),
    S.REJECTED: Exhibit(rejected, 34),
    S.APPROVAL: Exhibit(file_only, 43),
    S.CITY_REVIEW: Exhibit(by_the_city, 46),
    S.APPROVED: Exhibit(with_aid, 46),
    S.RECONSIDERATION: Exhibit(rejection_upheld, 50),
    S.CLOSED: Exhibit(file_only, 52),
}


#: The same for the states of a file. 待年度复核 comes of the year before.
FILE_EXHIBITS: dict[FileState, Exhibit] = {
    FileState.MOVING: Exhibit(moved, 80),
    FileState.OBSERVING: Exhibit(observed, 81),
    FileState.REMOVAL_NOTICED: Exhibit(removed, 82),
    FileState.MOVED: Exhibit(moved, 94),
    FileState.DEREGISTERED: Exhibit(removed, 103),
}

#: What becomes of the files of the year before, in turn.
OF_THE_YEAR_BEFORE = (left_unreviewed, reviewed)


def stopping_at(state: S | FileState, story: Story) -> Course:
    """Take the course that leads to the state of case or file, and stop there."""
    exhibit = FILE_EXHIBITS[state] if isinstance(state, FileState) else EXHIBITS[state]
    course = exhibit.course(story)
    while state not in (story.state, story.file_state):
        wait = next(course, None)
        if wait is None:
            return
        yield wait


def _to_the_file(story: Story) -> Part:
    yield from _to_the_approval(story)
    yield from _built(story)


def _to_the_approval(story: Story) -> Part:
    yield from _accepted(story)
    yield from _from_the_visit(story)


def _to_the_decision(story: Story) -> Part:
    """As far as the county publishes, or rejects."""
    yield from _accepted(story)
    yield from _visited(story)
    yield from _checked(story)


def _from_the_visit(story: Story) -> Part:
    yield from _visited(story)
    yield from _from_the_check(story)


def _from_the_check(story: Story) -> Part:
    yield from _checked(story)
    yield from _from_the_posting(story)


def _from_the_posting(story: Story) -> Part:
    yield from _published(story)
    yield from _approved(story)


def _registered(story: Story, **otherwise: Any) -> Part:
    story.receive()
    yield After(0)
    story.take("submit", by=story.reception, **story.home.application(**otherwise))
    yield After(story.dice.randint(0, 2))


def _accepted(story: Story) -> Part:
    yield from _registered(story)
    story.take("accept", by=story.reception)
    yield After(story.dice.randint(1, 2))


def _visited(story: Story) -> Part:
    story.take("arrange_visit", by=story.reception, **story.visitors())
    yield After(story.dice.randint(1, 4))
    story.take("record_visit", by=story.reception, **story.visitors())
    yield After(1)
    story.take("report_up", by=story.head, category=story.category)
    yield After(story.dice.randint(1, 2))


def _missed_twice(story: Story) -> Part:
    story.take("arrange_visit", by=story.reception, **story.visitors())
    yield After(2)
    story.take("nobody_home", by=story.reception)
    yield After(1)
    story.take("arrange_visit", by=story.reception, **story.visitors())
    yield After(2)
    story.take("nobody_home_again", by=story.reception)
    yield After(2)
    story.take("seek_contact", by=story.reception)
    yield After(4)


def _checked(story: Story) -> Part:
    story.take("request_check", by=story.reviewer)
    yield After(story.dice.randint(4, 9))
    story.take("receive_check", by=story.reviewer)
    yield After(1)


def _published(story: Story) -> Part:
    story.take("publish", by=story.reviewer, **story.publication())
    yield from _posted_in_full(story)


def _posted_in_full(story: Story) -> Part:
    yield Until(lambda: story.state == S.APPROVAL)
    yield from _taken_down(story)


def _objected_to(story: Story) -> Part:
    story.take("publish", by=story.reviewer, **story.publication())
    yield After(3)
    story.take("object", by=story.checker, is_anonymous="on")


def _taken_down(story: Story) -> Part:
    story.take("take_down", by=story.checker)
    yield After(story.dice.randint(0, 2))


def _approved(story: Story) -> Part:
    story.take("approve", by=story.approver)
    yield After(story.dice.randint(1, 3))


def _rejected(story: Story, **otherwise: Any) -> Part:
    story.take("reject", by=story.approver, **otherwise)
    yield After(1)
    story.take("serve", by=story.checker)
    yield After(1)


def _reconsidered(story: Story) -> Part:
    yield After(story.dice.randint(*RECONSIDERED_AFTER))
    story.take("ask_reconsideration", by=story.checker)
    yield After(story.dice.randint(3, 7))


def _filed(story: Story) -> Part:
    yield from _built(story)
    yield After(story.dice.randint(15, 90))
    yield from story.dice.choices(
        [_unchanged, _changed, _observed, _removed, _moved], weights=[11, 5, 2, 3, 1]
    )[0](story)


def _built(story: Story) -> Part:
    story.build_file()
    yield After(0)
    story.take("file_built", by=story.reviewer)
    yield After(story.dice.randint(3, 15))
    story.take("archive", by=story.reviewer)
    yield After(story.dice.randint(1, 12))
    story.keep("enter_national_system", by=story.checker)


def _unchanged(story: Story) -> Part:
    yield from ()


def _changed(story: Story) -> Part:
    story.keep("report_change", by=story.checker)
    yield After(story.dice.randint(1, 40))
    story.keep("enter_national_system", by=story.checker)


def _removed(story: Story) -> Part:
    story.keep("notice_removal", by=story.reviewer)
    yield Until(lambda: story.may("deregister", by=story.approver))
    story.keep("deregister", by=story.approver)
    yield After(story.dice.randint(1, 20))
    story.keep("enter_national_system", by=story.checker)


def _observed(story: Story) -> Part:
    story.keep("observe", by=story.reviewer)
    yield After(story.dice.randint(1, 5))
    story.keep("enter_national_system", by=story.checker)


def _moved(story: Story) -> Part:
    receiver = story.receiving.caseworkers[0]
    story.keep("move_out", by=story.approver, to=str(story.receiving.unit.pk))
    yield After(story.dice.randint(2, 6))
    story.take_over(by=receiver)
    yield After(1)
    story.keep("confirm_move", by=receiver)


def _closed(story: Story) -> Part:
    by = story.approver if story.is_at_county else story.head
    story.take("close", by=by)
    yield After(story.dice.randint(3, 15))
    story.take("archive", by=story.reviewer if story.is_at_county else story.reception)


def _without(papers: list[str]) -> list[str]:
    return [str(code) for code in PaperCode if str(code) not in papers]
