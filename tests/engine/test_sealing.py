"""Sealed columns: what stands in the table, what opens, and what does not."""

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction

from casework.domain.sealing import BrokenSeal, Scope, UnknownKey
from casework.domain.vocabulary import Part
from casework.models import Case, Party
from casework.models.sealing import ring
from casework.services.rows import row_of
from tests import keys

ID_NUMBER = "32050819900307123X"
PHONE = "129 0000 6204"


@pytest.fixture
def party(inquiry: Case) -> Party:
    return Party.objects.create(
        case=inquiry,
        version=1,
        part=Part.MEMBER,
        name="周雅琴",
        phone=PHONE,
        id_number=ID_NUMBER,
    )


def raw(party: Party) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone, phone_index, id_number, id_index, address, tokens"
            " FROM casework_party WHERE id = %s",
            [party.pk],
        )
        (row,) = cursor.fetchall()
        return dict(zip([c.name for c in cursor.description], row, strict=True))


def put(party: Party, **columns: bytes) -> None:
    sets = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            f"UPDATE casework_party SET {sets} WHERE id = %s",
            [*columns.values(), party.pk],
        )
        cursor.execute("SET ROLE casework_app")


def test_what_is_stored_is_sealed_and_what_is_read_is_clear(party: Party) -> None:
    read = Party.objects.get(pk=party.pk)

    assert (read.phone, read.id_number, read.address) == (PHONE, ID_NUMBER, "")
    stored = raw(party)
    assert stored["address"] is None
    assert ID_NUMBER.encode() not in stored["id_number"]
    assert stored["phone_index"] == ring().index("12900006204", Scope.PHONE)
    assert stored["id_index"] == ring().index(ID_NUMBER.lower(), Scope.ID_NUMBER)


def test_the_door_writes_the_same_bytes(party: Party) -> None:
    row = row_of(party)

    assert row["id_number"] == raw(party)["id_number"]
    assert PHONE not in str(row)
    assert ID_NUMBER not in str(row)


def test_bulk_creation_seals_too(inquiry: Case) -> None:
    rows = [
        Party(case=inquiry, version=1, part="member", name="张三", id_number=text)
        for text in ("1" * 18, "2" * 18)
    ]
    Party.objects.bulk_create(rows)

    read = Party.objects.filter(pk__in=[row.pk for row in rows])
    assert {row.id_number for row in read} == {"1" * 18, "2" * 18}


def test_a_list_opens_nothing(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> str:
        raise AssertionError("opened")

    monkeypatch.setattr("casework.domain.sealing.KeyRing.open_bytes", never)

    assert [p.name for p in Party.objects.in_force().filter(pk=party.pk)] == ["周雅琴"]
    with pytest.raises(AssertionError, match="opened"):
        Party.objects.get(pk=party.pk).phone  # noqa: B018


def test_ciphertext_of_another_row_or_column_does_not_open(
    party: Party, inquiry: Case
) -> None:
    other = Party.objects.create(
        case=inquiry, version=1, part="member", name="李四", phone="12911112222"
    )
    stored = raw(party)

    put(other, phone=stored["phone"])
    with pytest.raises(BrokenSeal):
        Party.objects.get(pk=other.pk).phone  # noqa: B018
    put(party, address=stored["id_number"])
    with pytest.raises(BrokenSeal):
        Party.objects.get(pk=party.pk).address  # noqa: B018


def test_another_site_s_key_opens_nothing(party: Party, settings: Any) -> None:
    settings.DATA_KEYS = keys.ring_of(1, 2)
    with pytest.raises(BrokenSeal):
        Party.objects.get(pk=party.pk).phone  # noqa: B018
    settings.DATA_KEYS = keys.ring_of(2)
    with pytest.raises(UnknownKey):
        Party.objects.get(pk=party.pk).phone  # noqa: B018


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "id_number__in"])
def test_a_sealed_column_is_not_compared(db: None, lookup: str) -> None:
    with pytest.raises(FieldError):
        Party.objects.filter(**{lookup: "x"})


def test_a_sealed_column_is_not_written_past_its_row(party: Party) -> None:
    with pytest.raises(TypeError, match="sealed"), transaction.atomic():
        Party.objects.filter(pk=party.pk).update(phone="12911112222")


def test_what_has_no_id_yet_cannot_be_sealed() -> None:
    with pytest.raises(TypeError, match="needs its id"):
        Party(id=None, name="张三", phone=PHONE)
