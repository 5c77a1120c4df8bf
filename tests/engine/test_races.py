"""Many at once: one wins, the others read why not, nothing is lost and nothing doubled."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event as Signal
from time import sleep
from uuid import uuid4

import pytest
from django.db import connections, transaction

from casework.domain.errors import Conflict, NotNow
from casework.models import Act, Case, Event, Outbox
from casework.services import casefile, cases, planned, verification
from casework.services.casefile import CaseFile
from casework.services.planned import Answer, Value
from casework.services.sweep import Swept, sweep
from tests.cast import Cast, MembershipFactory, UserFactory
from tests.engine.threads import at_once, kinds, set_time_of_all
from tests.inquiry.forms import InquiryForm

THREADS = 50
PAPERS = {"items": '["身份证"]'}


@pytest.fixture
def city(own_database: str, cast: Cast) -> Cast:
    """The cast in a database of the test's own, on Thursday 2026-09-24 at 10:00."""
    set_time_of_all(own_database, "2026-09-24 10:00")
    return cast


@pytest.fixture
def case(city: Cast) -> Case:
    """小博's inquiry."""
    return _registered(city)


def _registered(city: Cast) -> Case:
    case = cases.open("inquiry", by=city.xiaobo, data=InquiryForm.example(Case()))
    return cases.claim(case.pk, by=city.xiaobo)


def _assert_whole() -> None:
    harms: list[verification.Harm] = []
    verification.verify(tell=harms.append)
    assert harms == []
    assert Outbox.objects.count() == Event.objects.count()


@pytest.mark.parametrize(
    "rounds", [3, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_of_fifty_with_the_same_version_one_wins(city: Cast, rounds: int) -> None:
    for _round in range(rounds):
        case = _registered(city)
        step = partial(
            cases.act,
            case.pk,
            "ask_for_papers",
            by=city.xiaobo,
            version=case.version,
            data=PAPERS,
        )

        results = at_once([step] * THREADS)

        assert kinds(results) == {"Inquiry": 1, "Conflict": THREADS - 1}
        row = Case.objects.get(pk=case.pk)
        assert (row.version, row.event_count) == (case.version + 1, 3)
        assert Event.objects.filter(case=row).count() == 3
        assert Outbox.objects.filter(event__case=row).count() == 3
    _assert_whole()


def test_whoever_comes_second_reads_who_was_faster(city: Cast, case: Case) -> None:
    cases.act(case.pk, "ask_for_papers", by=city.xiaobo, version=2, data=PAPERS)

    with pytest.raises(Conflict, match=r"小博刚刚办过这件案件.*没有提交"):
        cases.act(case.pk, "accept", by=city.xiaobo, version=2)


def test_who_waits_for_a_case_reads_what_was_done_meanwhile(
    city: Cast, case: Case
) -> None:
    file = _taken_after_a_wait(city, case)

    assert file.case.version == case.version + 1
    assert [(k.target, str(k.clock.state)) for k in file.clocks.sheets] == [
        ("acceptance", "paused"),
        ("correction", "running"),
    ]


def test_read_once_alone_it_brings_the_clocks_of_before_the_wait(
    city: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = planned.run

    def unsuspecting(sql: str, values: Sequence[Value]) -> list[Answer]:
        rows = run(sql, values)
        return [(b"t", *row[1:]) for row in rows] if "c.place = " in sql else rows

    monkeypatch.setattr(planned, "run", unsuspecting)

    file = _taken_after_a_wait(city, case)

    assert file.case.version == case.version + 1
    assert [str(k.clock.state) for k in file.clocks.sheets] == ["running"]


def _taken_after_a_wait(city: Cast, case: Case) -> CaseFile:
    """Take the case while somebody else, who has it, takes a step."""
    is_held = Signal()

    def step() -> None:
        with transaction.atomic():
            casefile.take_row(case.pk, by=city.xiaobo)
            is_held.set()
            _wait_for_a_waiting_lock()
            cases.act(
                case.pk, "ask_for_papers", by=city.xiaobo, version=None, data=PAPERS
            )

    def take() -> CaseFile:
        is_held.wait(10)
        with transaction.atomic():
            return casefile.take(case.pk, by=city.xiaobo)

    _stepped, file = at_once([step, take])
    assert isinstance(file, CaseFile)
    return file


def _wait_for_a_waiting_lock() -> None:
    with connections["owner"].cursor() as cursor:
        for _look in range(500):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return
            sleep(0.01)
    raise AssertionError("nobody waits")


def test_of_many_who_claim_one_wins_and_the_others_read_who(city: Cast) -> None:
    case = cases.open("inquiry", by=city.xiaobo, data=InquiryForm.example(Case()))
    hats = [
        MembershipFactory(
            person=UserFactory().person, unit=city.pingjiang, role=city.xiaobo.role
        )
        for _number in range(10)
    ]
    actors = [type(city.xiaobo)(None, hat.person, hat) for hat in hats]

    results = at_once(
        [partial(cases.claim, case.pk, by=actor, version=1) for actor in actors]
    )

    assert kinds(results) == {"Case": 1, "Conflict": 9}
    winner = Case.objects.get(pk=case.pk).assignee
    assert winner is not None
    said = {str(result) for result in results if isinstance(result, Conflict)}
    assert said == {f"{winner.name}已经签收了这件案件。"}
    assert Act.objects.filter(case=case, step="case.claim").count() == 1
    _assert_whole()


def test_a_claim_that_is_sent_twice_says_so(city: Cast, case: Case) -> None:
    with pytest.raises(Conflict, match="这件案件您已经签收了"):
        cases.claim(case.pk, by=city.xiaobo)


@pytest.mark.parametrize("version", [2, None], ids=["with version", "without"])
def test_the_same_form_sent_twice_is_one_act(
    city: Cast, case: Case, version: int | None
) -> None:
    command = uuid4()
    send = partial(
        cases.act,
        *(case.pk, "ask_for_papers"),
        by=city.xiaobo,
        version=version,
        data=PAPERS,
        command=command,
    )

    first, second = send(), send()

    assert first.version == second.version == 3
    assert (first.state, second.state) == ("correcting", "correcting")
    with pytest.raises(Conflict, match="已经用来办了另一步"):
        cases.act(case.pk, "supply", by=city.xiaobo, version=3, command=command)
    assert Act.objects.filter(case=case).count() == 3
    _assert_whole()


@pytest.mark.parametrize("version", [3, None], ids=["with version", "without"])
def test_the_same_form_sent_ten_times_at_once_is_one_act(
    city: Cast, case: Case, version: int | None
) -> None:
    """`lengthen` stays in its state: nothing but the command tells the second apart."""
    case = cases.act(case.pk, "accept", by=city.xiaobo, version=2)
    send = partial(
        cases.act,
        *(case.pk, "lengthen"),
        by=city.chendi,
        version=version,
        data={"days": 5},
        command=uuid4(),
    )

    results = at_once([send] * 10)

    assert kinds(results) == {"Inquiry": 10}
    assert {result.version for result in results if isinstance(result, Case)} == {4}
    assert Act.objects.filter(case=case, step="step.lengthen").count() == 1
    _assert_whole()


def test_the_same_registration_sent_ten_times_is_one_case(city: Cast) -> None:
    send = partial(
        cases.open,
        "inquiry",
        by=city.xiaobo,
        data=InquiryForm.example(Case()),
        command=uuid4(),
    )

    results = [send(), *at_once([send] * 10)]

    assert kinds(results) == {"Inquiry": 11}
    assert len({result.pk for result in results if isinstance(result, Case)}) == 1
    assert Case.objects.count() == 1
    _assert_whole()


def test_the_same_registration_for_the_first_time_ten_times_at_once(city: Cast) -> None:
    send = partial(
        cases.open,
        "inquiry",
        by=city.xiaobo,
        data=InquiryForm.example(Case()),
        command=uuid4(),
    )

    results = at_once([send] * 10)

    assert kinds(results) == {"Inquiry": 10}
    assert Case.objects.count() == Act.objects.count() == 1
    _assert_whole()


@pytest.mark.parametrize(
    "count", [10, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_sweeps_at_once_and_among_acts_tell_each_rung_once(
    own_database: str, city: Cast, count: int
) -> None:
    kept = [_registered(city) for _number in range(count)]
    asked = [_registered(city) for _number in range(count)]
    for case in asked:
        cases.act(case.pk, "ask_for_papers", by=city.xiaobo, version=2, data=PAPERS)
    set_time_of_all(own_database, "2026-10-12 09:00")
    acts = [
        partial(cases.act, case.pk, "accept", by=city.xiaobo, version=None)
        for case in kept[: count // 2]
    ]
    sweeps = [partial(sweep, batch=3) for _number in range(4)]
    works: list[Callable[[], object]] = [*sweeps, partial(_all, acts)]

    results = at_once(works)

    assert kinds(results)["Swept"] == 4
    assert sum(r.taken for r in results if isinstance(r, Swept)) == count
    sweep()
    rungs = Counter(
        (event.chain, body["clock"]["target"], body["clock"]["rung"])
        for event in Event.objects.filter(verb__in=["clock.breached", "clock.reminded"])
        for body in [_body(event)]
    )
    assert set(rungs.values()) == {1}
    told = Counter((target, rung) for _chain, target, rung in rungs)
    assert told["correction", "due"] == told["acceptance", "due"] == count
    assert not Event.objects.filter(verb="clock.breach_retracted").exists()
    withdrawn = Case.objects.filter(pk__in=[case.pk for case in asked])
    assert {case.state for case in withdrawn} == {"withdrawn"}
    _assert_whole()


def test_a_step_and_the_end_of_its_clock_at_once(own_database: str, city: Cast) -> None:
    """Papers come in at the moment at which the system deems the inquiry withdrawn."""
    cases_ = [_registered(city) for _number in range(5)]
    for case in cases_:
        cases.act(case.pk, "ask_for_papers", by=city.xiaobo, version=2, data=PAPERS)
    set_time_of_all(own_database, "2026-10-12 09:00")

    for case in cases_:
        supply = partial(cases.act, case.pk, "supply", by=city.xiaobo, version=None)
        works: list[Callable[[], object]] = [supply, partial(cases.expire, case.pk)]
        results = at_once([*works, sweep])

        assert isinstance(results[0], NotNow)
        row = Case.objects.get(pk=case.pk)
        assert (row.state, row.version) == ("withdrawn", 4)
    _assert_whole()


def _all(works: list[partial[Case]]) -> list[Case]:
    return [work() for work in works]


def _body(event: Event) -> dict[str, dict[str, str]]:
    body: dict[str, dict[str, str]] = json.loads(bytes(event.body))
    return body
