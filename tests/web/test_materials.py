"""Materials: files that come with a step, and who opens them (S10, S13)."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from PIL import Image
from playwright.sync_api import FilePayload, ViewportSize

from casework.access import Actor
from casework.domain.materials import LARGEST_FILE, LARGEST_FORM
from casework.models import Act, Case, Event, Material, MaterialContent
from casework.services import cases
from casework.services.materials import example_picture
from casework.web import uploads
from tests.cast import Cast
from tests.domain.test_materials import located, pdf, picture
from tests.web.pages import browse, read, register
from tests.web.test_frame_accessibility import WAYS, violations
from tests.web.visits import Visits

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def waiting(by: Actor) -> Case:
    """Return a case that waits for papers."""
    case = register(by)
    cases.claim(case.pk, by=by)
    data = {"items": '["身份证"]'}
    return cases.act(case.pk, "ask_for_papers", by=by, version=None, data=data)


def file(name: str, content: bytes, said: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, said)


def send(client: Client, case: Case, *files: SimpleUploadedFile, **more: str) -> Any:
    address = f"/cases/{case.pk}/steps/supply/"
    form = read(client, address)
    hidden = dict(re.findall(r'name="(version|command)" value="([^"]+)"', form))
    return client.post(address, {**hidden, **more, "papers": list(files)})


@pytest.fixture
def case(cast: Cast) -> Case:
    return waiting(cast.xiaobo)


def test_a_step_with_files_asks_for_them(cast: Cast, case: Case) -> None:
    html = read(browse(cast.xiaobo), f"/cases/{case.pk}/steps/supply/")

    assert 'enctype="multipart/form-data"' in html
    assert re.search(r'<input type="file" name="papers"[^>]* multiple', html)


def test_files_and_their_act_are_written_together(cast: Cast, case: Case) -> None:
    response = send(
        browse(cast.xiaobo),
        case,
        file("石建明身份证.jpg", located()),
        file("流水.pdf", pdf(), "application/pdf"),
    )

    assert response.status_code == 302
    photo, paper = (
        Material._base_manager.filter(case_id=case.pk)
        .order_by("content_type")
        .reverse()
    )
    act = Act.objects.get(case=case, step="step.supply")
    assert {photo.version, paper.version} == {act.version}
    assert (photo.code, photo.title, photo.file_name) == (
        "supplied",
        "补正材料",
        "石建明身份证.jpg",
    )
    assert paper.kept.content == pdf()
    assert act.data["papers"] == [
        {"sha256": photo.sha256, "type": "image/jpeg"},
        {"sha256": paper.sha256, "type": "application/pdf"},
    ]
    assert "石建明" not in str(act.data)


def test_what_is_kept_is_sealed(cast: Cast, case: Case) -> None:
    send(browse(cast.xiaobo), case, file("石建明.pdf", pdf(), "application/pdf"))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.file_name, c.content FROM casework_material m"
            " JOIN casework_materialcontent c ON c.material_id = m.id"
        )
        ((name, content),) = cursor.fetchall()

    assert "石建明".encode() not in bytes(name)
    assert b"%PDF" not in bytes(content)


def test_a_file_that_is_bad_keeps_everything_out(cast: Cast, case: Case) -> None:
    response = send(
        browse(cast.xiaobo),
        case,
        file("好.jpg", picture()),
        file("坏.jpg", b"<html>"),
        file("空.pdf", b""),
        **{"when-late_reason": "停电"},
    )
    html = response.content.decode()

    assert response.status_code == 422
    assert "“坏.jpg”既不是照片（JPG、PNG、WEBP），也不是PDF" in html
    assert "“空.pdf”是空文件" in html
    assert "“好.jpg”" not in html
    assert 'value="停电"' in html
    assert not Material._base_manager.exists()
    assert not MaterialContent.objects.exists()
    assert not Act.objects.filter(step="step.supply").exists()


def test_a_file_of_50_megabytes_comes_back_as_a_sentence(
    cast: Cast, case: Case
) -> None:
    response = send(
        browse(cast.xiaobo),
        case,
        file("录像.jpg", b"\xff\xd8\xff" + bytes(50 * MEGABYTE)),
        **{"when-late_reason": "停电"},
    )
    html = response.content.decode()

    assert response.status_code == 422
    assert "“录像.jpg”有50 MB，每个文件最多10 MB。请压小或分开后再传。" in html
    assert 'value="停电"' in html


def test_a_form_of_too_many_megabytes_says_where_it_became_too_much(
    cast: Cast, case: Case
) -> None:
    large = pdf(more=bytes(9 * MEGABYTE))
    files = [file(f"{n}.pdf", large, "application/pdf") for n in range(4)]

    html = send(browse(cast.xiaobo), case, *files).content.decode()

    assert "加上“3.pdf”，这张表单的文件超过了30 MB" in html
    assert "加上“2.pdf”" not in html


def test_a_form_of_too_many_files_says_so(cast: Cast, case: Case) -> None:
    files = [file(f"{n}.png", picture("PNG", (8, 8))) for n in range(21)]

    response = send(browse(cast.xiaobo), case, *files)

    assert response.status_code == 422
    assert "这里最多传 20 个文件，您选了 21 个。" in response.content.decode()


def test_what_is_beyond_all_measure_is_not_read(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 4000)

    response = browse(cast.xiaobo).post(
        f"/cases/{case.pk}/steps/supply/", {"papers": [file("a.jpg", bytes(5000))]}
    )

    assert response.status_code == 400
    assert "一张表单的文件一共最多30 MB、20个" in response.content.decode()


def test_a_hundred_files_are_refused_with_a_sentence(cast: Cast, case: Case) -> None:
    files = [file(f"{n}.png", b"x") for n in range(101)]

    response = browse(cast.xiaobo).post(
        f"/cases/{case.pk}/steps/supply/", {"papers": files}
    )

    assert response.status_code == 400
    assert "送来的内容太多" in response.content.decode()


def handler_of(user: Any) -> Callable[[bytes], Any]:
    request = type("Request", (), {"user": user})()
    handler = uploads.BoundedUploadHandler(request)
    handler.handle_raw_input(None, {}, 10, b"", None)

    def keep(content: bytes) -> Any:
        handler.new_file("papers", "a.jpg", "image/jpeg", None)
        for start in range(0, len(content), 65536):
            handler.receive_data_chunk(content[start : start + 65536], start)
        return handler.file_complete(len(content))

    return keep


def test_no_byte_is_kept_of_what_is_too_large(cast: Cast) -> None:
    keep = handler_of(cast.amin.user)

    assert keep(bytes(LARGEST_FILE)).file is not None
    assert keep(bytes(LARGEST_FILE + 1)).file is None
    # What was dropped makes room again, and the form's own limit holds.
    assert keep(bytes(LARGEST_FILE)).file is not None
    assert keep(bytes(LARGEST_FORM - 2 * LARGEST_FILE)).file is not None
    assert keep(b"x").file is None


def test_nothing_of_a_strangers_file_is_kept() -> None:
    from django.contrib.auth.models import AnonymousUser

    assert handler_of(AnonymousUser())(b"x").file is None
    assert handler_of(None)(b"x").file is None


# ---------------------------------------------------------------- names from outside


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("收据\u202egpj.exe", "收据gpj.exe.png"),
        ("a\x00b.png", "ab.png"),
        ("../../../etc/passwd", "passwd.png"),
        ("核" * 85, "核" * 83 + ".png"),
        ("发票.pdf.php", "发票.pdf.php.png"),
    ],
)
def test_a_name_from_outside_is_cleaned(
    cast: Cast, case: Case, sent: str, kept: str
) -> None:
    send(browse(cast.xiaobo), case, file(sent, picture("PNG")))

    assert Material._base_manager.get().file_name == kept


# ---------------------------------------------------------------- opening


@pytest.fixture
def kept(cast: Cast, case: Case) -> Material:
    """A photo and a PDF of 小博's case; the photo."""
    send(
        browse(cast.xiaobo),
        case,
        file("客厅.jpg", located()),
        file("流水.pdf", pdf(), "application/pdf"),
    )
    return Material._base_manager.get(content_type="image/jpeg")


def address_of(material: Material) -> str:
    return f"/cases/{material.case_id}/materials/{material.pk}/"


def test_a_picture_is_shown_and_can_do_nothing(cast: Cast, kept: Material) -> None:
    response = browse(cast.xiaobo).get(address_of(kept))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    with Image.open(BytesIO(response.content)) as image:
        assert image.size == (200, 320)


def test_anything_else_is_handed_over_as_a_file(cast: Cast, kept: Material) -> None:
    paper = Material._base_manager.get(content_type="application/pdf")
    client = browse(cast.xiaobo)

    for address in (address_of(paper), f"{address_of(kept)}?download"):
        said = client.get(address)["Content-Disposition"]
        assert said.startswith("attachment; filename*=utf-8''")
    assert client.get(address_of(paper)).content == pdf()


def test_a_part_of_a_file_is_not_served(cast: Cast, kept: Material) -> None:
    response = browse(cast.xiaobo).get(address_of(kept), headers={"range": "bytes=0-9"})

    assert response.status_code == 200
    assert len(response.content) == kept.size


def test_each_opening_is_logged(cast: Cast, kept: Material) -> None:
    client = browse(cast.xiaobo)

    for _time in range(2):
        client.get(address_of(kept))

    events = Event.objects.filter(verb="material.opened")
    assert events.count() == 2
    event = events.latest("sequence")
    assert str(kept.pk) in bytes(event.body).decode()
    assert "客厅" not in bytes(event.body).decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("xiaobo", 200),  # whose case it is
        ("fangzheng", 200),  # audits the city
        ("amin", 403),  # a caseworker of the county, which does not have the case
        ("chendi", 403),  # heads the county; the case lies at the station
        ("heshi", 403),
        ("gaojing", 403),
        ("dinglan", 404),  # another county
    ],
)
def test_a_material_opens_for_the_team_and_the_auditor(
    cast: Cast, kept: Material, who: str, status: int
) -> None:
    response = browse(getattr(cast, who)).get(address_of(kept))

    assert response.status_code == status
    opened = Event.objects.filter(verb="material.opened").exists()
    assert opened == (status == 200)


def test_rights_that_are_lost_close_it(cast: Cast, kept: Material) -> None:
    client = browse(cast.xiaobo)
    assert client.get(address_of(kept)).status_code == 200

    cases.act(kept.case_id, "accept", by=cast.xiaobo, version=None, data={})

    assert client.get(address_of(kept)).status_code == 403


def test_a_closed_case_opens_for_the_auditor_alone(cast: Cast, kept: Material) -> None:
    cases.act(kept.case_id, "accept", by=cast.xiaobo, version=None, data={})
    cases.claim(kept.case_id, by=cast.amin)
    answer = {"answer": "应当补发。"}
    cases.act(kept.case_id, "answer", by=cast.amin, version=None, data=answer)

    barred = browse(cast.amin).get(address_of(kept))

    assert barred.status_code == 403
    assert "案件已经办结，材料只有审计员能打开" in barred.content.decode()
    assert browse(cast.fangzheng).get(address_of(kept)).status_code == 200


def test_a_material_of_another_case_is_none(cast: Cast, kept: Material) -> None:
    other = waiting(cast.xiaobo)
    client = browse(cast.xiaobo)

    elsewhere = client.get(f"/cases/{other.pk}/materials/{kept.pk}/")
    nowhere = client.get(f"/cases/{other.pk}/materials/{uuid4()}/")

    assert elsewhere.status_code == nowhere.status_code == 404
    assert "没有这份材料。" in elsewhere.content.decode()


# ---------------------------------------------------------------- the list


def test_the_list_names_what_came_by_whom_and_when(cast: Cast, kept: Material) -> None:
    html = read(browse(cast.xiaobo), f"/cases/{kept.case_id}/?tab=materials")

    record = html[html.index('id="record"') :]
    assert record.count(">补正材料<") == 2
    assert "客厅.jpg" in record
    assert "小博" in record
    assert "平江街道帮扶站" in record
    assert address_of(kept) in record


def test_who_may_not_open_reads_why_and_no_name_of_a_file(
    cast: Cast, kept: Material
) -> None:
    html = read(browse(cast.amin), f"/cases/{kept.case_id}/?tab=materials")

    assert "一份材料" in html
    # A title like 诊断证明 tells of an illness.
    assert f'<th scope="row">{kept.title}' not in html
    assert "材料只有承办人、案件所在单位的负责人和审计员能打开。" in html
    assert "客厅" not in html
    assert address_of(kept) not in html


def test_a_case_without_materials_says_where_they_will_be(
    cast: Cast, case: Case
) -> None:
    html = read(browse(cast.xiaobo), f"/cases/{case.pk}/?tab=materials")

    assert "还没有材料" in html


def test_what_is_taken_back_stays_and_is_marked(cast: Cast, kept: Material) -> None:
    from casework.services import mending

    mending.take_back(kept.case_id, by=cast.xiaobo, reason="传错了")

    kept.refresh_from_db()
    assert kept.ended_by is not None
    html = read(browse(cast.xiaobo), f"/cases/{kept.case_id}/?tab=materials")
    assert html.count("已被替换") == 2


@pytest.mark.parametrize(("theme", "language", "screen"), WAYS)
def test_axe_finds_nothing_at_the_papers(
    visits: Visits, cast: Cast, theme: str, language: str, screen: ViewportSize
) -> None:
    case = waiting(cast.xiaobo)
    page = visits.begin(cast.xiaobo, theme=theme, language=language, screen=screen)
    found: dict[str, list[str]] = {}

    page.goto(f"/cases/{case.pk}/steps/supply/")
    found["form"] = violations(page)
    bad = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=b"<html>")
    page.set_input_files("#id_papers", bad)
    page.click("main .btn-primary")
    page.wait_for_selector("main .cw-errors")
    found["form with a mistake"] = violations(page)
    good = FilePayload(name="客厅.jpg", mimeType="image/jpeg", buffer=located())
    page.set_input_files("#id_papers", good)
    page.click("main .btn-primary")
    page.wait_for_url(f"**/cases/{case.pk}/")
    page.goto(f"/cases/{case.pk}/?tab=materials")
    assert page.locator("#record").get_by_text("客厅.jpg").is_visible()
    found["list"] = violations(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert {name: said for name, said in found.items() if said} == {}
    assert visits.complaints == []
    assert visits.asked_elsewhere == []


# ---------------------------------------------------------------- what only grows


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_material SET title = 'x'",
        "DELETE FROM casework_material",
        "UPDATE casework_materialcontent SET content = NULL",
        "DELETE FROM casework_materialcontent",
        "TRUNCATE casework_materialcontent",
    ],
)
def test_the_application_changes_no_material(
    cast: Cast, kept: Material, statement: str
) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_example_is_a_picture() -> None:
    with Image.open(example_picture()) as image:
        image.load()
