"""Nobody loses what he typed into a long form: drafts, and a log-in that ends meanwhile."""

import re
from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from casework.access import Actor
from casework.domain.vocabulary import Purpose, Role
from casework.models import Act, Case, FormDraft, Party
from casework.services import cases, drafts, reveals
from tests.cast import PASSWORD, Cast, MembershipFactory, UserFactory
from tests.hardship_aid.conftest import KIND, STANDARD, Way, publish_standard
from tests.web.journeys import fill
from tests.web.pages import accepted, browse, read
from tests.web.posted import posted
from tests.web.test_frame_accessibility import WAYS, violations
from tests.web.visits import Visits
from workflows.hardship_aid.forms.application import ApplicationForm
from workflows.hardship_aid.forms.receipt import ReceiptForm

pytestmark = pytest.mark.django_db

FOUND = re.compile(r"已填入 \d+月\d+日 \d\d:\d\d 的草稿")
STATEMENT = "单位停产半年，孩子上学，欠了房租。"


@pytest.fixture
def case(cast: Cast) -> Case:
    """An application that 小博 has received and is to write down in full."""
    publish_standard(cast.gusu, STANDARD)
    found = cases.open(KIND, by=cast.xiaobo, data=ReceiptForm.example(Case()))
    return cases.claim(found.pk, by=cast.xiaobo)


def form_of(case: Case) -> str:
    return reverse("case_step", args=[case.pk, "submit"])


def draft_of(case: Case) -> str:
    return reverse("case_draft", args=[case.pk, "submit"])


def typed(client: Client, case: Case, **changes: Any) -> dict[str, Any]:
    html = read(client, form_of(case))
    hidden = dict(re.findall(r'name="(version|command)" value="([^"]+)"', html))
    said = {**ApplicationForm.example(case), "statement": STATEMENT, **changes}
    return {**posted(said), **hidden}


def save(client: Client, case: Case, **changes: Any) -> Any:
    return client.post(draft_of(case), typed(client, case, **changes))


# ---------------------------------------------------------------- without a script


def test_a_long_form_offers_to_save_and_a_short_one_does_not(
    cast: Cast, case: Case
) -> None:
    inquiry = cases.claim(accepted(cast).pk, by=cast.amin)

    assert "存草稿" in read(browse(cast.xiaobo), form_of(case))
    short = read(browse(cast.amin), f"/cases/{inquiry.pk}/steps/answer/")
    assert "存草稿" not in short
    assert "draft.js" not in short


def test_a_visit_keeps_itself(cast: Cast, case: Case) -> None:
    way = Way(cast, None)  # type: ignore[arg-type]
    for step in ("submit", "accept", "arrange_visit"):
        way.take(step, "xiaobo")

    html = read(browse(cast.xiaobo), f"/cases/{way.case.pk}/steps/record_visit/")

    assert "visit.js" in html
    assert "存草稿" not in html


def test_the_button_saves_and_the_form_is_filled_in_again(
    cast: Cast, case: Case
) -> None:
    client = browse(cast.xiaobo)
    row = {"name": "陆志远", "id_number": "", "monthly_income": "一千"}
    when = {"when-at": "2026-09-24T09:00"}

    response = save(client, case, floor_area="四十", members=[row], **when)
    html = client.get(response["Location"]).content.decode()

    assert response["Location"] == form_of(case)
    assert re.search(r"草稿已存 \d\d:\d\d", html)
    assert FOUND.search(html)
    assert STATEMENT in html
    for said in ("四十", "陆志远", "一千", "2026-09-24T09:00"):
        assert f'value="{said}"' in html
    assert re.search(r'name="consents_sharing"[^>]*checked', html)
    assert not re.search(r'name="consents_children"[^>]*checked', html)
    assert '<details class="cw-when" open' in html
    # Nothing was sent yet, so nothing is wrong yet.
    assert "cw-errors" not in html
    assert "cw-mistake" not in html


def test_what_was_cleared_stays_clear(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    assert 'value="周雅琴"' in read(client, form_of(case))

    save(client, case, name="", id_number="", phone="")

    html = read(client, form_of(case))
    assert 'name="name"' in html
    assert not re.search(r'name="name"[^>]*value=', html)


def test_the_case_says_where_a_draft_is(cast: Cast, case: Case) -> None:
    client, colleague = browse(cast.xiaobo), browse(cast.chendi)
    assert "有草稿" not in read(client, f"/cases/{case.pk}/")

    save(client, case)

    assert "有草稿" in read(client, f"/cases/{case.pk}/")
    assert "有草稿" not in read(colleague, f"/cases/{case.pk}/")


def test_a_draft_is_dropped_when_its_owner_says_so(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    save(client, case)

    response = client.post(draft_of(case), {"drop": "1"})

    assert response["Location"] == form_of(case)
    html = read(client, form_of(case))
    assert not FOUND.search(html)
    assert STATEMENT not in html


def test_the_act_drops_the_draft(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    save(client, case)

    response = client.post(form_of(case), typed(client, case))

    assert response.status_code == 302
    assert Act.objects.filter(case=case, step="step.submit").exists()
    assert not FormDraft.objects.exists()


def test_a_refused_form_is_a_draft_as_it_was_sent(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    save(client, case)
    wrong = typed(client, case, statement="改过的理由", floor_area="四十")

    response = client.post(form_of(case), wrong)

    assert response.status_code == 422
    html = read(client, form_of(case))
    assert FOUND.search(html)
    assert "改过的理由" in html
    assert "cw-errors" not in html


def test_a_case_that_has_moved_on_says_so(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    save(client, case)
    cases.release(case.pk, by=cast.xiaobo)
    cases.claim(case.pk, by=cast.xiaobo)

    html = read(client, form_of(case))

    assert FOUND.search(html)
    assert "存草稿以后案件又办过别的，请逐项核对再提交。" in html


def test_a_number_shown_in_full_comes_back_as_its_mask_and_is_taken(
    cast: Cast, case: Case
) -> None:
    client, number = browse(cast.xiaobo), "320508198503070027"
    client.post(form_of(case), typed(client, case))
    reveals.reveal(
        case.pk, by=cast.xiaobo, purpose=Purpose.OTHER, reason="与申请人核对"
    )
    amend = form_of(case).replace("submit", "amend")
    shown = read(client, amend)
    assert number in shown
    hidden = dict(re.findall(r'name="(version|command)" value="([^"]+)"', shown))
    data = {**posted(ApplicationForm.example(case)), **hidden, "ethnicity": "回族"}
    client.post(f"{amend}draft/", data)

    html = read(client, amend)

    assert FOUND.search(html)
    assert number not in html
    assert 'value="3205**********0027"' in html
    masked = {**data, "id_number": "3205**********0027"}
    assert client.post(amend, masked).status_code == 302
    assert id_numbers(Case.objects.get(pk=case.pk)) == [number]


def id_numbers(case: Case) -> list[str]:
    return [party.id_number for party in Party.objects.in_force().filter(case=case)]


def test_another_units_case_does_not_exist(cast: Cast, case: Case) -> None:
    client = browse(cast.dinglan)

    response = client.post(draft_of(case), {"version": "1", "statement": STATEMENT})

    assert response.status_code == 404
    assert not FormDraft.objects.exists()


def test_a_colleague_sees_nothing_of_it(cast: Cast, case: Case) -> None:
    save(browse(cast.xiaobo), case)
    cases.release(case.pk, by=cast.xiaobo)
    user = UserFactory(username="xiaoming", person__name="小明")
    hat = MembershipFactory(
        person=user.person, unit=cast.pingjiang, role=Role.CASEWORKER
    )
    colleague = Actor(user=user, person=user.person, membership=hat)
    cases.claim(case.pk, by=colleague)

    html = read(browse(colleague), form_of(case))

    assert STATEMENT not in html
    assert not FOUND.search(html)


def test_a_page_of_another_site_saves_nothing(cast: Cast, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    assert cast.xiaobo.user is not None
    client.force_login(
        cast.xiaobo.user, backend="django.contrib.auth.backends.ModelBackend"
    )

    response = client.post(draft_of(case), {"version": "1", "statement": STATEMENT})

    assert response.status_code == 403
    assert not FormDraft.objects.exists()


def test_a_page_that_saves_by_itself_gets_one_line(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    assert cast.xiaobo.person is not None
    mine = {"x-draft": str(cast.xiaobo.person.pk)}
    data = typed(client, case)

    saved = client.post(draft_of(case), data, headers=mine)
    assert saved.status_code == 200
    line = saved.content.decode()
    assert "<html" not in line
    assert re.search(r"草稿已存 \d\d:\d\d", line)

    much = client.post(
        draft_of(case), {**data, "statement": "长" * 70_000}, headers=mine
    )
    assert much.status_code == 422
    assert "草稿没有存" in much.content.decode()


def test_a_page_goes_on_for_nobody_but_who_typed(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    assert cast.amin.person is not None

    response = client.post(
        draft_of(case),
        typed(client, case),
        headers={"x-draft": str(cast.amin.person.pk)},
    )

    assert response.status_code == 409
    assert "现在登录的是另一个人" in response.content.decode()
    assert not FormDraft.objects.exists()


def test_the_address_of_a_draft_leads_to_its_form(cast: Cast, case: Case) -> None:
    response = browse(cast.xiaobo).get(draft_of(case))

    assert response["Location"] == form_of(case)


def test_saving_costs_as_many_statements_as_ever(
    cast: Cast, case: Case, django_assert_num_queries: Any
) -> None:
    client = browse(cast.xiaobo)
    data = typed(client, case)
    save(client, case)

    # Who asks 3, the case 3, its numbers 1, the draft 4, the session 2.
    with django_assert_num_queries(12):
        client.post(draft_of(case), data)


# ---------------------------------------------------------------- the log-in has ended


def test_the_log_in_page_says_what_was_not_saved(cast: Cast, case: Case) -> None:
    client = browse(cast.xiaobo)
    data = typed(client, case)
    save(client, case)
    client.logout()

    response = client.post(form_of(case), data, follow=True)

    html = response.content.decode()
    assert "登录已经结束，刚才提交的内容没有保存" in html
    there = client.post(
        response.redirect_chain[-1][0],
        {"username": "xiaobo", "password": PASSWORD, "next": form_of(case)},
        follow=True,
    ).content.decode()
    assert FOUND.search(there)
    assert STATEMENT in there


def test_the_log_in_page_says_nothing_to_who_only_comes(cast: Cast) -> None:
    response = Client().get("/queue/", follow=True)

    assert "没有保存" not in response.content.decode()


# ---------------------------------------------------------------- in the browser


@pytest.fixture
def desk(visits: Visits, case: Case, cast: Cast) -> Page:
    """小博's screen at the form, where something is typed."""
    page = visits.begin(cast.xiaobo)
    page.clock.install()
    page.goto(form_of(case))
    page.fill("#id_statement", STATEMENT)
    page.fill("#id_employer_name", "云溪丝织厂")
    page.check("#id_consents_sharing")
    page.fill("[name=members-0-name]", "陆志远")
    return page


def test_what_is_typed_is_saved_by_itself(desk: Page, cast: Cast, case: Case) -> None:
    assert drafts.load(case.pk, "submit", by=cast.xiaobo) is None

    desk.clock.run_for(15_000)

    expect(desk.locator("[data-draft]")).to_contain_text("草稿已存")
    kept = drafts.load(case.pk, "submit", by=cast.xiaobo)
    assert kept is not None
    assert kept.typed["statement"] == STATEMENT


def test_a_page_that_goes_saves_what_was_typed(desk: Page, case: Case) -> None:
    desk.goto("/queue/")
    until(FormDraft.objects.exists)
    desk.goto(form_of(case))

    expect(desk.locator("#id_statement")).to_have_value(STATEMENT)


def test_whose_log_in_ends_loses_nothing(
    desk: Page, visits: Visits, cast: Cast, case: Case
) -> None:
    said = desk.locator("[data-draft]")
    desk.click("text=存草稿")
    expect(said).to_contain_text("草稿已存")
    desk.context.clear_cookies(name="sessionid")
    desk.fill("#id_registered_at", "江苏省苏州市姑苏区")

    desk.clock.run_for(15_000)
    expect(said).to_contain_text("登录已经结束，填的内容还在这一页")
    desk.click(".cw-actions .btn-primary")
    expect(desk.locator("[data-state=ended]")).to_be_visible()
    assert desk.url.endswith(form_of(case))
    expect(desk.locator("#id_registered_at")).to_have_value("江苏省苏州市姑苏区")

    with desk.context.expect_page() as opened:
        desk.click("[data-state=ended] a")
    log_in(opened.value)
    desk.bring_to_front()
    desk.clock.run_for(15_000)
    expect(desk.locator("#session-warning")).not_to_be_visible()
    expect(said).to_contain_text("草稿已存")
    kept = drafts.load(case.pk, "submit", by=cast.xiaobo)
    assert kept is not None
    assert kept.typed["registered_at"] == "江苏省苏州市姑苏区"

    # The page's own token is of the log-in before; the form is taken all the same.
    desk.click(".cw-actions .btn-primary")
    expect(desk.locator("main .cw-errors")).to_be_visible()
    assert visits.complaints == []


def test_without_the_script_everything_is_found_after_the_log_in(
    desk: Page, case: Case
) -> None:
    desk.click("text=存草稿")
    expect(desk.locator("[data-draft]")).to_contain_text("草稿已存")
    desk.context.clear_cookies(name="sessionid")

    desk.evaluate("document.querySelector('form:has([data-draft])').submit()")
    expect(desk.locator("main .cw-note")).to_contain_text("刚才提交的内容没有保存")
    log_in(desk)
    desk.wait_for_url(f"**{form_of(case)}")

    expect(desk.locator("#id_statement")).to_have_value(STATEMENT)
    expect(desk.locator("#id_employer_name")).to_have_value("云溪丝织厂")
    expect(desk.locator("#id_consents_sharing")).to_be_checked()
    expect(desk.locator("[name=members-0-name]")).to_have_value("陆志远")
    desk.click("text=不要草稿，重新填")
    expect(desk.locator("#id_statement")).to_have_value("")


def test_the_act_leaves_no_draft_behind(visits: Visits, cast: Cast, case: Case) -> None:
    page = visits.begin(cast.xiaobo)
    page.goto(form_of(case))
    fill(page, {**ApplicationForm.example(case), "statement": STATEMENT})
    page.click(".cw-actions .btn-primary")
    page.wait_for_url(f"**/cases/{case.pk}/")

    assert Act.objects.filter(case=case, step="step.submit").exists()
    assert not FormDraft.objects.exists()


def test_a_short_form_is_kept_from_the_log_in_page_as_well(
    visits: Visits, cast: Cast
) -> None:
    inquiry = cases.claim(accepted(cast).pk, by=cast.amin)
    page = visits.begin(cast.amin)
    page.goto(f"/cases/{inquiry.pk}/steps/answer/")
    page.fill("#id_answer", "应当补发。")
    page.context.clear_cookies(name="sessionid")

    page.click(".cw-actions .btn-primary")

    expect(page.locator("[data-state=ended]")).to_be_visible()
    expect(page.locator("#id_answer")).to_have_value("应当补发。")


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what a page has sent on its way out."""
    for _try in range(100):
        if is_so():
            return
        sleep(0.1)
    raise AssertionError("it did not arrive within ten seconds")


def log_in(page: Page) -> None:
    page.fill("#id_username", "xiaobo")
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn-primary")
    expect(page.locator("#id_password")).to_have_count(0)


@pytest.mark.parametrize(("theme", "language", "screen"), WAYS)
def test_axe_finds_nothing_at_a_draft(
    visits: Visits, cast: Cast, case: Case, theme: str, language: str, screen: Any
) -> None:
    save(browse(cast.xiaobo, language=language), case)
    page = visits.begin(cast.xiaobo, theme=theme, language=language, screen=screen)
    page.goto(form_of(case))
    found = {"filled in": violations(page)}
    page.click(f"[formaction='{draft_of(case)}']")
    expect(page.locator("[data-draft] .is-ok")).to_be_visible()
    found["saved"] = violations(page)
    page.context.clear_cookies(name="sessionid")
    page.click(f"[formaction='{draft_of(case)}']")
    expect(page.locator("[data-draft] a")).to_be_visible()
    found["log-in ended"] = violations(page)
    page.goto(f"/log-in/?next={form_of(case)}&unsaved=1")
    found["log-in"] = violations(page)

    assert {name: said for name, said in found.items() if said} == {}
    assert visits.complaints == []
