"""Reading rules.toml: what is wrong is said with the file, the rule and the key."""

import pytest

from casework.domain.deadlines import After, AtDue, Before, Percent, Period, Unit
from casework.domain.errors import Invalid
from casework.domain.rules import digest, read_rules
from casework.domain.vocabulary import Mark

GOOD = """
[[rule]]
id = "T-01"
target = "acceptance"
zh = "受理期限"
en = "Acceptance"
kind = "statutory"
period = 5
unit = "working_day"
pauses = ["supplement"]
ladder = ["50%", "-1 working_day", "due", "+3 working_day"]
basis = "测试规程 1"
mark = "V"
"""


def test_a_rule_is_read_whole() -> None:
    (rule,) = read_rules(GOOD, file="rules.toml")

    assert (rule.id, rule.target, rule.mark) == ("T-01", "acceptance", Mark.V)
    assert rule.terms.period == Period(5, Unit.WORKING_DAY)
    assert [rung.step for rung in rule.ladder] == [
        Percent(50),
        Before(Period(1, Unit.WORKING_DAY)),
        AtDue(),
        After(Period(3, Unit.WORKING_DAY)),
    ]


@pytest.mark.parametrize(
    ("line", "instead", "key"),
    [
        ('basis = "测试规程 1"\n', "", "basis"),
        ('basis = "测试规程 1"\n', 'basis = ""\n', "basis"),
        ('unit = "working_day"\n', "", "unit"),
        ('unit = "working_day"', 'unit = "fortnight"', "unit"),
        ('mark = "V"', 'mark = "X"', "mark"),
        ('kind = "statutory"', 'kind = "moral"', "kind"),
        ('mark = "V"', 'mark = "V"\nend = "noon"', "end"),
        ('mark = "V"', 'mark = "V"\nroll = "yes"', "roll"),
        ('mark = "V"', 'mark = "V"\nlate = "never"', "late"),
        ('mark = "V"', 'mark = "V"\nexpriy = "x"', "expriy"),
        ("period = 5", "period = 0", "period"),
        ("period = 5", "period = -1", "period"),
        ("period = 5", "period = 1_000_000_000", "period"),
        ("period = 5", "period = 1e9", "period"),
        ("period = 5", 'period = "5"', "period"),
        ("period = 5", "period = true", "period"),
        ("period = 5\n", "", "period"),
        ('["supplement"]', '"supplement"', "pauses"),
        ('["supplement"]', "[3]", "pauses"),
        ('zh = "受理期限"', "zh = 3", "zh"),
        ('"50%"', '"half"', "ladder"),
        ('"50%"', "50", "ladder"),
        ('"50%"', '"0%"', "ladder"),
        ('"50%"', '"100%"', "ladder"),
        ('"50%"', '"-1 month"', "ladder"),
        ('"50%"', '"-1 fortnight"', "ladder"),
        ('"50%"', '"-1"', "ladder"),
        ('"50%"', '"+0 working_day"', "ladder"),
        ('"50%"', '"due"', "ladder"),
        ('"due", ', "", "ladder"),
    ],
)
def test_a_bad_rule_is_refused_by_file_rule_and_key(
    line: str, instead: str, key: str
) -> None:
    assert line in GOOD

    with pytest.raises(Invalid) as refusal:
        read_rules(GOOD.replace(line, instead), file="demo/rules.toml")

    assert refusal.value.field == key
    assert refusal.value.message.startswith("demo/rules.toml: rule T-01: ")
    assert key in refusal.value.message


def test_one_target_has_one_rule() -> None:
    twice = GOOD + GOOD.replace("T-01", "T-02")

    with pytest.raises(Invalid, match=r"rules\.toml: T-02 and T-01 .*'target'"):
        read_rules(twice, file="rules.toml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[rule]\n", "not TOML"),
        ("", r"takes one \[\[rule\]\]"),
        (GOOD + '[extra]\na = "b"\n', "holds extra"),
        (GOOD.replace("[[rule]]", "[rule]"), "two brackets"),
        ("rule = [1, 2]", "two brackets"),
        (GOOD.replace('id = "T-01"\n', ""), r"rule \(without id\): 'id' is missing"),
    ],
)
def test_a_bad_file_is_refused_by_its_name(text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=rf"^rules\.toml: .*{sentence}"):
        read_rules(text, file="rules.toml")


def test_the_digest_tells_what_is_said_and_not_how_it_is_written() -> None:
    same = GOOD.replace('kind = "statutory"\n', "").replace(
        'mark = "V"', 'kind = "statutory"\nmark = "V"\nend = "cob"'
    )
    other = GOOD.replace("period = 5", "period = 6")

    plain = digest(read_rules(GOOD, file="a"))
    assert digest(read_rules(same, file="b")) == plain
    assert digest(read_rules(other, file="a")) != plain
