"""The ledger of clocks, proved: whatever happens in whatever order, K1 to K8 hold."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.domain.vocabulary import ClockVerb
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.engine.ledger import Move, check_order, world

pytestmark = pytest.mark.django_db

#: Around a minute for the grace, around days for the ladder, weeks for the holidays.
STRETCHES = st.sampled_from(
    [
        timedelta(0),
        timedelta(seconds=30),
        timedelta(seconds=61),
        timedelta(hours=7, minutes=30),
        timedelta(days=1),
        timedelta(days=4),
        timedelta(days=15),
        timedelta(days=45),
    ]
)
NOT_BACKDATED = st.just(timedelta(0))


def scripts(backdated: st.SearchStrategy[timedelta]) -> st.SearchStrategy[list[Move]]:
    """Return scripts of up to ten moves on two clocks of two cases."""
    move = st.builds(
        Move,
        before_sweep=STRETCHES,
        batch=st.integers(0, 3),
        before_act=STRETCHES,
        case=st.integers(0, 1),
        verb=st.sampled_from(list(ClockVerb)),
        target=st.sampled_from(["acceptance", "acceptance", "handling"]),
        backdated=backdated,
    )
    return st.lists(move, min_size=1, max_size=10)


def bounded(examples: int) -> settings:
    # The database is shared by the examples on purpose: each takes back what it did.
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _same_story(cast: Cast, clock: DatabaseClock, script: list[Move]) -> None:
    """Play the script swept and unswept; both tell the same (K2, K9)."""
    stories, outcomes, refused = [], [], []
    for with_sweeps in (True, False):
        with world(cast, clock) as cases:
            cases.play(script, with_sweeps=with_sweeps)
            cases.end()
            for pk in cases.ids:
                check_order(pk)
            stories.append(cases.story())
            outcomes.append(cases.outcomes())
            refused.append(cases.refused)
    assert outcomes[0] == outcomes[1], "K2"
    assert stories[0] == stories[1], "K2"
    assert refused[0] == refused[1], "K2"


def _same_outcome(cast: Cast, clock: DatabaseClock, script: list[Move]) -> None:
    """Acts that happened earlier than they are recorded: what came of it is the same.

    A sweep may have told what such an act then takes back; it stays told.
    """
    outcomes = []
    for with_sweeps in (True, False):
        with world(cast, clock) as cases:
            cases.play(script, with_sweeps=with_sweeps)
            cases.end()
            outcomes.append(cases.outcomes())
    assert outcomes[0] == outcomes[1], "K2"


@bounded(10)
@given(script=scripts(NOT_BACKDATED))
def test_the_story_does_not_depend_on_the_sweeps(
    cast: Cast, clock: DatabaseClock, script: list[Move]
) -> None:
    _same_story(cast, clock, script)


@bounded(10)
@given(script=scripts(STRETCHES))
def test_late_entries_come_out_the_same_whenever_it_was_swept(
    cast: Cast, clock: DatabaseClock, script: list[Move]
) -> None:
    _same_outcome(cast, clock, script)


@pytest.mark.slow
@bounded(400)
@given(script=scripts(NOT_BACKDATED))
def test_the_story_does_not_depend_on_the_sweeps_at_length(
    cast: Cast, clock: DatabaseClock, script: list[Move]
) -> None:
    _same_story(cast, clock, script)


@pytest.mark.slow
@bounded(400)
@given(script=scripts(STRETCHES))
def test_late_entries_come_out_the_same_at_length(
    cast: Cast, clock: DatabaseClock, script: list[Move]
) -> None:
    _same_outcome(cast, clock, script)
