"""The named Redis that rings for the worker."""

import redis

from casework.servers import StartRefused

_SECONDS_TO_ANSWER = 5


def connect(url: str) -> "redis.Redis":
    """Return a client of the named Redis. Raises ValueError for a URL that names none."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=_SECONDS_TO_ANSWER,
        socket_timeout=_SECONDS_TO_ANSWER,
    )


def refuse_silence(url: str) -> None:
    """Raise StartRefused unless the Redis of `url` answers."""
    try:
        connect(url).ping()
    except (ValueError, redis.RedisError) as problem:
        # The URL itself stays out of the sentence: it may hold a password.
        raise StartRefused(
            zh=f"REDIS_URL 指的 Redis 没有应答（{problem}）。请检查地址，或者去掉 REDIS_URL。",
            en=f"The Redis of REDIS_URL does not answer ({problem}). "
            "Check the address, or leave REDIS_URL out.",
        ) from problem
