"""No page asks another host, and none breaks the Content Security Policy."""

from tests.cast import Cast
from tests.web.visits import Visits

PAGES = {
    "amin": ("/", "/queue/", "/network/", "/password/", "/no-such-page/"),
    "anquan": ("/people/", "/people/new/", "/network/320508/", "/queue/"),
    "xitong": ("/system/",),
}


def test_no_page_asks_another_host_or_breaks_the_policy(
    visits: Visits, cast: Cast
) -> None:
    nobody = visits.begin()
    nobody.goto("/log-in/")
    for name, addresses in PAGES.items():
        page = visits.begin(getattr(cast, name), theme="dark")
        for address in addresses:
            page.goto(address, wait_until="networkidle")

    assert visits.asked_elsewhere == []
    assert visits.complaints == []
