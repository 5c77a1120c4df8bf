"""The two ways into one PostgreSQL: as the application, and as the owner who migrates.

The application works in the role `casework_app`, which may not change what is
append-only (design: rows that carry the weight). `manage.py migrate` goes in as the owner.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from casework import servers

APPLICATION_ROLE = "casework_app"
# Milliseconds. A statement of a page may not hold others up; a migration may be longer.
APPLICATION_LIMITS = (
    "-c statement_timeout=15000 -c lock_timeout=5000"
    " -c idle_in_transaction_session_timeout=30000"
)
# The only statements with parameters are the door's (`services.planned`): each looks up
# the rows of its case, whatever the parameters. Where the planner knows little of the
# tables it takes the read for so dear that compiling it pays: thirty milliseconds each.
PLANS_ARE_KEPT = "-c plan_cache_mode=force_generic_plan -c jit=off"


def aliases(*, url: str, owner_url: str, embedded: Path) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: `default` for the application, `owner` for migrations.

    Raises ImproperlyConfigured when a URL is not that of a PostgreSQL database.
    """
    application = _parse("DATABASE_URL", url) if url else _embedded(embedded)
    owner = (
        _parse("DATABASE_OWNER_URL", owner_url) if owner_url else _embedded(embedded)
    )
    application["CONN_MAX_AGE"] = 60
    application["CONN_HEALTH_CHECKS"] = True
    # The URL's own options (sslmode, host=/socket/folder) stay.
    application.setdefault("OPTIONS", {})["options"] = (
        f"-c role={APPLICATION_ROLE} {APPLICATION_LIMITS} {PLANS_ARE_KEPT}"
    )
    owner.setdefault("OPTIONS", {})["options"] = "-c lock_timeout=2000"
    # Tests build one database as the owner and use it as the application.
    owner["TEST"] = {"MIRROR": "default"}
    return {"default": application, "owner": owner}


def _parse(name: str, url: str) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except (ValueError, environ.ImproperlyConfigured) as problem:
        raise ImproperlyConfigured(_broken(name)) from problem
    if settings.get("ENGINE") != "django.db.backends.postgresql" or not settings.get(
        "NAME"
    ):
        raise ImproperlyConfigured(_broken(name))
    return settings


def _broken(name: str) -> str:
    # The value itself stays out of the sentence: it may hold a password.
    return (
        f"{name} does not name a PostgreSQL database. "
        "It reads postgresql://user:password@host:port/name."
    )


def _embedded(folder: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "casework",
        "USER": "postgres",
        "HOST": str(servers.embedded_socket_folder(folder) or folder),
    }
