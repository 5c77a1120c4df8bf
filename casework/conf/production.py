"""What a production site must say before it may start."""

from django.core.exceptions import ImproperlyConfigured

from casework.domain.sealing import BadKeys, KeyRing

SAMPLE_SECRET_KEY = "a-sample-key-for-the-demo-that-no-production-site-may-use"
SHORTEST_SECRET_KEY = 50
SAMPLE_DATA_KEYS = "1:Y2FzZXdvcmstc2FtcGxlLWRhdGEta2V5LW5vdC1mb3I="
SAMPLE_INDEX_KEY = "Y2FzZXdvcmstc2FtcGxlLWluZGV4LWtleS0tbm90LTQ="
_MAKE_A_KEY = (
    'python3 -c "import base64, secrets; '
    'print(base64.b64encode(secrets.token_bytes(32)).decode())"'
)


def refuse_unsafe(
    *,
    secret_key: str,
    data_keys: str,
    index_key: str,
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
    if SAMPLE_DATA_KEYS.partition(":")[2] in data_keys:
        problems.append(
            "CASEWORK_DATA_KEYS is missing or has the sample key. Personal data is "
            f"sealed with it. Make one and write 1: before it: {_MAKE_A_KEY}."
        )
    if index_key == SAMPLE_INDEX_KEY:
        problems.append(
            "CASEWORK_INDEX_KEY is missing or still the sample key. Make another key, "
            "and keep it: what it marks is found with this key only."
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


def refuse_bad_keys(*, data_keys: str, index_key: str) -> None:
    """Raise ImproperlyConfigured with a sentence for keys that cannot seal anything."""
    try:
        KeyRing.read(data_keys, index_key)
    except BadKeys as problem:
        raise ImproperlyConfigured(str(problem)) from problem
