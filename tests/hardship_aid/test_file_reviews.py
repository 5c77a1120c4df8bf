"""The yearly review, six months of observation, and what the national system is owed."""

from datetime import date
from typing import Any

import pytest

from casework.domain.errors import InvalidForm, NotNow
from casework.domain.vocabulary import ClockState, Light, Outcome
from casework.models import Case, Clock
from casework.services.sweep import Swept, sweep
from casework.web.desk.standing import sheets_of, stand
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock, clock_of, on, verify_whole
from tests.hardship_aid.conftest import STANDARD, publish_standard
from tests.hardship_aid.files import FileWay
from workflows.hardship_aid.file_guards import aid_is_blocked
from workflows.hardship_aid.models import (
    Computation,
    ExpenseLine,
    FileReview,
    IncomeLine,
)
from workflows.hardship_aid.vocabulary import Category

pytestmark = pytest.mark.django_db

#: Two people live in the household: what they have a year at one and two lines.
ONE_LINE, TWO_LINES = STANDARD * 24, STANDARD * 48


@pytest.fixture
def way(office: Cast, clock: DatabaseClock) -> FileWay:
    """A file opened on Thursday 24 September 2026 at ten."""
    return FileWay(office, clock)


def income(fen: int) -> dict[str, Any]:
    """Return the family's whole yearly income as a form sends it."""
    return {"income": [{"kind": "wages", "yearly": f"{fen // 100}.{fen % 100:02d}"}]}


def mistake(way: FileWay, step: str, who: str = "amin", **changes: Any) -> str:
    """Return what the step's form says against these data."""
    with pytest.raises(InvalidForm) as said:
        way.take(step, who, **changes)
    return said.value.message


def going(way: FileWay, target: str) -> Clock | None:
    """Return the clock of the target that runs."""
    clocks = Clock.objects.filter(case=way.case, target=target)
    return clocks.filter(state=ClockState.RUNNING).first()


def test_H34_the_sweep_marks_a_file_that_nobody_reviewed_for_a_year(
    way: FileWay,
) -> None:
    way.clock.set("2027-09-24 23:58")
    assert sweep().taken == 0

    way.clock.set("2027-09-25 00:02")
    assert sweep().taken == 1
    way.case = way.read(way.case.pk)
    assert way.case.state == "review_due"
    blocked = aid_is_blocked(way.case, at=on("2027-09-25 00:02"))
    assert blocked == "档案逾期未复核，复核以后才能给予新的救助（规则 H-34）。"

    way.take("review", "amin")

    assert way.case.state == "active"
    assert aid_is_blocked(way.case, at=on("2027-09-25 00:03")) is None
    assert clock_of(way.case, "yearly_review").due_at == on("2028-09-26 00:00")
    verify_whole(way.case)


def test_H34_an_overdue_review_stays_overdue_until_somebody_reviews(
    way: FileWay,
) -> None:
    way.clock.set("2027-09-28 09:00")
    assert sweep().taken == 1
    assert sweep() == Swept(settled=0, taken=0, refused=0)

    overdue = clock_of(way.case, "yearly_review")
    assert (overdue.state, overdue.outcome) == (ClockState.RUNNING, None)
    assert overdue.breached_at == overdue.due_at == on("2027-09-25 00:00")
    (sheet,) = [s for s in sheets_of(way.case) if s.target == "yearly_review"]
    assert stand(sheet, now=on("2027-09-28 09:00")).light is Light.RED

    way.take("review", "amin")

    first, second = Clock.objects.filter(case=way.case, target="yearly_review")
    assert (first.outcome, second.state) == (Outcome.LATE, ClockState.RUNNING)
    assert not second.expiry_taken


def test_H34_a_review_in_time_ends_its_year_in_time(way: FileWay) -> None:
    way.clock.set("2027-09-20 09:00")
    way.take("review", "amin")

    first, second = Clock.objects.filter(case=way.case, target="yearly_review")
    assert (first.outcome, first.breached_at) == (Outcome.MET, None)
    assert second.due_at == on("2028-09-21 00:00")


def test_H34_aid_is_blocked_from_the_minute_the_year_is_over(way: FileWay) -> None:
    assert aid_is_blocked(way.case, at=on("2027-09-24 23:59")) is None
    assert aid_is_blocked(way.case, at=on("2027-09-25 00:00"))


def test_H34_no_file_that_is_going_gets_new_aid(way: FileWay) -> None:
    way.to("removal_noticed")

    assert aid_is_blocked(way.case, at=on("2026-09-24 10:00")) == (
        "档案现在是“拟撤档”，不能给予新的救助（规则 F-02）。"
    )


@pytest.mark.parametrize(
    ("yearly", "proposed"),
    [
        (ONE_LINE - 1, Category.DEEP),
        (ONE_LINE, Category.RELATIVE),
        (TWO_LINES - 1, Category.RELATIVE),
        (TWO_LINES, Category.NONE),
    ],
)
def test_H08_equal_to_the_line_does_not_qualify_at_a_review(
    way: FileWay, yearly: int, proposed: Category
) -> None:
    way.take("review", "amin", **income(yearly), category="relative")

    review = FileReview.objects.get(case=way.case)
    assert review.proposed_category is proposed
    assert (review.category, review.outcome) == ("relative", "recategorised")
    assert way.case.details.category == "relative"
    assert IncomeLine.objects.in_force().get(case=way.case).yearly_fen == yearly
    assert Computation.objects.in_force().filter(case=way.case).count() == 1


def test_P11_a_person_may_decide_otherwise_and_the_proposal_stays(
    way: FileWay,
) -> None:
    way.take("review", "amin", **income(TWO_LINES), category="deep")

    review = FileReview.objects.get(case=way.case)
    assert (review.proposed_category, review.category) == ("none", "deep")
    assert (review.outcome, review.per_head_fen) == ("kept", 2 * STANDARD)


def test_H08_the_line_is_that_of_the_review_day(way: FileWay) -> None:
    publish_standard(way.office.gusu, STANDARD + 5_000, since=date(2027, 7, 1))
    way.clock.set("2027-06-30 10:00")
    way.take("review", "amin", **income(ONE_LINE), category="relative")
    way.clock.set("2027-07-01 10:00")
    way.take("review", "amin", **income(ONE_LINE), category="deep")

    told = FileReview.objects.filter(case=way.case).order_by("version")
    assert [(r.standard_fen, r.proposed_category) for r in told] == [
        (STANDARD, "relative"),
        (STANDARD + 5_000, "deep"),
    ]


def test_H08_a_review_deducts_the_expenses_that_a_receipt_proves(way: FileWay) -> None:
    proved = {
        "kind": "medical",
        "amount": "100",
        "receipt_number": "YL1",
        "receipt_date": "2026-08-05",
    }
    told = {"kind": "education", "amount": "50"}

    way.take("review", "amin", **income(ONE_LINE + 9_999), expenses=[proved, told])

    # 24,099.99 less the 100 of the receipt, of two people in a year: 999.99 each.
    review = FileReview.objects.get(case=way.case)
    assert (review.per_head_fen, review.proposed_category) == (99_999, "deep")
    assert ExpenseLine.objects.in_force().filter(case=way.case).count() == 2


def test_a_review_refuses_what_it_cannot_reckon_with(way: FileWay) -> None:
    assert "不在这里办" in mistake(way, "review", category="none")
    assert "至少填1行" in mistake(way, "review", income=[])
    assert "金额不能是负数" in mistake(
        way, "review", income=[{"kind": "wages", "yearly": "-1"}]
    )
    assert "应当回避" in mistake(way, "review", is_impartial="")
    old = {
        "kind": "medical",
        "amount": "100",
        "receipt_number": "YL1",
        "receipt_date": "2025-01-05",
    }
    assert "第1项支出 票据日期：票据YL1早于2025年9月23日" in mistake(
        way, "review", expenses=[old]
    )
    assert FileReview.objects.count() == 0


def test_H36_out_of_hardship_is_two_passing_reviews_six_months_apart(
    way: FileWay,
) -> None:
    way.clock.set("2026-09-30 10:00")
    way.take("observe", "amin", **income(TWO_LINES))
    assert (way.case.state, way.case.details.passes) == ("observing", 1)
    assert clock_of(way.case, "observation").due_at == on("2027-03-31 00:00")
    out = {"reason": "out_of_hardship"}
    assert "现在是 1 次（规则 H-36）" in mistake(way, "notice_removal", **out)

    way.clock.set("2027-03-30 23:59")
    with pytest.raises(NotNow, match="观察期还没有满"):
        way.take("pass_again", "amin", **income(TWO_LINES))
    way.clock.set("2027-03-31 00:00")
    way.take("pass_again", "amin", **income(TWO_LINES))

    assert (way.case.state, way.case.details.passes) == ("observing", 2)
    assert clock_of(way.case, "yearly_review").due_at == on("2028-04-01 00:00")
    way.take("notice_removal", "amin", **out)
    assert way.case.state == "removal_noticed"


def test_H36_one_fen_below_the_line_does_not_pass(way: FileWay) -> None:
    said = mistake(way, "observe", **income(TWO_LINES - 1))

    assert "月人均 1,999.99 元，测算为“相对困难职工”，没有达到脱困标准" in said
    assert "200%" in said


def test_H36_an_accident_that_still_weighs_does_not_pass(way: FileWay) -> None:
    loss = f"{TWO_LINES // 100}"

    said = mistake(way, "observe", **income(TWO_LINES), accident_loss=loss)

    assert "测算为“意外致困职工”" in said


def test_H36_a_relapse_resets_the_observation(way: FileWay) -> None:
    way.take("observe", "amin")
    way.clock.set("2027-02-24 10:00")
    way.take("relapse", "amin", **income(ONE_LINE), category="relative")
    assert (way.case.state, way.case.details.passes) == ("active", 0)
    assert going(way, "observation") is None

    way.clock.set("2027-03-25 10:00")
    way.take("observe", "amin")

    assert clock_of(way.case, "observation").due_at == on("2027-09-26 00:00")
    with pytest.raises(NotNow, match="观察期还没有满"):
        way.take("pass_again", "amin")
    outcomes = FileReview.objects.filter(case=way.case).order_by("version")
    assert [r.outcome for r in outcomes] == ["passed", "relapsed", "passed"]


def test_H36_an_observation_that_outlasts_the_year_goes_on(way: FileWay) -> None:
    way.take("observe", "amin")
    way.wait("2027-09-25 00:02")
    assert way.case.state == "review_due"

    way.take("pass_again", "amin")

    assert (way.case.state, way.case.details.passes) == ("observing", 2)


def test_H33_the_national_system_is_owed_an_entry_until_it_is_made(
    way: FileWay,
) -> None:
    assert clock_of(way.case, "national_entry").due_at == on("2026-11-12 17:30")
    way.clock.set("2026-09-28 10:00")
    way.take("enter_national_system", "amin", entered_on="2026-09-27")
    assert way.case.details.entered_on == date(2026, 9, 27)
    assert going(way, "national_entry") is None
    with pytest.raises(NotNow, match="没有要录入的"):
        way.take("enter_national_system", "amin")

    for step in ("report_change", "review"):
        way.take(step, "amin")
        assert going(way, "national_entry") is not None, step
        way.take("enter_national_system", "amin")
    way.to("deregistered")
    assert going(way, "national_entry") is not None


def test_H33_a_second_change_does_not_put_the_first_off(way: FileWay) -> None:
    before = clock_of(way.case, "national_entry").due_at
    way.clock.set("2026-10-20 10:00")

    way.take("report_change", "amin")

    assert clock_of(way.case, "national_entry").due_at == before


def test_H33_an_entry_of_tomorrow_is_refused(way: FileWay) -> None:
    said = mistake(way, "enter_national_system", entered_on="2026-09-25")

    assert "日期不能晚于今天" in said


def test_H09_without_a_standard_nothing_is_reviewed(
    way: FileWay,
) -> None:
    Case.objects.filter(pk=way.case.pk).update(
        county_id=way.office.kunshan.pk, holder_id=way.office.kunshan.pk
    )

    said = mistake(way, "review", who="dinglan")

    assert "昆山市帮扶中心没有 2026年9月24日 适用的城市低保标准（规则 H-09）" in said
