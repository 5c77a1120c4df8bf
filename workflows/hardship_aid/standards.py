"""The figures against which a household is measured, as the rules give them (H-08, H-09).

The urban living standard is set by each county's government and changes yearly: it is
the threshold `living_standard` of the county's own edition, never of the nation's.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from casework import wording
from casework.domain.errors import NotNow
from casework.domain.rules import Measure, Threshold, read_threshold
from casework.domain.vocabulary import CaseKind
from casework.models import Unit
from casework.services import rules
from casework.services.rules import RuleBook
from workflows.hardship_aid.category import Terms
from workflows.hardship_aid.vocabulary import ExclusionGround

LIVING_STANDARD = "living_standard"
_KIND = str(CaseKind.HARDSHIP_AID)
_DEMO = Path(__file__).with_name("demo_standards.toml")


class NoStandard(NotNow):
    """No living standard has been published for the county and the day."""


def living_standard(unit: Unit, *, on: date, book: RuleBook | None = None) -> Threshold:
    """Return the urban living standard that holds at the unit that day, in fen a month.

    Raises NoStandard, naming the unit, the day and who has to publish it.
    """
    kept = book or rules.newest_book()
    try:
        return kept.threshold(_KIND, LIVING_STANDARD, unit_path=unit.path, on=on)
    except KeyError as problem:
        raise NoStandard(
            _(
                "%(unit)s没有 %(day)s 适用的城市低保标准（规则 H-09），"
                "请市级帮扶中心的系统管理员发布该县（区）的标准。"
            )
            % {"unit": unit.name, "day": wording.day(on)}
        ) from problem


def terms_of(unit: Unit, *, on: date, book: RuleBook | None = None) -> Terms:
    """Return the lines that hold at the unit on the application date (H-09).

    By the book at hand, else the newest. The standard is None where none was published:
    the proposal names what is missing.
    """
    kept = book or rules.newest_book()
    held = {
        threshold.name: threshold.value
        for threshold in kept.thresholds(_KIND, unit_path=unit.path, on=on)
    }
    return Terms(
        standard=held.get(LIVING_STANDARD),
        line_deep=held["line_deep"],
        line_relative=held["line_relative"],
        accident_share=held["accident_share"],
        exclusions=frozenset(
            ground for ground in ExclusionGround if held[f"exclusion_{ground}"]
        ),
    )


def load_demo_standards() -> int:
    """Publish the demo's invented standards; return how many editions that made.

    For the counties of the demo that the network has. Raises Conflict when one of them
    has a later edition of its own.
    """
    document = tomllib.loads(_DEMO.read_text("utf-8"))
    told = {key: document[key] for key in ("id", "basis", "mark")}
    published = 0
    for standard in document["standard"]:
        for county in Unit.objects.filter(code__in=standard["fen"]):
            edition = rules.publish(
                kind=_KIND,
                thresholds=(_threshold(standard["fen"][county.code], told),),
                from_day=standard["from"],
                unit=county,
            )
            published += edition is not None
    return published


def _threshold(fen: int, told: dict[str, Any]) -> Threshold:
    row = {
        **told,
        "name": LIVING_STANDARD,
        "zh": "城市低保标准（每月）",
        "en": "Urban living standard (a month)",
        "value": fen,
        "unit": str(Measure.FEN),
    }
    return read_threshold(row, file=_DEMO.name)
