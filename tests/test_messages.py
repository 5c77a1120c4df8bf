"""What the site says, in both languages: complete, fresh, and nothing of the other one.

Units and people are called by their Chinese names in English, too.
"""

import inspect
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import chain
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.conf import settings
from django.test import Client
from django.urls import reverse

from casework.domain import masking, vocabulary
from casework.domain.vocabulary import CaseKind, Role, UnitKind, Word
from casework.lifecycle import Registry
from casework.models import CalendarVersion, Case, Person, Rule, Unit, User
from casework.reports import health
from tests.cast import PASSWORD, Cast
from tests.web.test_access import TABLE, WHO, ask, filled
from tools import messages

LANGUAGES = ("zh-hans", "en")
#: Han characters, and the punctuation that comes with them.
CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z’']*")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|<[^>]+>|[{]\w+[}]")

#: A unit has a Chinese name whoever reads, so the example of one is Chinese.
EXAMPLES = ("云帆包装有限公司帮扶站", "云帆", "姑苏区帮扶中心", "苏州市")
#: What a Chinese page says in Latin letters, apart from files, settings and commands.
LATIN_WORDS = frozenset(
    {"Esc", "PostgreSQL", "Redis", "Python", "MB", "NTP", "root", "CSV"}
    | {"celery", "worker", "beat", "up", "doctor", "migrate", "g", "h", "i"}
    | {"a", "j", "k", "o", "x"}
)
_NAMES_OF_THINGS = re.compile(r"[\w./-]*[./_][\w./-]*", re.ASCII)
#: The glossary has the word for something else than the text is about.
ANOTHER_MEANING = {
    "恢复": "the glossary resumes clocks; here an account is let in again",
    "当事人": "the glossary has a role; here everybody who takes part in a case",
    "家庭成员": "the glossary has one person's part; here a section's heading",
    "承办人": "the glossary has a relation; here the person whose case it is",
}
#: A role of the glossary, and in a sentence of these somebody whom the law calls so.
PARTY = "当事人"


def catalogue(locale: str) -> Catalog:
    return messages.read(messages.LOCALE / locale / "LC_MESSAGES" / "django.po", locale)


def texts(found: Catalog) -> dict[tuple[Any, ...], Message]:
    return {(*forms(text.id), text.context): text for text in found if text.id}


def forms(said: Any) -> list[str]:
    """One form, or the singular and the plural."""
    return [said] if isinstance(said, str) else list(said)


def told(text: Message) -> list[str]:
    return forms(text.string)


def asked(text: Message) -> str:
    """The text as the code has it; of two forms the plural, which names the number."""
    return forms(text.id)[-1]


ENGLISH = texts(catalogue("en"))
WANTED = {"en": messages.template, "zh_Hans": messages.library}
AGAIN = "run .venv/bin/python -m tools.messages and translate what is new"


@pytest.mark.parametrize("locale", WANTED)
def test_a_catalogue_has_every_text_and_no_other(locale: str) -> None:
    found = catalogue(locale)

    assert set(texts(found)) == set(texts(WANTED[locale]())), AGAIN
    assert not found.obsolete


@pytest.mark.parametrize("locale", WANTED)
def test_every_text_is_translated(locale: str) -> None:
    found = catalogue(locale)
    empty = [text.id for text in texts(found).values() if not all(told(text))]

    assert not empty, AGAIN
    assert not [text.id for text in found if text.fuzzy]


@pytest.mark.parametrize("locale", WANTED)
def test_the_compiled_catalogue_is_that_of_the_text(locale: str) -> None:
    path = messages.LOCALE / locale / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        compiled = texts(read_mo(file))
    found = texts(catalogue(locale))

    assert {key: told(text) for key, text in compiled.items()} == {
        key: told(text) for key, text in found.items()
    }, AGAIN


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    wrong = [
        (asked(text), said)
        for text in ENGLISH.values()
        for said in told(text)
        if set(PLACEHOLDER.findall(said)) != set(PLACEHOLDER.findall(asked(text)))
    ]

    assert not wrong


def test_the_site_asks_for_nothing_that_the_library_does_not_give() -> None:
    wrong = [
        (asked(text), said)
        for text in texts(catalogue("zh_Hans")).values()
        for said in told(text)
        if not set(PLACEHOLDER.findall(said)) <= set(PLACEHOLDER.findall(asked(text)))
    ]

    assert not wrong


def test_the_english_has_no_chinese_but_examples_of_names() -> None:
    wrong = [said for said in spoken() if CHINESE.search(without(EXAMPLES, said))]

    assert not wrong


def test_a_sentence_stays_a_sentence() -> None:
    """A stop is a stop, a question a question: both say as much."""
    ends = {"。": ".", "？": "?", "：": ":"}
    wrong = [
        (asked(text), said)
        for text in ENGLISH.values()
        for said in told(text)
        if said[-1:] != ends.get(asked(text)[-1], said[-1:])
        or (said.endswith(".") and not asked(text).endswith("。"))
    ]

    assert not wrong


def test_the_libraries_speak_as_politely_as_the_site() -> None:
    for text in texts(catalogue("zh_Hans")).values():
        for said in told(text):
            assert "你" not in said
            assert CHINESE.search(said)


def test_a_term_of_the_glossary_is_called_as_the_glossary_has_it() -> None:
    terms: dict[str, set[str]] = {}
    for word in glossary():
        terms.setdefault(word.zh, set()).add(word.en)
    wrong = [
        (asked(text), said)
        for text in ENGLISH.values()
        for said in told(text)
        if asked(text) in terms.keys() - ANOTHER_MEANING.keys()
        and said not in terms[asked(text)]
    ]

    assert not wrong


def test_a_sentence_names_roles_units_and_cases_as_the_glossary_has_them() -> None:
    terms = [
        word
        for word in chain(Role, UnitKind, CaseKind)
        if len(word.zh) > 2 and word.zh != PARTY
    ]
    wrong = [
        (asked(text), said)
        for text in ENGLISH.values()
        for said in told(text)
        for term in terms
        if term.zh in without(EXAMPLES, asked(text))
        and term.en.casefold() not in said.casefold()
    ]

    assert not wrong


def test_the_other_meanings_are_still_in_use() -> None:
    assert ANOTHER_MEANING.keys() <= {asked(text) for text in ENGLISH.values()}
    for example in EXAMPLES:
        assert any(example in said for said in spoken())


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TABLE)
def test_a_page_speaks_one_language(cast: Cast, name: str, language: str) -> None:
    for who in WHO.values():
        client = as_one_of(cast, who, language)

        response = ask(client, cast, name, TABLE[name])
        if response.status_code == 302:
            response = client.get(response["Location"])
        is_page = response["Content-Type"].startswith("text/html")
        if is_page and response.status_code != 204:
            assert foreign(response, language) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("data", [{}, {"username": "amin", "password": "1"}])
def test_a_log_in_that_fails_speaks_one_language(
    cast: Cast, data: dict[str, str], language: str
) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert foreign(client.post(reverse("log_in"), data), language) == []


OTHER = "correct-horse-2026"
APPOINTMENT = {"unit": "320508018", "role": "caseworker", "first_day": "2026-09-29"}
LONG = "9" * 101
#: The name of the page, what it is about, and a form that it refuses.
MISTAKES: list[tuple[str, dict[str, str], dict[str, str]]] = [
    *(
        (
            "change_password",
            {},
            {"old_password": old, "new_password1": new, "new_password2": again},
        )
        for old, new, again in (
            ("", "", ""),
            ("1", OTHER, OTHER),
            (PASSWORD, OTHER, "1"),
            (PASSWORD, "p1", "p1"),
            (PASSWORD, "31415926535897", "31415926535897"),
            (PASSWORD, "password123", "password123"),
            (PASSWORD, "anquan1234", "anquan1234"),
        )
    ),
    *(
        ("people_new", {}, {"name": name, "username": username})
        for name, username in (
            ("", ""),
            ("99", "amin"),
            ("99", "1 2"),
            ("9\x009", "19"),
            (LONG, LONG),
        )
    ),
    *(
        ("people_appoint", {"pk": "amin"}, {**APPOINTMENT, **change})
        for change in (
            {"unit": "", "role": "", "first_day": ""},
            {"unit": "99"},
            {"role": "17"},
            {"role": "system_administrator"},
            {"first_day": "2026-02-30"},
            {"first_day": "2020-01-01"},
            {"last_day": "2026-09-01"},
            {"unit": "320508"},
        )
    ),
    *(
        ("people_end", {"pk": "amin", "hat": "amin"}, {"last_day": day})
        for day in ("", "2026", "2024-12-31")
    ),
    *(
        ("network_open", {"code": code}, {"name": name, "short_name": name})
        for code, name in (
            ("320508", ""),
            ("320508", "9"),
            ("320508", LONG),
            ("320508", "平江街道帮扶站"),
            ("320508018", "9999"),
        )
    ),
    ("network_rename", {"code": "320508018"}, {"name": "9999", "short_name": "9999"}),
    ("network_close", {"code": "320508"}, {}),
    ("network_close", {"code": "320508018"}, {}),
    ("people_appoint", {"pk": "anquan"}, APPOINTMENT),
]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "about", "data"), MISTAKES)
def test_a_form_that_is_refused_says_so_in_one_language(
    cast: Cast, name: str, about: dict[str, str], data: dict[str, str], language: str
) -> None:
    client = as_one_of(cast, "anquan", language)
    address = reverse(name, kwargs=filled(cast, about))

    response = client.post(address, data)

    assert foreign(response, language) == []


def glossary() -> Iterator[Word]:
    for _name, kind in inspect.getmembers(vocabulary, inspect.isclass):
        if issubclass(kind, Word):
            yield from kind


def spoken() -> list[str]:
    return [said for text in ENGLISH.values() for said in told(text)]


def without(names: Iterable[str], text: str) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def foreign(response: Any, language: str) -> list[str]:
    """What the page says that is not in its language, apart from names."""
    page = Page(response.content.decode())
    assert page.said
    names = {*EXAMPLES, settings.CITY, health.font().sentence}
    for row in chain(Unit.objects.all(), Person.objects.all(), User.objects.all()):
        names |= {str(row), getattr(row, "short_name", str(row))}
    names |= set(_said_of_cases())
    kept = [without(names, text) for text in page.said]
    if language == "en":
        return [text for text in kept if CHINESE.search(text)]
    assert not [text for text in kept if "你" in text]
    return [
        text
        for text in kept
        if set(LATIN.findall(_NAMES_OF_THINGS.sub("", text))) - LATIN_WORDS
    ]


def _said_of_cases() -> Iterator[str]:
    """What was typed into a case, and what its procedure's own files call things."""
    for case in Case.objects.prefetch_related("party_records"):
        yield from (str(case), case.subject)
        for party in case.party_records.all():
            yield from (party.name, masking.name(party.name))
    for rule in Rule.objects.filter(edition__kind="inquiry"):
        yield from (rule.code, rule.basis)
    for version in CalendarVersion.objects.select_related("calendar"):
        yield from (version.calendar.code, version.source)
    for kind in Registry.all():
        yield from (str(step.paper) for step in kind.steps.values())


class Page(HTMLParser):
    """What a page says to eyes and ears; a choice of another language is left out."""

    SPEAKING = ("aria-label", "title", "placeholder", "alt", "data-label")
    SILENT = frozenset({"script", "style", "svg"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silenced_by: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silenced_by is not None:
            return
        given = dict(attrs)
        spoken_elsewhere = tag != "html" and "lang" in given
        # The first character of a person's name, drawn as a picture.
        is_face = given.get("class") == "cw-face"
        if tag in self.SILENT or spoken_elsewhere or is_face:
            self._silenced_by = tag
            return
        self.said += [given[name] or "" for name in self.SPEAKING if name in given]

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silenced_by:
            self._silenced_by = None

    def handle_data(self, data: str) -> None:
        if self._silenced_by is None and data.strip():
            self.said.append(data.strip())


def as_one_of(cast: Cast, who: str, language: str) -> Client:
    user = cast.actors[who].user
    assert user is not None
    user.refresh_from_db()
    user.language = language
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
