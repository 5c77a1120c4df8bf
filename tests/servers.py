"""The PostgreSQL and the Redis of a test run: named ones, or some of our own."""

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
import redis
from django.conf import settings
from psycopg import sql

from casework.servers import bell, database, embedded, processes

NAMES = ("CASEWORK_TEST_DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_URL")
_OPEN_TO_ALL = stat.S_IXOTH | stat.S_IROTH


@dataclass(frozen=True)
class Server:
    """A PostgreSQL in which a test run may make and drop databases."""

    #: Where it is, as Django's DATABASES has it; without NAME.
    address: dict[str, Any]

    def connect(self, name: str = "postgres") -> database.Connection:
        """Connect as the owner, without Django."""
        return database.connect({**self.address, "NAME": name})

    def create(self, name: str, *, template: str = "template0") -> None:
        """Make a database, instead of one of that name if a killed run left it."""
        with self.connect() as connection:
            _drop(connection, name)
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def drop(self, name: str) -> None:
        """Drop a database and whatever is still connected to it."""
        with self.connect() as connection:
            _drop(connection, name)

    @contextmanager
    def name_of_our_own(self) -> Iterator[str]:
        """Give a name for databases that no other test run on this server uses.

        A lock of the server holds it, so that the databases of a run that was killed
        are found and replaced by the next one.
        """
        with self.connect() as held:
            number = 0
            while held.execute(
                "SELECT pg_try_advisory_lock(hashtext('test_casework'), %s)", [number]
            ).fetchone() != (True,):
                number += 1
            yield f"test_casework_{number}"

    def url(self, name: str) -> str:
        """Return what DATABASE_URL says about one of its databases."""
        folder = self.address["HOST"]
        if folder.startswith("/"):
            return f"postgresql://{self.address['USER']}@/{name}?host={folder}"
        password = f":{self.address['PASSWORD']}" if self.address["PASSWORD"] else ""
        port = f":{self.address['PORT']}" if self.address["PORT"] else ""
        return f"postgresql://{self.address['USER']}{password}@{folder}{port}/{name}"


@contextmanager
def postgres() -> Iterator[Server]:
    """Give the server that the environment names, or one of our own for this process."""
    url = next((os.environ[name] for name in NAMES if os.environ.get(name)), "")
    if url:
        yield Server(environ.Env.db_url_config(url))
        return
    with open_folder() as folder:
        running = embedded.start(
            folder / "postgres",
            log=folder / "postgres.log",
            options=embedded.FORGETFUL,
        )
        try:
            yield Server(
                {
                    **settings.DATABASES["owner"],
                    "HOST": str(running.socket_folder),
                    "USER": embedded.OWNER,
                }
            )
        finally:
            running.stop()


@contextmanager
def redis_url() -> Iterator[str]:
    """Give the Redis that the environment names, or one of our own on a free port."""
    named = os.environ.get("REDIS_URL", "")
    if named:
        yield named
        return
    with open_folder() as folder:
        port = free_port()
        child = processes.start(
            [
                *("redis-server", "--port", str(port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", folder),
            ],
            name="Redis",
            log=folder / "redis.log",
        )
        try:
            url = f"redis://127.0.0.1:{port}/0"
            if not processes.wait_until(lambda: _answers(url), seconds=10):
                raise AssertionError(processes.last_line(folder / "redis.log"))
            yield url
        finally:
            child.stop(patience=5)


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a new folder that everybody may enter: root's PostgreSQL is somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="casework-", dir=_open_place()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """Return a port of this machine that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _open_place() -> Path:
    places = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp")]
    return next(
        place for place in places if all(map(_is_open, [place, *place.parents]))
    )


def _is_open(folder: Path) -> bool:
    return folder.stat().st_mode & _OPEN_TO_ALL == _OPEN_TO_ALL


def _answers(url: str) -> bool:
    try:
        bell.connect(url).ping()
    except redis.RedisError:
        return False
    return True


def _drop(connection: database.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )
