"""Days and moments as sentences say them, in the reader's language."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation

from casework import wording
from casework.web.desk.story import shown

ROOT = Path(__file__).resolve().parents[2]
#: A template that writes a day in figures where a person reads a sentence.
ISO_FILTER = re.compile(r"\|date:\"Y-m-d")


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("zh-hans", "2026年9月24日", "2026年9月24日 10:00"),
        ("en", "24 September 2026", "24 September 2026 10:00"),
    ],
)
def test_a_day_and_a_moment_in_either_language(
    language: str, day: str, moment: str
) -> None:
    at = datetime(2026, 9, 24, 2, tzinfo=UTC)
    with translation.override(language):
        assert wording.day(date(2026, 9, 24)) == wording.day(at) == day
        assert wording.moment(at) == moment
        assert shown("2026-09-24") == shown(date(2026, 9, 24)) == day
        assert shown("2026-09-24T10:00:00+08:00") == moment
        assert shown("2026-09-24第1号") == "2026-09-24第1号"


def test_a_moment_belongs_to_the_day_it_is_in_the_office() -> None:
    late = datetime(2026, 9, 24, 16, 30, tzinfo=UTC)

    assert wording.moment(late) == "2026年9月25日 00:30"


def test_no_template_writes_a_day_in_figures() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if ISO_FILTER.search(path.read_text())
    ]

    assert found == []
