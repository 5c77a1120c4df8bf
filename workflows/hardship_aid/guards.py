"""Why a step of an application cannot be taken yet, in a sentence each.

A guard returns None for yes. Its docstring names the rule; what its sentence says is
enough to act on.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.access import Actor
from casework.services import periods
from casework.wording import enumeration, word
from workflows.hardship_aid import completeness, duplicates, reaching, reconsideration
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.vocabulary import (
    Category,
    CityGround,
    FundLevel,
    NotAcceptedGround,
    S,
    Wish,
)

# Whom a step keeps away for what he did in the case, with the sentence that he reads


def visitors(case: Any) -> dict[int | None, str]:
    """H-25: who visited the home does not review his own findings (4.3, invariant 5)."""
    told = _("入户核查人不能复核同一件申请（规则 H-25），请由别人复核。")
    return dict.fromkeys(case.details.visitors, told)


def reviewer_and_visitors(case: Any) -> dict[int | None, str]:
    """H-28: an objection is checked by somebody else than who reviewed or visited."""
    told = _("异议要由原复核人、入户核查人以外的人核查（规则 H-28）。")
    return _kept_away(told, case.details.reviewer, *case.details.visitors)


def whoever_prepared(case: Any) -> dict[int | None, str]:
    """H-29: who visited, gave the opinion or reviewed does not approve (invariant 5)."""
    details = case.details
    first = _("初审人、入户核查人不能批准同一件申请（规则 H-29），请由别人批准。")
    second = _("复核人不能批准同一件申请（规则 H-29），请由别人批准。")
    return {
        **_kept_away(first, details.reporter, *details.visitors),
        **_kept_away(second, details.reviewer),
    }


def whoever_rejected(case: Any) -> dict[int | None, str]:
    """H-31: somebody else than who rejected, reviewed or visited reconsiders."""
    details = case.details
    return _kept_away(
        _("复核要由原来经办、决定以外的人办（规则 H-31）。"),
        *(details.decider, details.reviewer, details.reporter, *details.visitors),
    )


def whoever_rejected_below(case: Any) -> dict[int | None, str]:
    """H-31: the same, for what the city may reconsider; its own goes above (guard)."""
    return {} if reconsideration.is_the_citys(case) else whoever_rejected(case)


def _kept_away(told: str, *people: int | None) -> dict[int | None, str]:
    return dict.fromkeys(people, told)


# Acceptance


def not_asked_before(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-21: what is missing is said once."""
    if case.details.supplements >= figure(case, "supplements"):
        return _("补正只能一次性告知，已经告知过了（规则 H-21）。")
    return None


def was_looked_for(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-21: nothing is deemed withdrawn without two attempts by two channels."""
    if reaching.was_sought(case):
        return None
    return _("还没有两次、两种方式的提醒记录，不能视为撤回（规则 H-21）。")


def is_stated(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-21: the application is registered whole before it is judged."""
    if case.details.is_stated:
        return None
    return _("申请表还没有填写完整，请先办“补充登记”（规则 H-21）。")


def papers_are_there(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-21: every required paper was handed in."""
    missing = completeness.missing_papers(case)
    if not missing:
        return None
    papers = enumeration(completeness.name(paper) for paper in missing)
    return _(
        "还缺材料：%(papers)s（规则 H-21）。收齐以后再受理，或者一次性告知补正。"
    ) % {"papers": papers}


def all_have_authorised(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-22: each adult member signed the authorisation of the economic check."""
    if case.details.is_authorised:
        return None
    names = enumeration(completeness.unsigned(case))
    return _(
        "还有成年家庭成员没有签核对授权书：%(names)s（规则 H-22）。"
        "请他们补签，再办“补充登记”。"
    ) % {"names": names}


def is_ours(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-20: the worker lives or works in the county that has the case."""
    details = case.details
    places = [unit for unit in (details.lives_in, details.works_in) if unit]
    if not places or any(_is_of(case.county, unit) for unit in places):
        return None
    return _(
        "申请人不在本县区居住或工作，应当由%(unit)s受理（规则 H-20），"
        "请办“不予受理”并写明该单位。"
    ) % {"unit": places[0].name}


def is_known_nowhere_else(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-01, E-11: one household has one file and one application in the city."""
    if case.details.wish is Wish.URGENT:
        return None
    other = duplicates.of_case(case).first()
    if other is None:
        return None
    return _(
        "这个家庭里有人已经在%(case)s里（规则 H-01）。请核实；"
        "重复的请办“不予受理”，理由选“%(ground)s”。"
    ) % {
        "case": duplicates.told(other),
        "ground": word(NotAcceptedGround.DUPLICATE),
    }


# The home visit


def nobody_missed_yet(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-23: the first time that nobody is at home."""
    if case.details.absences == 0:
        return None
    return _("已经有一次家里没人，请办“再次入户无人”（规则 H-23）。")


def missed_before(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-23: a second time comes after a first."""
    if case.details.absences:
        return None
    return _("还没有过家里没人的记录，请办“家里没人”（规则 H-23）。")


def may_go_again(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-23: after two absences a third visit is the supervisor's to decide."""
    details = case.details
    is_often = details.absences >= figure(case, "visit_tries")
    if not is_often or details.was_reached or details.third_visit:
        return None
    return _("两次家里没人，还没有联系上：要由负责人决定第三次入户（规则 H-23）。")


def was_missed_and_sought(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-23: the supervisor decides after two absences and attempts to reach the family."""
    if case.details.absences < figure(case, "visit_tries"):
        return _("还没有两次家里没人的记录，不用决定第三次入户（规则 H-23）。")
    if not reaching.was_sought(case):
        return _("还要用另一种方式联系这个家庭（规则 H-23），请办“联系家庭”。")
    return None


def was_visited(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-23: no opinion without a visit that was done."""
    if case.details.visits:
        return None
    return _("还没有完成入户核查（规则 H-23），请先约定入户，再登记入户核查。")


def is_computed(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-24, H-08: no opinion before the category was computed."""
    if case.details.proposed_category:
        return None
    return _("还不能测算类别（规则 H-08）：%(missing)s。") % {
        "missing": completeness.not_computed(case)
    }


# County review


def may_be_returned(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-25: the county returns a case twice at most."""
    most = figure(case, "returns")
    if case.details.returns < most:
        return None
    return _("已经退回 %(most)s 次，不能再退（规则 H-25），请直接复核。") % {
        "most": most
    }


def may_be_shared(case: Any, actor: Actor, at: datetime) -> str | None:
    """P-05: the check centre gets data with a separate consent only."""
    if case.details.may_be_shared:
        return None
    return _(
        "申请人没有同意把信息提供给核对机构（规则 P-05），请先取得同意并补充登记。"
    )


def is_checked(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-26: the economic check is back, for what is stated now, and agrees."""
    details = case.details
    if not details.is_checked:
        return _("经济状况核对还没有完成（规则 H-26），请先发起核对，等收到报告。")
    if not details.check_agrees:
        return _(
            "核对结果与申报不符（规则 H-26）：请补充登记后重新核对，或者不予批准。"
        )
    return None


def qualifies(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-02, H-07: by the figures the household is one in hardship, and not excluded."""
    if case.details.proposed_category is Category.NONE:
        return _(
            "按登记的收入、支出和排除情形测算不符合条件（规则 H-02、H-07）："
            "数据有误的请补充登记，否则不予批准。"
        )
    return None


def may_be_published(case: Any, actor: Actor, at: datetime) -> str | None:
    """P-06: nothing is posted without a separate consent."""
    if case.details.may_be_published:
        return None
    return _("申请人没有单独同意公示（规则 P-06），请先取得同意并补充登记。")


# Publicity


def publicity_is_over(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-27: five full working days have passed since the list was posted."""
    if periods.is_over(case, "publicity", at):
        return None
    return _("公示还没有满期（规则 H-27）。")


def no_open_objection(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-27: an objection is checked before the publicity ends."""
    if case.details.has_open_objection:
        return _("还有异议没有核查（规则 H-27）。")
    return None


def is_in_publicity(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-28: while the publicity lasts the list stays posted."""
    if case.details.publicity_is_over:
        return _("公示已经满期，请办“期满后异议不成立”（规则 H-28）。")
    return None


def is_after_publicity(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-28: an objection of the last day may be registered when the publicity is over."""
    if case.details.publicity_is_over:
        return None
    return _("公示还没有满期，请办“异议不成立”（规则 H-28）。")


def is_posted(case: Any, actor: Actor, at: datetime) -> str | None:
    """P-10: only what hangs can be taken down."""
    return None if case.details.is_posted else _("没有张贴着的名单（规则 P-10）。")


# Decision


def is_the_countys(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-30: the county approves what need not go to the city."""
    grounds = city_grounds(case)
    if not grounds:
        return None
    told = enumeration(word(ground) for ground in grounds)
    return _("要报市级审核（规则 H-30）：%(grounds)s。请办“报市级审核”。") % {
        "grounds": told
    }


def is_the_citys(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-30: only what has a ground goes to the city."""
    if city_grounds(case):
        return None
    return _("没有要报市级的情形（规则 H-30），由县级直接批准。")


def city_grounds(case: Any) -> list[CityGround]:
    """Return why the case has to go to the city: what was ticked and what is computed."""
    is_refiled = duplicates.was_removed_since(case, refiled_since(case))
    return grounds_held(case, case.details, is_refiled=is_refiled)


def grounds_held(case: Any, details: Any, *, is_refiled: bool) -> list[CityGround]:
    """Return the same, whether the household was removed lately being known."""
    held = {CityGround(code) for code in details.city_grounds}
    if details.is_staff_relative:
        held.add(CityGround.STAFF_RELATIVE)
    if details.fund_level in (FundLevel.PROVINCIAL, FundLevel.CENTRAL):
        held.add(CityGround.UPPER_MONEY)
    if details.aid_fen > figure(case, "county_limit"):
        held.add(CityGround.OVER_LIMIT)
    if is_refiled:
        held.add(CityGround.REFILED)
    return [ground for ground in CityGround if ground in held]


def refiled_since(case: Any) -> date:
    """Return from which day on a removal makes the application one of the city's (H-30)."""
    window = timedelta(days=figure(case, "refile_window"))
    return timezone.localdate(case.opened_at) - window


# Rejection and reconsideration


def is_not_served(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-31: a rejection is served once."""
    if case.details.served_on is None:
        return None
    return _("告知书已经送达（规则 H-31）。")


def is_not_final(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-31: what was reconsidered is final inside the union."""
    if not case.details.is_final:
        return None
    return _(
        "已经复核过，复核决定是工会内部的最终决定（规则 H-31）；仍不服的可以信访。"
    )


def is_in_window(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-31: reconsideration is asked for within its time from the delivery."""
    if not periods.is_over(case, "reconsideration_window", at):
        return None
    return _("申请复核的期限已经过了（规则 H-31）。")


def city_reconsiders(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-31: what the city rejected, or has nobody for, is decided above the city."""
    if not reconsideration.goes_above(case, at):
        return None
    told = {"union": reconsideration.union_above(case)}
    if reconsideration.is_the_citys(case):
        return (
            _(
                "这是市级作出的不予批准，由%(union)s复核（规则 H-31）；收到书面决定以后，"
                "由市级另一个人办“登记上级维持决定”或者“登记上级撤销决定”。"
            )
            % told
        )
    return (
        _(
            "市级没有别的人能复核，由%(union)s复核（规则 H-31）；收到书面决定以后，"
            "办“登记上级维持决定”或者“登记上级撤销决定”。"
        )
        % told
    )


def is_reconsidered_above(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-31: what the county rejected is decided by the city itself while it can."""
    if reconsideration.goes_above(case, at):
        return None
    return _("由市级自己复核（规则 H-31），请办“维持不予批准”或者“撤销不予批准”。")


# Urgent relief


def is_not_urgent_yet(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-32: urgent relief is asked for once in an application."""
    if not case.details.is_urgent:
        return None
    return _("已经报过临时救助，正等县级决定（规则 H-32）。")


def is_nothing_urgent(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-32: while urgent relief waits for the county the application stands still."""
    if not case.details.is_urgent:
        return None
    return _("已经报了临时救助，等县级决定以后再办（规则 H-32）。")


def is_urgent(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-32: only what was asked for can be decided."""
    if case.details.is_urgent:
        return None
    return _("没有报临时救助（规则 H-32）。")


def owes_papers(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-32: papers are completed where they were left for later."""
    if case.details.owes_papers:
        return None
    return _("没有欠补的手续（规则 H-32）。")


# The end


def ends_here(case: Any, actor: Actor, at: datetime) -> str | None:
    """Row 23: the unit that has the case ends it, or the one above; H-23 for a station."""
    hat = actor.membership
    near = (case.holder_id, access.lending_unit_id(case))
    if hat is None or hat.unit_id not in near:
        return _("案件现在不在您的单位，由现在办理的单位或者它的上一级终止。")
    if reaching.ends_for_every_ground(actor) or reaching.is_lost(case):
        return None
    return _(
        "站点只能以失去联系终止，要先有两次、两种方式都没联系上的记录（规则 H-23）；"
        "其他理由由县级帮扶中心的负责人终止。"
    )


def lists_are_down(case: Any, actor: Actor, at: datetime) -> str | None:
    """P-10: no case is closed while its list hangs."""
    if case.details.is_posted:
        return _("公示名单还没有撤下（规则 P-10），请先登记“撤下公示”。")
    return None


def file_is_active(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-33: the household's file is active before the application is closed."""
    if duplicates.active_file_of(case):
        return None
    return _("困难职工档案还没有建立（规则 H-33），请先建档。")


def no_money_waits(case: Any, actor: Actor, at: datetime) -> str | None:
    """F-02: an application with money stays until it is paid."""
    if case.details.aid_fen == 0 and case.details.urgent_fen == 0:
        return None
    return _("还有救助款没有发放，发放以后才能办结（规则 F-02）。")


def is_over(case: Any, actor: Actor, at: datetime) -> str | None:
    """H-31: a rejection is closed when it is final or its time for reconsideration is over."""
    details = case.details
    if case.state != S.REJECTED or details.is_final:
        return None
    if details.served_on is None:
        return _("不予批准告知书还没有送达（规则 H-31）。")
    if not periods.is_over(case, "reconsideration_window", at):
        return _("申请人还可以申请复核，期限过后才能结案（规则 H-31）。")
    return None


def _is_of(county: Any, unit: Any) -> bool:
    return county is None or unit.path.startswith(county.path)
