"""`manage.py up` for real: served, stopped, killed, started again."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests import servers
from tests.operations import commands

READY = "Ready at"


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder for the site, reachable for root's PostgreSQL."""
    with servers.open_folder() as folder:
        yield folder


def test_a_site_serves_stops_and_keeps_its_data(var: Path) -> None:
    with commands.up("--no-demo", CASEWORK_VAR=str(var)) as site:
        site.wait_for(READY)
        assert "登录" in site.page()
        secret = _query(var, "CREATE TABLE kept AS SELECT 1 AS n; SELECT n FROM kept")

        assert site.end(signal.SIGINT) == 0
        assert "Stopping" in site.said()

    with commands.up("--no-demo", CASEWORK_VAR=str(var)) as site:
        site.wait_for(READY)
        assert _query(var, "SELECT n FROM kept") == secret

        assert site.end(signal.SIGTERM) == 0
    assert not (var / "postgres" / "postmaster.pid").exists()


def test_nothing_outlives_a_site_that_is_killed_and_the_next_one_starts(
    var: Path,
) -> None:
    with commands.up("--no-demo", CASEWORK_VAR=str(var)) as site:
        site.wait_for(READY)
        site.process.kill()
        site.process.wait()
        # The next start does not wait for the last of them to go.
        with commands.up("--no-demo", CASEWORK_VAR=str(var)) as second:
            second.wait_for(READY)
            assert "登录" in second.page()
            assert second.end(signal.SIGINT) == 0
        assert site.left() == []


def test_a_child_that_dies_stops_the_rest_and_is_named(var: Path) -> None:
    with commands.up("--no-demo", CASEWORK_VAR=str(var)) as site:
        site.wait_for(READY)
        site.named("celery").kill()

        assert site.process.wait(30) == 1
        assert "worker ended by itself (-9)" in site.said()
        assert str(var / "log" / "worker.log") in site.said()
        assert site.left() == []


def test_a_second_start_in_the_same_folder_is_refused(var: Path) -> None:
    with commands.up("--no-demo", CASEWORK_VAR=str(var)) as site:
        site.wait_for(READY)

        said = commands.refuse("up", "--port", "0", CASEWORK_VAR=str(var))

        assert "Another `manage.py up` already works in" in said
        assert "登录" in site.page()


def test_named_servers_are_used_and_left_running(
    var: Path, postgres: servers.Server, database_name: str, redis_url: str
) -> None:
    name = f"{database_name}_up"
    told = {
        "CASEWORK_VAR": str(var),
        "DATABASE_URL": postgres.url(name),
        "REDIS_URL": redis_url,
    }
    try:
        with commands.up("--no-demo", **told) as site:
            site.wait_for(READY)
            assert not (var / "postgres").exists()
            assert "登录" in site.page()
            assert site.end(signal.SIGINT) == 0
        with postgres.connect(name) as connection:
            row = connection.execute("SELECT count(*) FROM casework_unit").fetchone()
            assert row == (0,)
    finally:
        postgres.drop(name)


def test_a_long_path_gets_its_socket_elsewhere(var: Path) -> None:
    deep = var / ("很长的文件夹名" * 5)
    deep.mkdir()

    with commands.up("--no-demo", CASEWORK_VAR=str(deep)) as site:
        site.wait_for(READY)
        lines = (deep / "postgres" / "postmaster.pid").read_text().splitlines()
        assert len(lines[4]) < 100
        assert site.end(signal.SIGINT) == 0
    assert not Path(lines[4]).exists()


@pytest.mark.slow
def test_an_empty_site_gets_the_demo_once_and_tells_its_log_ins(var: Path) -> None:
    with commands.up(CASEWORK_VAR=str(var)) as site:
        first = site.wait_for(READY)
        assert site.end(signal.SIGINT) == 0
    with commands.up(CASEWORK_VAR=str(var)) as site:
        second = site.wait_for(READY)
        assert site.end(signal.SIGINT) == 0

    assert "amin" in first
    assert "amin" in second


@pytest.mark.slow
def test_a_rehearsal_ends_by_itself_with_a_healthy_site(var: Path) -> None:
    said = commands.run("up", "--port", "0", "--rehearse", CASEWORK_VAR=str(var))

    assert said.code == 0, said.text
    assert "后台任务：有心跳" in said.text
    assert "完好：" in said.text
    assert not [p for p in psutil.process_iter() if str(var) in _command(p)]


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _query(var: Path, statement: str) -> object:
    folder = (var / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    server = servers.Server({"HOST": folder, "USER": "postgres"})
    with server.connect("casework") as connection:
        cursor = connection.execute(statement.encode())
        while cursor.nextset():
            pass
        return cursor.fetchone()
