"""What a person has typed into a long form and not sent yet (草稿).

It is his alone, sealed, and no part of the case: no event tells of it, the act drops it,
and thirty days after it was last saved it goes by itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from casework import access
from casework.access import Actor
from casework.domain.errors import Invalid
from casework.models import FormDraft
from casework.services import casefile

LASTS = timedelta(days=30)
#: Bytes of what was typed: three times the longest form, filled to the brim.
LARGEST = 200 * 1024
#: What a page sends beside what was typed.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "version", "command"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its form is filled in with it."""

    version: int
    typed: MultiValueDict[str, str]
    saved_at: datetime


def save(
    case_id: int,
    step: str,
    *,
    by: Actor,
    version: int,
    typed: Mapping[str, Sequence[str]],
    at: datetime,
) -> FormDraft:
    """Keep what the person has typed for a step; what he saved before is replaced.

    `version` is the one of the case that he saw. Numbers that the form only showed him
    in full are kept as their masks. Raises NotFound when the case does not exist for
    him, Invalid for a step of another procedure and for more than a form can hold.
    """
    file = casefile.look(case_id, by=by)
    if step not in file.kind.steps:
        raise Invalid(_("“%(step)s”不是这类案件的步骤。") % {"step": step})
    assert by.person is not None  # a case exists for nobody else
    said = {name: list(typed[name]) for name in typed.keys() - _NOT_TYPED}
    form = file.kind.steps[step].form(MultiValueDict(said))
    form.ask(case=file.case, by=by, at=at)
    text = json.dumps(form.unrevealed(said), ensure_ascii=False)
    if len(text.encode()) > LARGEST:
        raise Invalid(
            _("填的内容超过%(most)s KB，草稿没有存。请删去一些，或者直接提交。")
            % {"most": LARGEST // 1024}
        )
    draft, _is_new = FormDraft.objects.update_or_create(
        person=by.person,
        case_id=case_id,
        step=step,
        defaults={
            "version": min(version, file.case.version),
            "typed": text,
            "saved_at": at,
        },
    )
    return draft


def load(case_id: int, step: str, *, by: Actor) -> Draft | None:
    """Return the person's own draft of a step; None when the case is not his to see."""
    mine = FormDraft.objects.filter(person=by.person, case_id=case_id, step=step)
    found = mine.filter(case__in=access.visible(by)).first()
    if found is None:
        return None
    typed = MultiValueDict[str, str](json.loads(found.typed))
    return Draft(found.version, typed, found.saved_at)


def steps_begun(case_id: int, *, by: Actor) -> frozenset[str]:
    """Return the steps of the case for which the person has a draft."""
    mine = FormDraft.objects.filter(person=by.person, case_id=case_id)
    return frozenset(mine.values_list("step", flat=True))


def drop(case_id: int, step: str, *, by: Actor) -> None:
    """Forget the person's own draft of a step, if there is one."""
    FormDraft.objects.filter(person=by.person, case_id=case_id, step=step).delete()


def drop_old(*, at: datetime) -> int:
    """Forget what nobody has gone on with for thirty days; say how many there were."""
    dropped, _by_model = FormDraft.objects.filter(saved_at__lt=at - LASTS).delete()
    return dropped
