#!/usr/bin/env python3
"""Casework's command line. `manage.py help` lists what it can do."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.conf.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        print(problem, file=sys.stderr)
    except OperationalError as problem:
        print(_no_database(problem), file=sys.stderr)
    else:
        return 0
    return 1


def _no_database(problem: Exception) -> str:
    reason = str(problem).strip().splitlines()[0]
    return (
        f"数据库连不上：{reason}\n"
        "请先运行 make demo（或 manage.py up），或者在 DATABASE_URL 里写明一个能连上的 PostgreSQL。\n"
        "The database does not answer. Start `make demo` (or `manage.py up`), "
        "or name a PostgreSQL that answers in DATABASE_URL."
    )


if __name__ == "__main__":
    sys.exit(main())
