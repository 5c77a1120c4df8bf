"""公示内容 in the browser: the proposal follows what is chosen until somebody edits it."""

from playwright.sync_api import expect

from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import Way, office
from tests.web.visits import Visits

__all__ = ["office"]


def test_H_27_the_proposal_follows_the_choice_and_leaves_what_was_typed(
    visits: Visits, office: Cast, clock: DatabaseClock
) -> None:
    way = Way(office, clock)
    way.to("county_review")
    page = visits.begin(office.amin)
    page.goto(f"/cases/{way.case.pk}/steps/publish/")
    text = page.locator("textarea[name=text]")

    page.select_option("[name=category]", "relative")
    page.select_option("[name=aid_item]", "medical")
    proposed = text.input_value()
    text.fill(f"{proposed}欢迎监督。")
    page.select_option("[name=category]", "deep")

    assert proposed.startswith("周**，云溪丝织厂，相对困难职工，医疗救助，")
    expect(text).to_have_value(f"{proposed}欢迎监督。")
    assert visits.complaints == []
