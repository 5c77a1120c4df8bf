"""`manage.py up`: the whole site in one command, and nothing left when it ends.

It supervises and never asks the database through Django: migrations and the demo come
in as commands of their own, once there is a database to come into.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser, OutputWrapper

from casework.models.heartbeats import WORKER
from casework.servers import (
    StartRefused,
    bell,
    broker,
    database,
    embedded,
    processes,
    site,
)

_FAREWELLS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SECONDS_TO_STOP = 10.0
_SECONDS_TO_BEAT = 60.0
_PAUSE = 0.2
_THREADS = 8


class Command(BaseCommand):
    help = "Start the whole site: PostgreSQL if none is named, the web and the worker."
    requires_system_checks: list[str] = []  # the commands it starts run them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to serve at")
        parser.add_argument(
            "--port", type=int, default=8000, help="port to serve at; 0: any free one"
        )
        parser.add_argument(
            "--no-demo", action="store_true", help="leave an empty database empty"
        )
        parser.add_argument(
            "--rehearse",
            action="store_true",
            help="start it all, run the doctor, verify the history, stop",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        running = _Site(self.stdout)
        try:
            with _signals_ask_to_stop():
                running.take_place(options["host"], options["port"])
                running.start_database()
                new = running.fill_database(demo=not options["no_demo"])
                running.start_servers()
                if options["rehearse"]:
                    running.examine()
                else:
                    running.welcome(log_ins=not (new or options["no_demo"]))
                    running.watch()
        except StartRefused as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        except _AskedToStop:
            self.stdout.write("正在停止…… Stopping…")
        finally:
            # Nobody's impatience may leave a child behind.
            for farewell in _FAREWELLS:
                signal.signal(farewell, signal.SIG_IGN)
            running.stop()


class _AskedToStop(BaseException):
    """Ctrl-C, or another signal that means the same."""


@contextmanager
def _signals_ask_to_stop() -> Iterator[None]:
    def ask(signum: int, frame: FrameType | None) -> None:
        raise _AskedToStop

    for farewell in _FAREWELLS:
        signal.signal(farewell, ask)
    yield


class _Site:
    """Everything that this start has started, in the order in which it was started."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out
        self.var: Path = settings.VAR_DIR
        self.owner: database.Alias = settings.DATABASES["owner"]
        self.application: database.Alias = settings.DATABASES["default"]
        self.postgres: embedded.EmbeddedPostgres | None = None
        self.children: list[processes.Child] = []

    def take_place(self, host: str, port: int) -> None:
        # Root's PostgreSQL runs as another user, who must reach the folders made here.
        os.umask(0o022)
        self.held = site.take_folder(self.var)
        self.port = site.free_port(host, port)
        self.bind = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        self.url = site.address(host, self.port)

    def start_database(self) -> None:
        """Have a server that serves, and the broker; raise StartRefused otherwise."""
        if settings.REDIS_URL:
            bell.refuse_silence(settings.REDIS_URL)
        else:
            broker.make_folders(self.var)
        if not settings.DATABASE_URL:
            self._say("启动自带的 PostgreSQL", "Starting the embedded PostgreSQL")
            self.postgres = embedded.start(
                self.var / "postgres", log=self._log("postgres")
            )
            sockets = str(self.postgres.socket_folder)
            self.owner = {**self.owner, "HOST": sockets}
            self.application = {**self.application, "HOST": sockets}
        database.prepare(self.owner, role=settings.APPLICATION_ROLE)

    def fill_database(self, *, demo: bool) -> bool:
        """Migrate, and load the demo into an empty database. Return whether it was loaded."""
        self._say("更新数据库结构", "Migrating the database")
        self._run("migrate", "--verbosity=1", log=self._log("migrate"))
        database.admit(self.application, role=settings.APPLICATION_ROLE)
        load = demo and not settings.PRODUCTION and database.is_empty(self.owner)
        if load:
            self._run("load_demo")
        return load

    def start_servers(self) -> None:
        """Start the web and the worker; return when the first page is served."""
        self._say("启动网页和后台任务", "Starting the web and the worker")
        self.started_at = datetime.now(UTC)
        web = self._start(
            "web", "gunicorn", "casework.conf.wsgi", f"--bind={self.bind}",
            "--worker-class=gthread", f"--threads={_THREADS}", "--graceful-timeout=5",
            "--no-control-socket", "--access-logfile=-",
        )  # fmt: skip
        self._start(
            "worker", "celery", "--app=casework.conf.celery", "worker", "--beat",
            "--pool=solo", "--without-gossip", "--without-mingle", "--loglevel=INFO",
        )  # fmt: skip
        site.wait_for_page(self.url, watch=self._refuse_deaths, log=web)

    def welcome(self, *, log_ins: bool) -> None:
        """Tell a person where the site is, and who may come in."""
        if log_ins and not settings.PRODUCTION:
            self._run("load_demo", "--log-ins")
        self.out.write(
            f"\n系统已就绪，请打开 {self.url} （按 Ctrl-C 停止；日志在 {self.var / 'log'}）\n"
            f"Ready at {self.url} (Ctrl-C stops it; logs are in {self.var / 'log'})"
        )
        self.out.flush()

    def watch(self) -> None:
        """Raise StartRefused as soon as one of ours ends by itself."""
        while True:
            self._refuse_deaths()
            time.sleep(_PAUSE)

    def examine(self) -> None:
        """Wait for the worker's first beat, then run the doctor and walk the chains."""
        if not processes.wait_until(self._has_beaten, seconds=_SECONDS_TO_BEAT):
            raise StartRefused(
                zh=f"后台任务没有心跳。详见 {self._log('worker')}",
                en=f"The worker has no heartbeat. See {self._log('worker')}",
            )
        self._run("doctor")
        self._run("verify_chain")

    def stop(self) -> None:
        """Stop what was started, the last one first."""
        for child in reversed(self.children):
            child.stop(patience=_SECONDS_TO_STOP)
        if self.postgres:
            self.postgres.stop()

    def _has_beaten(self) -> bool:
        self._refuse_deaths()
        beaten_at = database.last_beat(self.owner, name=WORKER)
        return beaten_at is not None and beaten_at >= self.started_at

    def _run(self, *command: str, log: Path | None = None) -> None:
        """Run one of our own commands to its end; raise StartRefused when it fails."""
        child = processes.start(
            [sys.executable, settings.BASE_DIR / "manage.py", *command],
            name=command[0],
            log=log,
            folder=settings.BASE_DIR,
        )
        self.children.append(child)
        code = child.process.wait()
        self.children.remove(child)
        if code:
            reason = processes.last_line(log) if log else ""
            raise StartRefused(
                zh=f"manage.py {command[0]} 没有做完：{reason}（详见 {log or '上文'}）",
                en=f"`manage.py {command[0]}` failed: see {log or 'above'}.",
            )

    def _start(self, name: str, module: str, *arguments: str) -> Path:
        log = self._log(name)
        command = [sys.executable, "-m", module, *arguments]
        self.children.append(
            processes.start(command, name=name, log=log, folder=settings.BASE_DIR)
        )
        return log

    def _refuse_deaths(self) -> None:
        ours = [*self.children]
        if self.postgres and self.postgres.child:
            ours.append(self.postgres.child)
        for child in ours:
            if not child.is_running():
                raise StartRefused(
                    zh=f"{child.name} 自己停了（{child.process.returncode}），其余的也停下。详见 {child.log}",
                    en=f"{child.name} ended by itself ({child.process.returncode}), so "
                    f"everything stops. {child.log} says why.",
                )

    def _log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def _say(self, zh: str, en: str) -> None:
        self.out.write(f"{zh}…… {en}…")
        self.out.flush()
