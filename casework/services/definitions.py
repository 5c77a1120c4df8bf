"""What a procedure's definition gets wrong, before any case finds out.

`faults` reads the declarations that the door, the pictures and the state tables read,
beside the rules, and says in a sentence each what does not fit together.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from casework.domain.rules import RuleTerms, read_rules
from casework.domain.vocabulary import ClockVerb, Role
from casework.lifecycle import (
    EVERY_LEVEL,
    CaseType,
    Directive,
    Registry,
    Step,
    StepForm,
)

#: A rule of the manual, or the number under which it stands in a law: H-21, M-12.
_RULE_ID = re.compile(r"\b[A-Z]{1,2}-\d+")
_STARTS = frozenset({ClockVerb.START, ClockVerb.RESTART})


def rules_of(kind: CaseType) -> tuple[RuleTerms, ...]:
    """Return the rules that ship with the procedure; raises Invalid as `read_rules`."""
    file = f"{kind.code}/{kind.rules.name}"
    return read_rules(kind.rules.read_text("utf-8"), file=file)


def faults(kind: CaseType, rules: tuple[RuleTerms, ...]) -> list[str]:
    """Return a sentence for everything that does not fit; none for a sound procedure."""
    by_target = {rule.target: rule for rule in rules}
    checks: tuple[Iterator[str], ...] = (
        _states(kind),
        _clocks(kind, by_target),
        _expiries(kind, rules),
        *(_step(kind, step) for step in kind.steps.values()),
        _labels(kind),
        _sequels(kind),
    )
    return [f"{kind.code}: {fault}" for check in checks for fault in check]


def example_faults(kind: CaseType, *, at: datetime) -> list[str]:
    """Return a sentence for every form that refuses its own example.

    Forms may look things up, so unlike `faults` this needs a database.
    """
    case = kind.model(kind=kind.code, state=str(kind.opening.state), opened_at=at)
    case.details = kind.details(case=case)  # type: ignore[attr-defined]
    forms: dict[str, type[StepForm]] = {"opening": kind.opening.form}
    forms.update((step.name, step.form) for step in kind.steps.values())
    found = []
    for name, form_class in forms.items():
        form = form_class(form_class.example(case), form_class.example_files(case))
        form.case, form.at = case, at
        if not form.is_valid():
            told = "; ".join(f"{key}: {said[0]}" for key, said in form.errors.items())
            found.append(f"{kind.code}: the example of {name} is refused: {told}")
    return found


def _states(kind: CaseType) -> Iterator[str]:
    known = frozenset(kind.states)
    for step in kind.steps.values():
        for state in step.sources - known:
            yield f"{step.name} begins in '{state}', which is no state."
        if step.target is not None and step.target not in known:
            yield f"{step.name} leads to '{step.target}', which is no state."
    for state in kind.resting - known:
        yield f"a case rests in '{state}', which is no state."
    reached = _reached(kind)
    for state in kind.states:
        if state not in reached:
            yield f"no way leads to the state '{state}'."
        leads_on = any(
            state in step.sources and step.target not in (None, state)
            for step in kind.steps.values()
        )
        if not leads_on and state not in kind.closed:
            yield f"no way leads out of the state '{state}', and it does not close."


def _reached(kind: CaseType) -> set[Any]:
    reached: set[Any] = {kind.opening.state}
    while True:
        further = {
            step.target
            for step in kind.steps.values()
            if step.target is not None and step.sources & reached
        }
        if further <= reached:
            return reached
        reached |= further


def _directives(kind: CaseType) -> Iterator[tuple[str, Directive]]:
    for directive in kind.opening.clocks:
        yield "opening", directive
    for step in kind.steps.values():
        for directive in step.clocks:
            yield step.name, directive


def _clocks(kind: CaseType, rules: dict[str, RuleTerms]) -> Iterator[str]:
    started = {d.target for _name, d in _directives(kind) if d.verb in _STARTS}
    for name, directive in _directives(kind):
        target, verb = directive.target, directive.verb
        rule = rules.get(target)
        if rule is None:
            yield f"{name} {verb}s the clock '{target}', for which there is no rule."
        elif target not in started:
            yield f"{name} {verb}s the clock '{target}', which nothing starts."
        elif verb is ClockVerb.PAUSE and directive.reason not in rule.pauses:
            yield (
                f"{name} pauses '{target}' for '{directive.reason}', which {rule.id} "
                "does not allow."
            )
    for target in rules.keys() - started:
        yield f"{rules[target].id} gives the period of '{target}', which nothing starts."


def _expiries(kind: CaseType, rules: tuple[RuleTerms, ...]) -> Iterator[str]:
    for rule in rules:
        if not rule.expiry:
            continue
        step = kind.steps.get(rule.expiry)
        if step is None:
            yield f"{rule.id} expires into '{rule.expiry}', which is no step."
        elif not step.by_system:
            yield f"{rule.id} expires into {step.name}, which the system does not take."
    named = {rule.expiry for rule in rules}
    for step in kind.steps.values():
        if step.roles == {Role.SYSTEM} and step.name not in named:
            yield f"{step.name} is taken by the system, but no rule expires into it."


def _step(kind: CaseType, step: Step) -> Iterator[str]:
    if not step.basis.strip():
        yield f"{step.name} has no basis."
    for guard in step.guards:
        yield from _guard(step, guard)
    if step.barred is not None:
        yield from _guard(step, step.barred)
    asked = set(step.form.base_fields)
    taken, takes_rest = _parameters(getattr(kind.model, step.name))
    if not taken <= asked or (taken != asked and not takes_rest):
        yield (
            f"{step.name} takes {_told(taken)}, but its form asks for {_told(asked)}."
        )
    for directive in step.clocks:
        if directive.verb is ClockVerb.EXTEND and directive.amount not in asked:
            yield (
                f"{step.name} extends '{directive.target}' by '{directive.amount}', "
                "which its form does not ask for."
            )
    panels = {panel.code for panel in kind.panels}
    for code in step.beside:
        if code not in panels:
            yield f"{step.name} shows '{code}' beside its form, which is no panel."
    yield from _hand_over(kind, step)


def _guard(step: Step, guard: Callable[..., Any]) -> Iterator[str]:
    said = inspect.getdoc(guard) or ""
    if not said:
        yield f"the guard {guard.__name__} of {step.name} has no docstring."
    elif not _RULE_ID.search(said):
        yield f"the guard {guard.__name__} of {step.name} names no rule."


def _hand_over(kind: CaseType, step: Step) -> Iterator[str]:
    if step.hand_to is None:
        return
    if step.hand_to not in EVERY_LEVEL:
        yield f"{step.name} hands to the {step.hand_to}, where no case is handled."
        return
    after = step.sources if step.target is None else frozenset({step.target})
    goes_on = any(
        step.hand_to in other.levels and other.sources & after
        for other in kind.steps.values()
    )
    if not goes_on and not after <= kind.closed:
        yield f"{step.name} hands to the {step.hand_to}, where no step goes on."


def _labels(kind: CaseType) -> Iterator[str]:
    first: dict[str, str] = {}
    for step in kind.steps.values():
        label = str(step.label)
        if label in first:
            yield f"{first[label]} and {step.name} are both called '{label}'."
        first.setdefault(label, step.name)


def _sequels(kind: CaseType) -> Iterator[str]:
    known = {other.code: other for other in Registry.all()}
    for sequel in kind.sequels:
        if sequel.kind not in known:
            yield f"'{sequel.label}' leads to '{sequel.kind}', which is no kind."
        elif sequel.field not in known[sequel.kind].opening.form.base_fields:
            yield (
                f"'{sequel.label}' fills in '{sequel.field}', which {sequel.kind} does"
                " not ask for."
            )


def _parameters(body: Callable[..., Any]) -> tuple[set[str], bool]:
    """Return what the body names, and whether it takes the rest unnamed (`**said`)."""
    # The first is the case itself.
    own = list(inspect.signature(body).parameters.values())[1:]
    rest = [p for p in own if p.kind is inspect.Parameter.VAR_KEYWORD]
    return {p.name for p in own if p not in rest}, bool(rest)


def _told(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
