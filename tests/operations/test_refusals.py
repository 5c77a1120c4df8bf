"""Every start that cannot succeed ends with a sentence that says what to do."""

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casework.conf.production import SAMPLE_DATA_KEYS, SAMPLE_SECRET_KEY
from casework.servers import StartRefused, database, embedded
from tests import keys, servers
from tests.operations import commands

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root meets this")
ROLE = "casework_app"


@pytest.fixture
def var() -> Iterator[Path]:
    with servers.open_folder() as folder:
        yield folder


def test_a_port_in_use(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        said = commands.refuse("up", "--port", port, CASEWORK_VAR=str(var))

    assert f"端口 {port} 已被占用" in said
    assert f"Port {port} is in use" in said


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.1"])
def test_an_address_that_is_not_this_machines(var: Path, host: str) -> None:
    said = commands.refuse("up", "--host", host, CASEWORK_VAR=str(var))

    assert "--host" in said


def test_a_var_folder_that_cannot_be_made(var: Path) -> None:
    (var / "file").touch()

    said = commands.refuse("up", CASEWORK_VAR=str(var / "file" / "var"))

    assert "读不了或者写不了" in said
    assert "cannot be read and written" in said


@as_root
def test_roots_postgres_that_cannot_reach_its_folder(var: Path) -> None:
    closed = var / "closed"
    closed.mkdir(mode=0o700)

    said = commands.refuse("up", "--port", "0", CASEWORK_VAR=str(closed / "var"))

    assert f"chmod 755 {closed}" in said
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_a_folder_that_may_be_entered_and_not_read_is_enough(var: Path) -> None:
    closed = var / "closed"
    closed.mkdir()
    closed.chmod(0o711)

    running = embedded.start(closed / "postgres", log=var / "log")

    running.stop()
    assert closed.stat().st_mode & 0o777 == 0o711


@pytest.mark.parametrize(
    "url", ["sqlite:///casework.db", "postgresql://u:p@host:port/name", "nonsense"]
)
def test_a_broken_database_url(var: Path, url: str) -> None:
    said = commands.refuse("up", CASEWORK_VAR=str(var), DATABASE_URL=url)

    assert "DATABASE_URL does not name a PostgreSQL database" in said


def test_a_database_server_that_does_not_answer(var: Path) -> None:
    port = servers.free_port()

    said = commands.refuse(
        *("up", "--port", "0"),
        CASEWORK_VAR=str(var),
        DATABASE_URL=f"postgresql://u:secret@127.0.0.1:{port}/casework",
    )

    assert "数据库连不上" in said
    assert "The database does not answer" in said
    assert "secret" not in said


def test_a_database_that_is_too_old(var: Path) -> None:
    with _postgres_that_says("13.4") as port:
        said = commands.refuse(
            *("up", "--port", "0"),
            CASEWORK_VAR=str(var),
            DATABASE_URL=f"postgresql://u@127.0.0.1:{port}/casework?sslmode=disable",
        )

    assert "PostgreSQL 13，太旧了" in said
    assert "PostgreSQL 13, which is too old" in said


@pytest.mark.parametrize(("number", "refused"), [(140_018, True), (150_000, False)])
def test_the_oldest_version_is_15(number: int, refused: bool) -> None:
    try:
        database.refuse_old_version(number)
    except StartRefused:
        assert refused
    else:
        assert not refused


def test_a_redis_that_does_not_answer(var: Path) -> None:
    url = f"redis://:secret@127.0.0.1:{servers.free_port()}/0"

    said = commands.refuse("up", "--port", "0", CASEWORK_VAR=str(var), REDIS_URL=url)

    assert "The Redis of REDIS_URL does not answer" in said
    assert "secret" not in said


def test_a_redis_url_that_is_none(var: Path) -> None:
    said = commands.refuse("up", "--port", "0", CASEWORK_VAR=str(var), REDIS_URL="6379")

    assert "The Redis of REDIS_URL does not answer" in said


def test_production_with_the_sample_secret(var: Path) -> None:
    said = commands.refuse(
        "up",
        CASEWORK_VAR=str(var),
        CASEWORK_MODE="production",
        SECRET_KEY=SAMPLE_SECRET_KEY,
    )

    assert "SECRET_KEY is missing or still the sample key" in said
    assert "CASEWORK_DATA_KEYS is missing or has the sample key" in said
    assert "CASEWORK_INDEX_KEY is missing or still the sample key" in said
    for name in ("ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "CASEWORK_SOURCE_URL"):
        assert f"{name} is missing" in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CASEWORK_DATA_KEYS", "1:c2hvcnQ=", "key 1 is not 32 bytes in base64"),
        ("CASEWORK_DATA_KEYS", "no key", "is written 1:key,2:key"),
        ("CASEWORK_DATA_KEYS", keys.ring_of(2, 1), "The newest key is last"),
        ("CASEWORK_DATA_KEYS", keys.ring_of(1, 1), "two keys of one number"),
        ("CASEWORK_DATA_KEYS", keys.ring_of(70_000), "no number is above 65535"),
        ("CASEWORK_INDEX_KEY", "", "CASEWORK_INDEX_KEY is not 32 bytes"),
    ],
)
def test_keys_that_cannot_seal(var: Path, name: str, value: str, sentence: str) -> None:
    said = commands.refuse("up", CASEWORK_VAR=str(var), **{name: value})

    assert sentence in said


def test_production_with_the_sample_key_among_others(var: Path) -> None:
    said = commands.refuse(
        "up",
        CASEWORK_VAR=str(var),
        CASEWORK_MODE="production",
        CASEWORK_DATA_KEYS=f"{SAMPLE_DATA_KEYS},{keys.ring_of(2)}",
    )

    assert "CASEWORK_DATA_KEYS is missing or has the sample key" in said


def test_a_command_without_a_server_says_how_to_start_one(var: Path) -> None:
    said = commands.refuse("showmigrations", CASEWORK_VAR=str(var))

    assert "manage.py up" in said


def test_an_owner_who_may_make_neither_the_database_nor_the_role(
    postgres: servers.Server, database_name: str
) -> None:
    user, name = f"{database_name}_poor", f"{database_name}_none"
    with postgres.connect() as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'poor'".encode())
        try:
            poor = {
                **postgres.address,
                "USER": user,
                "PASSWORD": "poor",
                "NAME": name,
            }
            with pytest.raises(StartRefused, match=f"CREATE DATABASE {name} OWNER"):
                database.prepare(poor, role=ROLE)
            with pytest.raises(StartRefused, match=f"CREATE ROLE no_such_role.*{user}"):
                database.prepare({**poor, "NAME": "postgres"}, role="no_such_role")
            with pytest.raises(StartRefused, match=f"GRANT {ROLE} TO {user}"):
                database.admit(_as_application({**poor, "NAME": "postgres"}), role=ROLE)
        finally:
            connection.execute(f"DROP ROLE {user}".encode())


def test_data_of_another_version_are_left_alone(var: Path) -> None:
    (var / "postgres").mkdir()
    (var / "postgres" / "PG_VERSION").write_text("12\n")

    with pytest.raises(StartRefused, match="PostgreSQL 12"):
        embedded.start(var / "postgres", log=var / "log")


def test_a_server_that_fails_says_where_its_log_is(var: Path) -> None:
    with pytest.raises(StartRefused, match="no_such_setting"):
        embedded.start(
            var / "postgres", log=var / "log", options=["-c", "no_such_setting=1"]
        )


def test_the_lock_refuses_a_tampered_package(tmp_path: Path) -> None:
    """S34: what was not locked is not installed."""
    wheel = tmp_path / "six-1.17.0-py2.py3-none-any.whl"
    wheel.write_bytes(b"not what was locked")
    lock = tmp_path / "lock"
    lock.write_text(f"six @ file://{wheel} --hash=sha256:{'0' * 64}\n")

    done = subprocess.run(
        [
            *("python3", "-m", "pip", "install", "--dry-run", "--no-deps"),
            *("--no-index", "--break-system-packages"),
            *("--require-hashes", "-r", str(lock)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def _as_application(alias: dict[str, object]) -> dict[str, object]:
    return {**alias, "OPTIONS": {"options": f"-c role={ROLE}"}}


@contextmanager
def _postgres_that_says(version: str) -> Iterator[int]:
    """Give the port of a stand-in that greets like a PostgreSQL of that version."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_greet, args=(listener, version), daemon=True).start()
        yield listener.getsockname()[1]


def _greet(listener: socket.socket, version: str) -> None:
    try:
        client, _ = listener.accept()
    except OSError:  # the test is over and nobody has called
        return
    with client:
        client.recv(4096)
        told = {"server_version": version, "client_encoding": "UTF8"}
        client.sendall(_message(b"R", (0).to_bytes(4, "big")))
        for name, value in told.items():
            client.sendall(_message(b"S", f"{name}\0{value}\0".encode()))
        client.sendall(_message(b"Z", b"I"))
        client.recv(4096)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body
