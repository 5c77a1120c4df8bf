"""Processes that end when the one that started them ends, however it ends."""

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PAUSE = 0.1


@dataclass(frozen=True)
class Child:
    """A process of ours, in a session of its own."""

    #: What a person calls it.
    name: str
    process: "subprocess.Popen[bytes]"
    #: Where its output goes; None when it speaks on our own terminal.
    log: Path | None
    #: The signal on which it finishes in good order.
    farewell: signal.Signals

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self, *, patience: float) -> None:
        """Ask it to finish; after `patience` seconds end it and whatever it started."""
        if self.is_running():
            self.process.send_signal(self.farewell)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(
    command: Sequence[str | Path],
    *,
    name: str,
    log: Path | None = None,
    farewell: signal.Signals = signal.SIGTERM,
    account: int | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Child:
    """Start a process that hears Ctrl-C only through us and does not outlive us.

    It works in `folder`; `account` is the number of the user it runs as, for root.
    """
    output = log.open("ab") if log else None
    try:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            cwd=folder,
            **identity(account),
            env={**os.environ, **(environment or {})},
            preexec_fn=_follow(os.getpid(), farewell),
        )
    finally:
        if output:
            output.close()
    return Child(name=name, process=process, log=log, farewell=farewell)


def _follow(parent: int, farewell: signal.Signals) -> Callable[[], None]:
    """Return what makes a new process receive `farewell` when `parent` dies."""

    def follow() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)

    return follow


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Return whether the condition came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def last_line(log: Path) -> str:
    """Return the last line of a log that says something."""
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def identity(account: int | None) -> dict[str, Any]:
    """Return what makes `subprocess` run a command as the user of that number."""
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwuid(account).pw_gid, "extra_groups": []}
