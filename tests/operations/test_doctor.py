"""Each finding of the doctor is seen red, by a cause that turns it red."""

import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from casework.models import Heartbeat
from casework.models.heartbeats import WORKER
from casework.reports import health
from casework.reports.health import State
from casework.servers import broker
from casework.services import heartbeats
from tests import servers
from tests.operations import commands

NOW = datetime(2026, 11, 14, 4, 0, tzinfo=UTC)


def as_owner(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_a_new_database_is_in_order() -> None:
    for check in (health.database, health.roles, health.guards, health.migrations):
        assert check().state is State.OK
    assert health.clock().state is State.OK


def test_an_old_python() -> None:
    assert health.python().state is State.OK

    finding = health.python((3, 10, 12))

    assert finding.state is State.FAILED
    assert "3.10.12" in finding.sentence


def test_a_database_that_does_not_answer(own_database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"

    finding = health.database()
    names = [finding.name for finding in health.examine(at=NOW)]

    assert finding.state is State.FAILED
    assert "no_such_database" in finding.sentence
    assert "DATABASE_URL" in finding.sentence
    assert "防删防改" not in names


@pytest.mark.django_db
def test_a_database_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "server_version", lambda: 14)

    finding = health.database()

    assert finding.state is State.FAILED
    assert "PostgreSQL 14 太旧" in finding.sentence


def test_an_application_that_works_as_the_owner(own_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET ROLE NONE")

    finding = health.roles()

    assert finding.state is State.FAILED
    assert "casework_app" in finding.sentence


def test_a_role_that_owns_a_table(own_database: str) -> None:
    as_owner("ALTER TABLE casework_unit OWNER TO casework_app")

    finding = health.roles()

    assert finding.state is State.FAILED
    assert "属主" in finding.sentence


def test_a_production_site_that_logs_in_as_a_superuser(
    own_database: str, settings: Settings
) -> None:
    settings.PRODUCTION = True

    finding = health.roles()

    assert finding.state is State.FAILED
    assert "超级用户" in finding.sentence


@pytest.mark.parametrize("guard", health.every_guard(), ids=lambda guard: guard.trigger)
@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        ("DROP TRIGGER {trigger} ON {table}", "重建"),
        ("ALTER TABLE {table} DISABLE TRIGGER {trigger}", "ENABLE ALWAYS TRIGGER"),
        ("ALTER TABLE {table} ENABLE TRIGGER {trigger}", "ENABLE ALWAYS TRIGGER"),
        ("GRANT TRUNCATE ON {table} TO casework_app", "REVOKE TRUNCATE"),
        ("GRANT ALL ON {table} TO casework_app", "REVOKE {refused}"),
    ],
    ids=["dropped", "disabled", "not always on", "right given", "all given"],
)
def test_a_guard_that_is_gone(
    own_database: str, guard: health.Guard, cause: str, remedy: str
) -> None:
    told = {
        "table": guard.table,
        "trigger": guard.trigger,
        "refused": ", ".join(guard.refused),
    }
    as_owner(cause.format(**told))

    finding = health.guards()

    assert finding.state is State.FAILED
    assert remedy.format(**told) in finding.sentence


@pytest.mark.django_db
def test_every_guard_of_the_database_is_watched() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND p.proname LIKE 'casework%%'"
        )
        standing = set(cursor.fetchall())

    watched = {(guard.table, guard.trigger) for guard in health.every_guard()}
    assert watched == standing, "a new guard belongs into health.every_guard"


def test_a_migration_that_was_not_made(own_database: str) -> None:
    as_owner("DELETE FROM django_migrations WHERE app = 'casework' AND name >= '0003'")

    finding = health.migrations()

    assert finding.state is State.FAILED
    assert "manage.py migrate" in finding.sentence


@pytest.mark.django_db
def test_a_worker_that_is_silent() -> None:
    never = health.worker(at=NOW)
    heartbeats.beat(name=WORKER, at=NOW)
    fresh = health.worker(at=NOW + timedelta(seconds=59))
    silent = health.worker(at=NOW + timedelta(seconds=61))

    assert [never.state, fresh.state, silent.state] == [
        State.FAILED,
        State.OK,
        State.FAILED,
    ]
    assert "61 秒没有心跳" in silent.sentence
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-6, 6])
def test_clocks_that_differ(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(seconds=seconds))

    finding = health.clock()

    assert finding.state is State.FAILED
    assert "NTP" in finding.sentence


def test_a_redis_that_works_and_one_that_does_not(
    redis_url: str, settings: Settings
) -> None:
    settings.REDIS_URL = redis_url
    assert health.transport().state is State.OK

    settings.REDIS_URL = f"redis://127.0.0.1:{servers.free_port()}/0"
    assert health.transport().state is State.FAILED
    settings.REDIS_URL = "6379"
    assert health.transport().state is State.FAILED


def test_task_folders_that_were_not_made(tmp_path: Path, settings: Settings) -> None:
    settings.REDIS_URL, settings.VAR_DIR = "", tmp_path
    missing = health.transport()
    broker.make_folders(tmp_path)
    made = health.transport()
    broker.control_folder(tmp_path).rmdir()
    half = health.transport()

    assert [missing.state, made.state, half.state] == [
        State.FAILED,
        State.OK,
        State.FAILED,
    ]
    assert "manage.py up" in missing.sentence
    assert list(broker.messages_folder(tmp_path).iterdir()) == []


@pytest.mark.parametrize(
    ("today", "years", "state"),
    [
        (date(2026, 11, 15), {2025, 2026}, State.OK),
        (date(2026, 11, 16), {2025, 2026}, State.WARNING),
        (date(2026, 12, 31), {2025, 2026, 2027}, State.OK),
        (date(2027, 1, 1), {2025, 2026}, State.FAILED),
    ],
)
def test_a_year_without_its_holidays(
    monkeypatch: pytest.MonkeyPatch, today: date, years: set[int], state: State
) -> None:
    notices = [SimpleNamespace(year=year) for year in years]
    monkeypatch.setattr(health, "load_notices", lambda: notices)

    assert health.holidays(today=today).state is state


def test_the_notices_that_ship_hold_the_years_they_should() -> None:
    assert health.holidays(today=date(2015, 1, 1)).state is State.OK
    assert health.holidays(today=date(2026, 11, 1)).state is State.OK


@pytest.mark.parametrize("program", [None, "/bin/true"], ids=["no fc-list", "no font"])
def test_a_machine_without_chinese_characters(
    monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    assert health.font().state is State.OK
    monkeypatch.setattr(shutil, "which", lambda name: program)

    finding = health.font()

    assert finding.state is State.WARNING
    assert "fonts-wqy-microhei" in finding.sentence


@pytest.mark.parametrize(
    ("megabytes", "state"),
    [(255, State.FAILED), (2047, State.WARNING), (2048, State.OK)],
)
def test_a_full_disk(
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    megabytes: int,
    state: State,
) -> None:
    settings.VAR_DIR = tmp_path / "not" / "yet"
    usage = SimpleNamespace(free=megabytes * health.MEGABYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)

    finding = health.space()

    assert finding.state is state
    assert str(tmp_path) in finding.sentence


def test_the_command_fails_with_the_sentence_and_without_a_traceback(
    tmp_path: Path,
) -> None:
    said = commands.run("doctor", CASEWORK_VAR=str(tmp_path))

    assert said.code == 1
    assert "Traceback" not in said.text
    assert "有问题  数据库：数据库连不上" in said.text
    assert "\x1b[" not in said.text


def test_the_programs_a_test_run_needs_are_there() -> None:
    """They are never skipped: `make test` installs them or fails."""
    for program in ("redis-server", "fc-list"):
        assert (
            subprocess.run([program, "--version"], capture_output=True).returncode == 0
        )
