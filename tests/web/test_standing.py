"""What a period is called by what it rests on: a local rule never looks like law."""

from dataclasses import replace

import pytest

from casework.domain.vocabulary import ClockKind, Mark
from casework.models import Case
from casework.web.desk.standing import sheets_of, stand
from tests.cast import Cast
from tests.engine.conftest import on
from tests.web.pages import register

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "mark", "said"),
    [
        (ClockKind.STATUTORY, Mark.V, "法定 · 可停"),
        (ClockKind.STATUTORY, Mark.L, "地方规定 · 可停"),
        (ClockKind.STATUTORY, Mark.M, "本地设定"),
        (ClockKind.STATUTORY, Mark.P, "本地设定"),
        (ClockKind.WAITING, Mark.V, "等待期 · 法定"),
        (ClockKind.WAITING, Mark.L, "等待期 · 地方规定"),
        (ClockKind.WAITING, Mark.P, "等待期 · 本地设定"),
        (ClockKind.INTERNAL, Mark.P, "内部 · 本地设定"),
    ],
)
def test_a_period_is_called_by_what_it_rests_on(
    cast: Cast, kind: ClockKind, mark: Mark, said: str
) -> None:
    case = Case.objects.get(pk=register(cast.xiaobo).pk)
    (sheet,) = sheets_of(case)

    sheet.rule = replace(sheet.rule, kind=kind, mark=mark)

    assert stand(sheet, now=on("2026-09-25 10:00")).kind == said
