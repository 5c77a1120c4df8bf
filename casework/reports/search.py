"""Finding cases by what people have at hand: a name, a number, the end of one.

A text can mean several things (`1239` ends an ID number, a telephone, a case number), so
every meaning is looked for, and each case says why it was found. Only cases that exist
for the reader are looked at. Numbers in full are found by their marks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from casework.access import Actor, visible
from casework.domain import surnames
from casework.domain.sealing import Scope, canonical
from casework.domain.surnames import Token
from casework.domain.vocabulary import Part, Word
from casework.models import Case, Party
from casework.models.sealing import ring
from casework.reports.caseload import MOST, PAGE, with_rows

#: Longer than anything that is searched for.
LONGEST = 60
#: A serial number alone is looked for in the numbers of so many years.
YEARS = 10

_NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]*)[\[(〔【]?(?P<year>20\d\d)?[\])〕】]?[-\s]*"
    r"(?P<serial>\d{1,4})?号?",
    re.ASCII,
)
#: From the bracket on: 〔2026〕0012. An index has it (`case_number_tail`).
_TAIL = Substr("number", StrIndex("number", Value("〔")))


class Match(Word):
    """Why a case was found."""

    CASE_NUMBER = "case_number", "案件号", "Case number"
    NAME = "name", "姓名", "Name"
    PINYIN = "pinyin", "拼音", "Pinyin"
    INITIALS = "initials", "拼音首字母", "Initials"
    ID_NUMBER = "id_number", "证件号码", "ID number"
    ID_TAIL = "id_tail", "证件尾号", "End of the ID number"
    PHONE = "phone", "电话", "Telephone"
    PHONE_TAIL = "phone_tail", "电话尾号", "End of the telephone number"


@dataclass(frozen=True, slots=True)
class Reason:
    """One meaning of the text that met a case, in which of its parties."""

    match: Match
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found, with clocks and parties, and why."""

    case: Case
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Found:
    """Some hits, the newest case first; `next` is the id that the next page is before."""

    hits: list[Hit]
    next: int | None
    #: Counted no further than `MOST`; known only where it was asked for.
    count: int
    #: What was looked for by its mark, which is logged.
    numbers: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """One thing that the text may mean: the question, and whether a party is meant."""

    match: Match
    question: Q
    meets: Callable[[Party], bool]
    scope: Scope | None = None


def find(actor: Actor, text: str, *, on: date, before: int | None = None) -> Found:
    """Return the cases that the text may mean, of those that exist for the actor."""
    plain = surnames.plain_text(text[:LONGEST])
    of_party, of_case = list(_meanings(plain)), _of_number(plain, on=on)
    scopes = tuple(each.scope for each in of_party if each.scope)
    cases = _cases(actor, of_party, of_case)
    if cases is None:
        return Found([], None, 0, scopes)
    page = cases.filter(pk__lt=before) if before is not None else cases
    rows = list(with_rows(page.order_by("-pk"))[: PAGE + 1])
    shown, more = rows[:PAGE], len(rows) > PAGE
    numbered = _numbered(shown, of_case)
    hits = [Hit(case, _reasons(case, of_party, numbered)) for case in shown]
    is_whole = not more and before is None
    count = len(shown) if is_whole else cases.order_by()[: MOST + 1].count()
    return Found(hits, shown[-1].pk if more else None, count, scopes)


def _cases(
    actor: Actor, of_party: list[_Meaning], of_case: Q | None
) -> QuerySet[Case] | None:
    if not of_party and of_case is None:
        return None
    ids: QuerySet[Any, Any] | None = None
    if of_party:
        wanted = Q()
        for meaning in of_party:
            wanted |= meaning.question
        ids = Party.objects.in_force().filter(wanted).order_by().values("case_id")
    if of_case is not None:
        numbers = Case.objects.alias(tail=_TAIL).filter(of_case).values("pk")
        ids = numbers if ids is None else ids.union(numbers)
    assert ids is not None
    return visible(actor).filter(pk__in=ids)


def _numbered(cases: list[Case], of_case: Q | None) -> set[int]:
    """Return which of the cases have the number that was asked for."""
    if of_case is None or not cases:
        return set()
    mine = Case.objects.alias(tail=_TAIL).filter(of_case, pk__in=[c.pk for c in cases])
    return set(mine.values_list("pk", flat=True))


def _reasons(case: Case, meanings: list[_Meaning], numbered: set[int]) -> list[Reason]:
    told = [Reason(Match.CASE_NUMBER)] if case.pk in numbered else []
    told += [
        Reason(meaning.match, party.part)
        for party in case.party_records.all()
        for meaning in meanings
        if meaning.meets(party)
    ]
    return list(dict.fromkeys(told))


def _meanings(plain: str) -> Iterator[_Meaning]:
    """Return what the text may mean of a party."""
    runs = surnames.han_runs(plain)
    if runs:
        pieces = (
            piece
            for run in runs
            for piece in (surnames.pieces(run)[len(run) :] or [run])
        )
        yield _by_tokens(Match.NAME, [Token.NAME.of(piece) for piece in pieces])
        return
    words = re.findall(r"[a-z]+", plain)
    if words and re.fullmatch(r"[a-z '\-·.]+", plain):
        joined = "".join(words)
        yield _by_tokens(Match.NAME, [Token.WORD.of(word) for word in words])
        yield _by_tokens(Match.PINYIN, [Token.PINYIN.of(joined)])
        yield _by_tokens(Match.INITIALS, [Token.INITIALS.of(joined)])
        return
    if re.fullmatch(r"[+(]?\d[\da-z ()\-]*|[a-z]{1,2}\d+", plain, re.ASCII):
        yield from _of_digits(canonical(plain))


def _of_digits(number: str) -> Iterator[_Meaning]:
    if re.fullmatch(r"\d{3}[\dX]", number, re.ASCII):
        yield _by_tokens(Match.ID_TAIL, [Token.ID_TAIL.of(number)])
        yield _by_tokens(Match.PHONE_TAIL, [Token.PHONE_TAIL.of(number)])
    elif re.fullmatch(r"\d{5,13}", number, re.ASCII):
        mark = ring().index(number, Scope.PHONE)
        yield _Meaning(
            Match.PHONE,
            Q(phone_index=mark),
            lambda party: bytes(party.phone_index or b"") == mark,
            Scope.PHONE,
        )
    if re.fullmatch(r"(?=.*\d)[\dA-Z]{6,18}", number, re.ASCII):
        own = ring().index(number, Scope.ID_NUMBER)
        yield _Meaning(
            Match.ID_NUMBER,
            Q(id_index=own),
            lambda party: bytes(party.id_index or b"") == own,
            Scope.ID_NUMBER,
        )


def _by_tokens(match: Match, tokens: list[str]) -> _Meaning:
    wanted = set(tokens)
    return _Meaning(
        match, Q(tokens__contains=tokens), lambda party: wanted <= set(party.tokens)
    )


def _of_number(plain: str, *, on: date) -> Q | None:
    """Return the question for a case number or a part of one: `〔2026〕0012`, `0012`."""
    told = _NUMBER.fullmatch(unicodedata.normalize("NFKC", plain))
    if told is None or not (told["year"] or told["serial"]):
        return None
    year, serial = told["year"], told["serial"]
    who = Q(number__contains=told["who"]) if told["who"] else Q()
    if year and serial:
        return who & Q(tail=f"〔{year}〕{int(serial):04d}")
    years = [*range(on.year - YEARS, on.year + 1)]
    number = serial or year
    ends = Q(tail__in=[f"〔{year}〕{int(number):04d}" for year in years])
    if year:
        ends |= Q(tail__startswith=f"〔{year}〕")
    return who & ends
