"""Coming in, changing the hat, language and theme, and going out."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from casework.domain.vocabulary import Role
from casework.models import Event, User
from casework.services import people
from tests.cast import PASSWORD, Cast, MembershipFactory

pytestmark = pytest.mark.django_db
LOG_IN = "/log-in/"


def test_a_person_logs_in_and_arrives_at_the_desk(client: Client, cast: Cast) -> None:
    response = _log_in(client, "amin")

    assert response.status_code == 302
    assert response["Location"] == reverse("desk")
    page = client.get("/").content.decode()
    assert "阿敏" in page
    assert "姑苏区帮扶中心" in page
    assert "办案员" in page


@pytest.mark.parametrize("username", ["amin", "nobody"])
def test_a_wrong_password_says_the_same_whoever_it_is(
    client: Client, cast: Cast, username: str
) -> None:
    response = _log_in(client, username, password="wrong")

    assert "登录名或密码不对" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_ten_wrong_passwords_lock_the_account_from_here(
    client: Client, cast: Cast
) -> None:
    for _ in range(10):
        response = _log_in(client, "amin", password="wrong")

    assert response.status_code == 429
    assert "15" in response.content.decode()
    assert _log_in(client, "amin").status_code == 429
    assert _log_in(client, "chendi").status_code == 302


def test_a_closed_account_is_out_with_its_next_request(
    client: Client, cast: Cast
) -> None:
    client.force_login(_user(cast, "amin"))
    people.close_account(user=_user(cast, "amin"), by=cast.anquan)

    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"].startswith(LOG_IN)


def test_an_ended_hat_is_off_with_the_next_request(client: Client, cast: Cast) -> None:
    client.force_login(_user(cast, "anquan"))
    assert client.get("/people/").status_code == 200
    _user(cast, "anquan").person.memberships.update(
        during=DateRange(date(2025, 1, 1), date(2025, 2, 1))
    )

    assert client.get("/people/").status_code == 403


def test_the_hat_is_changed_and_shown(client: Client, cast: Cast) -> None:
    user = _user(cast, "chendi")
    second = MembershipFactory(
        person=user.person, unit=cast.pingjiang, role=Role.MEDIATOR
    )
    client.force_login(user)

    response = client.post("/hat/", {"hat": second.pk}, follow=True)

    page = response.content.decode()
    assert "现在以平江街道帮扶站调解员的身份办理" in page
    assert client.get("/").wsgi_request.actor.membership == second  # type: ignore[attr-defined]


def test_somebody_elses_hat_does_not_fit(client: Client, cast: Cast) -> None:
    client.force_login(_user(cast, "amin"))
    hat = cast.chendi.membership
    assert hat is not None

    response = client.post("/hat/", {"hat": hat.pk}, follow=True)

    assert "岗位没有切换" in response.content.decode()
    assert response.wsgi_request.actor.role is Role.CASEWORKER  # type: ignore[attr-defined]


def test_the_language_stays_with_the_person(client: Client, cast: Cast) -> None:
    client.force_login(_user(cast, "amin"))
    client.post("/preferences/", {"language": "en", "next": "/"})

    another_browser = Client()
    another_browser.force_login(_user(cast, "amin"))
    response = another_browser.get("/")

    assert response["Content-Language"] == "en"
    assert '<html lang="en"' in response.content.decode()


def test_before_log_in_the_language_stays_with_the_browser(client: Client) -> None:
    assert client.get(LOG_IN)["Content-Language"] == "zh-hans"

    client.post("/preferences/", {"language": "en", "next": LOG_IN})

    assert client.get(LOG_IN)["Content-Language"] == "en"


def test_the_theme_is_set_by_the_server(client: Client) -> None:
    client.post("/preferences/", {"theme": "dark", "next": LOG_IN})

    assert 'data-bs-theme="dark"' in client.get(LOG_IN).content.decode()


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"theme": "pink"}, {}])
def test_an_unknown_preference_changes_nothing(
    client: Client, wrong: dict[str, str]
) -> None:
    response = client.post("/preferences/", {**wrong, "next": LOG_IN})

    assert response.status_code == 302
    assert not response.cookies


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", ""])
def test_nobody_is_sent_to_another_site(client: Client, elsewhere: str) -> None:
    response = client.post("/preferences/", {"theme": "dark", "next": elsewhere})

    assert response["Location"] == reverse("desk")


def test_a_first_password_has_to_be_changed_before_anything_else(
    client: Client, cast: Cast
) -> None:
    user, password = people.register_with_account(
        name="柏新", username="baixin", by=cast.anquan
    )
    _log_in(client, "baixin", password=password)

    assert client.get("/network/")["Location"] == reverse("change_password")
    response = client.post(
        "/password/",
        {
            "old_password": password,
            "new_password1": "平江街道我的新密码二〇二六",
            "new_password2": "平江街道我的新密码二〇二六",
        },
    )

    assert response["Location"] == reverse("desk")
    assert client.get("/network/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password123"])
def test_a_weak_password_is_refused_with_the_reason(
    client: Client, cast: Cast, weak: str
) -> None:
    client.force_login(_user(cast, "amin"))

    response = client.post(
        "/password/",
        {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak},
    )

    assert "密码" in response.context["form"].errors["new_password2"][0]
    assert _user(cast, "amin").check_password(PASSWORD)


def test_going_out_ends_the_session_and_clears_the_browser(
    client: Client, cast: Cast
) -> None:
    client.force_login(_user(cast, "amin"))

    response = client.post("/log-out/")

    assert response["Clear-Site-Data"] == '"cache"'
    assert client.get("/").status_code == 302


def test_pages_of_a_person_are_kept_in_no_cache(client: Client, cast: Cast) -> None:
    client.force_login(_user(cast, "amin"))
    assert client.get("/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/log-in/", "/", "/nothing/"])
def test_S29_every_answer_carries_its_guards(
    client: Client, cast: Cast, path: str
) -> None:
    client.force_login(_user(cast, "amin"))

    response = client.get(path)

    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_actor_costs_three_queries_a_request(
    client: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    client.force_login(_user(cast, "amin"))
    client.get("/password/")

    # The session, the account with its person, the hats; the last two are
    # SESSION_SAVE_EVERY_REQUEST, in a savepoint of its own.
    with django_assert_num_queries(6):
        client.get("/password/")


def test_coming_in_being_refused_and_going_out_are_events(
    client: Client, cast: Cast
) -> None:
    _log_in(client, "amin", password="wrong")
    _log_in(client, "amin")
    client.get("/people/")
    client.post("/log-out/")

    told = Event.objects.order_by("id").values_list("chain", "verb")
    assert list(told) == [
        ("sys:", "session.refused"),
        ("sys:320508", "session.opened"),
        ("sys:320508", "access.denied"),
        ("sys:320508", "session.closed"),
    ]
    assert b"wrong" not in b"".join(
        bytes(body) for body in Event.objects.values_list("body", flat=True)
    )


def _log_in(client: Client, username: str, *, password: str = PASSWORD) -> Any:
    return client.post(LOG_IN, {"username": username, "password": password})


def _user(cast: Cast, who: str) -> User:
    user = cast.actors[who].user
    assert user is not None
    user.refresh_from_db()
    return user
