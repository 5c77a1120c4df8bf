"""The words a state machine is written in, and the registry of case types.

A procedure is a folder of `workflows/` whose lifecycle reads like the manual:

    class Mediation(Case):
        @step(_("一次性告知补正"), source=S.REGISTERED, target=S.CORRECTING,
              by=Role.CASEWORKER, form=MissingPapers, guards=[papers_missing],
              clocks=[pause("acceptance", "supplement"), start("correction")],
              paper="补正通知书", basis="M-12")
        def ask_for_papers(self, items): ...

What the declaration says is what `casework.services.cases.act` does, what `choices`
offers, what the state tables test and what the pictures draw. The body changes fields
and nothing else; it runs only when `act` lets it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.datastructures import MultiValueDict
from django_fsm import transition

from casework.domain.materials import Upload
from casework.domain.vocabulary import ClockVerb, Level, Relation, Role, Word
from casework.models import Case, Record
from casework.wording import word

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Body = TypeVar("Body", bound=Callable[..., Any])

#: What is uploaded with a form.
Files = MultiValueDict[str, "UploadedFile[Any]"]

#: What was typed into a form, by its controls; nothing is read from it yet.
Posted = dict[str, list[str]]

#: A form of more fields than these is a long one.
FEW_FIELDS = 8

EVERY_LEVEL = frozenset({Level.STATION, Level.COUNTY, Level.CITY})

_door_is_open: ContextVar[bool] = ContextVar("door_is_open", default=False)


class NotThroughTheDoor(RuntimeError):
    """A step was called directly; only `casework.services.cases.act` may."""


@contextmanager
def door() -> Iterator[None]:
    """Let the bodies of steps run; `act` is the only caller."""
    token = _door_is_open.set(True)
    try:
        yield
    finally:
        _door_is_open.reset(token)


class StepForm(forms.Form):
    """What a step asks for, and whether the answer is right in this case, now.

    `example` is a valid answer: the state tables of the tests send it.
    """

    #: The fields whose values the act keeps sealed: who somebody is, how to reach him,
    #: his health, his money. Everything else stands in the act in clear.
    sealed: ClassVar[frozenset[str]] = frozenset()
    #: Fields that another answer makes required; their help text says which.
    conditional: ClassVar[frozenset[str]] = frozenset()
    #: What the story tells of the answer, what was decided first; the rest stands in the
    #: file. Named here it is told even if it is sealed, to the case's team alone. None:
    #: what is not sealed, in the order of the form.
    told: ClassVar[tuple[str, ...] | None] = None
    #: What this act states anew: records of these kinds that stood before it end.
    restates: ClassVar[tuple[type[Record], ...]] = ()
    #: Sections of the form as it is drawn: a heading and the fields below it.
    groups: ClassVar[tuple[tuple["_StrOrPromise", tuple[str, ...]], ...]] = ()
    #: Whether it says who somebody is: what else is known of them is told beside it.
    names_people: ClassVar[bool] = False
    #: How the form is drawn when the plain list of its fields does not serve.
    template: ClassVar[str] = ""
    #: Whether its page keeps what is typed by itself, as one without a network has to.
    keeps_itself: ClassVar[bool] = False

    case: Case
    by: Any
    at: datetime

    @property
    def template_name(self) -> str:
        """The template of the form's inside: its own, or every form's."""
        return self.template or super().template_name

    @property
    def is_kept(self) -> bool:
        """Whether it asks for so much that what is typed is kept as a draft."""
        is_long = bool(self.groups) or len(self.visible_fields()) > FEW_FIELDS
        return is_long and not self.keeps_itself

    def __init__(self, *given: Any, **options: Any) -> None:
        # Ours draw no colon, and to look up the language's own takes long.
        super().__init__(*given, **{"label_suffix": "", **options})

    def ask(self, *, case: Case, by: Any, at: datetime) -> None:
        """Ask it in this case, of this actor, now; what can be chosen is narrowed here."""
        self.case, self.by, self.at = case, by, at

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        """Return data that the form takes for this case."""
        return {}

    @classmethod
    def example_files(cls, case: Case) -> Files:
        """Return the files that go with the example."""
        return MultiValueDict()

    def sections(self) -> Iterator[tuple["_StrOrPromise", list[forms.BoundField]]]:
        """Yield the groups with their fields; what is in none comes first, unlabelled."""
        grouped = {name for _label, names in self.groups for name in names}
        shown = [field for field in self.visible_fields() if field.name not in grouped]
        if shown:
            yield "", shown
        for label, names in self.groups:
            yield label, [self[name] for name in names if name in self.fields]

    def unrevealed(self, typed: Posted) -> Posted:
        """Return what was typed without the numbers that the form only showed in full."""
        return typed

    def values(self) -> dict[str, Any]:
        """Return what was validated as JSON, as the act keeps it."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}

    def records(self) -> list[Record]:
        """Return the rows that the act states, not saved yet; the door adds its case."""
        return []


class OpeningForm(StepForm):
    """What is asked when a case begins: its subject, its details, its parties.

    The parties are among its `records`.
    """

    def subject(self) -> str:
        """Return what the case is about, in a few words."""
        raise NotImplementedError

    def details(self) -> dict[str, Any]:
        """Return the fields of the kind's details."""
        return {}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(name): _plain(item) for name, item in value.items()}
        case Upload():  # names of files name people
            return {"sha256": value.sha256, "type": value.content_type}
        case UploadedFile():
            return {"size": value.size}
        case models.Model():
            return value.pk
        case _:
            return value.isoformat() if hasattr(value, "isoformat") else str(value)


#: Named predicate over (case, actor, at): None is yes, a sentence is why not.
Guard = Callable[[Any, Any, datetime], "_StrOrPromise | None"]

#: Who may not take a step of this case because of what he did in it before: the ids of
#: persons, each with the sentence that he reads. None for a person is nobody.
Barred = Callable[[Any], "Mapping[int | None, _StrOrPromise]"]


@dataclass(frozen=True, slots=True)
class Directive:
    """What a step does to one clock of its case."""

    verb: ClockVerb
    target: str
    reason: str = ""
    #: The field of the form that holds how many units an extension adds.
    amount: str = ""


def start(target: str) -> Directive:
    """Begin the period of this target, under the rule in force on the day."""
    return Directive(ClockVerb.START, target)


def stop(target: str) -> Directive:
    """End it; it was met when the act came in time."""
    return Directive(ClockVerb.STOP, target)


def pause(target: str, reason: str) -> Directive:
    """Let it stand still; what is left is kept."""
    return Directive(ClockVerb.PAUSE, target, reason=reason)


def resume(target: str) -> Directive:
    """Let it go on with what is left."""
    return Directive(ClockVerb.RESUME, target)


def restart(target: str) -> Directive:
    """Begin the full period anew: the old cycle is cancelled."""
    return Directive(ClockVerb.RESTART, target)


def extend(target: str, *, amount: str) -> Directive:
    """Lengthen it, from the same start, by what the form's field says."""
    return Directive(ClockVerb.EXTEND, target, amount=amount)


def cancel(target: str) -> Directive:
    """Give it up: it neither was met nor late."""
    return Directive(ClockVerb.CANCEL, target)


def reopen(target: str) -> Directive:
    """Let a stopped one go on; the time in between becomes a pause."""
    return Directive(ClockVerb.REOPEN, target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the procedure: who may take a case from where to where, and how."""

    name: str
    label: "_StrOrPromise"
    sources: frozenset[Word]
    target: Word | None
    roles: frozenset[Role]
    levels: frozenset[Level]
    relation: Relation
    form: type[StepForm]
    guards: tuple[Guard, ...]
    barred: Barred | None
    clocks: tuple[Directive, ...]
    hand_to: Level | None
    paper: "_StrOrPromise"
    basis: str
    backdatable: bool
    deemed: bool
    #: Whether the next level takes it when the unit has nobody (else) who may.
    is_lent: bool
    #: The kind's panels that are shown beside the form: what is decided upon.
    beside: tuple[str, ...]

    @property
    def by_system(self) -> bool:
        """Whether the system takes it, when a clock expires."""
        return Role.SYSTEM in self.roles


def step(
    label: "_StrOrPromise",
    *,
    source: Word | Sequence[Word],
    target: Word | None,
    by: Role | Sequence[Role],
    basis: str,
    at: Iterable[Level] = EVERY_LEVEL,
    relation: Relation = Relation.ASSIGNEE,
    form: type[StepForm] = StepForm,
    guards: Sequence[Guard] = (),
    barred: Barred | None = None,
    clocks: Sequence[Directive] = (),
    hand_to: Level | None = None,
    paper: "_StrOrPromise" = "",
    backdatable: bool = False,
    deemed: bool = False,
    is_lent: bool = False,
    beside: Sequence[str] = (),
) -> Callable[[Body], Body]:
    """Declare a step of a lifecycle; the method below it changes fields only.

    `target=None` stays in the state. `deemed` marks a step of the system that a
    supervisor may reverse within five working days (domain.md 9, note 5). `barred`
    keeps those away who did an earlier part of the same case; `is_lent` lets the next
    level take the step when that, or a vacancy, leaves the unit nobody. `beside` names
    the panels that whoever decides reads while he fills in the form.
    """
    sources = frozenset([source] if isinstance(source, Word) else source)

    def declare(body: Body) -> Body:
        @wraps(body)
        def guarded(case: Case, **data: Any) -> Any:
            if not _door_is_open.get():
                raise NotThroughTheDoor(f"{body.__name__} is taken through act() only")
            return body(case, **data)

        moved = transition(field="state", source=list(sources), target=target)(guarded)
        moved.step = Step(
            name=body.__name__,
            label=label,
            sources=sources,
            target=target,
            roles=frozenset([by] if isinstance(by, Role) else by),
            levels=frozenset(at),
            relation=relation,
            form=form,
            guards=tuple(guards),
            barred=barred,
            clocks=tuple(clocks),
            hand_to=hand_to,
            paper=paper,
            basis=basis,
            backdatable=backdatable,
            deemed=deemed,
            is_lent=is_lent,
            beside=tuple(beside),
        )
        return moved  # type: ignore[no-any-return]

    return declare


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a case of a kind begins."""

    label: "_StrOrPromise"
    state: Word
    form: type[OpeningForm]
    roles: frozenset[Role]
    levels: frozenset[Level]
    clocks: tuple[Directive, ...]
    basis: str
    paper: "_StrOrPromise" = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A field that may be corrected: how it is asked for, and what else it moves.

    What moves clocks (or a sum) is proposed by one person and confirmed by another.
    """

    field: forms.Field
    #: The targets whose running clocks count from the corrected moment.
    moves_clocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """For whom a part of a case is drawn: who reads, when, and whether names are clear."""

    actor: Any
    at: datetime
    in_clear: bool
    #: Whether ID and card numbers stand in full, by a leave that lasts (domain.md 6).
    is_revealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the case page that only this kind has (家庭情况, 类别测算)."""

    code: str
    label: "_StrOrPromise"
    template: str
    context: Callable[[Any, View], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper of a case, printed on A4 from what the case holds (domain.md 8)."""

    code: str
    title: "_StrOrPromise"
    template: str
    context: Callable[[Any, View], dict[str, Any]]
    #: Whether the case has come far enough for it.
    is_ready: Callable[[Any], bool]
    #: What has to be done before it is ready, for who asks too early.
    awaits: "_StrOrPromise"
    basis: str
    #: Whether it leaves the house: to the applicant, another body or the public. On
    #: paper it then says nothing of who printed it, and names no rule by its id.
    goes_out: bool = False
    #: Whether numbers of identity or bank cards stand on it, masked without leave.
    has_numbers: bool = False
    #: The same content as a workbook, for offices that ask for one.
    workbook: "Callable[[Any, View], bytes] | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """A list of a unit's cases in one state, printed as one sheet (公示名单, 上会清单).

    With a `step` the cases that are ticked take it together: one form, one act each.
    """

    code: str
    label: "_StrOrPromise"
    states: frozenset[Word]
    levels: frozenset[Level]
    roles: frozenset[Role]
    template: str
    #: What one line says; None leaves the case out.
    line: Callable[[Any, View], dict[str, Any] | None]
    #: Narrows the cases and reads what their lines say: in as few statements for one
    #: case as for forty.
    rows: "Callable[[models.QuerySet[Case]], models.QuerySet[Case]]"
    basis: str
    #: Whether it is hung up: on paper it then says nothing of who printed it.
    goes_out: bool = False
    step: str = ""
    #: The fields of the step's form that are asked once for all its cases; every other
    #: one is answered as each case's own form proposes it.
    asks: tuple[str, ...] = ()
    #: From what a line says, what stands beside the case's number before the step is
    #: taken: who it is and what is decided for him.
    brief: "Callable[[Mapping[str, Any]], Sequence[_StrOrPromise]]" = lambda said: ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequel:
    """A case of another kind that this one leads to (批准以后建立档案)."""

    label: "_StrOrPromise"
    kind: str
    #: The field of its opening form that takes this case's number.
    field: str
    states: frozenset[Word]
    #: Whether it still has to be opened.
    is_due: Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something known that may be the same matter: told without opening it."""

    text: str
    #: The case, when the reader may open it.
    case_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseType:
    """A procedure as the engine knows it."""

    code: str
    label: Word
    #: What stands between the county's short name and the year in a case number.
    number_word: str
    model: type[Case]
    details: type[models.Model]
    states: type[Word]
    closed: frozenset[Word]
    #: Who may take a case of this kind on.
    handlers: frozenset[Role]
    opening: Opening
    rules: Path
    #: States in which a case waits for time alone: until its next date is near there is
    #: nothing to take on.
    resting: frozenset[Word] = frozenset()
    #: The fields of the details, and `opened_at`, that may be corrected (更正).
    correctable: Mapping[str, Correction] = field(default_factory=dict)
    #: The records that its acts state, so that one taken back takes them with it.
    records: tuple[type[Record], ...] = ()
    panels: tuple[Panel, ...] = ()
    papers: tuple[Paper, ...] = ()
    rolls: tuple[Roll, ...] = ()
    sequels: tuple[Sequel, ...] = ()
    #: What else is known of who is being registered, told while the form is filled in:
    #: of what is typed, the actor, and the case when there is one. None: nobody is named.
    hints: "Callable[[Mapping[str, Any], Any, Any], list[Hint] | None] | None" = None
    #: The vocabularies of which it writes terms into subjects and titles of materials.
    terms: tuple[type[Word], ...] = ()
    steps: dict[str, Step] = field(default_factory=dict)

    def state(self, code: str) -> Word:
        """Return the state as a word."""
        return self.states(code)

    def told(self, text: str) -> str:
        """Return a stored text: a term in the reader's language, else as it was typed."""
        known = {term.zh: term for terms in self.terms for term in terms}
        return word(known[text]) if text in known else text


class Registry:
    """The case types of this installation, by code."""

    _types: ClassVar[dict[str, CaseType]] = {}

    @classmethod
    def register(cls, kind: CaseType) -> CaseType:
        """Add a case type; raises ValueError for a code that is taken."""
        if kind.code in cls._types:
            raise ValueError(f"the case type {kind.code} is registered twice")
        kind.steps.update(
            (name, method.step)
            for part in kind.model.__mro__
            for name, method in vars(part).items()
            if hasattr(method, "step")
        )
        cls._types[kind.code] = kind
        return kind

    @classmethod
    def get(cls, code: str) -> CaseType:
        """Return the case type; raises KeyError for an unknown code."""
        return cls._types[code]

    @classmethod
    def all(cls) -> list[CaseType]:
        """Return the case types in the order in which they were registered."""
        return list(cls._types.values())
