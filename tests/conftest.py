"""One migrated database for the tests of a process; a copy for a test that commits.

Tables that only grow refuse TRUNCATE, so Django's own cleaning up after a test that
commits cannot work: such a test takes `own_database`, and `transactional_db` is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TestCase, TransactionTestCase
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from casework.services import calendars, rules
from tests import servers
from tests.cast import Cast, call_the_cast

_REFUSED = (
    "Tables that only grow refuse TRUNCATE, so nothing can clean up after these tests. "
    "They take the fixtures own_database and live_site instead:"
)
_ALIASES = ("default", "owner")
_numbers = count(1)


def pytest_configure() -> None:
    """Log people in at once: the site's own hash takes most of a second on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a run that holds a test which would empty tables."""
    refused = [item.nodeid for item in items if empties_tables(item)]
    if refused:
        raise pytest.UsageError("\n".join([_REFUSED, *refused]))


def empties_tables(item: pytest.Item) -> bool:
    """Return whether Django would empty every table after the test."""
    asked = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    case = getattr(item, "cls", None) or object
    return bool(
        asked & {"transactional_db", "live_server", "django_db_reset_sequences"}
        or (marker and (marker.args or marker.kwargs.get("transaction")))
        or (issubclass(case, TransactionTestCase) and not issubclass(case, TestCase))
    )


@pytest.fixture(autouse=True)
def forget_snapshots() -> Iterator[None]:
    """Rules and calendars are kept by their ids, which another database uses again."""
    yield
    for kept in (rules.book, calendars.book, calendars.days_of):
        kept.cache_clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Server]:
    """The PostgreSQL of this run."""
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of the Redis of this run."""
    with servers.redis_url() as url:
        yield url


@pytest.fixture(scope="session")
def database_name(postgres: servers.Server) -> Iterator[str]:
    """The name with which this process's databases begin."""
    with postgres.name_of_our_own() as name:
        yield name


@pytest.fixture(scope="session")
def migrated(
    postgres: servers.Server,
    database_name: str,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """The name of a migrated database without rows, to make copies of."""
    template = f"{database_name}_template"
    postgres.create(template)
    with django_db_blocker.unblock(), _used(postgres, template):
        call_command("migrate", verbosity=0)
    yield template
    postgres.drop(template)


@pytest.fixture(scope="session")
def django_db_setup(
    postgres: servers.Server, database_name: str, migrated: str
) -> Iterator[None]:
    """Instead of pytest-django's: a copy, for every test that takes back what it did."""
    postgres.create(database_name, template=migrated)
    with _used(postgres, database_name):
        yield
    postgres.drop(database_name)


@pytest.fixture
def own_database(
    postgres: servers.Server,
    database_name: str,
    migrated: str,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """A database for this test alone, which may commit, alter and connect at will."""
    name = f"{database_name}_own_{next(_numbers)}"
    postgres.create(name, template=migrated)
    with django_db_blocker.unblock(), _used(postgres, name):
        yield name
    postgres.drop(name)


@pytest.fixture
def live_site(own_database: str) -> Iterator[str]:
    """The address of the site, served from a database of its own."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    """The people every test knows, in the test's own database where it has one."""
    own = "own_database" in request.fixturenames
    request.getfixturevalue("own_database" if own else "db")
    return call_the_cast()


@contextmanager
def _used(server: servers.Server, name: str) -> Iterator[None]:
    """Point Django at the database, with connections of its own.

    Those that were open stay as they are, with their transactions, and come back.
    """
    before = {alias: dict(settings.DATABASES[alias]) for alias in _ALIASES}
    kept = {alias: connections[alias] for alias in _ALIASES}
    for alias in _ALIASES:
        options = {**server.address.get("OPTIONS", {}), **before[alias]["OPTIONS"]}
        settings.DATABASES[alias].update(
            {**server.address, "NAME": name, "OPTIONS": options}
        )
        del connections[alias]
    try:
        yield
    finally:
        for alias in _ALIASES:
            connections[alias].close()
            settings.DATABASES[alias].update(before[alias])
            connections[alias] = kept[alias]
