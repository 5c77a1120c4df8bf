"""The desk: where everybody arrives, and what waits for him today."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.access import CASE_ROLES
from casework.domain.vocabulary import CaseKind, Light, Role, Tab
from casework.lifecycle import Registry
from casework.reports import caseload, decisions, rolls, verified
from casework.reports.caseload import Scope
from casework.web.desk import opening, queue
from casework.web.desk.queue import Row, capped
from casework.web.requests import StaffRequest

#: What the wearer of a hat does here, in a sentence.
DUTIES: dict[Role, Promise] = {
    Role.CASEWORKER: _("接待来访、登记案件、收齐材料，一步一步办到结案归档。"),
    Role.MEDIATOR: _("主持劳动争议调解：征询双方、开会、促成协议，看着协议履行。"),
    Role.HELPER: _("承办指派给您的法律援助案件；别人的案件这里看不到。"),
    Role.SUPERVISOR: _("审批、指派、督办，决定上报和延期；对本单位案件的期限负责。"),
    Role.FINANCE: _("管帮扶资金：核对发放批次，记账，对账。"),
    Role.AUDITOR: _("核验办案历史和资金账。只读；您的查看也会留痕。"),
    Role.SYSTEM_ADMINISTRATOR: _("看系统是否正常运行；不接触案件内容。"),
    Role.SECURITY_ADMINISTRATOR: _("登记人员、开停账号、办理任职；不接触案件内容。"),
}

#: What belongs to a hat and has no page yet, in a sentence; everything else is linked.
LATER: dict[Role, Promise] = {
    Role.FINANCE: _("发放批次、记账和对账还没有开通。现在能打开的都列在上面。"),
    Role.AUDITOR: _("资金账的核验还没有开通；办案历史现在就能核验。"),
    Role.SYSTEM_ADMINISTRATOR: _("接口和备份的状态还没有开通。"),
    Role.SECURITY_ADMINISTRATOR: _("登录和权限变动的查询页还没有开通；变动都已留痕。"),
}
#: How many verifications stand on the desk of who verifies.
_FEW = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the desk: how many cases, what they are, where they stand."""

    number: int
    about: str
    url: str
    light: Light | None = None

    @property
    def count(self) -> str:
        """How many cases, up to the limit to which they are counted."""
        told = {"n": capped(self.number)}
        return ngettext("%(n)s 件", "%(n)s 件", self.number) % told


@dataclass(frozen=True, slots=True)
class List:
    """The few cases that come first in a tab, and where all of them are."""

    title: str
    rows: list[Row]
    url: str


def home(request: StaffRequest) -> HttpResponse:
    """Show who the person is here today, what waits for him, what each hat opens."""
    role = request.actor.role
    works_on_cases = role in CASE_ROLES
    is_open = bool(Registry.all())
    now = timezone.now()
    return render(
        request,
        "desk/home.html",
        {
            "duty": DUTIES.get(role) if role else None,
            "kinds": list(CaseKind) if works_on_cases and not is_open else [],
            "later": LATER.get(role) if role else None,
            "verifies": role is Role.AUDITOR,
            "verified": verified.lately(request.actor, most=_FEW)
            if role is Role.AUDITOR
            else [],
            "register_url": opening.address(request.actor),
            "lines": _lines(request, now) if works_on_cases and is_open else [],
            "lists": _lists(request, now) if works_on_cases and is_open else [],
            "rolls": rolls.offered(request.actor),
        },
    )


def _lines(request: StaffRequest, now: datetime) -> list[Line]:
    load = caseload.load(request.actor, now=now)
    mine = f"?scope={Scope.MINE}&tab={Tab.TODO}"
    unit = f"?scope={Scope.UNIT}&tab={Tab.TODO}"
    if decisions.decides(request.actor):
        first = [
            Line(
                load.to_decide,
                gettext("等您审批"),
                f"?scope={Scope.UNIT}&tab={Tab.DECIDE}",
            ),
            Line(
                load.overdue,
                gettext("本单位已超期，先办"),
                f"{unit}&light=red",
                Light.RED,
            ),
            Line(load.due_today, gettext("本单位今天到期"), unit, Light.AMBER),
        ]
    else:
        first = [
            Line(load.overdue, gettext("已超期，先办"), f"{mine}&light=red", Light.RED),
            Line(load.due_today, gettext("今天到期"), mine, Light.AMBER),
        ]
    lines = [
        *first,
        Line(load.todo, gettext("由您承办"), mine),
        Line(
            load.unassigned,
            gettext("到了本单位，还没有人签收"),
            f"?scope={Scope.UNIT}&tab={Tab.UNASSIGNED}",
        ),
    ]
    address = reverse("queue")
    return [
        Line(line.number, line.about, f"{address}{line.url}", line.light)
        for line in lines
        if line.light is None or line.number
    ]


def _lists(request: StaffRequest, now: datetime) -> list[List]:
    """Return what waits for the head's decision, and whose deadline comes next."""
    actor = request.actor
    scope = caseload.answers_for(actor)
    titles = {
        Tab.DECIDE: gettext("待您审批"),
        Tab.TODO: gettext("最近到期")
        if scope is Scope.MINE
        else gettext("本单位最近到期"),
    }
    lists = [
        List(
            title,
            queue.rows_of(actor, tab, caseload.first(actor, tab, now=now), now),
            f"{reverse('queue')}?scope={scope}&tab={tab}",
        )
        for tab, title in titles.items()
        if tab in caseload.tabs(actor)
    ]
    return [each for each in lists if each.rows]
