"""What a file is, by its content; what is taken, and the sentence for what is not (S13)."""

import random
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from casework.domain import materials, pdfs, pictures
from casework.domain.materials import JPEG, PDF, PNG, BadFile

# ---------------------------------------------------------------- files to try


def picture(
    form: str = "JPEG", size: tuple[int, int] = (320, 200), **told: object
) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "#8391a5").save(made, form, **told)
    return made.getvalue()


def bomb(size: tuple[int, int]) -> bytes:
    """A few kilobytes that say they are a hundred million pixels."""
    made = BytesIO()
    Image.new("1", size).save(made, "PNG")
    return made.getvalue()


def located() -> bytes:
    """A photo taken on its side, with the place where, a comment and a profile."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Shi Jianming"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 18.0, 7.0), 3: "E", 4: (120, 37, 1)})
    return picture(exif=exif, comment=b"home of Shi Jianming", icc_profile=b"profile")


def pdf(inside: bytes = b"", *, more: bytes = b"", ends: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R "
        + inside
        + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n"
        + more
        + b"trailer\n<< /Root 1 0 R >>\n"
        + ends
    )


def packed(text: bytes) -> bytes:
    return (
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\r\n"
        + zlib.compress(text)
        + b"\r\nendstream\nendobj\n"
    )


def archive(name: str, content: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as opened:
        opened.writestr(name, content)
    return made.getvalue()


SCRIPT = b"<script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'
NEITHER = "既不是照片"

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.jpg", b"", "是空文件"),
    "html as jpg": ("a.jpg", b"<html>" + SCRIPT, NEITHER),
    "html as pdf": ("a.pdf", SCRIPT, NEITHER),
    "svg": ("a.svg", SVG, NEITHER),
    "svg as png": ("a.png", SVG, NEITHER),
    "gif": ("a.gif", picture("GIF"), NEITHER),
    "gif as jpg": ("a.jpg", picture("GIF"), NEITHER),
    "bmp": ("a.bmp", picture("BMP"), NEITHER),
    "tiff": ("a.tif", picture("TIFF"), NEITHER),
    "icon": ("a.ico", picture("ICO", (16, 16)), NEITHER),
    "program": ("a.jpg", b"MZ\x90\x00" + bytes(60), NEITHER),
    "elf": ("a.pdf", b"\x7fELF" + bytes(60), NEITHER),
    "shell": ("a.jpg", b"#!/bin/sh\nrm -rf /\n", NEITHER),
    "word with macros": ("a.docm", archive("word/vbaProject.bin", b"x"), NEITHER),
    "zip": ("a.zip", archive("a.txt", b"x"), NEITHER),
    "zip bomb": ("a.zip", archive("a.txt", bytes(1000)), NEITHER),
    "zip with a way out": ("a.zip", archive("../../etc/passwd", b"x"), NEITHER),
    "zip as pdf": ("a.pdf", archive("a.pdf", b"%PDF-1.7"), NEITHER),
    "pdf behind something": ("a.pdf", b"GIF89a" + pdf(), NEITHER),
    "text": ("a.txt", "身份证".encode(), NEITHER),
    "utf-16": ("a.jpg", "<script>".encode("utf-16"), NEITHER),
    "php in a name of two endings": ("a.jpg.php", b"<?php system('id');", NEITHER),
    "start of a jpeg": ("a.jpg", b"\xff\xd8\xff\xe0", "打不开"),
    "start of a jpeg, then html": ("a.jpg", b"\xff\xd8\xff\xe0" + SCRIPT, "打不开"),
    "half a jpeg": ("a.jpg", picture(size=(640, 480))[:900], "打不开"),
    "start of a png": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "打不开"),
    "half a png": ("a.png", picture("PNG", (640, 480))[:-40], "打不开"),
    "start of a webp": ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(9), "打不开"),
    "webp that is sound": (
        "a.webp",
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(30),
        NEITHER,
    ),
    "bomb of 10,000 pixels": ("a.png", bomb((10_000, 10_000)), "像素太多"),
    "bomb in one row": ("a.png", bomb((60_000, 500)), "像素太多"),
    "bomb in steps": (
        "a.jpg",
        picture(size=(6000, 5000), progressive=True),
        "像素太多",
    ),
    "bomb of webp": ("a.webp", picture("WEBP", (4000, 2100)), "像素太多"),
    "pdf that is cut off": ("a.pdf", pdf(ends=b""), "不完整"),
    "pdf with something behind": ("a.pdf", pdf() + bytes(5000), "不完整"),
    "pdf with a password": ("a.pdf", pdf(b"/Encrypt 9 0 R"), "有密码"),
    "pdf with a script": (
        "a.pdf",
        pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"),
        "脚本",
    ),
    "pdf with a script, spelled": (
        "a.pdf",
        pdf(b"/A << /S /J#61vaScrip#74 >>"),
        "脚本",
    ),
    "pdf with a script, packed": (
        "a.pdf",
        pdf(more=packed(b"4 0 << /S /JavaScript /JS (x) >>")),
        "脚本",
    ),
    "pdf with a script, packed after much": (
        "a.pdf",
        pdf(more=packed(bytes(3_000_000) + b"<< /S /JavaScript >>")),
        "脚本",
    ),
    "pdf with a script on a border": (
        "a.pdf",
        pdf(more=packed(bytes(1024 * 1024 - 5) + b"/JavaScript >>")),
        "脚本",
    ),
    "pdf with an attachment": (
        "a.pdf",
        pdf(b"/Names << /EmbeddedFiles 5 0 R >>"),
        "附件",
    ),
    "pdf that starts a program": (
        "a.pdf",
        pdf(b"/A << /S /Launch /F (cmd.exe) >>"),
        "脚本",
    ),
    "pdf that sends a form": ("a.pdf", pdf(b"/A << /S /SubmitForm >>"), "脚本"),
    "pdf with an xml form": ("a.pdf", pdf(b"/AcroForm << /XFA [ 1 0 R ] >>"), "脚本"),
    "pdf with a film": ("a.pdf", pdf(b"/Subtype /RichMedia "), "脚本"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_taken_says_which_file_and_what_to_do(case: str) -> None:
    name, content, said = REFUSED[case]

    with pytest.raises(BadFile) as refusal:
        materials.read(name, content)

    told = refusal.value.args[0]
    assert told.zh.startswith(f"“{name}”")
    assert said in told.zh
    assert told.en.startswith(f"“{name}”")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_content_whatever_its_name(form: str) -> None:
    upload = materials.read("扫描件.pdf.exe", picture(form))

    assert upload.content_type == (PNG if form == "PNG" else JPEG)
    assert upload.name == f"扫描件.pdf.exe{'.png' if form == 'PNG' else '.jpg'}"
    assert upload.pages == 1


def test_a_photo_comes_in_upright_and_without_its_place() -> None:
    sent = located()
    assert b"Shi Jianming" in sent

    kept = materials.read("石建明.jpg", sent)

    with Image.open(BytesIO(kept.content)) as image:
        assert image.size == (200, 320)
        assert not image.getexif()
        assert not {"comment", "icc_profile", "exif"} & set(image.info)
    assert b"Shi Jianming" not in kept.content


def test_a_picture_for_the_press_comes_in_upright_too() -> None:
    exif, made = Image.Exif(), BytesIO()
    exif[0x0112] = 8
    Image.new("CMYK", (40, 30)).save(made, "JPEG", exif=exif)

    with Image.open(BytesIO(materials.read("a", made.getvalue()).content)) as image:
        assert (image.size, image.mode) == ((30, 40), "RGB")


def test_what_stands_behind_a_picture_is_not_kept() -> None:
    for form in ("JPEG", "PNG"):
        polyglot = picture(form) + SCRIPT + pdf() + archive("a.js", b"x")

        kept = materials.read("a.jpg", polyglot)

        assert SCRIPT not in kept.content
        assert b"PK\x03\x04" not in kept.content
        assert b"%PDF" not in kept.content


def test_what_a_png_says_beside_its_picture_is_not_kept() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Shi Jianming")

    kept = materials.read("a.png", picture("PNG", pnginfo=told))

    assert b"Shi Jianming" not in kept.content


def test_a_large_photo_is_made_small() -> None:
    kept = materials.read("a.jpg", picture(size=(6000, 4000)))

    with Image.open(BytesIO(kept.content)) as image:
        assert image.size == (pictures.LONGEST_SIDE, 1333)


def test_a_png_that_is_a_photo_is_kept_as_one() -> None:
    made = BytesIO()
    Image.frombytes("RGB", (1200, 900), random.Random(5).randbytes(3_240_000)).save(
        made, "PNG"
    )

    assert materials.read("a.png", made.getvalue()).content_type == JPEG


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_taken(mode: str) -> None:
    made = BytesIO()
    Image.new(mode, (40, 30)).save(made, "JPEG" if mode == "CMYK" else "PNG")

    assert materials.read("a", made.getvalue()).size > 0


def test_a_signature_keeps_its_clear_ground() -> None:
    made = BytesIO()
    Image.new("RGBA", (330, 96), (0, 0, 0, 0)).save(made, "PNG")

    with Image.open(BytesIO(materials.read("a.png", made.getvalue()).content)) as image:
        assert image.mode == "RGBA"


def test_a_plain_pdf_comes_in_as_it_is() -> None:
    sent = pdf(
        more=b"3 0 obj << /Type /Page >> endobj\n" + packed(b"4 0 << /Type /Page >>")
    )

    kept = materials.read("流水.PDF", sent)

    assert (kept.content, kept.content_type, kept.pages) == (sent, PDF, 3)
    assert kept.name == "流水.pdf"


def test_a_pdf_of_noise_is_no_script(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = random.Random(7).randbytes(4_000_000)
    body = b"5 0 obj\n<< /Length 1 >>\nstream\n" + noise + b"\nendstream\nendobj\n"

    assert materials.read("a.pdf", pdf(more=body)).pages == 1


def test_a_pdf_that_unpacks_without_end_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdfs, "MOST_UNPACKED", 2_000_000)

    with pytest.raises(BadFile) as refusal:
        materials.read("a.pdf", pdf(more=packed(bytes(2_100_000))))

    assert "解开以后太大" in refusal.value.args[0].zh


def test_a_file_that_is_too_large_says_its_size_and_the_limit() -> None:
    with pytest.raises(BadFile) as refusal:
        materials.read("病历.pdf", bytes(materials.LARGEST_FILE + 1024 * 1024))

    told = refusal.value.args[0]
    assert told.zh == "“病历.pdf”有11 MB，每个文件最多10 MB。请压小或分开后再传。"
    assert "11 MB; a file may have 10 MB" in told.en


LONG = "核" * 85  # 255 bytes

NAMES: dict[str, tuple[str, str]] = {
    "folders": ("../../etc/passwd", "passwd"),
    "folders of another system": ("C:\\照片\\客厅.jpg", "客厅.jpg"),
    "a sign that turns text": ("收据\u202egpj.exe", "收据 gpj.exe"),
    "number 0": ("a\x00.jpg", "a .jpg"),
    "lines": ("a\r\nX-Evil: 1.jpg", "a X-Evil: 1.jpg"),
    "nothing": ("", "file"),
    "dots": ("...", "file"),
    "spaces": ("  身份证　正面 .jpg ", "身份证 正面 .jpg"),
    "parts of a sign": ("cafe\u0301.jpg", "café.jpg"),
    "half a sign": ("a\ud800.jpg", "a .jpg"),
    "255 bytes": (LONG, LONG),
    "256 bytes": (f"{LONG}x", LONG),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_are_cleaned(case: str) -> None:
    sent, kept = NAMES[case]

    assert materials.clean_name(sent) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = materials.read(f"{LONG}.JPEG", picture()).name

    assert name.endswith("核.jpg")
    assert 250 < len(name.encode()) <= 255


@pytest.mark.parametrize("make", [lambda: picture("PNG", (4400, 4400)), located])
def test_the_digest_is_of_what_is_kept(make: Callable[[], bytes]) -> None:
    one, two = (materials.read("a", make()) for _ in range(2))

    assert one.sha256 == two.sha256
    assert one.size < 1_000_000
