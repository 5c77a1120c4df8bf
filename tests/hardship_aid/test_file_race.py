"""Two counties open a file of one household at the same moment: one file, one reader."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from casework.domain.errors import Conflict, InvalidForm
from casework.models import Case
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.engine.threads import at_once, kinds, set_time_of_all
from tests.hardship_aid.files import ONE, OTHER, FileWay, approved, opened
from workflows.hardship_aid import file_household
from workflows.hardship_aid.models import FiledMember


def test_H01_of_two_counties_one_wins_and_the_other_reads_which_file(
    own_database: str, cast: Cast
) -> None:
    set_time_of_all(own_database, "2026-09-24 10:00")
    # 姑苏 knows the worker, 昆山 his spouse; each has an approved application.
    here = approved(cast.amin)
    there = approved(cast.dinglan, numbers=(ONE[1], OTHER[1]))
    works: list[Callable[[], Case]] = [
        lambda: opened(cast.amin, here),
        lambda: opened(cast.dinglan, there),
    ]

    results = at_once(works)

    assert kinds(results) == {"HardshipFile": 1, "InvalidForm": 1}
    won = next(r for r in results if isinstance(r, Case))
    lost = next(r for r in results if isinstance(r, InvalidForm))
    assert won.county is not None
    assert f"{won.county.name}的{won.number}（2026年9月24日起）" in lost.message
    assert not [n for n in (*ONE, *OTHER, "周雅琴", "陆志远") if n in lost.message]
    assert set(FiledMember.objects.values_list("case_id", flat=True)) == {won.pk}
    assert Case.objects.filter(kind="hardship_file").count() == 1


@pytest.mark.django_db
def test_H01_the_database_keeps_one_file_whatever_the_code_says(
    office: Cast, clock: DatabaseClock
) -> None:
    way = FileWay(office, clock)
    member = FiledMember.objects.filter(case=way.case).first()
    assert member is not None
    twin = FiledMember(
        case_id=way.application.pk,
        version=1,
        city_id=member.city_id,
        id_index=member.id_index,
    )

    with (
        pytest.raises(IntegrityError, match="one_file_in_the_city"),
        transaction.atomic(),
    ):
        twin.save()
    twin.is_leaving = True
    twin.save()
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("UPDATE hardship_aid_filedmember SET is_leaving = true")


@pytest.mark.django_db
def test_H01_what_the_constraint_refuses_is_said_in_words(
    office: Cast, clock: DatabaseClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(office.amin, approved(office.amin))
    elsewhere = approved(office.dinglan, numbers=(ONE[1], OTHER[1]))
    monkeypatch.setattr(file_household, "known_elsewhere", lambda *_, **__: "")

    with pytest.raises(Conflict, match="一户只有一份档案（规则 H-01）"):
        opened(office.dinglan, elsewhere)
