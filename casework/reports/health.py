"""What is right and wrong with this installation, one finding a check.

`manage.py doctor` and the page 系统状态 show the same list.
"""

import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import redis
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import NotSupportedError
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.data.holidays import load_notices
from casework.domain.vocabulary import Word
from casework.models import Record
from casework.models.guards import RECORDS_GUARD
from casework.models.heartbeats import WORKER, Heartbeat
from casework.servers import bell, broker
from casework.servers.database import OLDEST_VERSION

OLDEST_PYTHON = (3, 11)
#: A worker is silent after so many beats have stayed out.
BEATS_TO_MISS = 4
#: The State Council publishes next year's holidays in the first half of November.
NOTICE_EXPECTED = (11, 15)
MEGABYTE = 1024 * 1024
#: Megabytes under `var/` below which there is a warning, and below which it is too late.
LITTLE_SPACE, NO_SPACE = 2048, 256
LARGEST_SKEW = timedelta(seconds=5)
_SECONDS_FOR_FONTS = 10


class State(Word):
    """How a finding stands; the worst first."""

    FAILED = "failed", "有问题", "Failed"
    WARNING = "warning", "要注意", "Warning"
    OK = "ok", "正常", "OK"

    @property
    def severity(self) -> int:
        """0 for the worst."""
        return list(State).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw: its name, its state, and a sentence with the remedy."""

    name: str
    state: State
    sentence: str


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger that keeps rows from being lost, whoever is logged in."""

    table: str
    trigger: str
    #: What the application's role may not do to the table either.
    refused: tuple[str, ...] = ("DELETE", "TRUNCATE")


#: Every guard of the database but those of records; a test finds what is missing here.
GUARDS: tuple[Guard, ...] = (
    Guard("casework_membership", "membership_is_never_deleted"),
    Guard("casework_event", "event_only_grows", ("UPDATE", "DELETE", "TRUNCATE")),
    Guard("casework_act", "act_only_grows", ("UPDATE", "DELETE", "TRUNCATE")),
    Guard("casework_reveal", "reveal_only_grows", ("UPDATE", "DELETE", "TRUNCATE")),
    Guard(
        "casework_materialcontent",
        "content_is_never_deleted",
        ("UPDATE", "DELETE", "TRUNCATE"),
    ),
)


def every_guard() -> list[Guard]:
    """Return the guards that the database should have, records' tables included."""
    records = [
        Guard(model._meta.db_table, RECORDS_GUARD, ("UPDATE", "DELETE", "TRUNCATE"))
        for model in apps.get_models()
        if issubclass(model, Record)
    ]
    return [*GUARDS, *records]


def examine(*, at: datetime) -> list[Finding]:
    """Run every check at the moment `at`; what needs a database is left out without one."""
    findings = [python(), database()]
    if findings[-1].state is not State.FAILED:
        findings += [roles(), guards(), migrations(), worker(at=at), clock()]
    today = timezone.localdate(at)
    return [*findings, transport(), holidays(today=today), font(), space()]


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """See that Python is new enough."""
    told = ".".join(str(part) for part in version)
    if version < OLDEST_PYTHON:
        return _failed("Python", _("Python %s 太旧，请装 3.11 以上。") % told)
    return Finding("Python", State.OK, told)


def database() -> Finding:
    """See that PostgreSQL answers and is new enough."""
    name = _("数据库")
    try:
        connection.ensure_connection()
    except (DatabaseError, NotSupportedError) as problem:
        reason = (str(problem).strip().splitlines() or [""])[-1]
        return _failed(
            name,
            _("数据库连不上：%s。请检查 DATABASE_URL，并确认 PostgreSQL 在运行。")
            % reason,
        )
    version = server_version()
    if version < OLDEST_VERSION:
        return _failed(
            name,
            _("PostgreSQL %(version)s 太旧，请换 %(oldest)s 以上的版本。")
            % {"version": version, "oldest": OLDEST_VERSION},
        )
    return _ok(name, f"PostgreSQL {version}")


def server_version() -> int:
    """Return the major version of the connected server."""
    number: int = connection.pg_version  # type: ignore[attr-defined]
    return number // 10_000


def roles() -> Finding:
    """See that the application works in its own role, which owns nothing."""
    name, role = _("数据库角色"), settings.APPLICATION_ROLE
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, session_user, rolsuper FROM pg_roles"
            " WHERE rolname = session_user"
        )
        current, login, is_superuser = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
            " AND (pg_get_userbyid(c.relowner) = %s OR EXISTS ("
            "SELECT FROM pg_roles WHERE rolname = %s AND rolsuper))",
            [role, role],
        )
        owned = cursor.fetchone()[0]
    if current != role:
        return _failed(
            name,
            _(
                "应用以 %(current)s 的身份工作，应该是 %(role)s。请检查 DATABASE_URL 的用户和角色。"
            )
            % {"current": current, "role": role},
        )
    if owned:
        return _failed(
            name,
            _(
                "角色 %s 是数据表的属主或超级用户，防改的限制对它无效。请把数据表交给另一个用户。"
            )
            % role,
        )
    if settings.PRODUCTION and is_superuser:
        return _failed(
            name,
            _(
                "登录数据库的用户 %s 是超级用户，能自己取消防改的限制。请让 DATABASE_URL 用普通用户登录。"
            )
            % login,
        )
    return _ok(name, role)


def guards() -> Finding:
    """See that every guard stands, is always on, and that the role has no way round it."""
    name = _("防删防改")
    expected = every_guard()
    for guard in expected:
        told = {"table": guard.table, "trigger": guard.trigger}
        if _trigger_state(guard) is None:
            return _failed(
                name,
                _(
                    "%(table)s 上没有触发器 %(trigger)s。请按迁移文件重建，并查清是谁删的。"
                )
                % told,
            )
        if _trigger_state(guard) != "A":
            return _failed(
                name,
                _(
                    "触发器 %(trigger)s 没有一直开着。请用属主账号运行 ALTER TABLE %(table)s "
                    "ENABLE ALWAYS TRIGGER %(trigger)s，并查清是谁关的。"
                )
                % told,
            )
        allowed = [right for right in guard.refused if _may(guard.table, right)]
        if allowed:
            return _failed(
                name,
                _(
                    "应用的角色可以对 %(table)s 做 %(rights)s。请用属主账号运行 REVOKE "
                    "%(rights)s ON %(table)s FROM %(role)s。"
                )
                % {
                    "table": guard.table,
                    "rights": ", ".join(allowed),
                    "role": settings.APPLICATION_ROLE,
                },
            )
    return _ok(name, _("%s 个触发器都在，并且一直开着") % len(expected))


def migrations() -> Finding:
    """See that the database is as the code expects it."""
    name = _("数据库结构")
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return _failed(
            name, _("有 %s 个迁移没有做。请运行 manage.py migrate。") % len(waiting)
        )
    return _ok(name, _("已是最新"))


def worker(*, at: datetime) -> Finding:
    """See that the worker's heart beat not long before `at`."""
    name = _("后台任务")
    beat = Heartbeat.objects.filter(name=WORKER).first()
    if beat is None:
        return _failed(
            name,
            _(
                "后台任务从来没有运行过。请运行 manage.py up，或者启动 celery worker 和 beat。"
            ),
        )
    silent = at - beat.beaten_at
    if silent > timedelta(seconds=BEATS_TO_MISS * settings.HEARTBEAT_SECONDS):
        return _failed(
            name,
            _("后台任务 %s 秒没有心跳。请看 worker 的日志，并重新启动 worker 和 beat。")
            % int(silent.total_seconds()),
        )
    return _ok(name, _("有心跳"))


def clock() -> Finding:
    """See that this machine and the database agree on the time."""
    name = _("时钟")
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    after = timezone.now()
    skew = max(before - theirs, theirs - after, timedelta(0))
    if skew > LARGEST_SKEW:
        return _failed(
            name,
            _("本机和数据库的时钟差 %s 秒。请在两台机器上都打开 NTP 对时。")
            % round(skew.total_seconds()),
        )
    return _ok(name, _("和数据库一致"))


def transport() -> Finding:
    """Send something through the worker's broker and take it back."""
    if settings.REDIS_URL:
        return _redis()
    return _folders(settings.VAR_DIR)


def holidays(*, today: date) -> Finding:
    """See that this year's holiday notice is there, and from mid-November next year's."""
    name, years = _("放假安排"), {notice.year for notice in load_notices()}
    if today.year not in years:
        return _failed(
            name,
            _(
                "没有 %s 年的放假安排，期限会算错。请升级本系统，或者录入国务院办公厅的通知。"
            )
            % today.year,
        )
    if (today.month, today.day) > NOTICE_EXPECTED and today.year + 1 not in years:
        return Finding(
            name,
            State.WARNING,
            _(
                "还没有 %s 年的放假安排。国务院办公厅的通知发布后请升级本系统，或者录入通知。"
            )
            % (today.year + 1),
        )
    return _ok(name, f"{min(years)}-{max(years)}")


def font() -> Finding:
    """See that papers made on this machine can show Chinese characters."""
    name = _("中文字体")
    program = shutil.which("fc-list")
    listed = program and subprocess.run(
        [program, ":lang=zh-cn", "family"],
        capture_output=True,
        text=True,
        timeout=_SECONDS_FOR_FONTS,
    )
    if not listed or not listed.stdout.strip():
        return Finding(
            name,
            State.WARNING,
            _(
                "没有中文字体，本机生成的文书会缺字。请用 root 运行 "
                "apt-get install fontconfig fonts-wqy-microhei。"
            ),
        )
    return _ok(name, listed.stdout.splitlines()[0].split(",")[0])


def space() -> Finding:
    """See that the site's folder has room left."""
    name, folder = _("磁盘空间"), _standing(settings.VAR_DIR)
    free = shutil.disk_usage(folder).free // MEGABYTE
    told = {"folder": folder, "free": free}
    if free < LITTLE_SPACE:
        return Finding(
            name,
            State.FAILED if free < NO_SPACE else State.WARNING,
            _(
                "%(folder)s 只剩 %(free)s MB。请清理磁盘，或者用 CASEWORK_VAR 换一个地方。"
            )
            % told,
        )
    return _ok(name, _("%(folder)s 还有 %(free)s MB") % told)


def _redis() -> Finding:
    key, token = f"casework-doctor-{uuid.uuid4()}", uuid.uuid4().hex
    try:
        client = bell.connect(settings.REDIS_URL)
        client.set(key, token, ex=60)
        back = client.getdel(key)
    except (ValueError, redis.RedisError) as problem:
        return _failed(
            "Redis",
            _("Redis 不能用：%s。请检查 REDIS_URL，并确认 Redis 在运行。") % problem,
        )
    if back != token.encode():
        return _failed(
            "Redis", _("Redis 没有把存进去的还回来。请检查它的内存上限和淘汰策略。")
        )
    return _ok("Redis", _("存取正常"))


def _folders(var: Path) -> Finding:
    name, folder = _("任务文件夹"), broker.messages_folder(var)
    probe = folder / f".doctor-{uuid.uuid4()}"
    try:
        probe.write_text(probe.name)
        same = probe.read_text() == probe.name
        probe.unlink()
        broker.control_folder(var).stat()
    except OSError:
        return _failed(
            name,
            _(
                "%s 还没有建，或者写不进去。请运行 manage.py up，它会建好；或者设 REDIS_URL。"
            )
            % folder,
        )
    if not same:
        return _failed(name, _("%s 存进去的读不回来。请检查磁盘。") % folder)
    return _ok(name, str(folder))


def _trigger_state(guard: Guard) -> str | None:
    """Return pg_trigger.tgenabled: A always, O only outside replication, D off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgenabled::text FROM pg_trigger t"
            " WHERE t.tgrelid = to_regclass(%s) AND t.tgname = %s AND NOT t.tgisinternal",
            [guard.table, guard.trigger],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _may(table: str, right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, %s, %s)",
            [settings.APPLICATION_ROLE, table, right],
        )
        return bool(cursor.fetchone()[0])


def _standing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that has been made."""
    return next(place for place in [folder, *folder.parents] if place.exists())


def _ok(name: str, sentence: str) -> Finding:
    return Finding(name, State.OK, sentence)


def _failed(name: str, sentence: str) -> Finding:
    return Finding(name, State.FAILED, sentence)
