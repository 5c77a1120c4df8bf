"""A case of the tests' own procedure, and somebody to work on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casework.models import Case
from casework.services import cases
from tests.cast import Cast
from tests.inquiry.forms import InquiryForm

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def inquiry(cast: Cast) -> Case:
    """An inquiry just registered at 平江街道 by 小博, whose case it is."""
    case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
    return cases.claim(case.pk, by=cast.xiaobo)


@pytest.fixture
def in_state(cast: Cast) -> Callable[[str], Case]:
    """Take a new inquiry to a state by its own steps."""

    def take(state: str) -> Case:
        case = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(Case()))
        case = cases.claim(case.pk, by=cast.xiaobo)
        for step, actor, data in PATHS[state]:
            if actor == "amin" and case.assignee_id is None:
                cases.claim(case.pk, by=cast.amin)
            case = cases.act(
                case.pk, step, by=getattr(cast, actor), version=None, data=data
            )
        return case

    return take


PATHS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "registered": [],
    "correcting": [("ask_for_papers", "xiaobo", {"items": '["身份证"]'})],
    "accepted": [("accept", "xiaobo", {})],
    "answered": [("accept", "xiaobo", {}), ("answer", "amin", {"answer": "应当补发。"})],
}


def on(text: str) -> datetime:
    """Return the moment in Shanghai: `on("2026-09-29 10:24")`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
