"""Deciding the cases of a roll together: one form, and an act of its own for each.

What is asked once (minutes, date, scan) goes into every act; the rest is answered as
each case's own form proposes it. A case that refuses keeps none of the others back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.http import QueryDict

from casework.access import Actor
from casework.domain.errors import CaseworkError, InvalidForm
from casework.lifecycle import CaseType, Files, Roll, Step, StepForm
from casework.models import Case
from casework.services import casefile, cases, materials
from casework.wording import sentence


@dataclass(frozen=True, slots=True)
class Ticked:
    """A case that was ticked, at the version that was seen."""

    case_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ticked case: it was done, or a sentence says why not."""

    case_id: int
    case: Case | None
    refused: str = ""


def step_of(kind: CaseType, roll: Roll) -> Step:
    """Return the step that the cases of the roll take together."""
    return kind.steps[roll.step]


def asked(
    kind: CaseType, roll: Roll, ticked: Sequence[Ticked], *, by: Actor
) -> StepForm | None:
    """Return what is asked once for all; None when no ticked case takes the step."""
    form = _form(kind, roll, ticked, by=by)
    return _narrowed(form, roll) if form else None


def mistaken(
    kind: CaseType,
    roll: Roll,
    ticked: Sequence[Ticked],
    *,
    by: Actor,
    data: QueryDict,
    files: Files,
) -> StepForm | None:
    """Return the form with its mistakes when what is asked once for all is wrong."""
    form = _form(kind, roll, ticked, by=by, data=data, files=files)
    if form is None or form.is_valid() or not form.errors.keys() & {*roll.asks}:
        return None
    for name in form.errors.keys() - {*roll.asks}:
        del form.errors[name]
    return _narrowed(form, roll)


def decide(
    kind: CaseType,
    roll: Roll,
    ticked: Sequence[Ticked],
    *,
    by: Actor,
    data: QueryDict,
    files: Files,
    command: UUID,
) -> list[Outcome]:
    """Let every ticked case take the roll's step, each in a transaction of its own.

    The same `command` sent again is the same acts: each case's own is derived from it.
    """
    outcomes = []
    for each in ticked:
        try:
            case = cases.act(
                each.case_id,
                roll.step,
                by=by,
                version=each.version,
                data=_answers(kind, roll, each, by=by, data=data),
                files=files,
                command=uuid5(command, str(each.case_id)),
            )
        except CaseworkError as refusal:
            outcomes.append(Outcome(each.case_id, None, _why(refusal)))
        else:
            materials.share(files, case)
            outcomes.append(Outcome(each.case_id, case))
    return outcomes


def _form(
    kind: CaseType,
    roll: Roll,
    ticked: Sequence[Ticked],
    *,
    by: Actor,
    data: QueryDict | None = None,
    files: Files | None = None,
) -> StepForm | None:
    """Return the step's form, asked in the first ticked case that can take it."""
    step = step_of(kind, roll)
    for each in ticked:
        try:
            file = casefile.look(each.case_id, by=by)
        except CaseworkError:
            continue
        if cases.refused(file, step, by=by, at=file.now) is not None:
            continue
        answers = _answers(kind, roll, each, by=by, data=data) if data else None
        form = step.form(answers, files if data else None)
        form.ask(case=file.case, by=by, at=file.now)
        return form
    return None


def _answers(
    kind: CaseType, roll: Roll, each: Ticked, *, by: Actor, data: QueryDict
) -> Mapping[str, Any]:
    """Return the case's whole form: what was asked once, the rest as it proposes."""
    file = casefile.look(each.case_id, by=by)
    proposed = step_of(kind, roll).form()
    proposed.ask(case=file.case, by=by, at=file.now)
    answers = data.copy()
    for name, field in proposed.fields.items():
        if name in roll.asks:
            continue
        answers.pop(name, None)
        shown = field.widget.format_value(proposed[name].value())
        if shown not in (None, "", []):
            answers.setlist(name, shown if isinstance(shown, list) else [shown])
    return answers


def _narrowed(form: StepForm, roll: Roll) -> StepForm:
    """Leave out what is not asked of a person; the form's own sections go with it."""
    for name in form.fields.keys() - {*roll.asks}:
        del form.fields[name]
    form.groups = ()  # type: ignore[misc]  # of this form, not of its class
    return form


def _why(refusal: CaseworkError) -> str:
    if isinstance(refusal, InvalidForm):
        return " ".join(said for lines in refusal.mistakes.values() for said in lines)
    return sentence(refusal)
