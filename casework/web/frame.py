"""What every page carries around its content: brand, navigation, the hat worn now."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import ResolverMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.access import CASE_ROLES
from casework.domain.vocabulary import Role

THEMES = ("light", "dark")
#: Who has the search box: everybody for whom cases exist.
SEARCHERS = CASE_ROLES | {Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class Door:
    """One line of the navigation: where it leads and who is shown it."""

    view: str
    label: Promise
    about: Promise
    icon: str
    roles: frozenset[Role] | None = None  # None: everybody who is logged in
    keys: str = ""  # the keys, pressed one after the other, that open it
    also: str = ""  # pages whose names begin so belong to this door, too

    def opens_for(self, role: Role | None) -> bool:
        return self.roles is None or role in self.roles


DOORS = (
    Door(
        "desk",
        _("工作台"),
        _("您今天的岗位，以及它能办的事。"),
        "home",
        keys="g h",
    ),
    Door(
        "queue",
        _("待办"),
        _("轮到本单位办的案件，最先到期的在最上面。"),
        "inbox",
        CASE_ROLES,
        keys="g i",
        also="case",
    ),
    Door(
        "queue",
        _("在办案件"),
        _("本地区在办的案件，只读；打开一件就能核验它的历史。"),
        "inbox",
        frozenset({Role.AUDITOR}),
        keys="g i",
        also="case",
    ),
    Door(
        "network",
        _("组织"),
        _("市级中心、县级中心和站点，一级一级往下看。"),
        "sitemap",
    ),
    Door(
        "people",
        _("人员与账号"),
        _("登记人员、开停账号、办理和结束任职。"),
        "users",
        frozenset({Role.SECURITY_ADMINISTRATOR}),
    ),
    Door(
        "system",
        _("系统状态"),
        _("数据库和后台任务是否正常。"),
        "activity",
        frozenset({Role.SYSTEM_ADMINISTRATOR}),
    ),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Add `frame` to the context of every template."""
    actor = getattr(request, "actor", None)
    role = actor.role if actor else None
    match = getattr(request, "resolver_match", None)
    theme = request.COOKIES.get("theme", "light")
    return {
        "frame": {
            "city": settings.CITY,
            "source_url": settings.SOURCE_URL,
            "theme": theme if theme in THEMES else "light",
            "languages": settings.LANGUAGES,
            "session_seconds": settings.SESSION_COOKIE_AGE,
            "actor": actor,
            "hats": getattr(request, "hats", []),
            "may_search": role in SEARCHERS,
            "may_queue": role in CASE_ROLES,
            "doors": [
                {
                    "url": reverse(door.view),
                    "label": door.label,
                    "about": door.about,
                    "icon": door.icon,
                    "keys": door.keys,
                    "current": _room(match) in (door.view, door.also),
                }
                for door in DOORS
                if actor and door.opens_for(role)
            ],
        }
    }


def _room(match: ResolverMatch | None) -> str | None:
    """Return the door to which the page belongs, by the first word of its name."""
    return match.url_name.split("_")[0] if match and match.url_name else None
