"""The home visit on a phone: consent first, three signatures, and no network (S14)."""

import re
from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from casework.models import Act, Case, Material
from tests.cast import Cast
from tests.domain.test_materials import located
from tests.hardship_aid.conftest import STANDARD, Way, publish_standard
from tests.web.pages import browse, read
from tests.web.test_frame_accessibility import WAYS, violations
from tests.web.visits import PHONE, Visits

pytestmark = pytest.mark.django_db

NARROW: ViewportSize = {"width": 360, "height": 740}


def away(cast: Cast) -> Case:
    """Return an application of 小博's whose visitors are on their way."""
    publish_standard(cast.gusu, STANDARD)
    way = Way(cast, None)  # type: ignore[arg-type]
    way.take("submit", "xiaobo")
    way.take("accept", "xiaobo")
    case: Case = way.take("arrange_visit", "xiaobo")
    return case


def address_of(case: Case) -> str:
    return f"/cases/{case.pk}/steps/record_visit/"


# ---------------------------------------------------------------- without JavaScript


def answer(client: Client, case: Case, **changes: Any) -> Any:
    from casework.lifecycle import Registry

    html = read(client, address_of(case))
    hidden = dict(re.findall(r'name="(version|command)" value="([^"]+)"', html))
    form = Registry.get(case.kind).steps["record_visit"].form
    data = {**form.example(case), **hidden, "family_signer": "石建明", **changes}
    return client.post(address_of(case), data)


def test_the_page_works_without_javascript(cast: Cast) -> None:
    case = away(cast)
    html = read(browse(cast.xiaobo), address_of(case))

    assert 'enctype="multipart/form-data"' in html
    assert f'href="/cases/{case.pk}/steps/nobody_home/"' in html
    assert "先问能不能拍照" in html
    for name in ("photos", "family_signature", "first_signature", "second_signature"):
        assert re.search(rf'<input type="file" name="{name}"', html)
    for name in ("is_signed_by_family", "is_signed_by_first", "is_signed_by_second"):
        assert re.search(rf'<input type="checkbox" name="{name}"', html)
    assert 'src="/static/casework/js/visit.js" type="module"' in html
    assert "<script>" not in html
    assert " style=" not in html


def test_photos_without_consent_are_refused(cast: Cast) -> None:
    case = away(cast)

    response = answer(browse(cast.xiaobo), case, photos=[photo()])

    assert response.status_code == 422
    assert "没有勾选同意拍照，照片不能收" in response.content.decode()
    assert not Material._base_manager.exists()


def test_photos_and_scans_of_signatures_are_kept(cast: Cast) -> None:
    case = away(cast)
    changes = {
        "photos_allowed": "on",
        "photos": [photo(), photo()],
        "family_signature": photo(),
        "is_signed_by_family": "",
    }

    response = answer(browse(cast.xiaobo), case, **changes)

    assert response.status_code == 302
    kept = Material._base_manager.filter(case_id=case.pk).order_by("code", "id")
    assert [each.code for each in kept] == ["visit_photo"] * 2 + ["visit_signature"]
    signature = kept.last()
    assert signature is not None
    assert (signature.title, signature.file_name) == ("家庭成员签名", "石建明.jpg")
    act = Act.objects.get(case=case, step="step.record_visit")
    assert "石建明" not in str(act.data)
    (visit,) = case.homevisit_records.all()
    assert visit.is_signed_by_family
    assert visit.photos_allowed


def test_a_signature_that_is_missing_is_named(cast: Cast) -> None:
    case = away(cast)

    response = answer(browse(cast.xiaobo), case, is_signed_by_second="")

    assert response.status_code == 422
    assert "记录要由两名核查人和家庭成员签名" in response.content.decode()


def photo() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("客厅.jpg", located(), "image/jpeg")


# ---------------------------------------------------------------- on the phone


@pytest.fixture
def home(visits: Visits, cast: Cast) -> tuple[Page, Case]:
    """小博's phone at the form of the visit."""
    case = away(cast)
    page = visits.begin(cast.xiaobo, screen=PHONE)
    page.goto(address_of(case))
    return page, case


def fill(page: Page) -> None:
    page.fill("#id_visited_at", now())
    page.select_option("#id_outcome", "done")
    page.check("input[name=housing][value=same]", force=True)
    page.check("input[name=vehicle][value=none]", force=True)
    page.fill("#id_seen", "住房42平方米，家电陈旧。")
    page.check("#id_no_relatives")
    page.fill("#id_family_signer", "石建明")


def now() -> str:
    from django.utils import timezone

    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")


def sign(page: Page, name: str) -> None:
    pen = page.locator(f".cw-sign:has([name={name}]) canvas")
    pen.scroll_into_view_if_needed()
    box = pen.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 40 + step * 12, box["y"] + 30 + (step % 4) * 14)
    page.mouse.up()


def sign_all(page: Page) -> None:
    for name in ("family_signature", "first_signature", "second_signature"):
        sign(page, name)


def add_photo(page: Page) -> None:
    before = page.locator(".cw-shots img").count()
    choose(page, "客厅.jpg", located())
    expect(page.locator(".cw-shots img")).to_have_count(before + 1)


def choose(page: Page, name: str, content: bytes) -> None:
    picture = FilePayload(name=name, mimeType="image/jpeg", buffer=content)
    page.set_input_files("#id_photos", picture)


def drafts(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "Object.keys(localStorage).filter(k => k.startsWith('casework.draft.'))"
    )
    return found


def send(page: Page) -> None:
    page.click(".cw-actions .btn-primary")


def test_a_visit_is_recorded_with_photos_and_signatures_drawn(
    home: tuple[Page, Case],
) -> None:
    page, case = home

    assert page.is_disabled("#id_photos")
    page.check("#id_photos_allowed")
    add_photo(page)
    add_photo(page)
    fill(page)
    sign_all(page)
    expect(page.locator("[data-signatures] [data-count]")).to_have_text(
        "3 人都要签，已签 3"
    )
    send(page)
    page.wait_for_url(f"**/cases/{case.pk}/")

    assert "已办“登记入户核查”" in page.inner_text("main")
    assert drafts(page) == []
    kept = list(Material._base_manager.filter(case_id=case.pk))
    assert (
        sorted(each.code for each in kept)
        == ["visit_photo"] * 2 + ["visit_signature"] * 3
    )
    for each in kept:
        if each.code == "visit_signature":
            assert each.size < 100 * 1024
            with Image.open(BytesIO(each.kept.content)) as image:
                assert image.format == "PNG"
                assert (
                    image.getchannel("A").getextrema()[1] == 255
                )  # something was drawn


def test_consent_that_is_withdrawn_takes_the_photos_away(
    home: tuple[Page, Case],
) -> None:
    page, _case = home
    page.check("#id_photos_allowed")
    add_photo(page)

    page.uncheck("#id_photos_allowed")

    expect(page.locator(".cw-shots img")).to_have_count(0)
    assert page.is_disabled("#id_photos")
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 0


def test_photos_go_small_and_without_their_place(home: tuple[Page, Case]) -> None:
    page, _case = home
    page.check("#id_photos_allowed")
    made = BytesIO()
    Image.new("RGB", (4000, 3000), "#8391a5").save(made, "JPEG")
    choose(page, "大.jpg", made.getvalue())
    expect(page.locator(".cw-shots img")).to_have_count(1)
    add_photo(page)

    sources = page.eval_on_selector_all(".cw-shots img", "all => all.map(i => i.src)")

    sent = [b64decode(each.split(",")[1]) for each in sources]
    with Image.open(BytesIO(sent[0])) as image:
        assert image.size == (1280, 960)
    with Image.open(BytesIO(sent[1])) as image:
        assert image.size == (200, 320)  # upright
    assert b"Shi Jianming" not in sent[1]


def test_a_photo_and_a_signature_can_be_taken_back(home: tuple[Page, Case]) -> None:
    page, _case = home
    page.check("#id_photos_allowed")
    add_photo(page)
    sign(page, "first_signature")

    page.click(".cw-shots button")
    page.click(".cw-sign:has([name=first_signature]) .cw-pen button")

    expect(page.locator(".cw-shots img")).to_have_count(0)
    files = "document.querySelector('[name=first_signature]').files.length"
    assert page.evaluate(files) == 0


def test_without_a_network_everything_waits_here_and_goes_when_it_is_back(
    home: tuple[Page, Case],
) -> None:
    page, case = home
    page.check("#id_photos_allowed")
    add_photo(page)
    fill(page)
    sign_all(page)

    page.context.set_offline(True)
    expect(page.locator("[data-kept]")).to_contain_text("没有网络，内容都在本机")
    expect(page.locator("[data-kept]")).to_contain_text("1 张照片待传")
    send(page)
    expect(page.locator("[data-kept]")).to_contain_text("已排队")
    assert not Act.objects.filter(step="step.record_visit").exists()
    assert len(drafts(page)) == 1

    page.context.set_offline(False)
    page.wait_for_url(f"**/cases/{case.pk}/")
    assert Act.objects.filter(step="step.record_visit").count() == 1
    assert drafts(page) == []


def test_what_was_filled_in_is_there_again_after_the_page_was_closed(
    home: tuple[Page, Case],
) -> None:
    page, case = home
    page.check("#id_photos_allowed")
    add_photo(page)
    fill(page)
    sign_all(page)
    page.click("text=存本机")

    page.goto("/")
    page.goto(address_of(case))

    expect(page.locator("[data-kept]")).to_contain_text("存在本机的内容，请核对")
    assert page.input_value("#id_seen") == "住房42平方米，家电陈旧。"
    assert page.is_checked("input[name=housing][value=same]")
    expect(page.locator(".cw-shots img")).to_have_count(1)
    send(page)
    page.wait_for_url(f"**/cases/{case.pk}/")
    assert Material._base_manager.filter(case_id=case.pk).count() == 4


def test_a_mistake_comes_back_with_photos_and_signatures(
    home: tuple[Page, Case],
) -> None:
    page, case = home
    page.check("#id_photos_allowed")
    add_photo(page)
    fill(page)
    sign_all(page)
    page.fill("#id_seen", "")

    send(page)
    expect(page.locator("main .cw-errors")).to_contain_text("核查完成的要填这一项")
    expect(page.locator(".cw-shots img")).to_have_count(1)
    expect(page.locator("[data-signatures] [data-count]")).to_contain_text("已签 3")
    page.fill("#id_seen", "家电陈旧。")
    send(page)

    page.wait_for_url(f"**/cases/{case.pk}/")
    assert Material._base_manager.filter(case_id=case.pk).count() == 4


def test_who_was_logged_out_meanwhile_loses_nothing(home: tuple[Page, Case]) -> None:
    page, _case = home
    fill(page)
    sign_all(page)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")

    send(page)

    expect(page.locator("[data-kept]")).to_contain_text("登录已经结束，内容还在本机")
    assert len(drafts(page)) == 1
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    send(page)
    page.wait_for_url("**/cases/*/")
    assert Act.objects.filter(step="step.record_visit").exists()


def test_logging_out_removes_the_draft(home: tuple[Page, Case]) -> None:
    page, _case = home
    page.fill("#id_seen", "家电陈旧。")
    page.click("text=存本机")
    assert len(drafts(page)) == 1

    page.evaluate("document.querySelector('form[data-log-out]').requestSubmit()")
    page.wait_for_url("**/log-in/**")

    assert drafts(page) == []


def test_a_draft_of_yesterday_or_of_somebody_else_is_removed(
    home: tuple[Page, Case],
) -> None:
    page, case = home
    page.fill("#id_seen", "家电陈旧。")
    page.click("text=存本机")
    (key,) = drafts(page)
    page.evaluate(
        """key => {
          const told = JSON.parse(localStorage.getItem(key));
          localStorage.setItem("casework.draft.999999.1", JSON.stringify(told));
          told.at -= 25 * 3600 * 1000;
          localStorage.setItem(key, JSON.stringify(told));
        }""",
        key,
    )
    page.goto("/")
    page.goto(address_of(case))

    assert drafts(page) == []
    assert page.input_value("#id_seen") == ""


def test_no_id_number_is_kept_in_the_browser(home: tuple[Page, Case]) -> None:
    page, _case = home
    page.fill("#id_seen", "户主身份证110101199003072316，家电陈旧。")
    page.click("text=存本机")

    (key,) = drafts(page)
    told = page.evaluate("key => localStorage.getItem(key)", key)

    assert "110101199003072316" not in told
    assert "1101**********2316" in told


def test_everything_to_touch_is_large_enough(home: tuple[Page, Case]) -> None:
    page, _case = home
    for screen in (PHONE, NARROW):
        page.set_viewport_size(screen)

        small = page.evaluate(
            """() => [...document.querySelectorAll(
                 ".cw-visit a.btn, .cw-visit button, .cw-visit select, .cw-visit label:has(input),"
                 + ".cw-visit input[type=text], .cw-visit textarea, .cw-visit .cw-scan,"
                 + ".cw-visit .cw-chooser, .cw-actions .btn")]
               .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
               .map(e => e.outerHTML.slice(0, 120))"""
        )

        assert small == []
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(wide)


@pytest.mark.parametrize(("theme", "language", "screen"), WAYS)
def test_axe_finds_nothing_at_the_visit(
    visits: Visits, cast: Cast, theme: str, language: str, screen: Any
) -> None:
    case = away(cast)
    page = visits.begin(cast.xiaobo, theme=theme, language=language, screen=screen)
    page.goto(address_of(case))
    found = {"empty": violations(page)}
    page.check("#id_photos_allowed")
    add_photo(page)
    sign(page, "first_signature")
    found["begun"] = violations(page)
    send(page)
    expect(page.locator("main .cw-errors")).to_be_visible()
    found["with mistakes"] = violations(page)
    page.context.set_offline(True)
    expect(page.locator("[data-kept]")).to_have_class(re.compile("is-warn"))
    found["offline"] = violations(page)

    assert {name: said for name, said in found.items() if said} == {}
    assert visits.complaints == []
    assert visits.asked_elsewhere == []
