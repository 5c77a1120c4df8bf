"""Reading rules.toml: what is wrong is said with the file, the rule and the key."""

import pytest

from casework.domain.deadlines import After, AtDue, Before, Percent, Period, Unit
from casework.domain.errors import Invalid
from casework.domain.rules import Measure, digest, read_rule_set, read_rules
from casework.domain.vocabulary import Mark, Whose

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

    plain = said(GOOD)
    assert said(same) == plain
    assert said(other) != plain


def test_an_edition_of_periods_alone_keeps_its_digest() -> None:
    assert said(GOOD) == (
        "33dd94416a6357b781cc4c4350d6ff61f1457dc9c7bc420b0bd68229d7f0ab87"
    )


def test_a_period_is_the_office_s_unless_it_says_whose() -> None:
    of_a_party = GOOD.replace("period = 5", 'whose = "party"\nperiod = 5')

    assert read_rules(GOOD, file="rules.toml")[0].whose is Whose.OFFICE
    assert read_rules(of_a_party, file="rules.toml")[0].whose is Whose.PARTY
    assert "whose" not in read_rules(GOOD, file="rules.toml")[0].row
    with pytest.raises(Invalid, match="'whose' is one of office, party"):
        read_rules(of_a_party.replace("party", "nobody"), file="rules.toml")


FIGURE = """
[[threshold]]
id = "T-05"
name = "line_relative"
zh = "标准线"
en = "The line"
value = 200
unit = "times_hundredths"
basis = "测试规程 5"
mark = "L"
"""

PAPER = """
[[paper]]
id = "T-06"
code = "diagnosis"
zh = "诊断证明"
en = "Medical certificate"
required = "illness"
basis = "测试规程 6"
mark = "P"
"""


def test_figures_and_papers_are_read_whole() -> None:
    given = read_rule_set(GOOD + FIGURE + PAPER, file="rules.toml")

    assert [rule.target for rule in given.rules] == ["acceptance"]
    (figure,) = given.thresholds
    assert (figure.id, figure.name, figure.value) == ("T-05", "line_relative", 200)
    assert (figure.unit, figure.mark) == (Measure.TIMES_HUNDREDTHS, Mark.L)
    (paper,) = given.papers
    assert (paper.code, paper.required, paper.mark) == ("diagnosis", "illness", Mark.P)
    assert not paper.is_always_required


def test_an_overlay_may_give_figures_alone() -> None:
    given = read_rule_set(FIGURE, file="rules.toml")

    assert (given.rules, given.papers) == ((), ())


@pytest.mark.parametrize(
    ("line", "instead", "key"),
    [
        ('basis = "测试规程 5"\n', "", "basis"),
        ('basis = "测试规程 5"\n', 'basis = ""\n', "basis"),
        ('unit = "times_hundredths"\n', "", "unit"),
        ('unit = "times_hundredths"', 'unit = "times"', "unit"),
        ('mark = "L"', 'mark = "X"', "mark"),
        ('mark = "L"', 'mark = "L"\nend = "cob"', "end"),
        ("value = 200\n", "", "value"),
        ("value = 200", "value = 2.0", "value"),
        ("value = 200", 'value = "200"', "value"),
        ("value = 200", "value = true", "value"),
        ("value = 200", "value = -1", "value"),
        ("value = 200", "value = 10_000_000_000_001", "value"),
        ("value = 200", "value = 101", "value"),
        ('unit = "times_hundredths"', 'unit = "switch"', "value"),
        ('unit = "times_hundredths"', 'unit = "year"', "value"),
        ('name = "line_relative"', 'name = "Line relative"', "name"),
        ('name = "line_relative"\n', "", "name"),
        ('zh = "标准线"\n', "", "zh"),
    ],
)
def test_a_bad_figure_is_refused_by_file_id_and_key(
    line: str, instead: str, key: str
) -> None:
    bad = (
        FIGURE.replace('"times_hundredths"', '"percent"')
        if "101" in instead
        else (FIGURE)
    )
    assert line in bad

    with pytest.raises(Invalid) as refusal:
        read_rule_set(bad.replace(line, instead), file="demo/rules.toml")

    assert refusal.value.field == key
    assert refusal.value.message.startswith("demo/rules.toml: threshold T-05: ")
    assert key in refusal.value.message


@pytest.mark.parametrize(
    ("line", "instead", "key"),
    [
        ('basis = "测试规程 6"\n', "", "basis"),
        ('required = "illness"\n', "", "required"),
        ('required = "illness"', 'required = "When ill"', "required"),
        ('code = "diagnosis"', 'code = "诊断"', "code"),
        ('mark = "P"', 'mark = "Q"', "mark"),
        ('mark = "P"', 'mark = "P"\nvalue = 1', "value"),
    ],
)
def test_a_bad_paper_is_refused_by_file_id_and_key(
    line: str, instead: str, key: str
) -> None:
    assert line in PAPER

    with pytest.raises(Invalid) as refusal:
        read_rule_set(PAPER.replace(line, instead), file="demo/rules.toml")

    assert refusal.value.field == key
    assert refusal.value.message.startswith("demo/rules.toml: paper T-06: ")


@pytest.mark.parametrize(("row", "key"), [(FIGURE, "name"), (PAPER, "code")])
def test_one_name_has_one_row(row: str, key: str) -> None:
    with pytest.raises(Invalid, match=rf"rules\.toml: T-09 and T-0. .*'{key}'"):
        read_rule_set(
            row + row.replace('"T-05"', '"T-09"').replace('"T-06"', '"T-09"'),
            file="rules.toml",
        )


@pytest.mark.parametrize("more", [FIGURE, PAPER])
def test_the_digest_covers_figures_and_papers(more: str) -> None:
    other = more.replace("测试规程", "规程")

    assert len({said(GOOD), said(GOOD + more), said(GOOD + other)}) == 3


def said(text: str) -> str:
    return digest(read_rule_set(text, file="rules.toml"))
