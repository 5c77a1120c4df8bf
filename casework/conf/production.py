"""What a production site must say before it may start."""

from django.core.exceptions import ImproperlyConfigured

SAMPLE_SECRET_KEY = "a-sample-key-for-the-demo-that-no-production-site-may-use"
SHORTEST_SECRET_KEY = 50


def refuse_unsafe(
    *,
    secret_key: str,
    allowed_hosts: list[str],
    database_url: str,
    redis_url: str,
    source_url: str,
) -> None:
    """Raise ImproperlyConfigured with one sentence for each value that is missing or unsafe."""
    problems = []
    if secret_key == SAMPLE_SECRET_KEY:
        problems.append(
            "SECRET_KEY is missing or still the sample key. Set it to a random text of "
            f"at least {SHORTEST_SECRET_KEY} characters: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(64))".'
        )
    elif len(secret_key) < SHORTEST_SECRET_KEY:
        problems.append(
            f"SECRET_KEY has {len(secret_key)} characters. "
            f"It takes at least {SHORTEST_SECRET_KEY}."
        )
    if not allowed_hosts:
        problems.append("ALLOWED_HOSTS is missing. Name the site's own host names.")
    elif "*" in allowed_hosts:
        problems.append("ALLOWED_HOSTS may not be '*'. Name the site's own host names.")
    if not database_url:
        problems.append(
            "DATABASE_URL is missing. Name the site's PostgreSQL: postgresql://…"
        )
    if not redis_url:
        problems.append("REDIS_URL is missing. Name the site's Redis: redis://…")
    if not source_url:
        problems.append(
            "CASEWORK_SOURCE_URL is missing. The licence (AGPL section 13) asks for a "
            "link to the source that is running."
        )
    if problems:
        raise ImproperlyConfigured("\n".join(problems))
