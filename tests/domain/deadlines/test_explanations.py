"""An explanation leads to its answer, a broken one does not, and a worker can read it."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from casework.domain.deadlines import (
    Answer,
    BrokenDerivation,
    CalendarHorizon,
    End,
    LateReceipt,
    Pause,
    Period,
    Reckoning,
    Roll,
    RuleReference,
    Terms,
    Unit,
    due,
    explain,
    render,
    replay,
)
from tests.domain.deadlines.questions import (
    CALENDAR,
    Setting,
    at,
    pause,
    random_question,
    reckon,
    settings,
)

HARD_WORDS = ("期间", "届满", "顺延", "计算", "起算", "日历", "SLA")
LONGEST_SENTENCE = 44

M16 = due(
    reckon(
        "2026-09-16T09:42",
        15,
        Unit.CALENDAR_DAY,
        end=End.MIDNIGHT,
        roll=Roll.NEXT_WORKING,
    )
)
PA01 = due(
    reckon(
        "2025-09-22T10:00",
        5,
        Unit.WORKING_DAY,
        pauses=(pause("2025-09-24T15:00", "2025-10-09T10:00"),),
    )
)
WH02 = due(reckon("2025-01-27T15:30", 8, Unit.WORKING_HOUR))
LATE = due(
    reckon("2025-09-26T18:10", 3, Unit.WORKING_DAY, late=LateReceipt.NEXT_WORKING_DAY)
)


@pytest.fixture(scope="module")
def offices() -> tuple[Setting, ...]:
    return settings()


def random_answers(
    offices: tuple[Setting, ...], *, wanted: int, seed: int
) -> Iterator[Answer]:
    random = Random(seed)
    while wanted:
        reckoning, _ = random_question(random, offices[wanted % len(offices)])
        try:
            yield due(reckoning)
        except CalendarHorizon:
            continue
        wanted -= 1


def replayed(offices: tuple[Setting, ...], *, wanted: int, seed: int) -> int:
    """Replay random explanations from their JSON; return how many came out right."""
    return sum(
        replay(json.loads(json.dumps(explain(answer)))) == answer.due_at
        for answer in random_answers(offices, wanted=wanted, seed=seed)
    )


def test_five_hundred_random_explanations_replay_to_the_same_instant(
    offices: tuple[Setting, ...],
) -> None:
    assert replayed(offices, wanted=500, seed=1) == 500


@pytest.mark.slow
def test_ten_thousand_random_explanations_replay_to_the_same_instant(
    offices: tuple[Setting, ...],
) -> None:
    assert replayed(offices, wanted=10_000, seed=2) == 10_000


def test_a_random_explanation_with_one_stretch_broken_does_not_replay(
    offices: tuple[Setting, ...],
) -> None:
    random = Random(3)
    for answer in random_answers(offices, wanted=300, seed=3):
        derivation: Any = explain(answer)
        place = random.randrange(len(derivation["stretches"]))
        broken = random.choice((dropped, doubled, shifted))(derivation, place)
        with pytest.raises(BrokenDerivation):
            replay(broken)


def dropped(derivation: Any, place: int) -> Any:
    broken = deepcopy(derivation)
    del broken["stretches"][place]
    return broken


def doubled(derivation: Any, place: int) -> Any:
    broken = deepcopy(derivation)
    broken["stretches"].insert(place, broken["stretches"][place])
    return broken


def shifted(derivation: Any, place: int) -> Any:
    broken = deepcopy(derivation)
    stretch = broken["stretches"][place]
    later = datetime.fromisoformat(stretch["last"]) + timedelta(days=1)
    is_instant = "T" in stretch["last"]
    stretch["last"] = later.isoformat() if is_instant else later.date().isoformat()
    return broken


def put(*path: Any) -> Callable[[Any], None]:
    *keys, value = path

    def change(derivation: Any) -> None:
        target = derivation
        for key in keys[:-1]:
            target = target[key]
        assert target[keys[-1]] != value
        target[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("answer", "change"),
    [
        (M16, put("due_at", "2026-10-08T17:30:00+08:00")),
        (M16, put("due_on", "2026-10-09")),
        (M16, put("raw_due_on", "2026-10-02")),
        (M16, put("total", 14)),
        (M16, put("roll", "none")),
        (M16, put("start", "2026-09-17T09:42:00+08:00")),
        (M16, put("periods", 0, "amount", 16)),
        (M16, put("stretches", 1, "count", 13)),
        (M16, put("stretches", 3, "why", "counted")),
        (M16, put("stretches", 3, "kind", "normal")),
        (M16, put("stretches", -1, "cut_off", "17:30")),
        (M16, put("stretches", 0, "why", "holiday")),
        (M16, put("stretches", [])),
        (
            M16,
            put(
                "pauses",
                [{"start": "2026-09-20T00:00:00+08:00", "end": None, "reason": ""}],
            ),
        ),
        (PA01, put("pauses", [])),
        (PA01, put("stretches", 2, "why", "rest")),
        (PA01, put("stretches", 3, "why", "counted")),
        (PA01, put("stretches", -1, "cut_off", "18:00")),
        (PA01, put("stretches", -1, "kind", "weekend")),
        (LATE, put("late_receipt", "same_day")),
        (LATE, put("first_day", "2025-09-26")),
        (WH02, put("stretches", 1, "why", "counted")),
        (WH02, put("stretches", 0, "why", "closed")),
        (WH02, put("total", 3600)),
        (WH02, put("due_at", "2025-02-05T16:31:00+08:00")),
        (WH02, put("periods", [])),
        (WH02, put("start", "soon")),
    ],
)
def test_a_derivation_that_was_tampered_with_does_not_replay(
    answer: Answer, change: Callable[[Any], None]
) -> None:
    derivation: Any = deepcopy(explain(answer))
    change(derivation)

    with pytest.raises(BrokenDerivation, match="不要用这份说明"):
        replay(derivation)


def test_M16_the_stretches_are_those_of_the_explanation_page() -> None:
    told = [
        (stretch["first"], stretch["last"], stretch["count"], stretch["why"])
        for stretch in explain(M16)["stretches"]
    ]

    assert told == [
        ("2026-09-16", "2026-09-16", 0, "first_day"),
        ("2026-09-17", "2026-09-30", 14, "counted"),
        ("2026-10-01", "2026-10-01", 1, "counted"),
        ("2026-10-02", "2026-10-03", 0, "roll"),
        ("2026-10-04", "2026-10-07", 0, "roll"),
        ("2026-10-08", "2026-10-08", 0, "due"),
    ]


def test_M16_the_text_says_day_1_the_last_day_and_why_it_moved() -> None:
    assert render(explain(M16)).splitlines()[:12] == [
        "请您记住：最后一天是 10月8日 周四，到当天 24:00。",
        "2026年9月16日 09:42 开始，一共 15 天。",
        "9月16日 当天不算，9月17日 是第 1 天。",
        "周末和放假的日子也算。",
        "数到第 15 天是 10月1日 周四。那天国庆节放假，不能在这天结束。",
        "所以推到后面第一个上班日，10月8日 周四。",
        "",
        "一段一段看：",
        "1. 9月16日 周三：开始的这一天，不算。",
        "2. 9月17日 – 9月30日：第 1 天到第 14 天。",
        "3. 10月1日 周四：第 15 天，国庆节放假，不能在这天结束。",
        "4. 10月2日 – 10月7日：国庆节放假，往后推。",
    ]


def test_M16_the_text_in_english() -> None:
    assert render(explain(M16), lang="en").splitlines()[:6] == [
        "Please remember: your last day is Thu 8 October, until 24:00.",
        "It starts on 16 September 2026 09:42 and takes 15 days.",
        "16 September itself does not count; 17 September is day 1.",
        "Weekends and holidays count too.",
        "Day 15 is Thu 1 October. "
        "It is a rest day (National Day holiday) and cannot be the last.",
        "It moves to the next working day, Thu 8 October.",
    ]


def test_PA01_the_text_tells_what_stood_still_and_what_was_made_up() -> None:
    text = render(explain(PA01))

    assert "9月24日 15:00 到 10月9日 10:00 停着，不算。" in text
    assert "10月1日 – 10月8日：国庆节、中秋节放假，不算。" in text
    assert "10月11日 周六：周末调休上班，第 4 天。" in text


def test_WH02_the_text_of_hours_tells_each_open_time() -> None:
    text = render(explain(WH02))

    assert text.startswith("请您记住：到 2月5日 16:30 为止。")
    assert "1月27日 15:30 到 1月27日 17:30：算 2 小时。" in text
    assert "1月27日 17:30 到 2月5日 09:00：下班和春节放假，不算。" in text


def test_a_provisional_date_says_so_first() -> None:
    answer = due(reckon("2026-12-30T10:00", 5, Unit.WORKING_DAY), strict=False)

    lines = render(explain(answer)).splitlines()
    assert lines[1].startswith("这个日子是暂定的。2026年12月31日 以后")
    assert replay(explain(answer)) == answer.due_at


def test_T08_a_last_day_on_a_make_up_saturday_says_why_it_does_not_move() -> None:
    answer = due(
        reckon("2026-02-13T10:00", 15, Unit.CALENDAR_DAY, roll=Roll.NEXT_WORKING)
    )

    assert "2月28日 周六：周末调休上班，第 15 天。" in render(explain(answer))


def test_the_rule_its_basis_and_the_notices_stand_at_the_end() -> None:
    question = Reckoning(
        start=at("2025-08-18T10:00"),
        terms=Terms(
            period=Period(45, Unit.CALENDAR_DAY),
            roll=Roll.NEXT_WORKING,
            extensions=(Period(15, Unit.CALENDAR_DAY),),
        ),
        calendar=CALENDAR,
        pauses=(Pause(at("2025-08-20T10:00"), at("2025-08-20T11:00"), "等材料"),),
        rule=RuleReference("M-17", "调解仲裁法 14 条"),
    )

    text = render(explain(due(question)))

    assert "后来加了 15 天，也从开始那天数起。" in text
    assert "停着，不算（等材料）。" in text
    assert text.splitlines()[-1] == "依据：M-17 调解仲裁法 14 条"


def test_every_text_is_in_words_and_sentences_that_a_worker_reads(
    offices: tuple[Setting, ...],
) -> None:
    for answer in random_answers(offices, wanted=200, seed=4):
        derivation = explain(answer)
        chinese, english = render(derivation), render(derivation, lang="en")
        assert chinese.startswith("请您记住：")
        assert not [word for word in HARD_WORDS if word in chinese]
        said = [line for line in chinese.splitlines() if "http" not in line]
        sentences = re.split("[。：\n]", "\n".join(said))
        assert max(map(len, sentences)) <= LONGEST_SENTENCE, sentences
        without_notices = re.sub(r"\S+://\S+", "", english)
        assert not re.search("[{}]", chinese + english)
        # Only what a person wrote stays Chinese in the English text.
        assert not re.search("[一-鿿]", re.sub("台风|加班", "", without_notices))


def test_a_reader_of_a_later_year_is_told_the_year() -> None:
    derivation = explain(M16)

    assert "最后一天是 10月8日 周四" in render(derivation, year=2026)
    assert "最后一天是 2026年10月8日 周四" in render(derivation, year=2027)
    assert "Thu 8 October 2026" in render(derivation, lang="en", year=2027)
