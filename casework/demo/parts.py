"""The parts of which courses are made: each acts, and yields what it waits for.

First the way that an application usually takes, by where one leaves it and comes back;
then its parts in the order of the procedure.
"""

from typing import Any

from casework.demo.story import Story
from casework.demo.year import After, At, Course, Until
from workflows.hardship_aid.household_vocabulary import IncomeKind
from workflows.hardship_aid.vocabulary import PaperCode, RemovalReason, S

#: Working days, from the day after a rejection is served: so few that any holiday leaves
#: them inside the window of H-31.
RECONSIDERED_AFTER = (1, 3)
MISSING = [str(PaperCode.INCOME_PROOF)]


def to_the_file(story: Story) -> Course:
    yield from to_the_approval(story)
    yield from built(story)


def to_the_approval(story: Story) -> Course:
    yield from accepted(story)
    yield from from_the_visit(story)


def to_the_decision(story: Story) -> Course:
    """As far as the county publishes, or rejects."""
    yield from accepted(story)
    yield from visited(story)
    yield from checked(story)


def from_the_visit(story: Story) -> Course:
    yield from visited(story)
    yield from from_the_check(story)


def from_the_check(story: Story) -> Course:
    yield from checked(story)
    yield from from_the_posting(story)


def from_the_posting(story: Story) -> Course:
    yield from published(story)
    yield from approved(story)


def registered(story: Story, **otherwise: Any) -> Course:
    story.receive()
    yield After(0)
    story.take("submit", by=story.reception, **story.application(**otherwise))
    yield After(story.dice.randint(0, 2))


def asked_for_papers(story: Story) -> Course:
    brought = [str(code) for code in PaperCode if str(code) not in MISSING]
    yield from registered(story, papers=brought)
    story.take("ask_for_papers", by=story.reception, papers=MISSING)


def accepted(story: Story) -> Course:
    yield from registered(story)
    story.take("accept", by=story.reception)
    yield After(story.dice.randint(1, 2))


def visited(story: Story) -> Course:
    yield from gone_there(story, days=story.dice.randint(1, 4))
    story.take(
        "record_visit",
        by=story.reception,
        family_signer=story.home.worker.name,
        **story.visitors(),
    )
    yield After(1)
    story.take("report_up", by=story.head, category=story.category)
    yield After(story.dice.randint(1, 2))


def missed_twice(story: Story) -> Course:
    for step in ("nobody_home", "nobody_home_again"):
        yield from gone_there(story, days=2)
        story.take(step, by=story.reception)
        story.missed_at = story.clock.now
        yield After(1)
    yield After(1)
    story.take("seek_contact", by=story.reception)
    # On the fifth working day since the second absence, the last of H-23.
    yield After(3)


def gone_there(story: Story, *, days: int) -> Course:
    planned = story.visit_after(days)
    story.take(
        "arrange_visit",
        by=story.reception,
        planned_at=planned.isoformat(),
        **story.visitors(),
    )
    yield At(planned)


def checked(story: Story) -> Course:
    letter = story.county.letter("工核", on=story.today)
    story.take("request_check", by=story.reviewer, letter_number=letter)
    yield After(story.dice.randint(4, 9))
    report = story.county.letter("核报", on=story.today)
    story.take("receive_check", by=story.reviewer, report_number=report)
    yield After(1)


def published(story: Story) -> Course:
    story.take("publish", by=story.reviewer, **story.publication())
    yield from posted_in_full(story)


def posted_in_full(story: Story) -> Course:
    yield Until(lambda: story.state == S.APPROVAL)
    yield from taken_down(story)


def objected_to(story: Story) -> Course:
    story.take("publish", by=story.reviewer, **story.publication())
    yield After(3)
    story.take("object", by=story.checker, is_anonymous="on")


def taken_down(story: Story) -> Course:
    story.take("take_down", by=story.checker)
    yield After(story.dice.randint(0, 2))


def approved(story: Story) -> Course:
    minutes = story.county.letter("工会纪", on=story.today)
    story.take("approve", by=story.approver, minutes_number=minutes)
    yield After(story.dice.randint(1, 3))


def rejected(story: Story, **otherwise: Any) -> Course:
    story.take("reject", by=story.approver, **otherwise)
    yield After(1)
    story.take("serve", by=story.checker)
    yield After(1)


def reconsidered(story: Story, *, because: str) -> Course:
    yield After(story.dice.randint(*RECONSIDERED_AFTER))
    story.take("ask_reconsideration", by=story.checker, reasons=because)
    yield After(story.dice.randint(3, 7))


def filed(story: Story) -> Course:
    yield from built(story)
    yield After(story.dice.randint(15, 90))
    yield from story.dice.choices(
        [unchanged, changed, observed, removed, moved], weights=[11, 5, 2, 3, 1]
    )[0](story)


def built(story: Story) -> Course:
    story.build_file()
    yield After(0)
    story.take("file_built", by=story.reviewer)
    yield After(story.dice.randint(3, 15))
    story.take("archive", by=story.reviewer, pages=story.dice.randint(22, 64))
    yield After(story.dice.randint(1, 12))
    story.keep("enter_national_system", by=story.checker)


def unchanged(story: Story) -> Course:
    yield from ()


def changed(story: Story) -> Course:
    story.keep("report_change", by=story.checker)
    yield After(story.dice.randint(1, 40))
    story.keep("enter_national_system", by=story.checker)


def removed(story: Story, **otherwise: Any) -> Course:
    story.keep("notice_removal", by=story.reviewer, **otherwise)
    yield Until(lambda: story.may("deregister", by=story.approver))
    story.keep("deregister", by=story.approver)
    yield After(story.dice.randint(1, 20))
    story.keep("enter_national_system", by=story.checker)


def observed(story: Story) -> Course:
    yield from passed(story, "observe")
    over = story.end_of("observation")
    yield Until(lambda: story.clock.now > over)
    yield After(story.dice.randint(1, 8))
    yield from passed(story, "pass_again")
    yield After(story.dice.randint(1, 5))
    yield from removed(
        story,
        reason=str(RemovalReason.OUT_OF_HARDSHIP),
        explanation="观察期前后两次复核，收入都达到脱困标准。",
    )


def passed(story: Story, review: str) -> Course:
    wages = story.home.size * story.dice.randrange(30_000, 42_000, 600)
    income = [{"kind": str(IncomeKind.WAGES), "yearly": str(wages)}]
    story.keep(review, by=story.reviewer, income=income)
    yield After(story.dice.randint(1, 5))
    story.keep("enter_national_system", by=story.checker)


def moved(story: Story) -> Course:
    receiver = story.receiving.caseworkers[0]
    story.keep("move_out", by=story.approver, to=str(story.receiving.unit.pk))
    yield After(story.dice.randint(2, 6))
    taken_over = story.take_over(by=receiver)
    yield After(1)
    story.keep("confirm_move", by=receiver)
    yield After(story.dice.randint(1, 12))
    story.file_id = taken_over
    story.keep("enter_national_system", by=receiver)


def closed(story: Story) -> Course:
    by = story.approver if story.is_at_county else story.head
    story.take("close", by=by)
    yield After(story.dice.randint(3, 15))
    story.take(
        "archive",
        by=story.reviewer if story.is_at_county else story.reception,
        pages=story.dice.randint(9, 40),
    )
