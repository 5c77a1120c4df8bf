"""The desk: where everybody arrives, and the queue of those who work on cases."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.access import CASE_ROLES
from casework.domain.vocabulary import CaseKind, Light, Role, Tab
from casework.web.requests import StaffRequest, wearing
from casework.wording import word

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

#: Why a tab can be empty: what would stand there.
EMPTY: dict[Tab, tuple[Promise, Promise]] = {
    Tab.TODO: (
        _("没有要办的案件"),
        _("轮到您或本单位办的案件排在这里，最先到期的在最上面。"),
    ),
    Tab.UNASSIGNED: (
        _("没有待签收的案件"),
        _("到了本单位、还没有人签收的案件排在这里。期限从派来那一刻起算，不等签收。"),
    ),
    Tab.UPCOMING: (
        _("没有即将到来的案件"),
        _("下一步会轮到本单位的案件先在这里露面，好提前安排。"),
    ),
    Tab.DONE: (
        _("还没有办过的案件"),
        _("您办过一步的案件都留在这里，随时可以看它后来怎么样了。"),
    ),
    Tab.STARTED: (
        _("还没有您发起的案件"),
        _("您登记、由别人接着办的案件在这里，办到哪一步一看便知。"),
    ),
    Tab.COPIED: (
        _("没有抄送给您的案件"),
        _("抄送只是告知，不用您办；看过以后仍留在这里。"),
    ),
}

#: How to read the lights of the queue.
LIGHTS: dict[Light, Promise] = {
    Light.RED: _("期限已过。先办，并写明原因。"),
    Light.AMBER: _("期限用掉了八成，或者今天是最后一个工作日。"),
    Light.GREEN: _("期限还宽。"),
    Light.PAUSED: _("本级不计时，例如在等补充材料；外面的期限照走。"),
    Light.PROVISIONAL: _("那一年的放假安排还没公布，日期可能变。"),
}


#: The hats whose own pages come with the cases: what stands on the desk until then.
WAITING: frozenset[Role] = frozenset({Role.FINANCE, Role.AUDITOR})


def home(request: StaffRequest) -> HttpResponse:
    """Show who the person is here today and what each hat opens."""
    role = request.actor.role
    return render(
        request,
        "desk/home.html",
        {
            "duty": DUTIES.get(role) if role else None,
            "kinds": list(CaseKind) if role in CASE_ROLES else [],
            "waiting": role in WAITING,
        },
    )


@wearing(*CASE_ROLES)
def queue(request: StaffRequest) -> HttpResponse:
    """Show the queue of the unit, one tab at a time; the URL is the state."""
    asked = request.GET.get("tab", Tab.TODO)
    chosen = Tab(asked) if asked in set(Tab) else Tab.TODO
    return render(
        request,
        "desk/queue.html",
        {
            "tabs": [
                {"url": f"?tab={tab}", "label": word(tab), "current": tab == chosen}
                for tab in Tab
            ],
            "empty": EMPTY[chosen],
            "lights": LIGHTS.items(),
        },
    )
