"""What every page carries: language, theme, title, one primary act, no dead links."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from casework.access import Actor
from casework.domain.vocabulary import Light, Tab
from casework.models import User
from casework.web import errors
from tests.cast import Cast
from tests.web.visits import BACKEND

pytestmark = pytest.mark.django_db

STAFF_PAGES = ["/", "/queue/", "/network/", "/password/"]


class Page(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_document_speaks_the_language_of_the_person(
    cast: Cast, language: str
) -> None:
    html = _get(_as(cast.amin, language=language), "/")

    assert Page(html).all("html")[0]["lang"] == language


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_server_sets_the_theme(client: Client, theme: str) -> None:
    client.post("/preferences/", {"theme": theme, "next": "/log-in/"})

    html = _get(client, "/log-in/")

    assert Page(html).all("html")[0]["data-bs-theme"] == theme


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_a_page_has_a_title_one_heading_and_at_most_one_primary_act(
    cast: Cast, address: str
) -> None:
    html = _get(_as(cast.amin), address)
    main = html[html.index("<main") : html.index("</main>")]

    assert re.search(r"<title>\S.* · ", html)
    assert main.count("<h1") == 1
    assert main.count("btn-primary") <= 1


@pytest.mark.parametrize("name", ["amin", "anquan", "xitong", "fangzheng"])
def test_no_link_is_dead(cast: Cast, name: str) -> None:
    client = _as(getattr(cast, name))
    to_visit = ["/"]
    visited: set[str] = set()

    while to_visit and len(visited) < 60:
        address = to_visit.pop()
        if address in visited:
            continue
        visited.add(address)
        for link in Page(_get(client, address)).all("a"):
            assert link["href"] not in ("", "#"), address
            if link["href"].startswith(("/", "?")):
                to_visit.append(_absolute(address, link["href"]))


def test_the_place_where_one_is_says_so(cast: Cast) -> None:
    page = Page(_get(_as(cast.amin), "/queue/?tab=done"))

    current = [a["href"] for a in page.all("a") if a.get("aria-current") == "page"]

    assert current == ["/queue/", "/queue/", f"/queue/?scope=mine&tab={Tab.DONE}"]


def test_nobody_but_a_wearer_of_several_hats_is_asked_to_change(cast: Cast) -> None:
    assert 'name="hat"' not in _get(_as(cast.amin), "/")


@pytest.mark.parametrize("light", list(Light))
def test_a_light_is_a_shape_and_a_word(light: Light) -> None:
    html = render_to_string("partials/light.html", {"light": light, "time": "9 天"})

    assert f'data-light="{light}"' in html
    assert light.zh in html
    assert "9 天" in html


def test_a_mistake_stands_beside_its_field(cast: Cast) -> None:
    html = _as(cast.amin).post("/password/", {"old_password": ""}).content.decode()
    page = Page(html)

    (field,) = [a for a in page.all("input") if a.get("name") == "old_password"]

    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_old_password_error"
    assert 'id="id_old_password_error"' in html
    assert "#id_old_password" in [a["href"] for a in page.all("a")]


def test_a_wrong_password_is_told_once_and_nothing_is_said_of_the_account(
    client: Client,
) -> None:
    html = client.post("/log-in/", {"username": "x", "password": "y"}).content.decode()

    assert html.count('role="alert"') == 1
    assert "登录名或密码不对" in html


def test_whoever_has_a_given_password_chooses_one_before_anything_else(
    cast: Cast,
) -> None:
    User.objects.filter(pk=_user(cast.amin).pk).update(must_change_password=True)
    client = _as(cast.amin)

    assert client.get("/")["Location"] == "/password/"
    assert "cw-doors" not in _get(client, "/password/")


@pytest.mark.parametrize(
    ("answer", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)],
)
def test_a_refusal_says_what_to_do_and_leads_back(answer: object, status: int) -> None:
    response: HttpResponse = answer(RequestFactory().get("/x/"))  # type: ignore[operator]
    html = response.content.decode()

    assert response.status_code == status
    assert html.count("<h1") == 1
    assert Page(html).all("a")[-1]["href"].startswith("/")


def test_a_broken_page_needs_neither_request_nor_database() -> None:
    with connections["default"].execute_wrapper(_no_query):
        html = render_to_string("errors/broken.html")

    assert "<h1" in html
    assert 'data-bs-theme="light"' in html


def test_paper_says_who_printed_it(cast: Cast) -> None:
    html = _get(_as(cast.amin), "/")

    assert re.search(r'class="cw-print".*阿敏', html, re.DOTALL)


def _as(actor: Actor, *, language: str = "zh-hans") -> Client:
    user = _user(actor)
    user.language = language
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def _user(actor: Actor) -> User:
    assert actor.user is not None
    return actor.user


def _get(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def _absolute(address: str, link: str) -> str:
    return urlsplit(address).path + link if link.startswith("?") else link


def _no_query(*args: object) -> None:
    raise AssertionError("asked the database")
