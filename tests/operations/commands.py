"""Casework's commands as a person runs them: a process of their own, and what it says."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from django.conf import settings

#: What the environment of the tests may say and a command under test must not hear.
SILENCED = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "CASEWORK_DATA_KEYS",
    "CASEWORK_INDEX_KEY",
    "ALLOWED_HOSTS",
    "CASEWORK_MODE",
    "CASEWORK_SOURCE_URL",
)
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
#: The demo lives a year before it serves.
SECONDS_TO_START = 400


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    text: str


def environment(**told: str) -> dict[str, str]:
    """Return this environment without what names servers, and with what is told."""
    kept = {name: value for name, value in os.environ.items() if name not in SILENCED}
    return {**kept, **told}


def run(*command: str, **told: str) -> Said:
    """Run `manage.py command` to its end."""
    done = subprocess.run(
        [*MANAGE, *command],
        env=environment(**told),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_TO_START,
        check=False,
    )
    return Said(done.returncode, done.stdout)


def refuse(*command: str, **told: str) -> str:
    """Run a command that must refuse: exit 1, one sentence in two languages."""
    said = run(*command, **told)
    assert said.code == 1, said
    assert "Traceback" not in said.text
    return said.text


@dataclass
class Site:
    """A `manage.py up` that runs."""

    process: "subprocess.Popen[str]"
    output: Path
    descendants: set[psutil.Process] = field(default_factory=set)

    def wait_for(self, sentence: str) -> str:
        """Return what it has said as soon as it says so."""
        deadline = time.monotonic() + SECONDS_TO_START
        while sentence not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.descendants.update(children)
        return self.said()

    def said(self) -> str:
        return self.output.read_text()

    def page(self) -> str:
        """Return the first page, whose address it has told."""
        found = re.search(r"Ready at (\S+)", self.said())
        assert found
        with urllib.request.urlopen(found[1], timeout=20) as answer:
            return str(answer.read().decode())

    def named(self, part: str) -> psutil.Process:
        """Return its child whose command line holds the word."""
        return next(
            child
            for child in psutil.Process(self.process.pid).children()
            if part in " ".join(child.cmdline())
        )

    def end(self, farewell: signal.Signals) -> int:
        """Send the signal and return the exit status; nothing may be left running."""
        self.process.send_signal(farewell)
        code = self.process.wait(30)
        assert self.left() == []
        return code

    def left(self) -> list[psutil.Process]:
        """Return the processes below it that still run after a moment."""
        gone_or_not = psutil.wait_procs(self.descendants, timeout=10)
        return [process for process in gone_or_not[1] if not _is_dead(process)]


def _is_dead(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@contextmanager
def up(*options: str, **told: str) -> Iterator[Site]:
    """Start the site at a free port; stop it where the test has not."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "said"
        with output.open("w") as said:
            process = subprocess.Popen(
                [*MANAGE, "up", "--port", "0", *options],
                env=environment(**told),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
            )
        try:
            yield Site(process, output)
        finally:
            process.terminate()
            process.wait(30)
