"""Whether what is kept is what was done: every chain walked, every row held against it.

Each event against its own hash, the one before it, its columns, its outbox row and the
act it tells of; each case against what its events leave behind. Nothing is changed, and
memory stays flat however long the log is (audit.md 2.3, 2.7).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from casework.domain import chain
from casework.domain.chain import Damage, Finding
from casework.models import Act, Case, ChainHead, Event, Outbox
from casework.services import casefile
from casework.services.audit import chain_of
from casework.services.rows import row_of

#: Chains whose acts are held in memory at once.
BATCH = 200
_ROWS_AT_ONCE = 1000

Tell = Callable[["Harm"], None]
Done = Callable[[int], None]


_SENTENCES = {
    Damage.BODY_CHANGED: _("内容被改过，与它自己的校验值不符。"),
    Damage.NOT_CANONICAL: _("内容不是系统写的样子（%(detail)s）。"),
    Damage.LINK_BROKEN: _("它接的不是现在的上一条：其中一条被换过或改过。"),
    Damage.EVENT_MISSING: _("第 %(detail)s 条不见了。"),
    Damage.EVENT_TWICE: _("同一序号有两条。"),
    Damage.FOREIGN_EVENT: _("内容写的是另一处（%(detail)s）：被挪动过。"),
    Damage.FOREIGN_LOG: _("内容来自另一套日志（%(detail)s）。"),
    Damage.HEAD_DIFFERS: _("链尾与另存的不符：最后的记录被删、被改或被添过。"),
    Damage.COUNT_DIFFERS: _("条数与另存的不符（%(detail)s）。"),
    Damage.COLUMN_DIFFERS: _("查询用的列 %(detail)s 与内容不符。"),
    Damage.CHAIN_UNKNOWN: _("它所属的案件或单位不存在。"),
    Damage.OUTBOX_MISSING: _("待发表里没有它，不会有人得到通知。"),
    Damage.ACT_MISSING: _("它所说的第 %(detail)s 次办理不见了。"),
    Damage.ACT_UNTOLD: _("有一次办理（%(detail)s）没有记录。"),
    Damage.ACT_DIFFERS: _("办理的 %(detail)s 与记录不符。"),
    Damage.DATA_CHANGED: _("办理时填写的内容被改过，与记录里的承诺值不符。"),
    Damage.CASE_DIFFERS: _("案件现在的 %(detail)s 与记录不符。"),
}


@dataclass(frozen=True, slots=True)
class Harm:
    """One damage: whose chain, which event, of what kind."""

    #: The number of the case, or the name of a unit's chain.
    name: str
    sequence: int
    damage: Damage
    detail: str

    @property
    def sentence(self) -> str:
        """What is wrong, without where."""
        return str(_SENTENCES[self.damage]) % {"detail": self.detail}

    def __str__(self) -> str:
        told = {"name": self.name, "sequence": self.sequence}
        place = _("%(name)s 第 %(sequence)s 条：") if self.sequence else _("%(name)s：")
        return str(place) % told + self.sentence


@dataclass(slots=True)
class Walked:
    """How much was looked at, and what was found."""

    chains: int = 0
    events: int = 0
    harms: int = 0
    #: The logs that the events name as their own.
    origins: set[str] = field(default_factory=set)

    @property
    def is_demo(self) -> bool:
        """Whether times were recorded that a session could choose."""
        return any(origin.startswith("demo/") for origin in self.origins)


def size(cases: Iterable[int] | None = None) -> int:
    """Return how many events `verify` will look at."""
    events = Event.objects.all()
    if cases is not None:
        events = events.filter(chain__in=[chain_of(pk) for pk in cases])
    return events.count()


def verify(
    *, cases: Iterable[int] | None = None, tell: Tell, done: Done = lambda events: None
) -> Walked:
    """Walk the chains of the cases, by default every chain there is.

    `tell` hears of each damage, `done` how many events have been looked at. What people
    do meanwhile is not seen: all is read as of one moment. Every chain there is may take
    as long as it needs, chosen ones what any statement may.
    """
    walk = _Walk(tell, done)
    with _one_moment(is_long=cases is None):
        wanted = (
            Case.objects.all() if cases is None else Case.objects.filter(pk__in=cases)
        )
        for batch in _batches(wanted.only(*_CASE).order_by("pk")):
            walk.cases(batch)
        if cases is None:
            for heads in _batches(ChainHead.objects.order_by("pk")):
                walk.heads(heads)
            walk.strays()
    return walk.walked


class _Walk:
    """One run over many chains."""

    def __init__(self, tell: Tell, done: Done) -> None:
        self.walked = Walked()
        self._tell, self._done = tell, done

    def cases(self, cases: Iterable[Case]) -> None:
        ends = {chain_of(case.pk): case for case in cases}
        acts = {
            (act.case_id, act.version): act
            for act in Act.objects.filter(case__in=ends.values())
        }
        for name, events in _by_chain(ends):
            case = ends[name]
            record = _CaseRecord(case, acts)
            self._walk(name, str(case), events, case, record)
        for act in acts.values():
            name = chain_of(act.case_id)
            told = Finding(name, 0, Damage.ACT_UNTOLD, f"{act.version} {act.step}")
            self._report(str(ends[name]), told)

    def heads(self, heads: Iterable[ChainHead]) -> None:
        ends = {head.chain: head for head in heads}
        for name, events in _by_chain(ends):
            self._walk(name, name, events, ends[name], _Record())

    def strays(self) -> None:
        """Report events of chains of which no case and no head knows."""
        of_case = Concat(Value("case:"), "pk", output_field=TextField())
        cases = Case.objects.annotate(name=of_case).filter(name=OuterRef("chain"))
        heads = ChainHead.objects.filter(chain=OuterRef("chain"))
        strays = Event.objects.filter(~Exists(cases), ~Exists(heads))
        for name, sequence in strays.values_list("chain", "sequence").iterator():
            self._report(name, Finding(name, sequence, Damage.CHAIN_UNKNOWN, ""))

    def _walk(
        self,
        chain_name: str,
        name: str,
        events: Iterable[Event],
        end: "Case | ChainHead",
        record: "_Record",
    ) -> None:
        found = chain.verify(
            chain_name,
            self._links(events, record),
            head=bytes(end.head),
            count=end.event_count,
            check=record.check,
        )
        for finding in found:
            self._report(name, finding)
        for finding in record.at_the_end(chain_name, end.event_count):
            self._report(name, finding)
        self.walked.origins |= record.origins
        self.walked.chains += 1

    def _links(
        self, events: Iterable[Event], record: "_Record"
    ) -> Iterator[chain.Link]:
        for event in events:
            record.event = event
            yield chain.Link(event.sequence, bytes(event.body), bytes(event.hash))
            self.walked.events += 1
            self._done(self.walked.events)

    def _report(self, name: str, finding: Finding) -> None:
        self.walked.harms += 1
        self._tell(Harm(name, finding.sequence, finding.damage, finding.detail))


class _Record:
    """What has to hold of the events of one chain beyond the chain itself."""

    def __init__(self) -> None:
        self.event = Event()
        self.origins: set[str] = set()
        self._life = 0

    def check(self, link: chain.Link, body: Mapping[str, Any]) -> list[Finding]:
        """Return what is wrong with the event in hand, whose body could be read."""
        try:
            return list(self._check(body))
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            # Somebody else wrote it: a part is missing, or is of another kind.
            return [self._found(Damage.NOT_CANONICAL, repr(fault))]

    def _check(self, body: Mapping[str, Any]) -> Iterator[Finding]:
        event = self.event
        for column, differs in _columns(event, body):
            if differs:
                yield self._found(Damage.COLUMN_DIFFERS, column)
        if not event.is_in_outbox:  # type: ignore[attr-defined]
            yield self._found(Damage.OUTBOX_MISSING)
        yield from self._check_log(str(body.get("log")))

    def at_the_end(self, name: str, count: int) -> Iterator[Finding]:
        """Yield what is wrong with the rows that the events leave behind."""
        yield from ()

    def _check_log(self, origin: str) -> Iterator[Finding]:
        # A restored log goes on in its next life; none goes back to an earlier one.
        self.origins.add(origin)
        ours, _slash, newest = settings.AUDIT_ORIGIN.rpartition("/")
        theirs, _slash, life = origin.rpartition("/")
        if theirs != ours or not self._life <= _number(life) <= _number(newest):
            yield self._found(Damage.FOREIGN_LOG, origin)
        self._life = max(self._life, _number(life))

    def _found(self, damage: Damage, detail: str = "") -> Finding:
        return Finding(self.event.chain, self.event.sequence, damage, detail)


class _CaseRecord(_Record):
    """The events of a case, held against its acts and its row."""

    def __init__(self, case: Case, acts: dict[tuple[int, int], Act]) -> None:
        super().__init__()
        self._case, self._acts = case, acts
        self._version = 0
        self._left: dict[str, Any] = {}

    def _check(self, body: Mapping[str, Any]) -> Iterator[Finding]:
        yield from super()._check(body)
        if self.event.case_id != self._case.pk:
            yield self._found(Damage.COLUMN_DIFFERS, "case_id")
        if self.event.city_id != self._case.city_id:
            yield self._found(Damage.COLUMN_DIFFERS, "city_id")
        if "obj" in body:
            yield from self._check_act(body)

    def at_the_end(self, name: str, count: int) -> Iterator[Finding]:
        """Hold the case's row against the number of its acts and their last changes."""
        if self._case.version != self._version:
            told = f"version {self._case.version}/{self._version}"
            yield Finding(name, count, Damage.CASE_DIFFERS, told)
        for column, value in self._left.items():
            if getattr(self._case, column) != value:
                told = f"{column} {getattr(self._case, column)}/{value}"
                yield Finding(name, count, Damage.CASE_DIFFERS, told)

    def _check_act(self, body: Mapping[str, Any]) -> Iterator[Finding]:
        version = body["obj"]["version_after"]
        self._version = max(self._version, version)
        act = self._acts.pop((self._case.pk, version), None)
        if act is None:
            yield self._found(Damage.ACT_MISSING, str(version))
            return
        for column, differs in _act_columns(act, body):
            if differs:
                yield self._found(Damage.ACT_DIFFERS, column)
        if casefile.commitment_of(self._case, row_of(act)) != body["data"]["c"]:
            yield self._found(Damage.DATA_CHANGED)
        self._left |= body.get("opened", {})
        self._left |= {
            name: after
            for name, (_was, after) in body["diff"].items()
            if name in casefile.PROVED
        }


#: What of a case's row is needed.
_CASE = (*casefile.PROVED, "kind", "event_count", "head", "version", "secret")


def _columns(event: Event, body: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    actor = body.get("actor") or {}
    yield "uid", str(event.uid) != body.get("uid")
    yield "at", chain.instant(event.at) != body.get("at")
    yield "verb", event.verb != body.get("act")
    yield "person_id", event.person_id != actor.get("person")
    yield "unit_id", event.unit_code != actor.get("unit")  # type: ignore[attr-defined]


def _act_columns(act: Act, body: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    actor = body["actor"]
    yield "step", act.step != body["act"]
    yield "at", chain.instant(act.at) != body["at"]
    yield "recorded_at", chain.instant(act.recorded_at) != body["ts"]
    yield "person_id", act.person_id != actor["person"]
    yield "role", (str(act.role) if act.role else None) != actor["role"]
    yield "channel", str(act.channel) != actor["channel"]
    yield "on_behalf_of_id", act.on_behalf_of_id != actor["on_behalf"]
    yield "command", (str(act.command) if act.command else None) != body["idem"]
    yield "late_reason", bool(act.late_reason) != body["late"]
    opened = body.get("opened", {}).get("state")
    was, became = body["diff"].get("state", (act.from_state, act.from_state))
    yield "from_state", act.from_state != ("" if opened else was)
    yield "to_state", act.to_state != (opened or became)


def _by_chain(names: Iterable[str]) -> Iterator[tuple[str, Iterable[Event]]]:
    """Yield each chain with its events in order, those without any at the end."""
    left = set(names)
    told = Outbox.objects.filter(event=OuterRef("pk"))
    events = (
        Event.objects.filter(chain__in=left)
        .annotate(is_in_outbox=Exists(told), unit_code=F("unit__code"))
        .order_by("chain", "sequence")
    )
    for name, group in groupby(_streamed(events), key=attrgetter("chain")):
        left.discard(name)
        yield name, group
    for name in sorted(left):
        yield name, ()


def _streamed(rows: Any) -> Iterator[Any]:
    return iter(rows.iterator(chunk_size=_ROWS_AT_ONCE))


def _batches(rows: Any) -> Iterator[list[Any]]:
    streamed = _streamed(rows)
    while batch := list(islice(streamed, BATCH)):
        yield batch


@contextmanager
def _one_moment(*, is_long: bool) -> Iterator[None]:
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if is_long:
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def _number(life: str) -> int:
    return int(life) if life.isdecimal() else -1
