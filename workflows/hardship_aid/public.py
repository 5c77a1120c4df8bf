"""What a list for the public may say of a household, and nothing else (P-10).

Surname with the given name masked, employer or community, category, item, dates. Never a
number, a telephone, an address, an illness, a bank, anything of children. What hangs is
Chinese whoever writes it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from casework.domain import masking
from casework.domain.deadlines.phrases import ZH
from casework.domain.vocabulary import Part
from casework.models import Party
from casework.services import records
from casework.wording import word
from workflows.hardship_aid.household_vocabulary import Health
from workflows.hardship_aid.models import Applicant, HouseholdMember
from workflows.hardship_aid.vocabulary import AidItem, Category

#: Of what is posted without aid, only that the household is to have a file.
_NO_ITEM = "建档"
#: Seven digits are a telephone at least; a day has fewer, or hyphens between.
_NUMBER = re.compile(r"\d(?:-?\d){6,}")
_ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)")
_ADDRESS = re.compile(r"\d+(?:幢|栋|号楼|单元|室)")
_SINCE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日起")


def said_of(
    details: Any, parties: Iterable[Party], applicant: Applicant | None
) -> dict[str, str]:
    """Return the public line of an application, for whoever reads it."""
    known = list(parties)
    workers = [party for party in known if party.part is Part.APPLICANT]
    home = details.lives_in.name if details.lives_in else ""
    place = applicant.employer_name if applicant and applicant.has_employer else home
    for party in known:  # a small business may bear its owner's name
        place = place.replace(party.name, masking.surname_only(party.name))
    return {
        "name": masking.surname_only(workers[0].name) if workers else "",
        "place": place,
        **chosen(details.category, details.aid_item),
    }


def chosen(category: Any, item: Any) -> dict[str, str]:
    """Return the part of the line that the county's review chooses."""
    return {
        "category": category.zh if isinstance(category, Category) else "",
        "item": item.zh if isinstance(item, AidItem) else _NO_ITEM,
    }


def line_of(case: Any) -> dict[str, str]:
    """Return the public line of an application as its records have it."""
    applicant = records.one(case, Applicant)
    return said_of(case.details, records.of(case, Party), applicant)


def text_of(line: Mapping[str, str], *, since: date) -> str:
    """Propose the text to post: `周**，云溪丝织厂，深度困难职工，建档，…起公示。`."""
    told = (line[part] for part in ("name", "place", "category", "item"))
    said = "，".join(part for part in told if part)
    return f"{said}，{ZH.day_of_year(since)}起公示。"


def undated(text: str) -> str:
    """Return the text without the day since when it hangs, to tell what it says."""
    return _SINCE.sub("", _plain(text))


def mistakes(
    text: str, case: Any, line: Mapping[str, str], *, since: date
) -> Iterator[str]:
    """Yield what speaks against posting the text: the rule, and what to do."""
    said = _plain(text)
    yield from _against_the_line(said, line, since)
    yield from _against_privacy(said, case, _plain(line["place"]))


def _against_the_line(said: str, line: Mapping[str, str], since: date) -> Iterator[str]:
    category, item = line["category"], line["item"]
    if line["name"] not in said:
        yield _("公示内容没有写遮住名字的姓名“%(name)s”（规则 P-10），请补上。") % line
    if _plain(line["place"]) not in said:
        yield (
            _("公示内容没有写单位或社区“%(place)s”（规则 P-10），请照档案补上。") % line
        )
    others = [each.zh for each in Category if each.zh != category and each.zh in said]
    for other in others:
        yield _(
            "公示内容写的是“%(other)s”，所选的类别是“%(category)s”（规则 H-27），"
            "请改成一样的。"
        ) % {"other": other, "category": category}
    if category not in said and not others:
        yield _("公示内容没有写所选的类别“%(category)s”（规则 H-27），请补上。") % line
    for other in (each.zh for each in AidItem if each.zh != item):
        if other in said:
            yield _(
                "公示内容写的是“%(other)s”，所选的救助项目是“%(item)s”（规则 H-27），"
                "请改成一样的。"
            ) % {"other": other, "item": item}
    today = (since.year, since.month, since.day)
    if any(tuple(map(int, day)) != today for day in _SINCE.findall(said)):
        yield _(
            "公示内容写的日期不是张贴的这一天（规则 H-27），请改成“%(since)s”。"
        ) % {"since": f"{ZH.day_of_year(since)}起"}


def _against_privacy(said: str, case: Any, place: str) -> Iterator[str]:
    for name in _names(case):
        if _plain(name) in said:
            yield _(
                "公示内容写了“%(masked)s”的全名（规则 P-10），请遮住名字或者删去。"
            ) % {"masked": masking.surname_only(name)}
    if _NUMBER.search(_ISO_DAY.sub("", said)):
        yield _("公示内容有身份证、电话或者银行卡号码（规则 P-10），请删去。")
    rest = said.replace(place, "")
    if _ADDRESS.search(rest):
        yield _("公示内容有门牌住址（规则 P-10），只写到社区，其余请删去。")
    for illness in _illnesses(case):
        # 癌 and 高血压 say as much as 癌症 and 高血压病.
        if illness.zh.removesuffix("病").removesuffix("症") in rest:
            yield _(
                "公示内容写了家庭成员的病情“%(illness)s”（规则 P-10），请删去。"
            ) % {"illness": word(illness)}


def _names(case: Any) -> list[str]:
    parties = records.of(case, Party)
    return list(dict.fromkeys(party.name for party in parties))


def _illnesses(case: Any) -> list[Health]:
    """Return what the household suffers from; a disability is told as one."""
    found: dict[Health, None] = {}
    for member in records.of(case, HouseholdMember):
        if member.health and Health(member.health) is not Health.GOOD:
            found[Health(member.health)] = None
        if member.disability_kind:
            found[Health.DISABLED] = None
    return list(found)


def _plain(text: str) -> str:
    """Return the text without spaces and in ordinary digits, as it is compared."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
