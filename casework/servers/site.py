"""The place where a site starts: its folder, its port, and whether its page answers."""

import errno
import fcntl
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO

from casework.servers import StartRefused, processes

# A site that was killed a moment ago may still be letting go of its port.
_SECONDS_TO_LET_GO = 3.0
_SECONDS_TO_ANSWER = 60.0


def take_folder(var: Path) -> "IO[str]":
    """Make the site's folder and hold it for this process, until the result is closed.

    Raises StartRefused where it cannot be written or another start holds it.
    """
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        held = (var / "up.lock").open("a+")
        os.listdir(var)
        (var / "log" / "postgres.log").open("a").close()
    except OSError as problem:
        raise StartRefused(
            zh=f"文件夹 {var} 读不了或者写不了（{problem.strerror}）。请改权限，或者用 CASEWORK_VAR 换一个。",
            en=f"The folder {var} cannot be read and written ({problem.strerror}). "
            "Change its rights, or name another with CASEWORK_VAR.",
        ) from problem
    if not processes.wait_until(lambda: _lock(held), seconds=_SECONDS_TO_LET_GO):
        held.close()
        raise StartRefused(
            zh=f"已经有一个 manage.py up 在用 {var}。请先停掉它，或者用 CASEWORK_VAR 换一个文件夹。",
            en=f"Another `manage.py up` already works in {var}. Stop it first, "
            "or name another folder with CASEWORK_VAR.",
        )
    return held


def _lock(file: "IO[str]") -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def free_port(host: str, port: int) -> int:
    """Return `port`, or any free one for 0. Raises StartRefused when it cannot be had."""
    deadline = time.monotonic() + _SECONDS_TO_LET_GO
    while True:
        try:
            return _bind(host, port)
        except socket.gaierror as problem:
            raise StartRefused(
                zh=f"不认识主机名 {host}。--host 要一个本机地址，例如 127.0.0.1。",
                en=f"{host} is no address. --host takes one of this machine's own, "
                "such as 127.0.0.1.",
            ) from problem
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise StartRefused(
                    zh=f"不能在 {host}:{port} 上服务（{problem.strerror}）。请用 --host、--port 换一个。",
                    en=f"Cannot serve at {host}:{port} ({problem.strerror}). "
                    "Choose another with --host and --port.",
                ) from problem
            if time.monotonic() > deadline:
                raise StartRefused(
                    zh=f"端口 {port} 已被占用。请停掉占用它的程序，或者用 --port 换一个。",
                    en=f"Port {port} is in use. Stop what uses it, or choose another "
                    "with --port.",
                ) from problem
            time.sleep(0.2)


def _bind(host: str, port: int) -> int:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[
        0
    ]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        taken: int = probe.getsockname()[1]
    return taken


def address(host: str, port: int) -> str:
    """Return where a browser on this machine finds the site."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return (
        f"http://{f'[{shown}]' if ':' in shown and shown[0] != '[' else shown}:{port}/"
    )


def wait_for_page(url: str, *, watch: Callable[[], None], log: Path) -> None:
    """Return when the page is served; `watch` raises when waiting has become useless.

    Raises StartRefused when it answers with an error of its own, or not at all.
    """
    deadline = time.monotonic() + _SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        watch()
        try:
            urllib.request.urlopen(url, timeout=_SECONDS_TO_ANSWER).close()
            return
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code < 500:
                return
            raise StartRefused(
                zh=f"网页 {url} 出错（{answer.code}）。详见 {log}",
                en=f"The page {url} answers with error {answer.code}. {log} says why.",
            ) from answer
        except OSError:
            time.sleep(0.1)
    raise StartRefused(
        zh=f"网页 {url} {_SECONDS_TO_ANSWER:.0f} 秒内没有应答。详见 {log}",
        en=f"The page {url} did not answer in {_SECONDS_TO_ANSWER:.0f} s. See {log}",
    )
