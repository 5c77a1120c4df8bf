"""The papers of an application, as plain A4 pages from what the case holds (domain.md 8.2).

Numbering, sealing and archiving them comes later: until then each says that its number
is still to be given. 发放清单, 到账回执, 补发单 come with the payments, 回访记录 with the
return visits.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.domain.vocabulary import Word
from casework.lifecycle import Paper, View
from workflows.hardship_aid import file_sheet, reconsideration
from workflows.hardship_aid.dossier import (
    Dossier,
    Said,
    papers_named,
    standing_acts,
    unit_named,
    zh,
)
from workflows.hardship_aid.vocabulary import (
    DeliveryMeans,
    NotAcceptedGround,
    S,
    TerminationGround,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

More = Callable[[Dossier], dict[str, Any]]

_FOLDER = "hardship_aid/papers"


#: After which steps a paper is there, by its code.
_AFTER: dict[str, tuple[str, ...]] = {}


def _last(dossier: Dossier, steps: tuple[str, ...]) -> Said | None:
    return dossier.acts.get(_last_step(dossier, steps))


def _last_step(dossier: Dossier, steps: tuple[str, ...]) -> str:
    """Return which of the steps was taken last; "" for none."""
    taken = [step for step in steps if step in dossier.acts]
    return max(taken, key=lambda step: dossier.acts[step].version, default="")


def _nothing(dossier: Dossier) -> dict[str, Any]:
    return {}


def paper(
    code: str,
    title: "_StrPromise",
    *,
    awaits: "_StrPromise",
    basis: str,
    after: tuple[str, ...] = (),
    period: str = "",
    goes_out: bool = False,
    has_numbers: bool = False,
    more: More = _nothing,
    of: type[Dossier] = Dossier,
    workbook: Callable[[Any, View], bytes] | None = None,
) -> Paper:
    """Declare a paper that is there once one of these steps was taken.

    `period` is the target of the rule on which it rests, `more` what only it says, `of`
    the dossier that tells its case.
    """

    def context(case: Any, view: View) -> dict[str, Any]:
        dossier = of(case, view)
        act = _last(dossier, after)
        return {
            "d": dossier,
            "act": act,
            "issuer": (act and act.unit) or dossier.units["holder"],
            "ground": dossier.ground(period) if period else None,
            **more(dossier),
        }

    _AFTER[code] = after
    return Paper(
        code=code,
        title=title,
        template=f"{_FOLDER}/{code}.html",
        context=context,
        is_ready=lambda case: not standing_acts(case).keys().isdisjoint(after),
        awaits=awaits,
        basis=basis,
        goes_out=goes_out,
        has_numbers=has_numbers,
        workbook=workbook,
    )


def _named(vocabulary: type[Word], code: Any) -> str:
    return zh(vocabulary(code)) if code in set(vocabulary) else ""


def _missing(dossier: Dossier) -> dict[str, Any]:
    said = dossier.acts["ask_for_papers"].values
    return {"missing": papers_named(said["papers"]), "others": said.get("others")}


def _not_ours(dossier: Dossier) -> dict[str, Any]:
    said = dossier.acts["refuse_acceptance"].values
    return {
        "ground_told": _named(NotAcceptedGround, said["ground"]),
        "competent": unit_named(said.get("competent")),
        "reasons": said.get("reasons"),
    }


def _served(dossier: Dossier) -> dict[str, Any]:
    said = dossier.acts.get("serve")
    window = dossier.period("reconsideration_window")
    return {
        "served": said,
        "means": _means(said),
        "window": window,
        **_reconsidering(dossier),
    }


def _reconsidering(dossier: Dossier) -> dict[str, Any]:
    """Return who reconsiders: the next higher level than who rejected (H-31)."""
    if reconsideration.is_the_citys(dossier.case):
        return {"next_union": reconsideration.union_above(dossier.case)}
    return {"next_union": dossier.units["city"]}


def _means(said: Any) -> str:
    return _named(DeliveryMeans, said.values.get("means")) if said else ""


def _reconsidered(dossier: Dossier) -> dict[str, Any]:
    is_reversed = _last_step(dossier, _RECONSIDERED) == "reverse_rejection"
    kind = "reversed" if is_reversed else "upheld"
    return {"is_reversed": is_reversed, "decision": dossier.decided.get(kind)}


def _ended(dossier: Dossier) -> dict[str, Any]:
    said = dossier.acts["terminate"].values
    return {
        "ground_told": _named(TerminationGround, said["ground"]),
        "evidence": said.get("evidence"),
        "is_death": said["ground"] == TerminationGround.DEATH,
    }


def _approved(dossier: Dossier) -> dict[str, Any]:
    return {"decision": dossier.decided.get("approved")}


def _objected(dossier: Dossier) -> dict[str, Any]:
    is_upheld = _last_step(dossier, _CHECKED) in ("uphold_objection", "repost")
    kind = "objection_upheld" if is_upheld else "objection_dismissed"
    return {"decision": dossier.decided.get(kind), "is_upheld": is_upheld}


def _urgent(dossier: Dossier) -> dict[str, Any]:
    said = dossier.acts.get("ask_urgent_relief")
    granted = dossier.decided.get("urgent")
    return {
        "asked": said,
        "event": said.values.get("event") if said else "",
        "decision": granted or dossier.decided.get("urgent_declined"),
        "is_granted": granted is not None,
    }


def _sheet(dossier: Dossier) -> dict[str, Any]:
    return {"sheet": file_sheet.two_in_a_row(dossier)}


def _closed(dossier: Dossier) -> dict[str, Any]:
    """Return how the application ended, told by the state before it was closed."""
    last = dossier.acts_of_all.get("close") or dossier.acts_of_all["file_built"]
    return {
        "opened": dossier.acts["case.opened"],
        "outcome": zh(S(last.from_state)),
    }


def _contents(dossier: Dossier) -> dict[str, Any]:
    """What lies in the file: the papers that were made, then what was handed in."""
    made = [
        {"title": each.title, "day": _day(dossier, each.code)}
        for each in PAPERS
        if each.code != "contents" and each.is_ready(dossier.case)
    ]
    return {"made": made}


def _day(dossier: Dossier, code: str) -> str:
    said = _last(dossier, _AFTER[code])
    return said.day if said else ""


_AFTER_OPENING = _("收件以后才有。")
_AFTER_SUBMISSION = _("登记申请以后才有。")
_STATED = ("submit", "amend", "complete_papers")
_RECONSIDERED = ("uphold_rejection", "reverse_rejection")
_CHECKED = ("dismiss_objection", "dismiss_late_objection", "uphold_objection", "repost")

PAPERS: tuple[Paper, ...] = (
    paper(
        "receipt",
        _("收件回执"),
        after=("case.opened",),
        awaits=_AFTER_OPENING,
        basis="H-20",
        goes_out=True,
        period="acceptance",
    ),
    paper(
        "application",
        _("困难职工帮扶申请书"),
        after=_STATED,
        awaits=_AFTER_SUBMISSION,
        basis="H-20",
        goes_out=True,
        has_numbers=True,
    ),
    paper(
        "authorisation",
        _("家庭经济状况核对授权书"),
        after=_STATED,
        awaits=_AFTER_SUBMISSION,
        basis="H-22",
        goes_out=True,
        has_numbers=True,
    ),
    paper(
        "file_sheet",
        _("困难职工档案表"),
        after=_STATED,
        awaits=_AFTER_SUBMISSION,
        basis="H-01",
        has_numbers=True,
        more=_sheet,
        workbook=file_sheet.workbook,
    ),
    paper(
        "supplement_notice",
        _("补正通知书"),
        after=("ask_for_papers",),
        awaits=_("一次性告知补正以后才有。"),
        basis="H-21",
        goes_out=True,
        period="correction",
        more=_missing,
    ),
    paper(
        "deemed_withdrawal",
        _("视为撤回告知书"),
        after=("deem_withdrawn",),
        awaits=_("逾期没有补正、视为撤回以后才有。"),
        basis="H-21",
        goes_out=True,
        period="correction",
    ),
    paper(
        "acceptance",
        _("受理通知书"),
        after=("accept",),
        awaits=_("受理以后才有。"),
        basis="H-21",
        goes_out=True,
        period="acceptance",
    ),
    paper(
        "non_acceptance",
        _("不予受理告知书"),
        after=("refuse_acceptance",),
        awaits=_("不予受理以后才有。"),
        basis="H-20",
        goes_out=True,
        period="acceptance",
        more=_not_ours,
    ),
    paper(
        "visit_notice",
        _("入户通知单"),
        after=("nobody_home", "nobody_home_again"),
        awaits=_("入户时家里没人才有。"),
        basis="H-23",
        goes_out=True,
        period="visit",
    ),
    paper(
        "visit_record",
        _("入户核查记录表"),
        after=("record_visit",),
        awaits=_("登记入户核查以后才有。"),
        basis="H-23",
    ),
    paper(
        "first_opinion",
        _("困难职工初审意见表"),
        after=("report_up",),
        awaits=_("初审上报以后才有。"),
        basis="H-24",
    ),
    paper(
        "return_notice",
        _("退回通知"),
        after=("send_back",),
        awaits=_("县级退回站点才有。"),
        basis="H-25",
        period="station_return",
    ),
    paper(
        "check_letter",
        _("家庭经济状况核对委托函"),
        after=("request_check",),
        awaits=_("发起核对以后才有。"),
        basis="H-26",
        goes_out=True,
        has_numbers=True,
        period="info_check",
    ),
    paper(
        "check_reminder",
        _("家庭经济状况核对催办函"),
        after=("remind_check",),
        awaits=_("催办核对以后才有。"),
        basis="H-26",
        goes_out=True,
        has_numbers=True,
        period="info_check",
    ),
    paper(
        "check_report",
        _("家庭经济状况核对情况表"),
        after=("receive_check",),
        awaits=_("收到核对报告以后才有。"),
        basis="H-26",
        has_numbers=True,
    ),
    paper(
        "publicity",
        _("公示"),
        after=("publish", "repost"),
        awaits=_("拟批准公示以后才有。"),
        basis="H-27",
        goes_out=True,
        period="publicity",
        more=lambda dossier: {"public": dossier.public},
    ),
    paper(
        "objection_register",
        _("公示异议登记表"),
        after=("object",),
        awaits=_("登记公示异议以后才有。"),
        basis="H-28",
    ),
    paper(
        "objection_report",
        _("公示异议核查报告"),
        after=_CHECKED,
        awaits=_("公示异议核查完才有。"),
        basis="H-28",
        period="objection_check",
        more=_objected,
    ),
    paper(
        "publicity_report",
        _("公示情况报告"),
        after=("end_publicity",),
        awaits=_("公示期满以后才有。"),
        basis="H-27",
        period="publicity",
        more=lambda dossier: {"public": dossier.public},
    ),
    paper(
        "approval_form",
        _("困难职工建档（救助）审批表"),
        after=("end_publicity",),
        awaits=_("公示期满以后才有。"),
        basis="H-29",
        has_numbers=True,
        more=_approved,
    ),
    paper(
        "city_opinion",
        _("市级审核意见"),
        after=("city_approve", "city_return"),
        awaits=_("市级审核以后才有。"),
        basis="H-30",
        period="city_review",
        more=_approved,
    ),
    paper(
        "approval_notice",
        _("批准通知书"),
        after=("approve", "city_approve"),
        awaits=_("批准以后才有。"),
        basis="H-29",
        goes_out=True,
        period="approval",
        more=_approved,
    ),
    paper(
        "rejection_notice",
        _("不予批准告知书"),
        after=("reject",),
        awaits=_("不予批准以后才有。"),
        basis="H-31",
        goes_out=True,
        period="reconsideration_window",
        more=_served,
    ),
    paper(
        "delivery",
        _("送达回证"),
        after=("serve",),
        awaits=_("告知书送达以后才有。"),
        basis="H-31",
        goes_out=True,
        more=_served,
    ),
    paper(
        "reconsideration_request",
        _("复核申请书"),
        after=("ask_reconsideration",),
        awaits=_("登记复核申请以后才有。"),
        basis="H-31",
        goes_out=True,
        has_numbers=True,
        more=_reconsidering,
    ),
    paper(
        "reconsideration_decision",
        _("复核决定书"),
        after=_RECONSIDERED,
        awaits=_("作出复核决定以后才有。"),
        basis="H-31",
        goes_out=True,
        period="reconsideration",
        more=_reconsidered,
    ),
    paper(
        "urgent_form",
        _("临时救助审批表"),
        after=("grant_urgent_relief", "decline_urgent_relief"),
        awaits=_("临时救助作出决定以后才有。"),
        basis="H-32",
        has_numbers=True,
        more=_urgent,
    ),
    paper(
        "withdrawal",
        _("撤回申请书"),
        after=("withdraw",),
        awaits=_("申请人撤回申请才有。"),
        basis="H-20",
        goes_out=True,
    ),
    paper(
        "termination_notice",
        _("终止告知书"),
        after=("terminate",),
        awaits=_("终止以后才有。"),
        basis="H-23",
        goes_out=True,
        more=_ended,
    ),
    paper(
        "closing_form",
        _("结案登记表"),
        after=("close", "file_built"),
        awaits=_("办结以后才有。"),
        basis="R-01",
        more=_closed,
    ),
    paper(
        "contents",
        _("卷内目录"),
        after=("close", "file_built"),
        awaits=_("办结以后才有。"),
        basis="R-01",
        more=_contents,
    ),
)
