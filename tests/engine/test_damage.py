"""Each kind of damage to the history is found, with the case, the event and the kind.

The attacker is the owner of the tables, a superuser who has switched the guards off.
"""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import translation
from pytest_django import Settings

from casework.domain import chain
from casework.domain.chain import Damage
from casework.models import Case, Event
from casework.services import audit, cases, verification
from casework.services.sweep import sweep
from casework.services.verification import Harm, Walked
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.inquiry.forms import InquiryForm


@pytest.fixture
def story(own_database: str, cast: Cast, clock: DatabaseClock) -> Case:
    """A case with six acts and the rungs of a clock, beside another and a unit's chain."""
    other = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    for pk in (other.pk, case.pk):
        cases.claim(pk, by=cast.xiaobo)
    cases.act(
        case.pk, "ask_for_papers", by=cast.xiaobo, version=2, data={"items": '["证"]'}
    )
    cases.act(case.pk, "supply", by=cast.xiaobo, version=3)
    clock.set("2026-10-12 09:00")
    sweep()
    cases.act(case.pk, "accept", by=cast.xiaobo, version=4)
    answer = {"answer": "应当补发。"}
    cases.act(case.pk, "answer", by=cast.chendi, version=5, data=answer)
    audit.record("login", unit=cast.gusu, by=cast.amin, facts={})
    audit.record("login", unit=cast.gusu, by=cast.chendi, facts={})
    return Case.objects.get(pk=case.pk)


def verify() -> tuple[list[Harm], Walked]:
    """Walk everything; return the damages and the sums."""
    harms: list[Harm] = []
    return harms, verification.verify(tell=harms.append)


def attack(*statements: str, **values: Any) -> None:
    """Do it as the owner with every guard off, and switch the guards on again."""
    tables = ("casework_event", "casework_act", "casework_case", "casework_outbox")
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement, values)
            assert cursor.rowcount > 0, statement
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def test_a_history_that_nobody_touched_is_whole(story: Case) -> None:
    harms, walked = verify()

    assert harms == []
    assert (walked.chains, walked.events) == (3, Event.objects.count())
    assert walked.is_demo


def _of(case: Case, sequence: int) -> str:
    return f"chain = 'case:{case.pk}' AND sequence = {sequence}"


def _forged(case: Case, sequence: int, **changes: Any) -> bytes:
    event = Event.objects.get(case=case, sequence=sequence)
    return chain.canonical({**chain.parse(bytes(event.body)), **changes})


def _one_byte(case: Case) -> None:
    event = Event.objects.get(case=case, sequence=3)
    body = bytes(event.body).replace(b"Q-02", b"Q-03")
    attack(f"UPDATE casework_event SET body = %(body)s WHERE {_of(case, 3)}", body=body)


def _body_and_hash(case: Case) -> None:
    body = _forged(case, 3, rule="Q-03")
    attack(
        f"UPDATE casework_event SET body = %(body)s, hash = %(hash)s WHERE {_of(case, 3)}",
        body=body,
        hash=chain.leaf_hash(body),
    )


def _last_body_and_hash(case: Case) -> None:
    last = case.event_count
    body = _forged(case, last, rule="Q-01")
    attack(
        f"UPDATE casework_event SET body = %(body)s, hash = %(hash)s WHERE {_of(case, last)}",
        body=body,
        hash=chain.leaf_hash(body),
    )


def _not_json(case: Case) -> None:
    attack(f"UPDATE casework_event SET body = body || ' ' WHERE {_of(case, 3)}")


def _a_part_left_out(case: Case) -> None:
    event = Event.objects.get(case=case, sequence=3)
    record = chain.parse(bytes(event.body))
    del record["data"]
    body = chain.canonical(record)
    attack(
        f"UPDATE casework_event SET body = %(body)s, hash = %(hash)s WHERE {_of(case, 3)}",
        body=body,
        hash=chain.leaf_hash(body),
    )


def _delete(case: Case) -> None:
    of = f"(SELECT id FROM casework_event WHERE {_of(case, 3)})"
    attack(
        f"DELETE FROM casework_outbox WHERE event_id = {of}",
        f"DELETE FROM casework_event WHERE {_of(case, 3)}",
    )


def _swap(case: Case) -> None:
    attack(
        f"UPDATE casework_event SET sequence = -3 WHERE {_of(case, 3)}",
        f"UPDATE casework_event SET sequence = 3 WHERE {_of(case, 4)}",
        f"UPDATE casework_event SET sequence = 4 WHERE {_of(case, -3)}",
    )


def _drop_last(case: Case) -> None:
    last = case.event_count
    of = f"(SELECT id FROM casework_event WHERE {_of(case, last)})"
    attack(
        f"DELETE FROM casework_outbox WHERE event_id = {of}",
        f"DELETE FROM casework_event WHERE {_of(case, last)}",
        f"DELETE FROM casework_act WHERE case_id = {case.pk} AND version = {case.version}",
        f"UPDATE casework_case SET version = version - 1, state = 'accepted'"
        f" WHERE id = {case.pk}",
    )


def _act_data(case: Case) -> None:
    attack(
        'UPDATE casework_act SET data = \'{"answer": "不予补发。"}\''
        f" WHERE case_id = {case.pk} AND version = 6"
    )


def _undo_data(case: Case) -> None:
    attack(
        "UPDATE casework_act SET before = '{}'"
        f" WHERE case_id = {case.pk} AND version = 6"
    )


def _act_of_nobody(case: Case) -> None:
    attack(
        "INSERT INTO casework_act (case_id, version, step, from_state, to_state, role,"
        " channel, at, recorded_at, data, before, late_reason)"
        " SELECT case_id, 7, step, from_state, to_state, role, channel, at, recorded_at,"
        f" data, before, '' FROM casework_act WHERE case_id = {case.pk} AND version = 6"
    )


def _update(table: str, change: str, where: str) -> Callable[[Case], None]:
    def carry_out(case: Case) -> None:
        told = where.format(case=case.pk, last=case.event_count)
        attack(f"UPDATE casework_{table} SET {change} WHERE {told}")

    return carry_out


THIRD = "chain = 'case:{case}' AND sequence = 3"
ROW = "id = {case}"
SECOND_ACT = "case_id = {case} AND version = 2"

D = Damage
#: The attack, and what the verifier says of it: sequence (0 none, -1 the last), kind.
ATTACKS: list[tuple[str, Callable[[Case], None], set[tuple[int, Damage]]]] = [
    ("one byte of a body", _one_byte, {(3, D.BODY_CHANGED)}),
    ("a body with its hash", _body_and_hash, {(4, D.LINK_BROKEN)}),
    ("the last body with its hash", _last_body_and_hash, {(-1, D.HEAD_DIFFERS)}),
    (
        "not the one way",
        _not_json,
        {(3, D.BODY_CHANGED), (3, D.NOT_CANONICAL), (0, D.ACT_UNTOLD)},
    ),
    ("a part left out", _a_part_left_out, {(3, D.NOT_CANONICAL), (4, D.LINK_BROKEN)}),
    ("an event deleted", _delete, {(3, D.EVENT_MISSING), (0, D.ACT_UNTOLD)}),
    (
        "two events swapped",
        _swap,
        {
            *((3, D.FOREIGN_EVENT), (4, D.FOREIGN_EVENT)),
            *((3, D.LINK_BROKEN), (4, D.LINK_BROKEN), (5, D.LINK_BROKEN)),
        },
    ),
    ("the last dropped", _drop_last, {(-2, D.COUNT_DIFFERS), (-2, D.HEAD_DIFFERS)}),
    ("a time", _update("event", "at = at - interval '1 day'", THIRD), {(3, D.COLUMN_DIFFERS)}),
    ("a verb", _update("event", "verb = 'step.accept'", THIRD), {(3, D.COLUMN_DIFFERS)}),
    ("a person", _update("event", "person_id = person_id + 1", THIRD), {(3, D.COLUMN_DIFFERS)}),
    ("a unit", _update("event", "unit_id = unit_id - 1", THIRD), {(3, D.COLUMN_DIFFERS)}),
    ("a city", _update("event", "city_id = NULL", THIRD), {(3, D.COLUMN_DIFFERS)}),
    ("a case", _update("event", "case_id = NULL", THIRD), {(3, D.COLUMN_DIFFERS)}),
    ("an id", _update("event", "uid = gen_random_uuid()", THIRD), {(3, D.COLUMN_DIFFERS)}),
    (
        "a chain",
        _update("event", "chain = 'case:999'", THIRD),
        {(3, D.EVENT_MISSING), (3, D.CHAIN_UNKNOWN), (0, D.ACT_UNTOLD)},
    ),
    ("the data of an act", _act_data, {(-1, D.DATA_CHANGED)}),
    ("what an act would restore", _undo_data, {(-1, D.DATA_CHANGED)}),
    (
        "the proof of a late entry",
        _update("act", "late_proof = '邮戳'", "case_id = {case} AND version = 6"),
        {(-1, D.DATA_CHANGED)},
    ),
    ("an act that nobody did", _act_of_nobody, {(0, D.ACT_UNTOLD)}),
    ("whose act", _update("act", "person_id = 1", SECOND_ACT), {(2, D.ACT_DIFFERS)}),
    ("when it was", _update("act", "at = at - interval '1 s'", SECOND_ACT), {(2, D.ACT_DIFFERS)}),
    (
        "where it led",
        _update("act", "to_state = 'accepted'", SECOND_ACT),
        {(2, D.ACT_DIFFERS)},
    ),
    ("a version", _update("case", "version = version + 1", ROW), {(-1, D.CASE_DIFFERS)}),
    ("a state", _update("case", "state = 'withdrawn'", ROW), {(-1, D.CASE_DIFFERS)}),
    ("a holder", _update("case", "holder_id = city_id", ROW), {(-1, D.CASE_DIFFERS)}),
    ("a count", _update("case", "event_count = event_count + 1", ROW), {(-1, D.COUNT_DIFFERS)}),
    (
        "a head",
        _update("case", "head = decode(repeat('00', 32), 'hex')", ROW),
        {(-1, D.HEAD_DIFFERS)},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("carry_out", "damages"),
    [pytest.param(*rest, id=name) for name, *rest in ATTACKS],
)
def test_a_damage_is_named(
    story: Case,
    carry_out: Callable[[Case], None],
    damages: set[tuple[int, Damage]],
) -> None:
    carry_out(story)

    harms, walked = verify()

    last = story.event_count
    expected = {(n if n >= 0 else last + 1 + n, kind) for n, kind in damages}
    assert {(harm.sequence, harm.damage) for harm in harms} == expected
    assert {harm.name for harm in harms} <= {str(story), "case:999"}
    assert walked.harms == len(harms)


def test_an_outbox_row_that_is_gone_is_named(story: Case) -> None:
    of = f"(SELECT id FROM casework_event WHERE {_of(story, 3)})"
    attack(f"DELETE FROM casework_outbox WHERE event_id = {of}")

    harms, _ = verify()

    assert [(harm.sequence, harm.damage) for harm in harms] == [(3, D.OUTBOX_MISSING)]


def test_a_last_event_dropped_with_everything_set_back_is_not_seen(story: Case) -> None:
    """What no chain sees by itself; the success message says so."""
    _drop_last(story)
    before = Event.objects.get(case=story, sequence=story.event_count - 1)
    attack(
        "UPDATE casework_case SET event_count = event_count - 1, head = %(head)s"
        f" WHERE id = {story.pk}",
        head=bytes(before.hash),
    )

    assert verify()[0] == []


def test_a_units_chain_is_walked_too(story: Case) -> None:
    attack("UPDATE casework_event SET verb = 'logout' WHERE chain = 'sys:320508'")
    attack("UPDATE casework_chainhead SET event_count = 3 WHERE chain = 'sys:320508'")

    harms, _ = verify()

    assert {(harm.name, harm.sequence, harm.damage) for harm in harms} == {
        ("sys:320508", 1, D.COLUMN_DIFFERS),
        ("sys:320508", 2, D.COLUMN_DIFFERS),
        ("sys:320508", 2, D.COUNT_DIFFERS),
    }


def test_an_event_of_another_log_is_named(story: Case, settings: Settings) -> None:
    settings.AUDIT_ORIGIN = "demo/2"
    assert verify()[0] == [], "a log that was restored goes on in its next life"

    for origin in ("casework/1", "demo/0", "demo"):
        settings.AUDIT_ORIGIN = origin
        assert {harm.damage for harm in verify()[0]} == {D.FOREIGN_LOG}


def test_only_the_case_that_is_asked_for_is_walked(story: Case) -> None:
    _one_byte(story)
    other = Case.objects.exclude(pk=story.pk).get()

    harms: list[Harm] = []
    walked = verification.verify(cases=[other.pk], tell=harms.append)

    assert (harms, walked.chains, walked.events) == ([], 1, 7)
    assert verification.size([other.pk]) == 7


def test_the_command_says_that_all_is_whole_and_what_it_cannot_see(story: Case) -> None:
    said = _said()

    assert "完好：3 条链，" in said
    assert "得有数据库之外的见证" in said
    assert "演示日志" in said
    with translation.override("en"):
        assert "witness" in _said()


def test_the_command_names_case_event_and_kind_and_fails(story: Case) -> None:
    _one_byte(story)
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("verify_chain", case=story.number, stdout=out)

    assert end.value.code == 1
    assert (
        f"{story.number} 第 3 条：内容被改过，与它自己的校验值不符。" in out.getvalue()
    )
    assert "发现 1 处损坏" in out.getvalue()
    assert "完好" not in out.getvalue()


@pytest.mark.parametrize("damage", Damage)
def test_every_damage_has_a_sentence_in_both_languages(damage: Damage) -> None:
    harm = Harm("姑苏工询〔2026〕0001", 3, damage, "x")
    chinese = str(harm)
    with translation.override("en"):
        english = str(harm)

    assert chinese.startswith("姑苏工询〔2026〕0001 第 3 条：")
    assert english != chinese
    assert not re.search("[一-鿿]", english.removeprefix(harm.name))


def test_a_case_that_is_not_there(story: Case) -> None:
    with pytest.raises(CommandError, match="没有案件“工询一号”"):
        call_command("verify_chain", case="工询一号")
    assert "完好：1 条链" in _said(case=str(story.pk))


def _said(**options: str) -> str:
    out = StringIO()
    call_command("verify_chain", stdout=out, **options)
    return out.getvalue()
