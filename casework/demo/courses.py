"""What becomes of an application: the courses that households take in the demo's year."""

from collections.abc import Callable
from datetime import timedelta

from casework.demo import parts
from casework.demo.story import Story
from casework.demo.year import After, Course, Until
from workflows.hardship_aid.vocabulary import (
    AttemptChannel,
    AttemptOutcome,
    Category,
    FileState,
    FundLevel,
    NotAcceptedGround,
    RejectionGround,
    S,
    TerminationGround,
    Wish,
)

#: One of the courses, for a household of its own.
Telling = Callable[[Story], Course]

_EMERGENCIES = (
    "昨日家中失火，无处居住。",
    "昨日下班途中遭遇车祸，急需住院押金。",
    "昨日突发脑出血送医抢救，家中无力垫付。",
    "昨日暴雨，住房进水，家具和被褥全部损毁。",
)


def file_only(story: Story) -> Course:
    """A file is asked for and built."""
    yield from parts.to_the_approval(story)
    yield from parts.filed(story)


def with_aid(story: Story) -> Course:
    """A file and money: it waits in 已批准 for the payment."""
    story.wish = Wish.FILE_AND_AID
    yield from parts.to_the_approval(story)


def supplemented(story: Story) -> Course:
    """A paper is missing, asked for once, and brought."""
    yield from parts.asked_for_papers(story)
    yield After(story.dice.randint(2, 6))
    story.take("supply", by=story.reception, papers=parts.MISSING)
    yield After(1)
    story.take("accept", by=story.reception)
    yield After(1)
    yield from parts.from_the_visit(story)
    yield from parts.filed(story)


def deemed_withdrawn(story: Story) -> Course:
    """Asked for papers, reminded on two ways, and silent."""
    yield from parts.asked_for_papers(story)
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
    yield from parts.closed(story)


def not_accepted(story: Story) -> Course:
    """No worker of the union's, or none of ours."""
    yield from parts.registered(story)
    if story.dice.random() < 0.5:
        refusal = {"ground": str(NotAcceptedGround.NOT_A_WORKER)}
    else:
        refusal = {
            "ground": str(NotAcceptedGround.NOT_OURS),
            "competent": str(story.elsewhere.pk),
            "reasons": f"申请人的劳动关系在{story.elsewhere.short_name}。",
        }
    story.take("refuse_acceptance", by=story.reception, **refusal)
    yield After(4)
    yield from parts.closed(story)


def returned(story: Story) -> Course:
    """The county sends it back once."""
    yield from parts.accepted(story)
    yield from parts.visited(story)
    yield After(2)
    story.take("send_back", by=story.reviewer)
    yield After(2)
    story.take("report_up", by=story.head)
    yield from parts.from_the_check(story)
    yield from parts.filed(story)


def objected(story: Story) -> Course:
    """Somebody objects; another than the reviewer checks and finds nothing."""
    yield from parts.to_the_decision(story)
    yield from parts.objected_to(story)
    yield After(4)
    story.take("dismiss_objection", by=story.checker)
    yield from parts.posted_in_full(story)
    yield from parts.approved(story)
    yield from parts.filed(story)


def reposted(story: Story) -> Course:
    """The list named a wrong category; the right one is posted for its full time."""
    yield from parts.to_the_decision(story)
    right = story.category
    wrong = Category.DEEP if right == Category.RELATIVE else Category.RELATIVE
    story.take(
        "publish",
        by=story.reviewer,
        departs_because="按家庭实际困难程度认定。",
        **story.publication(wrong),
    )
    yield After(2)
    story.take(
        "object",
        by=story.checker,
        is_anonymous="on",
        content="反映公示的类别与该家庭的实际情况不符。",
    )
    yield After(3)
    story.take(
        "repost",
        by=story.checker,
        departs_because="",
        reasons="异议成立，按测算的类别重新公示。",
        **story.publication(right),
    )
    yield from parts.posted_in_full(story)
    yield from parts.approved(story)
    yield from parts.filed(story)


def objection_upheld(story: Story) -> Course:
    """The objection is right; the application is rejected."""
    yield from parts.to_the_decision(story)
    yield from parts.objected_to(story)
    yield After(5)
    story.take(
        "uphold_objection", by=story.checker, reasons="经走访核查，反映的情况属实。"
    )
    yield After(1)
    yield from parts.taken_down(story)
    yield from parts.rejected(
        story,
        grounds=[str(RejectionGround.OBJECTION_UPHELD)],
        reasons="公示异议经核查成立。",
    )
    yield Until(lambda: story.may("close", by=story.approver))
    yield from parts.closed(story)


def rejected(story: Story) -> Course:
    """Too much income; the time to ask for reconsideration passes."""
    yield from parts.to_the_decision(story)
    yield from parts.rejected(story)
    yield Until(lambda: story.may("close", by=story.approver))
    yield from parts.closed(story)


def rejection_upheld(story: Story) -> Course:
    """Reconsidered by the city, which upholds it."""
    yield from parts.to_the_decision(story)
    yield from parts.rejected(story)
    yield from parts.reconsidered(story, because="家里开销大，收入不够用。")
    story.take(
        "uphold_rejection", by=story.city_head, reasons="收入核定无误，维持原决定。"
    )
    yield After(3)
    yield from parts.closed(story)


def rejection_reversed(story: Story) -> Course:
    """Reconsidered by the city, which reverses it; the file is built after all."""
    yield from parts.to_the_decision(story)
    yield from parts.rejected(story)
    yield from parts.reconsidered(story, because="申报的收入都有凭证，请重新核对。")
    story.take(
        "reverse_rejection",
        by=story.city_head,
        reasons="申报与核对结果一致，撤销原决定。",
    )
    yield After(1)
    yield from parts.from_the_posting(story)
    yield from parts.filed(story)


def by_the_city(story: Story) -> Course:
    """Money of the province: the county reports, the city decides."""
    story.wish = Wish.FILE_AND_AID
    story.fund_level = FundLevel.PROVINCIAL
    yield from parts.to_the_decision(story)
    yield from parts.published(story)
    story.take("report_to_city", by=story.approver)
    yield After(story.dice.randint(2, 6))
    minutes = story.centre.letter("工会纪", on=story.today)
    story.take("city_approve", by=story.city_head, minutes_number=minutes)
    yield After(1)


def urgent(story: Story) -> Course:
    """Help first, papers later."""
    story.wish = Wish.URGENT
    story.receive()
    yield After(0)
    asked = str(story.dice.randrange(800, 2600, 100))
    story.take(
        "ask_urgent_relief",
        by=story.reception,
        id_number=story.home.worker.id_number,
        address=story.home.said["address"],
        event=story.dice.choice(_EMERGENCIES),
        happened_on=str(story.today - timedelta(days=1)),
        asked_sum=asked,
    )
    yield After(1)
    story.take("grant_urgent_relief", by=story.approver, granted_sum=asked)
    yield After(story.dice.randint(5, 14))
    story.take("complete_papers", by=story.reviewer, **story.application())
    yield After(1)


def withdrawn(story: Story) -> Course:
    """The applicant finds work and withdraws."""
    yield from parts.accepted(story)
    story.take("withdraw", by=story.reception, reasons="已找到工作，收入稳定。")
    yield After(2)
    yield from parts.closed(story)


def hard_to_find(story: Story) -> Course:
    """Nobody at home twice; a third visit succeeds."""
    yield from parts.accepted(story)
    yield from parts.missed_twice(story)
    story.take("decide_absence", by=story.head)
    yield After(1)
    yield from parts.from_the_visit(story)
    yield from parts.filed(story)


def lost(story: Story) -> Course:
    """Nobody at home twice, and nobody to be reached: the case is ended."""
    yield from parts.accepted(story)
    yield from parts.missed_twice(story)
    story.take(
        "terminate",
        by=story.head,
        ground=str(TerminationGround.NOT_FOUND),
        evidence="两次入户无人，电话停机。",
    )
    yield After(3)
    yield from parts.closed(story)


def observed(story: Story) -> Course:
    """Out of hardship by the figures: observed for six months."""
    yield from parts.to_the_file(story)
    yield from parts.observed(story)


def removed(story: Story) -> Course:
    """Announced, waited for, removed."""
    yield from parts.to_the_file(story)
    yield from parts.removed(story)


def moved(story: Story) -> Course:
    """The worker goes to another county of the city, and his file with him."""
    yield from parts.to_the_file(story)
    yield from parts.moved(story)


def left_unreviewed(story: Story) -> Course:
    """A file of the year before whose yearly review nobody has done."""
    yield from parts.to_the_file(story)


def reviewed(story: Story) -> Course:
    """A file of the year before: its yearly review came due, and was done."""
    yield from parts.to_the_file(story)
    yield Until(lambda: story.file_state == FileState.REVIEW_DUE)
    yield After(story.dice.randint(2, 9))
    story.keep("review", by=story.reviewer)
    yield After(story.dice.randint(1, 5))
    story.keep("enter_national_system", by=story.checker)


#: How many of a hundred take which course.
COURSES: dict[Telling, int] = {
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

#: What becomes of the files of the year before, in turn.
OF_THE_YEAR_BEFORE = (left_unreviewed, reviewed)

#: Whose income is over the line.
WELL_OFF = frozenset({rejected, rejection_upheld})
