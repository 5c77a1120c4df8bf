"""The demo city: every state, every clock right and explained, every chain whole."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from casework.demo import city, exhibits, staff
from casework.demo.timing import SHANGHAI
from casework.domain.deadlines import ClockStandsStill, due, explain, replay
from casework.models import Act, Case, Party
from casework.services import calendars, casefile, rules, verification
from tests.engine.conftest import DatabaseClock
from tests.engine.ledger import World
from workflows.hardship_aid.models import HardshipAidDetails, InformationCheck
from workflows.hardship_aid.vocabulary import FileState, S, Wish

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)


@pytest.fixture(scope="module", params=[pytest.param(365, marks=pytest.mark.slow), 70])
def loaded(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[int]:
    """The city with its last days, and how many they are; gone after these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        city.load(now=NOW, done=lambda number: None, days=request.param)
        yield request.param
        transaction.set_rollback(True)
    for kept in (rules.book, calendars.book, calendars.days_of):
        kept.cache_clear()


def test_there_are_cases_in_every_state(loaded: int) -> None:
    states = Counter(
        Case.objects.filter(kind="hardship_aid").values_list("state", flat=True)
    )

    assert set(states) == {str(state) for state in S}
    if loaded == city.DAYS:
        assert sum(states.values()) >= 300


def test_there_are_files_in_every_state(loaded: int) -> None:
    files = Case.objects.filter(kind="hardship_file")
    states = set(files.values_list("state", flat=True))

    # A yearly review comes due in a whole year only.
    needs_years = {str(FileState.REVIEW_DUE), str(FileState.DEREGISTERED)}
    expected = {str(state) for state in FileState}
    if loaded != city.DAYS:
        expected -= needs_years
    assert states - needs_years == expected - needs_years
    assert expected <= states


def test_they_come_from_many_streets(loaded: int) -> None:
    counties = Case.objects.values_list("county", flat=True).distinct()
    stations = Case.objects.values_list("station", flat=True).distinct()

    assert counties.count() == 10
    assert stations.count() >= (30 if loaded == city.DAYS else 20)


def test_people_act_in_office_hours_only(loaded: int) -> None:
    moments = Act.objects.exclude(person=None).values_list("recorded_at", flat=True)
    calendar = calendars.days_of(calendars.newest()[0].pk)
    local = [moment.astimezone(SHANGHAI) for moment in moments]

    outside = [
        moment
        for moment in local
        if not calendar.is_working(moment.toordinal())
        or not time(8, 40) <= moment.time() <= time(17, 20)
        or time(11, 50) < moment.time() < time(13, 35)
    ]

    assert local
    assert outside == []


def test_a_few_open_cases_are_overdue(loaded: int) -> None:
    open_cases = Case.objects.filter(closed_at=None)
    overdue = open_cases.filter(next_due_at__lt=NOW)

    assert 0 < overdue.count() < open_cases.count() * 0.09


def test_households_come_for_a_file_for_aid_and_for_urgent_relief(loaded: int) -> None:
    cases = HardshipAidDetails.objects.all()
    aided = cases.exclude(aid_fen=0)

    assert set(cases.values_list("wish", flat=True)) == set(Wish)
    assert set(aided.values_list("wish", flat=True)) == {Wish.FILE_AND_AID}


def test_letters_are_numbered_office_by_office(loaded: int) -> None:
    checks = InformationCheck.objects.order_by().distinct()
    sent = checks.values_list("case", "case__county__short_name", "letter_number")
    numbers = [number for _case, _county, number in sent]

    assert numbers
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith(county) for _case, county, number in sent)


def test_every_clock_stands_as_the_calculus_says(loaded: int) -> None:
    ids = list(Case.objects.values_list("pk", flat=True))

    World(ids, DatabaseClock()).check()


def test_every_due_date_explains_itself(loaded: int) -> None:
    explained = standing = 0
    for file in casefile.files(list(Case.objects.values_list("pk", flat=True))):
        for sheet in file.clocks.sheets:
            try:
                answer = due(sheet.reckoning, strict=False)
            except ClockStandsStill:
                standing += 1
                continue
            assert replay(explain(answer)) == answer.due_at == sheet.clock.due_at
            explained += 1

    assert explained > 3 * standing > 0


def test_every_chain_is_whole(loaded: int) -> None:
    damages: list[object] = []

    walked = verification.verify(tell=damages.append)

    assert damages == []
    assert walked.chains >= Case.objects.count()


def test_nobody_decides_what_he_prepared(loaded: int) -> None:
    pairs = Act.objects.filter(step__in=["step.publish", "step.approve"]).values_list(
        "case", "step", "person"
    )
    reviewers = {case: who for case, step, who in pairs if step == "step.publish"}
    approvers = {case: who for case, step, who in pairs if step == "step.approve"}

    assert approvers
    assert all(reviewers[case] != who for case, who in approvers.items())


def test_people_belong_to_nobody(loaded: int) -> None:
    numbers = [party.id_number for party in Party.objects.all() if party.id_number]

    assert numbers
    assert all(number.startswith("320599") for number in numbers)


def test_the_staff_is_there_in_any_year_that_may_be_told() -> None:
    early = date(2025, 12, 31)

    assert early - timedelta(days=city.DAYS + city.PRELUDE) > staff.SINCE


def test_the_exhibits_cover_the_states() -> None:
    time_brings = {S.ARCHIVED, FileState.ACTIVE, FileState.REVIEW_DUE}

    assert set(exhibits.EXHIBITS) | time_brings == {*S, *FileState}
