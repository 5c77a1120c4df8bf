"""Who may own the database: a superuser, one who may make roles, or one prepared for."""

from collections.abc import Iterator

import pytest

from casework.servers import StartRefused, database, embedded
from tests import servers
from tests.operations import commands

ROLE = "casework_app"


@pytest.fixture
def own_server() -> Iterator[servers.Server]:
    """A server without the role, which belongs to a whole server."""
    with servers.open_folder() as folder:
        running = embedded.start(
            folder / "postgres", log=folder / "log", options=embedded.FORGETFUL
        )
        yield servers.Server(
            {"HOST": str(running.socket_folder), "USER": "postgres", "PASSWORD": ""}
        )
        running.stop()


@pytest.mark.parametrize(
    "preparation",
    [
        "CREATE ROLE keeper LOGIN CREATEDB CREATEROLE",
        f"CREATE ROLE keeper LOGIN; CREATE ROLE {ROLE} NOLOGIN;"
        f" GRANT {ROLE} TO keeper; CREATE DATABASE casework OWNER keeper",
        "CREATE ROLE keeper LOGIN SUPERUSER",
    ],
    ids=["may make roles", "prepared by an administrator", "superuser"],
)
def test_an_owner_who_can_move_in(own_server: servers.Server, preparation: str) -> None:
    with own_server.connect() as connection:
        for statement in preparation.split(";"):
            connection.execute(statement.encode())
    keeper = {**own_server.address, "USER": "keeper", "NAME": "casework"}

    database.prepare(keeper, role=ROLE)
    url = servers.Server(keeper).url("casework")
    said = commands.run("migrate", "--verbosity=0", DATABASE_URL=url)

    assert said.code == 0, said.text
    database.admit({**keeper, "OPTIONS": {"options": f"-c role={ROLE}"}}, role=ROLE)


def test_an_owner_who_was_not_granted_the_role(own_server: servers.Server) -> None:
    with own_server.connect() as connection:
        connection.execute(b"CREATE ROLE keeper LOGIN")
        connection.execute(f"CREATE ROLE {ROLE} NOLOGIN".encode())
    keeper = {**own_server.address, "USER": "keeper", "NAME": "postgres"}

    with pytest.raises(StartRefused, match=f"GRANT {ROLE} TO keeper"):
        database.prepare(keeper, role=ROLE)
