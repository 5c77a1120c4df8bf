"""Search and reveal in a browser: the key that leads to the box, and what axe finds."""

import pytest
from playwright.sync_api import ViewportSize, expect

from casework.domain.idnumber import check_character
from casework.models import Party
from casework.services import cases
from tests.cast import Cast
from tests.web.pages import register
from tests.web.test_frame_accessibility import WAYS, violations
from tests.web.visits import Visits

ID_NUMBER = "32050819900307123" + check_character("32050819900307123")


def test_a_key_leads_to_the_box_and_is_not_typed_into_it(
    visits: Visits, cast: Cast
) -> None:
    case = register(cast.amin, name="曾小贤")
    page = visits.begin(cast.amin)
    page.goto("/network/")

    page.keyboard.press("/")
    box = page.locator(".cw-search input:visible")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.type("zxx")
    page.keyboard.press("Enter")

    expect(page.locator("main table")).to_contain_text(str(case.number))
    expect(page.locator("main input[type=search]")).to_have_value("zxx")
    assert "zxx" not in page.url
    page.go_back()
    page.go_forward()
    expect(page.locator("main table")).to_contain_text(str(case.number))


def test_a_slash_is_typed_where_somebody_writes(visits: Visits, cast: Cast) -> None:
    page = visits.begin(cast.amin)
    page.goto("/search/")

    box = page.locator("main input[type=search]")
    expect(box).to_be_focused()
    page.keyboard.type("a/b")

    expect(box).to_have_value("a/b")
    assert visits.complaints == []


@pytest.mark.parametrize(("theme", "language", "screen"), WAYS)
def test_axe_finds_nothing(
    visits: Visits, cast: Cast, theme: str, language: str, screen: ViewportSize
) -> None:
    case = cases.claim(register(cast.amin, name="曾小贤").pk, by=cast.amin)
    Party.objects.create(
        case=case, version=1, part="member", name="王建国", id_number=ID_NUMBER
    )
    page = visits.begin(cast.amin, theme=theme, language=language, screen=screen)
    found = {}
    for text in ("曾小贤", "没有这个人"):
        page.goto("/search/")
        page.fill("main input[type=search]", text)
        page.click("main .btn-primary")
        expect(page.locator("main input[type=search]")).to_have_attribute("value", text)
        found[text] = violations(page)
    page.goto(f"/cases/{case.pk}/reveal/")
    found["reveal"] = violations(page)
    page.click("main .btn-primary")
    page.wait_for_selector("main .cw-errors")
    found["reveal with mistakes"] = violations(page)
    page.select_option("select[name=purpose]", "other")
    page.fill("input[name=reason]", "核对身份")
    page.click("main .btn-primary")
    expect(page.locator("main")).to_contain_text(ID_NUMBER)
    found["case"] = violations(page)

    assert {name: problems for name, problems in found.items() if problems} == {}
    assert (visits.complaints, visits.asked_elsewhere) == ([], [])
