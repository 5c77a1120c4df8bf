"""A new key: everything is sealed anew while others write, however often it is killed."""

import os
import signal
import subprocess
import threading
from typing import Any

import pytest
from django.db import connection, connections

from casework.conf.production import SAMPLE_DATA_KEYS
from casework.domain.sealing import BrokenSeal, version_of
from casework.models import Case, Party
from casework.services import resealing
from tests import keys, servers
from tests.operations.commands import MANAGE, environment

BOTH = f"{SAMPLE_DATA_KEYS},{keys.ring_of(2)}"
MANY = 60


@pytest.fixture
def parties(own_database: str, inquiry: Case) -> list[Party]:
    return Party.objects.bulk_create(_party(inquiry, n) for n in range(MANY))


def _party(case: Case, number: int) -> Party:
    return Party(
        case=case,
        version=1,
        part="member",
        name="周雅琴",
        phone=f"129{number:08d}",
        id_number=f"{number:018d}",
        address="平江街道" if number % 2 else "",
    )


def _versions() -> list[int]:
    return [
        version_of(stored)
        for party in Party.objects.all()
        for stored in (
            party.__dict__[name] for name in ("phone", "id_number", "address")
        )
        if stored is not None
    ]


def _all_open() -> None:
    for party in Party.objects.exclude(id_index=None):
        number = int(party.id_number)
        assert party.phone == f"129{number:08d}"
        assert party.address == ("平江街道" if number % 2 else "")


def test_everything_is_sealed_with_the_newest_key(
    parties: list[Party], settings: Any
) -> None:
    settings.DATA_KEYS = BOTH
    before = resealing.left()
    assert before == len(_versions())

    done = list(resealing.reseal(batch=7))

    assert done[-1].table == "casework_party"
    assert resealing.left() == 0
    assert set(_versions()) == {2}
    _all_open()
    # The key that sealed it opens it alone, and it is found by the same marks.
    settings.DATA_KEYS = keys.ring_of(2)
    _all_open()
    assert Party.objects.filter(id_index=parties[3].id_index).get() == parties[3]
    assert list(resealing.reseal()) == []


def test_one_that_stops_half_way_goes_on_from_there(
    parties: list[Party], settings: Any
) -> None:
    settings.DATA_KEYS = BOTH
    run = resealing.reseal(batch=7)
    next(run)
    next(run)
    del run

    assert sorted(set(_versions())) == [1, 2]
    _all_open()
    list(resealing.reseal(batch=7))
    assert set(_versions()) == {2}
    _all_open()


@pytest.mark.parametrize(
    "kills", [3, pytest.param(20, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_a_run_that_is_killed_leaves_nothing_unreadable(
    parties: list[Party],
    inquiry: Case,
    own_database: str,
    postgres: servers.Server,
    settings: Any,
    kills: int,
) -> None:
    told = environment(DATABASE_URL=postgres.url(own_database), CASEWORK_DATA_KEYS=BOTH)
    settings.DATA_KEYS = BOTH
    for number in range(kills):
        # Somebody writes meanwhile, one with the new key and one without it.
        Party.objects.bulk_create([_party(inquiry, MANY + 2 * number)])
        settings.DATA_KEYS = SAMPLE_DATA_KEYS
        Party.objects.bulk_create([_party(inquiry, MANY + 2 * number + 1)])
        settings.DATA_KEYS = BOTH
        run = subprocess.Popen(
            [*MANAGE, "reseal", "--batch", "2"],
            env={**told, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert run.stdout is not None
        assert "casework_party" in run.stdout.readline()
        os.kill(run.pid, signal.SIGKILL)
        assert run.wait() == -signal.SIGKILL
        run.stdout.close()
        _all_open()

    done = subprocess.run(
        [*MANAGE, "reseal"], env=told, capture_output=True, text=True, check=True
    )

    assert "Everything is sealed with the newest key" in done.stdout
    assert set(_versions()) == {2}
    _all_open()


def test_others_write_while_it_runs(
    parties: list[Party], inquiry: Case, settings: Any
) -> None:
    settings.DATA_KEYS = BOTH
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        number = 10 * MANY
        while not stop.is_set():
            _party(inquiry, number).save(force_insert=True)
            Party.objects.filter(pk=parties[number % MANY].pk).update(
                ended_by=None if number % 2 else 5
            )
            written.append(number)
            number += 1
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        list(resealing.reseal(batch=3))
    finally:
        stop.set()
        writer.join()

    assert written
    assert set(_versions()) == {2}
    _all_open()


def test_what_does_not_open_stops_it_and_is_named(
    parties: list[Party], settings: Any
) -> None:
    settings.DATA_KEYS = BOTH
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE casework_party SET phone = id_number WHERE id = %s",
            [parties[5].pk],
        )

    with pytest.raises(BrokenSeal, match=str(parties[5].pk)):
        list(resealing.reseal())
