"""Which category of hardship the figures of a household speak for (H-02 to H-09).

Pure and exact: whole fen and fractions, no floats, no database, no clock. The inputs are
data (`Inputs.data`); `replay` of what was stored gives the same proposal again. The
machine proposes and tells each step; a person decides (P-11).

    (yearly income − rigid expenses) / 12 / members  <  living standard × line

Strictly less: equal to the line does not qualify (H-08).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, TypeVar

from casework.domain.deadlines import Sentence
from casework.domain.errors import Invalid
from casework.domain.money import in_yuan
from casework.domain.vocabulary import Word
from workflows.hardship_aid.household_vocabulary import ExpenseKind, IncomeKind
from workflows.hardship_aid.vocabulary import Category, ExclusionGround

#: The form of stored inputs; a change of the formula takes the next number.
FORM: Final = 1
#: A household of more is a slip of the pen; so is a line of ten thousand million yuan.
MOST_MEMBERS: Final = 50
LARGEST_LINE: Final = 10**12

WordType = TypeVar("WordType", bound=Word)


class Per(Word):
    """For what time a sum is stated."""

    MONTH = "month", "每月", "a month"
    YEAR = "year", "每年", "a year"


class Missing(Word):
    """What has to be known before a category can be proposed."""

    STANDARD = "standard", "申请日的城市低保标准", "The living standard of the day"
    MEMBERS = "members", "共同生活的家庭成员", "The members living together"
    INCOME = "income", "家庭收入（没有也要写 0）", "The income, even when it is 0"
    RECEIPTS = "receipts", "部分支出的票据", "Receipts of some expenses"


@dataclass(frozen=True, slots=True)
class Income:
    """One line of family income."""

    kind: IncomeKind
    fen: int
    per: Per = Per.MONTH

    @property
    def yearly(self) -> int:
        """What it comes to in a year, in fen."""
        return self.fen * (12 if self.per is Per.MONTH else 1)


@dataclass(frozen=True, slots=True)
class Expense:
    """One line of rigid expenses; what no receipt proves is not deducted (H-08)."""

    kind: ExpenseKind
    fen: int
    per: Per = Per.YEAR
    receipts: int = 0

    @property
    def yearly(self) -> int:
        """What it comes to in a year, in fen."""
        return self.fen * (12 if self.per is Per.MONTH else 1)


@dataclass(frozen=True, slots=True)
class Accident:
    """What an accident or a sudden illness cost, and what came back (H-04)."""

    loss: int
    compensation: int = 0

    @property
    def borne(self) -> int:
        """What the household bears itself, in fen."""
        return max(self.loss - self.compensation, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The lines in force on the application date (H-09): figures of the rules.

    `standard` is the urban living standard in fen a month, None where none was
    published; the lines are hundredths of it, the share is per cent.
    """

    standard: int | None
    line_deep: int = 100
    line_relative: int = 200
    accident_share: int = 80
    exclusions: frozenset[ExclusionGround] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that the computation reads. Raises Invalid for a sum that cannot be."""

    terms: Terms
    members: int
    income: tuple[Income, ...] = ()
    expenses: tuple[Expense, ...] = ()
    accident: Accident | None = None
    on_low_income_support: bool = False
    #: Grounds of exclusion that were stated or found (H-07).
    grounds: frozenset[ExclusionGround] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        _check_whole("members", self.members, most=MOST_MEMBERS)
        if self.terms.standard is not None:
            _check_whole("standard", self.terms.standard, least=1)
        for name in ("line_deep", "line_relative", "accident_share"):
            _check_whole(name, getattr(self.terms, name))
        for income in self.income:
            _check_whole(str(income.kind), income.fen)
        for expense in self.expenses:
            _check_whole(str(expense.kind), expense.fen)
            _check_whole("receipts", expense.receipts)
        if self.accident is not None:
            _check_whole("loss", self.accident.loss)
            _check_whole("compensation", self.accident.compensation)

    @property
    def data(self) -> dict[str, Any]:
        """The inputs as JSON, whole numbers and texts only, to be stored."""
        terms = self.terms
        return {
            "form": FORM,
            "standard": terms.standard,
            "line_deep": terms.line_deep,
            "line_relative": terms.line_relative,
            "accident_share": terms.accident_share,
            "exclusions": _sorted(terms.exclusions),
            "members": self.members,
            "income": [
                {"kind": str(line.kind), "fen": line.fen, "per": str(line.per)}
                for line in self.income
            ],
            "expenses": [
                {
                    "kind": str(line.kind),
                    "fen": line.fen,
                    "per": str(line.per),
                    "receipts": line.receipts,
                }
                for line in self.expenses
            ],
            "accident": self.accident
            and {
                "loss": self.accident.loss,
                "compensation": self.accident.compensation,
            },
            "on_low_income_support": self.on_low_income_support,
            "grounds": _sorted(self.grounds),
        }


@dataclass(frozen=True, slots=True)
class ComputationStep:
    """One step of the computation: its rule, its figures, and both in words."""

    rule: str
    figures: Mapping[str, int]
    said: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the figures speak for; None as long as something decisive is missing."""

    category: Category | None
    #: Fen per head and month, exact; None when it cannot be computed.
    per_head: Fraction | None
    steps: tuple[ComputationStep, ...]
    exclusions: tuple[ExclusionGround, ...]
    missing: tuple[Missing, ...]

    @property
    def per_head_fen(self) -> int | None:
        """The amount for show: parts of a fen are dropped, so below stays below."""
        return None if self.per_head is None else _floor(self.per_head)


def propose(inputs: Inputs) -> Proposal:
    """Return the category that the inputs speak for, with every step on the way."""
    missing = tuple(_missing(inputs))
    standard = inputs.terms.standard
    if standard is None or set(missing) - {Missing.RECEIPTS}:
        return Proposal(
            category=None, per_head=None, steps=(), exclusions=(), missing=missing
        )
    per_head = Fraction(_income(inputs) - _expenses(inputs), 12 * inputs.members)
    met = tuple(sorted(inputs.grounds & inputs.terms.exclusions))
    steps = [*_sums(inputs, per_head)]
    category, compared = _compare(inputs, per_head, standard)
    steps += compared
    if met:
        steps.append(_excluded(met))
        category = Category.NONE
    return Proposal(
        category=category,
        per_head=per_head,
        steps=tuple(steps),
        exclusions=met,
        missing=missing,
    )


def replay(data: Mapping[str, Any]) -> Proposal:
    """Return the proposal of stored inputs; raises Invalid as `read_inputs`."""
    return propose(read_inputs(data))


def read_inputs(data: Mapping[str, Any]) -> Inputs:
    """Return inputs that were stored as `Inputs.data`.

    Raises Invalid, naming the field, for another form, a missing field, an unknown
    word, or a figure that is no whole number of at least 0.
    """
    if data.get("form") != FORM:
        raise _invalid(
            "form",
            f"测算数据的版本是 {data.get('form')!r}，这里只认 {FORM}。",
            f"the stored inputs have the form {data.get('form')!r}; {FORM} is known.",
        )
    try:
        return _read(data)
    except KeyError as problem:
        (name,) = problem.args
        raise _invalid(name, "测算数据里缺这一项。", "is missing.") from problem


def _read(data: Mapping[str, Any]) -> Inputs:
    accident = data["accident"]
    return Inputs(
        terms=Terms(
            standard=data["standard"],
            line_deep=data["line_deep"],
            line_relative=data["line_relative"],
            accident_share=data["accident_share"],
            exclusions=_words(ExclusionGround, data["exclusions"], "exclusions"),
        ),
        members=data["members"],
        income=tuple(
            Income(
                _word(IncomeKind, line["kind"], "income"),
                line["fen"],
                _word(Per, line["per"], "income"),
            )
            for line in data["income"]
        ),
        expenses=tuple(
            Expense(
                _word(ExpenseKind, line["kind"], "expenses"),
                line["fen"],
                _word(Per, line["per"], "expenses"),
                line["receipts"],
            )
            for line in data["expenses"]
        ),
        accident=accident and Accident(accident["loss"], accident["compensation"]),
        on_low_income_support=data["on_low_income_support"],
        grounds=_words(ExclusionGround, data["grounds"], "grounds"),
    )


def _missing(inputs: Inputs) -> Iterator[Missing]:
    if inputs.terms.standard is None:
        yield Missing.STANDARD
    if not inputs.members:
        yield Missing.MEMBERS
    if not inputs.income:
        yield Missing.INCOME
    if any(line.fen and not line.receipts for line in inputs.expenses):
        yield Missing.RECEIPTS


def _income(inputs: Inputs) -> int:
    return sum(line.yearly for line in inputs.income)


def _expenses(inputs: Inputs) -> int:
    return sum(line.yearly for line in inputs.expenses if line.receipts)


def _sums(inputs: Inputs, per_head: Fraction) -> Iterator[ComputationStep]:
    income, expenses = _income(inputs), _expenses(inputs)
    yield ComputationStep(
        "H-08",
        {"income": income},
        Sentence(
            f"家庭年收入{_addition(inputs.income)}{in_yuan(income)} 元。",
            f"Yearly family income: {_addition_en(inputs.income)}"
            f"{in_yuan(income)} yuan.",
        ),
    )
    proved = [line for line in inputs.expenses if line.receipts]
    yield ComputationStep(
        "H-02",
        {"expenses": expenses},
        Sentence(
            f"有票据的刚性支出{_addition(proved)}{in_yuan(expenses)} 元。",
            f"Rigid expenses with receipts: {_addition_en(proved)}"
            f"{in_yuan(expenses)} yuan.",
        ),
    )
    shown = in_yuan(_floor(per_head))
    dropped = per_head.denominator != 1
    yield ComputationStep(
        "H-02",
        {
            "members": inputs.members,
            "numerator": per_head.numerator,
            "denominator": per_head.denominator,
        },
        Sentence(
            f"（{in_yuan(income)} − {in_yuan(expenses)}）÷ 12 ÷ {inputs.members} 人"
            f" = 月人均 {shown} 元{'（不足一分舍去）' if dropped else ''}。",
            f"({in_yuan(income)} − {in_yuan(expenses)}) ÷ 12 ÷ {inputs.members} "
            f"= {shown} yuan per head and month"
            f"{' (parts of a fen dropped)' if dropped else ''}.",
        ),
    )


def _compare(
    inputs: Inputs, per_head: Fraction, standard: int
) -> tuple[Category, list[ComputationStep]]:
    """Go down the categories until one fits; tell of each that was looked at."""
    terms, steps = inputs.terms, list[ComputationStep]()
    for rule, category, line in (
        ("H-02", Category.DEEP, terms.line_deep),
        ("H-03", Category.RELATIVE, terms.line_relative),
    ):
        is_below = per_head < Fraction(standard * line, 100)
        steps.append(_line(rule, category, line, per_head, standard, is_below=is_below))
        if is_below:
            return category, steps
        if category is Category.DEEP and _is_supported_and_burdened(inputs):
            steps.append(_SUPPORTED)
            return category, steps
    if inputs.accident is not None:
        share = terms.accident_share
        exceeds = inputs.accident.borne * 100 > _income(inputs) * share
        steps.append(_accident(inputs, inputs.accident, exceeds=exceeds))
        if exceeds:
            return Category.ACCIDENT, steps
    return Category.NONE, steps


def _is_supported_and_burdened(inputs: Inputs) -> bool:
    """H-02: on low-income support, with the costs of illness, schooling, disability."""
    return inputs.on_low_income_support and any(
        line.fen and line.receipts and line.kind is not ExpenseKind.EMPLOYMENT
        for line in inputs.expenses
    )


_SUPPORTED = ComputationStep(
    "H-02",
    {},
    Sentence(
        "家庭享受低保，并有医疗、教育或残疾支出，按深度困难职工对待。",
        "The household is on low-income support and has costs of illness, schooling or "
        "disability: it counts as deep hardship.",
    ),
)


def _line(
    rule: str,
    category: Category,
    line: int,
    per_head: Fraction,
    standard: int,
    *,
    is_below: bool,
) -> ComputationStep:
    limit = Fraction(standard * line, 100)
    shown, times = in_yuan(_floor(limit)), _times(line)
    head = in_yuan(_floor(per_head))
    if is_below:
        zh = f"月人均 {head} 元，低于标准线，属于{category.zh}。"
        en = f"{head} yuan is below it: {category.en.lower()}."
    elif per_head == limit:
        zh = f"月人均 {head} 元，正好等于标准线；等于不算低于，不属于{category.zh}。"
        en = f"{head} yuan equals it, and equal is not below: no {category.en.lower()}."
    else:
        zh = f"月人均 {head} 元，不低于标准线，不属于{category.zh}。"
        en = f"{head} yuan is not below it: no {category.en.lower()}."
    return ComputationStep(
        rule,
        {"standard": standard, "line": line},
        Sentence(
            f"低保标准 {in_yuan(standard)} 元 × {times} = {shown} 元；{zh}",
            f"Living standard {in_yuan(standard)} yuan × {times} = {shown} yuan; {en}",
        ),
    )


def _accident(inputs: Inputs, accident: Accident, *, exceeds: bool) -> ComputationStep:
    income, share = _income(inputs), inputs.terms.accident_share
    loss, back = in_yuan(accident.loss), in_yuan(accident.compensation)
    limit = in_yuan(_floor(Fraction(income * share, 100)))
    zh = "超过，属于" if exceeds else "没有超过，不属于"
    en = "more: " if exceeds else "not more: no "
    return ComputationStep(
        "H-04",
        {"loss": accident.loss, "compensation": accident.compensation, "share": share},
        Sentence(
            f"意外损失 {loss} 元，扣除赔付救助 {back} 元，自担 "
            f"{in_yuan(accident.borne)} 元；家庭年收入的 {share}% 是 {limit} 元；"
            f"{zh}{Category.ACCIDENT.zh}。",
            f"Loss {loss} yuan less {back} yuan that came back: "
            f"{in_yuan(accident.borne)} yuan; {share} % of the yearly income is "
            f"{limit} yuan; {en}{Category.ACCIDENT.en.lower()}.",
        ),
    )


def _excluded(met: tuple[ExclusionGround, ...]) -> ComputationStep:
    return ComputationStep(
        "H-07",
        {},
        Sentence(
            f"有排除性情形：{'、'.join(ground.zh for ground in met)}。不予建档。",
            f"Excluded: {'; '.join(ground.en.lower() for ground in met)}.",
        ),
    )


def _addition(lines: Iterable[Income | Expense]) -> str:
    parts = [
        f"{kind.zh} {_yearly(fen, per, '月')}" for kind, per, fen in _sums_of(lines)
    ]
    return f"：{' + '.join(parts)} = " if parts else " "


def _addition_en(lines: Iterable[Income | Expense]) -> str:
    parts = [
        f"{kind.en.lower()} {_yearly(fen, per, 'months')}"
        for kind, per, fen in _sums_of(lines)
    ]
    return f"{' + '.join(parts)} = " if parts else ""


def _sums_of(
    lines: Iterable[Income | Expense],
) -> Iterator[tuple[IncomeKind | ExpenseKind, Per, int]]:
    """Yield what each kind comes to, once; nothing of what comes to nothing."""
    sums: Counter[tuple[IncomeKind | ExpenseKind, Per]] = Counter()
    for line in lines:
        sums[line.kind, line.per] += line.fen
    for (kind, per), fen in sums.items():
        if fen:
            yield kind, per, fen


def _yearly(fen: int, per: Per, months: str) -> str:
    return in_yuan(fen) if per is Per.YEAR else f"{in_yuan(fen)} × 12 {months}"


def _times(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def _floor(amount: Fraction) -> int:
    return amount.numerator // amount.denominator


def _sorted(words: frozenset[ExclusionGround]) -> list[str]:
    return sorted(str(word) for word in words)


def _check_whole(
    name: str, value: object, *, least: int = 0, most: int = LARGEST_LINE
) -> None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not least <= value <= most:  # type: ignore[operator]
        raise _invalid(
            name,
            f"要写 {least} 到 {most} 的整数（金额以分为单位），不能是 {value!r}。",
            f"is a whole number from {least} to {most} (money in fen), not {value!r}.",
        )


def _words(
    vocabulary: type[WordType], codes: Iterable[str], name: str
) -> frozenset[WordType]:
    return frozenset(_word(vocabulary, code, name) for code in codes)


def _word(vocabulary: type[WordType], code: str, name: str) -> WordType:
    try:
        return vocabulary(code)
    except ValueError as problem:
        known = ", ".join(str(word) for word in vocabulary)
        raise _invalid(
            name,
            f"没有“{code}”这一项，只能是 {known}。",
            f"is one of {known}, not '{code}'.",
        ) from problem


def _invalid(name: str, zh: str, en: str) -> Invalid:
    return Invalid(Sentence(f"{name}：{zh}", f"{name}: {en}"), field=name)
