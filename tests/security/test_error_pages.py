"""What goes wrong while a number is in the request: the page, the log line, the chain."""

import inspect
import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from casework.conf import logs
from casework.conf.celery import app
from casework.demo.fiction import Fiction
from casework.domain.idnumber import check_character
from casework.domain.vocabulary import Purpose
from casework.models import Event, Party
from casework.services import reveals, writing
from tests.hardship_aid.conftest import Way
from tests.hardship_aid.files import member
from tests.security.planted import Planted
from tests.web.pages import browse, read
from tests.web.posted import posted
from workflows.hardship_aid.forms.application import ApplicationForm
from workflows.hardship_aid.models import Applicant

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "320508198503070027", "32050819830412001X"
CARD = Fiction(5).card()
CARD_MASKED = CARD[:4] + "*" * (len(CARD) - 8) + CARD[-4:]
MASKED = "3205**********0027"
PLANTED = Planted({NUMBER, OTHER, CARD}, {"12900006204"})


class Lines:
    """The log as the site writes it."""

    def __init__(self, *, is_json: bool) -> None:
        self._written = StringIO()
        self.handler = logging.StreamHandler(self._written)
        told = logs.configuration(json=is_json, level="INFO")
        options = dict(told["formatters"]["lines"])
        factory = options.pop("()")
        assert factory is ProcessorFormatter
        self.handler.setFormatter(factory(**options))

    @property
    def text(self) -> str:
        """Everything that was written."""
        return self._written.getvalue()


@pytest.fixture(params=[True, False], ids=["json", "coloured"])
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """What a production site writes, and what the demo does."""
    written = Lines(is_json=request.param)
    root = logging.getLogger()
    before = root.level
    root.addHandler(written.handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(written.handler)
    root.setLevel(before)


def _form(way: Way, **changes: Any) -> dict[str, Any]:
    said = {
        **ApplicationForm.example(way.case),
        "id_number": NUMBER,
        "members": [member(OTHER)],
        **changes,
    }
    return {
        **posted(said),
        "version": str(way.case.version),
        "command": str(uuid4()),
    }


def test_no_error_page_and_no_log_line_holds_a_number(
    way: Way, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sort of error once; what somebody typed stands in his own form alone."""
    here = f"/cases/{way.case.pk}/steps/submit/"
    mine, money = browse(way.office.xiaobo), browse(way.office.gaojing)
    unchecked = Client(enforce_csrf_checks=True)
    mine.raise_request_exception = False
    answers = {
        404: mine.get(f"/cases/{NUMBER}/"),
        4040: mine.post(f"/nobody/{NUMBER}/", _form(way)),
        403: money.post(here, _form(way)),
        4030: mine.get(f"/network/{NUMBER}/open/"),
        4031: unchecked.post("/log-in/", {"username": NUMBER, "password": "x"}),
        422: mine.post(here, _form(way, monthly_income="-1")),
        4220: mine.get(f"/cases/{way.case.pk}/steps/{NUMBER}/"),
        400: mine.post(here, {f"f{n}": NUMBER for n in range(1001)}),
    }
    mine.post(here, _form(way))
    answers[409] = mine.post(here, _form(way))

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(f"cannot write {NUMBER} and {OTHER}")

    monkeypatch.setattr(writing, "write", broken)
    way.follow(way.case.pk)
    amend = f"/cases/{way.case.pk}/steps/amend/"
    answers[500] = mine.post(amend, _form(way))

    for code, answer in answers.items():
        status = code if code < 1000 else code // 10
        assert answer.status_code == status, code
        html = answer.content.decode()
        assert "Traceback" not in html
        assert PLANTED.found_in(_but_what_was_typed(html)) == set(), code
        assert PLANTED.found_in(str(answer.headers)) == set(), code
    assert PLANTED.found_in(lines.text) == set()
    assert PLANTED.phones_in(lines.text) == set()
    for told in ("Not Found", f"/cases/{MASKED}/", "Traceback", f"write {MASKED} and"):
        assert told in lines.text
    kept = str([bytes(event.body).decode() for event in _refusals()])
    assert PLANTED.found_in(kept) == set()
    assert MASKED in kept


def _refusals() -> Any:
    return Event.objects.filter(verb="access.denied")


def _but_what_was_typed(html: str) -> str:
    """Leave out what stands in the boxes of the form, where its writer reads it again."""
    return re.sub(r'(<input[^>]*) value="[^"]*"', r"\1", html)


def test_no_task_takes_anything_of_a_case() -> None:
    app.loader.import_default_modules()
    ours = {
        name: list(inspect.signature(task.run).parameters)
        for name, task in app.tasks.items()
        if not name.startswith("celery.")
    }

    assert ours
    assert [name for name, takes in ours.items() if takes] == []


class TestAmending:
    """The one form that shows what is kept: masked, unless its reader has leave."""

    @pytest.fixture
    def address(self, way: Way) -> str:
        way.take(
            "submit", "xiaobo", id_number=NUMBER, card=CARD, members=[member(OTHER)]
        )
        return f"/cases/{way.case.pk}/steps/amend/"

    def test_it_shows_masks(self, way: Way, address: str) -> None:
        html = read(browse(way.office.xiaobo), address)

        assert PLANTED.found_in(html) == set()
        for mask in (MASKED, "3205**********001X", CARD_MASKED):
            assert f'value="{mask}"' in html

    def test_a_mask_that_comes_back_leaves_the_number_as_it_is(
        self, way: Way, address: str
    ) -> None:
        rows = [member("3205**********001X", "陆志远")]
        form = _form(way, id_number=MASKED, card=CARD_MASKED, members=rows)

        answer = browse(way.office.xiaobo).post(address, form)

        assert answer.status_code == 302
        assert _numbers(way) == {NUMBER, OTHER, CARD}

    def test_a_new_number_takes_the_place_of_a_mask(
        self, way: Way, address: str
    ) -> None:
        new = "320508198312190034"
        form = _form(way, id_number=MASKED, card=CARD, members=[member(new, "陆志远")])

        assert browse(way.office.xiaobo).post(address, form).status_code == 302
        assert _numbers(way) == {NUMBER, new, CARD}

    @pytest.mark.parametrize(
        ("field", "mask", "told"),
        [
            ("id_number", "1101**********0027", "身份证号码只有数字"),
            ("id_number", "****", "身份证号码只有数字"),
            ("card", "6299***********0", "16到19位数字"),
        ],
    )
    def test_a_mask_of_no_number_is_refused(
        self, way: Way, address: str, field: str, mask: str, told: str
    ) -> None:
        answer = browse(way.office.xiaobo).post(address, _form(way, **{field: mask}))

        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert _numbers(way) == {NUMBER, OTHER, CARD}

    def test_two_numbers_of_one_mask_are_asked_for_in_full(self, way: Way) -> None:
        twins = _alike()
        rows = [member(number) for number in twins]
        way.take("submit", "xiaobo", members=rows)
        mask = twins[0][:4] + "*" * 10 + twins[0][-4:]
        form = _form(way, id_number=MASKED, members=[member(mask)])

        answer = browse(way.office.xiaobo).post(
            f"/cases/{way.case.pk}/steps/amend/", form
        )

        assert answer.status_code == 422
        assert "遮住以后一样" in answer.content.decode()

    def test_who_has_leave_reads_the_numbers_for_its_time(
        self, way: Way, address: str
    ) -> None:
        by = way.office.xiaobo
        reveals.reveal(
            way.case.pk, by=by, purpose=Purpose.CHECK_IDENTITY, reason="核对身份"
        )

        assert f'value="{NUMBER}"' in read(browse(by), address)
        assert (
            PLANTED.found_in(
                read(
                    browse(way.office.station_head), f"/cases/{way.case.pk}/?tab=panels"
                )
            )
            == set()
        )
        way.clock.set("2026-09-24 10:31")
        assert PLANTED.found_in(read(browse(by), address)) == set()

    def test_a_form_that_cannot_be_read_is_not_drawn_for_another(
        self, way: Way, address: str
    ) -> None:
        data = {**_form(way), "when-at": "yesterday"}

        answer = browse(way.office.amin).post(address, data)

        assert answer.status_code == 403


def _alike() -> list[str]:
    """Return two right numbers that look the same when they are masked."""
    found: dict[str, str] = {}
    for day in range(1, 29):
        for month in range(1, 13):
            digits = f"3205081985{month:02d}{day:02d}123"
            number = digits + check_character(digits)
            if number[-1] in found:
                return [found[number[-1]], number]
            found[number[-1]] = number
    raise AssertionError


def _numbers(way: Way) -> set[str]:
    parties = Party.objects.in_force().filter(case_id=way.case.pk)
    applicants = Applicant.objects.in_force().filter(case_id=way.case.pk)
    return {p.id_number for p in parties} | {a.card for a in applicants}
