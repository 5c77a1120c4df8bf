"""Editions of rules: taken in once, followed by the next, overlaid by the nearest unit."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.domain import rules as reading
from casework.domain.errors import Conflict, Invalid
from casework.domain.rules import (
    Measure,
    RuleSet,
    RuleTerms,
    read_rule_set,
    read_rules,
)
from casework.domain.vocabulary import Mark
from casework.lifecycle import Registry
from casework.models import Case, RequiredPaper, RuleEdition, Threshold, Unit
from casework.services import cases, rules
from casework.services.reading import database_time
from casework.wording import amount
from tests.cast import Cast
from tests.engine.conftest import clock_of
from tests.inquiry.forms import InquiryForm
from tests.inquiry.lifecycle import INQUIRY

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 24)


def test_taking_the_rules_in_again_changes_nothing(db: None) -> None:
    rules.sync_rules(from_day=DAY)
    before = list(RuleEdition.objects.values_list("pk", "during", "digest"))

    assert rules.sync_rules(from_day=DAY) == []

    assert list(RuleEdition.objects.values_list("pk", "during", "digest")) == before


def test_the_first_edition_holds_from_the_beginning(db: None) -> None:
    rules.sync_rules(from_day=DAY)

    edition = RuleEdition.objects.get(kind="inquiry")
    assert edition.during == DateRange(rules.BEGINNING, None)
    assert edition.rules.count() == 3


def test_a_new_edition_leaves_clocks_that_go_under_the_old_one(
    cast: Cast,
) -> None:
    inquiry = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    before = clock_of(inquiry, "acceptance")

    edition = rules.publish(kind="inquiry", rules=acceptance(3), from_day=today())

    assert edition is not None
    after = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    assert clock_of(inquiry, "acceptance").rule_id == before.rule_id
    assert clock_of(inquiry, "acceptance").due_at == before.due_at
    assert clock_of(after, "acceptance").rule.edition_id == edition.pk


def test_the_nearest_unit_that_has_a_rule_decides(cast: Cast) -> None:
    rules.sync_rules(from_day=DAY)
    rules.publish(kind="inquiry", rules=acceptance(4), from_day=DAY, unit=cast.city)
    rules.publish(kind="inquiry", rules=acceptance(2), from_day=DAY, unit=cast.gusu)

    def days(unit: Unit | None, day: date = DAY) -> int:
        found = rules.in_force("inquiry", unit=unit, on=day)
        return next(
            f.rule for f in found if f.rule.target == "acceptance"
        ).terms.period.amount

    assert [days(u) for u in (None, cast.city, cast.kunshan)] == [5, 4, 4]
    assert [days(u) for u in (cast.gusu, cast.pingjiang)] == [2, 2]
    assert days(cast.gusu, date(2026, 9, 23)) == 5


def test_an_edition_may_not_begin_before_a_later_one(cast: Cast) -> None:
    rules.sync_rules(from_day=DAY)
    rules.publish(kind="inquiry", rules=acceptance(4), from_day=DAY)

    for first_day in (DAY, date(2026, 9, 1)):
        with pytest.raises(Conflict, match="already holds from 2026-09-24"):
            rules.publish(kind="inquiry", rules=acceptance(2), from_day=first_day)


def test_the_database_refuses_editions_that_overlap(cast: Cast) -> None:
    rules.sync_rules(from_day=DAY)

    for unit, refused in ((None, True), (cast.gusu, False)):
        edition = RuleEdition(
            kind="inquiry", unit=unit, during=DateRange(DAY, None), digest="0"
        )
        if not refused:
            edition.save()
            continue
        with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
            edition.save()


def test_a_file_that_cannot_be_read_is_named(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "rules.toml"
    broken.write_text(
        INQUIRY.rules.read_text("utf-8").replace('basis = "测试规程 2"\n', ""), "utf-8"
    )
    monkeypatch.setitem(Registry._types, "inquiry", replace(INQUIRY, rules=broken))

    with pytest.raises(Invalid, match=r"inquiry/rules\.toml: rule Q-02: 'basis'"):
        rules.sync_rules(from_day=DAY)


def test_the_command_prints_what_is_in_force_where(cast: Cast) -> None:
    rules.sync_rules(from_day=DAY)
    rules.publish(kind="inquiry", rules=acceptance(2), from_day=DAY, unit=cast.gusu)

    def said(**options: str) -> list[list[str]]:
        out = StringIO()
        call_command("rules", stdout=out, kind="inquiry", **options)
        return [line.split("\t") for line in out.getvalue().splitlines()]

    here = said(unit="320508018", on="2026-09-24")
    assert here[0] == ["职工咨询 inquiry 2026-09-24"]
    assert here[1] == [
        "Q-01",
        "acceptance 受理期限",
        "2 工作日",
        "姑苏区帮扶中心",
        "测试规程 1",
        "本地设定",
    ]
    assert [line[3] for line in here[2:]] == ["全国", "全国"]
    assert said(on="2026-09-24")[1][2:4] == ["5 工作日", "全国"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "nothing"}, "没有“nothing”这类案件"),
        ({"on": "gestern"}, "日期“gestern”读不出来"),
        ({"unit": "999"}, "没有编码为 999 的单位"),
    ],
)
def test_the_command_says_what_it_does_not_know(
    cast: Cast, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("rules", stdout=StringIO(), **options)


def today() -> date:
    return timezone.localdate(database_time())


def acceptance(days: int) -> tuple[RuleTerms, ...]:
    text = INQUIRY.rules.read_text("utf-8").split("[[rule]]")[1]
    return read_rules(
        "[[rule]]" + text.replace("period = 5", f"period = {days}"), file="rules.toml"
    )


FIGURES = """
[[threshold]]
id = "Q-04"
name = "limit"
zh = "限额"
en = "Limit"
value = 300_000
unit = "fen"
basis = "测试规程 4"
mark = "P"

[[threshold]]
id = "Q-05"
name = "share"
zh = "份额"
en = "Share"
value = 80
unit = "percent"
basis = "测试规程 5"
mark = "L"
"""

PAPERS = """
[[paper]]
id = "Q-06"
code = "id_card"
zh = "身份证"
en = "Identity card"
required = "always"
basis = "测试规程 6"
mark = "L"

[[paper]]
id = "Q-06"
code = "diagnosis"
zh = "诊断证明"
en = "Medical certificate"
required = "illness"
basis = "测试规程 6"
mark = "L"
"""


def test_a_figure_is_that_of_the_nearest_unit_on_the_day(cast: Cast) -> None:
    nation = read_rule_set(FIGURES, file="rules.toml")
    publish_given(nation)
    for unit, fen, day in (
        (cast.city, 400_000, DAY),
        (cast.gusu, 500_000, date(2026, 10, 1)),
    ):
        rules.publish(
            kind="inquiry",
            thresholds=(limit(fen),),
            from_day=day,
            unit=unit,
        )

    def value(unit: Unit | None, day: date = DAY, name: str = "limit") -> int:
        path = unit.path if unit else ""
        return rules.threshold("inquiry", name, unit_path=path, on=day).value

    assert [value(u) for u in (None, cast.city, cast.gusu)] == [300_000, *[400_000] * 2]
    later = date(2026, 10, 1)
    assert [value(u, later) for u in (cast.gusu, cast.pingjiang)] == [500_000] * 2
    assert value(cast.kunshan, later) == 400_000
    assert value(cast.gusu, date(2026, 9, 23)) == 300_000
    assert value(cast.gusu, later, "share") == 80

    found = rules.threshold(
        "inquiry", "limit", unit_path=cast.pingjiang.path, on=date(2026, 12, 1)
    )
    assert (found.id, found.unit, found.mark) == ("Q-04", Measure.FEN, Mark.P)
    assert (found.place, found.since) == (cast.gusu.name, later)
    with pytest.raises(KeyError, match="no threshold 'other' on 2026-09-24"):
        value(cast.gusu, name="other")


def test_an_overlay_of_figures_leaves_the_periods_of_the_nation(cast: Cast) -> None:
    rules.sync_rules(from_day=DAY)
    before = rules.in_force("inquiry", unit=cast.gusu, on=DAY)

    rules.publish(kind="inquiry", thresholds=(limit(1),), from_day=DAY, unit=cast.gusu)

    assert rules.in_force("inquiry", unit=cast.gusu, on=DAY) == before


def test_papers_are_asked_for_always_or_when_their_condition_is_met(
    cast: Cast,
) -> None:
    publish_given(read_rule_set(PAPERS, file="rules.toml"))

    opened_at = datetime.combine(DAY, time(10), tzinfo=UTC)
    case = Case(kind="inquiry", county=cast.gusu, opened_at=opened_at)

    def asked(*conditions: str) -> list[str]:
        asked_for = rules.required_papers(case, conditions=conditions)
        return [paper.code for paper in asked_for]

    assert asked() == ["id_card"]
    assert asked("student") == ["id_card"]
    assert asked("student", "illness") == ["id_card", "diagnosis"]


def test_a_changed_figure_is_a_new_edition(cast: Cast) -> None:
    publish_given(read_rule_set(FIGURES, file="rules.toml"))
    later = date(2026, 10, 1)

    assert (
        rules.publish(
            kind="inquiry",
            thresholds=read_rule_set(FIGURES, file="rules.toml").thresholds,
            from_day=later,
        )
        is None
    )
    changed = rules.publish(kind="inquiry", thresholds=(limit(1),), from_day=later)

    assert changed is not None
    assert changed.during == DateRange(later, None)


def test_the_application_may_not_change_a_figure_or_a_paper(cast: Cast) -> None:
    publish_given(read_rule_set(FIGURES + PAPERS, file="rules.toml"))

    for row in (Threshold.objects.get(name="limit"), RequiredPaper.objects.first()):
        assert row is not None
        row.basis = "别的"
        for change in (row.save, row.delete):
            with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
                change()


def limit(fen: int) -> reading.Threshold:
    text = FIGURES.replace("300_000", str(fen))
    return read_rule_set(text, file="rules.toml").thresholds[0]


def publish_given(given: RuleSet) -> None:
    rules.publish(
        kind="inquiry",
        rules=given.rules,
        thresholds=given.thresholds,
        papers=given.papers,
        from_day=date(2020, 1, 1),
    )


def test_the_command_prints_figures_and_papers_after_the_periods(cast: Cast) -> None:
    given = read_rule_set(FIGURES + PAPERS, file="rules.toml")
    publish_given(replace(given, rules=acceptance(5)))
    rules.publish(
        kind="inquiry", thresholds=(limit(123_456),), from_day=DAY, unit=cast.gusu
    )
    out = StringIO()

    call_command("rules", stdout=out, kind="inquiry", unit="320508018", on=str(DAY))

    assert [line.split("\t") for line in out.getvalue().splitlines()[2:]] == [
        ["Q-04", "limit 限额", "1,234.56 元", cast.gusu.name, "测试规程 4", "本地设定"],
        ["Q-05", "share 份额", "80%", "全国", "测试规程 5", "地方规定"],
        ["Q-06", "id_card 身份证", "always", "全国", "测试规程 6", "地方规定"],
        ["Q-06", "diagnosis 诊断证明", "illness", "全国", "测试规程 6", "地方规定"],
    ]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (200, "times_hundredths", "2 倍"),
        (150, "times_hundredths", "1.5 倍"),
        (1000, "times_hundredths", "10 倍"),
        (5, "times_hundredths", "0.05 倍"),
        (0, "switch", "关"),
        (1, "switch", "开"),
        (2, "count", "2"),
        (15, "working_day", "15 工作日"),
    ],
)
def test_a_figure_is_told_in_its_unit(value: int, unit: str, said: str) -> None:
    row = {**limit(0).row, "value": value, "unit": unit}

    assert amount(reading.read_threshold(row, file="rules.toml")) == said
