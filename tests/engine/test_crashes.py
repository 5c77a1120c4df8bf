"""Killed at any place, the engine leaves whole histories and keeps what it said.

A child of `tests.engine.crashing` kills itself with SIGKILL at a named place of the
door or of the sweep; then everything is held against everything. Three mutants, each a
mistake that this must find, show that it looks.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import connections

from casework.models import Act, Case, Clock, ClockRung, Event, Outbox
from casework.services import cases, failpoints, verification
from casework.services.failpoints import AFTER_CLAIM, PLACES
from tests import servers
from tests.cast import Cast
from tests.engine.crashing import APPLICATION_NAME, MUTANTS
from tests.engine.threads import set_time_of_all
from tests.inquiry.forms import InquiryForm

PLACES_OF_AN_ACT = [place for place in PLACES if place != AFTER_CLAIM]
KILLS = pytest.mark.parametrize(
    "kills", [3, pytest.param(50, marks=pytest.mark.slow)], ids=["few", "many"]
)
SEED = 20260924

#: The clocks that go on in each state of an inquiry.
GOING = {
    "registered": {"acceptance": "running"},
    "correcting": {"acceptance": "paused", "correction": "running"},
    "accepted": {"handling": "running"},
    "answered": {},
    "withdrawn": {},
}


@dataclass
class Crasher:
    """The process whose children are killed, and what they were told was done."""

    process: "subprocess.Popen[str]"
    acknowledged: list[tuple[int, int]] = field(default_factory=list)

    def kill(self, job: str, failpoint: str, *, mutant: str = "") -> None:
        """Let a child do the job until it dies at the place; it must die there."""
        assert self._do(job, failpoint, mutant) == -signal.SIGKILL, failpoint

    def finish(self, job: str, *, mutant: str = "") -> None:
        """Let a child do the job to its end."""
        assert self._do(job, "", mutant) == 0

    def _do(self, job: str, failpoint: str, mutant: str) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        told = {"job": job, "failpoint": failpoint, "mutant": mutant}
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        ended = json.loads(self.process.stdout.readline())
        self.acknowledged += [(case, version) for case, version in ended["acked"]]
        _wait_until_the_server_knows()
        return int(ended["status"])


@pytest.fixture
def city(own_database: str, cast: Cast) -> Cast:
    """The cast in a database of the test's own, on Thursday 2026-09-24 at 10:00."""
    set_time_of_all(own_database, "2026-09-24 10:00")
    return cast


@pytest.fixture
def crasher(
    own_database: str, postgres: servers.Server, city: Cast
) -> Iterator[Crasher]:
    """The process, on the test's own database."""
    told = {
        "DATABASE_URL": postgres.url(own_database),
        "DATABASE_OWNER_URL": postgres.url(own_database),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PGAPPNAME": APPLICATION_NAME,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.engine.crashing"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **told},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Crasher(process)
        assert process.stdin is not None
        process.stdin.close()


@KILLS
@pytest.mark.parametrize("place", PLACES_OF_AN_ACT)
def test_an_act_that_is_killed_leaves_no_half_step(
    crasher: Crasher, place: str, kills: int
) -> None:
    chance = random.Random(f"{SEED} {place}")
    for _kill in range(kills):
        before, said = Act.objects.count(), len(crasher.acknowledged)
        newest = _newest()
        crasher.kill("act", f"{place}:{chance.randint(1, 12)}")

        done = Act.objects.count() - before
        assert 0 <= done - (len(crasher.acknowledged) - said) <= 1, "lost or made up"
        assert _faults(crasher, after=newest) == []
    crasher.finish("act")
    assert _faults(crasher) == []


@KILLS
@pytest.mark.parametrize("place", PLACES)
def test_a_sweep_that_is_killed_tells_everything_once(
    crasher: Crasher, city: Cast, place: str, kills: int
) -> None:
    chance = random.Random(f"{SEED} {place}")
    for _kill in range(kills):
        newest = _newest()
        _fall_due(city)
        crasher.kill("sweep", f"{place}:{chance.randint(1, 2)}")
        assert _faults(crasher, after=newest) == []

        crasher.finish("sweep")
        assert _faults(crasher, after=newest) == []
        assert _untold() == []
    assert _faults(crasher) == []


@pytest.mark.parametrize(
    ("job", "mutant"),
    [
        ("act", "event_after_commit"),
        ("sweep", "event_after_commit"),
        ("sweep", "mark_then_tell"),
        ("sweep", "tell_then_mark"),
    ],
)
def test_a_mutant_is_found_with_as_many_kills(
    crasher: Crasher, city: Cast, job: str, mutant: str
) -> None:
    assert mutant in MUTANTS

    assert any(
        _finds(mutant, crasher, city, job, place)
        for place in reversed(PLACES_OF_AN_ACT)
        for _kill in range(3)
    )


def _finds(mutant: str, crasher: Crasher, city: Cast, job: str, place: str) -> bool:
    if job == "sweep":
        _fall_due(city)
    crasher.kill(job, place, mutant=mutant)
    if job == "sweep" and not _faults(crasher):
        crasher.finish(job, mutant=mutant)
    return bool(_faults(crasher) or (job == "sweep" and _untold()))


def _fall_due(city: Cast) -> None:
    """Register two inquiries and ask in two more for papers, all of them in September."""
    for asked in (False, False, True, True):
        case = cases.open("inquiry", by=city.xiaobo, data=InquiryForm.example(Case()))
        cases.claim(case.pk, by=city.xiaobo)
        if asked:
            data = {"items": '["身份证"]'}
            cases.act(case.pk, "ask_for_papers", by=city.xiaobo, version=2, data=data)


def _newest() -> int:
    newest = Case.objects.order_by("pk").last()
    return newest.pk if newest else 0


def _faults(crasher: Crasher, *, after: int = 0) -> list[str]:
    """Hold everything against everything; return what does not agree, in words.

    `after` leaves out the cases up to that one: nobody works on them any more.
    """
    harms: list[str] = []
    cases_ = Case.objects.filter(pk__gt=after)
    verification.verify(
        cases=[case.pk for case in cases_] if after else None,
        tell=lambda harm: harms.append(str(harm)),
    )
    return [
        *harms,
        *_outbox_faults(),
        *(fault for case in cases_ for fault in _half_steps(case)),
        *_rung_faults(after),
        *_broken_promises(crasher.acknowledged),
    ]


def _outbox_faults() -> Iterator[str]:
    if Outbox.objects.count() != Event.objects.count():
        yield "outbox and events differ in number"


def _half_steps(case: Case) -> Iterator[str]:
    acts = list(Act.objects.filter(case=case).order_by("version"))
    if [act.version for act in acts] != list(range(1, case.version + 1)):
        yield f"{case}: version {case.version}, acts {[a.version for a in acts]}"
    if acts and acts[-1].to_state != case.state:
        yield f"{case}: in {case.state}, the last act led to {acts[-1].to_state}"
    going = {
        clock.target: str(clock.state)
        for clock in Clock.objects.filter(case=case, state__in=["running", "paused"])
    }
    if going != GOING[case.state]:
        yield f"{case}: in {case.state} with {going}"
    if case.segments.filter(ends_at=None).count() != 1:
        yield f"{case}: not in one pair of hands"
    asked = any(act.step == "step.ask_for_papers" for act in acts)
    if case.inquiry_details.was_asked != asked:  # type: ignore[attr-defined]
        yield f"{case}: details and acts differ"


def _rung_faults(after: int) -> Iterator[str]:
    """Every rung that fired is told in one event, and every such event of a rung."""
    events = Event.objects.filter(verb__in=["clock.breached", "clock.reminded"])
    told: Counter[tuple[object, ...]] = Counter(
        (event.case_id, clock["target"], clock["cycle"], clock["rung"], clock["repeat"])
        for event in events.filter(case__gt=after)
        for clock in [json.loads(bytes(event.body))["clock"]]
    )
    place = ("clock__case_id", "clock__target", "clock__cycle", "code", "repeat")
    rungs = ClockRung.objects.exclude(event_sequence=None)
    fired: Counter[tuple[object, ...]] = Counter(
        rungs.filter(clock__case__gt=after).values_list(*place)
    )
    for rung in (told - fired) + (fired - told):
        yield f"{rung}: told {told[rung]} times, fired {fired[rung]}"


def _untold() -> list[str]:
    """Return what a sweep in the middle of October should have told and has not."""
    waiting = Clock.objects.filter(next_step_at__lt="2026-10-12 09:00+08")
    asked = Case.objects.filter(state="correcting")
    return [f"{row}" for row in [*waiting, *asked]]


def _broken_promises(acknowledged: list[tuple[int, int]]) -> Iterator[str]:
    kept = set(Act.objects.values_list("case_id", "version"))
    for promise in acknowledged:
        if promise not in kept:
            yield f"{promise} was acknowledged and is not there"


def _wait_until_the_server_knows() -> None:
    """Return when no server process of a killed child is left: it has rolled back."""
    with connections["owner"].cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = %s",
                [APPLICATION_NAME],
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.01)


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no failpoint after_lunch"):
        failpoints.arm("after_lunch")
    failpoints.arm("")
