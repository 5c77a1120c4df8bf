"""The request as the views of the site see it, with the actor already resolved."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from casework.access import Actor
from casework.domain.errors import Forbidden
from casework.domain.vocabulary import Role
from casework.models import Membership, User
from casework.wording import enumeration, word

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of a person who is logged in."""

    user: User
    actor: Actor
    hats: list[Membership]
    htmx: HtmxDetails


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def wearing(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Let a view be opened only in one of these hats; anybody else reads why not."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.actor.wears(*roles):
                raise Forbidden(_refusal(request.actor, roles))
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def _refusal(actor: Actor, roles: tuple[Role, ...]) -> str:
    allowed = enumeration(word(role) for role in roles)
    if actor.role is None:
        return _(
            "您现在没有任职，打不开这一页。能打开的岗位：%(roles)s。请找安全管理员办理任职。"
        ) % {"roles": allowed}
    return _("您现在的岗位是%(role)s，打不开这一页。能打开的岗位：%(roles)s。") % {
        "role": word(actor.role),
        "roles": allowed,
    }
