"""One household's way through the offices: who acts in its case, and what he enters."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from casework.access import SYSTEM, Actor
from casework.demo.households import Household
from casework.demo.offices import Office, another
from casework.demo.timing import DemoClock, Rhythm
from casework.domain.vocabulary import Level, Relation
from casework.models import Case, Unit
from casework.services import casefile, cases
from casework.services.casefile import CaseFile
from workflows.hardship_aid import public
from workflows.hardship_aid.vocabulary import (
    AidItem,
    Category,
    FundLevel,
    PostingPlace,
    ReceiptChannel,
    Wish,
)

#: What is given for each item, in yuan.
_SUMS = {
    AidItem.LIVING: (1000, 3000),
    AidItem.MEDICAL: (2000, 8000),
    AidItem.SCHOOLING: (1000, 5000),
}


@dataclass(slots=True)
class Story:
    """A case with its cast; the courses tell it."""

    home: Household
    station: Office
    county: Office
    centre: Office
    #: Where the household would have had to go, if it came to the wrong office.
    elsewhere: Unit
    #: The county office there, where a file may go.
    receiving: Office
    clock: DemoClock
    rhythm: Rhythm
    dice: Random
    #: Whether those with an account of their own handle it, so that a visitor can go on.
    is_shown: bool = False
    wish: Wish = Wish.FILE
    fund_level: FundLevel = FundLevel.COUNTY
    #: When nobody was at home last.
    missed_at: datetime | None = None
    case_id: int = 0
    file_id: int = 0
    reception: Actor = field(init=False)
    fellow: Actor = field(init=False)
    head: Actor = field(init=False)
    reviewer: Actor = field(init=False)
    checker: Actor = field(init=False)
    approver: Actor = field(init=False)
    city_head: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.reception = self._one(self.station.caseworkers)
        self.fellow = another(
            self.station.caseworkers, self.dice, than=[self.reception]
        )
        self.head = self._one(self.station.supervisors)
        self.reviewer = self._one(self.county.caseworkers)
        self.checker = another(self.county.caseworkers, self.dice, than=[self.reviewer])
        self.approver = self._one(self.county.supervisors)
        self.city_head = self._one(self.centre.supervisors)

    def _one(self, actors: list[Actor]) -> Actor:
        return actors[0] if self.is_shown else self.dice.choice(actors)

    @property
    def state(self) -> str:
        """The state that the case is in; empty before it is received."""
        return _state_of(self.case_id)

    @property
    def file_state(self) -> str:
        """The state that the household's file is in; empty before it is built."""
        return _state_of(self.file_id)

    @property
    def category(self) -> str:
        """What the machine proposes."""
        return str(self._file().case.details.proposed_category)  # type: ignore[attr-defined]

    @property
    def is_at_county(self) -> bool:
        """Whether the county has the case."""
        return self._file().case.level is Level.COUNTY

    @property
    def today(self) -> date:
        """The day on which the story is."""
        return self.clock.now.date()

    def receive(self) -> None:
        """Take the application in at the window, on the telephone, on a visit."""
        channel = self.dice.choices(
            [
                ReceiptChannel.VISIT,
                ReceiptChannel.PHONE,
                ReceiptChannel.HOTLINE,
                ReceiptChannel.BASE_UNION,
            ],
            weights=[6, 2, 1, 2],
        )[0]
        said = {
            **self.home.receipt(),
            "wish": str(self.wish),
            "receipt_channel": str(channel),
        }
        self.case_id = _opened("hardship_aid", said, by=self.reception)

    def application(self, **otherwise: Any) -> dict[str, Any]:
        """Return what the household states in its application, and asks for."""
        asked = {"wish": str(self.wish)}
        if self.wish is Wish.FILE_AND_AID:
            asked["aid_item"] = str(self.home.aid_item)
        return self.home.application(**asked, **otherwise)

    def take(self, step: str, *, by: Actor, **said: Any) -> None:
        """Take a step with the form's example, and what this story says otherwise."""
        self._take(self.case_id, step, by=by, said=said)

    def keep(self, step: str, *, by: Actor, **said: Any) -> None:
        """Take a step of the household's file, in the same way."""
        self._take(self.file_id, step, by=by, said=said)

    def _take(
        self, case_id: int, step: str, *, by: Actor, said: dict[str, Any]
    ) -> None:
        file = casefile.look(case_id, by=SYSTEM)
        self._hand(file, step, by)
        form = file.kind.steps[step].form
        # The examples date themselves by the last act; here it is today.
        file.case.effective_at = self.clock.now
        data = {**form.example(file.case), **said}
        cases.act(
            case_id,
            step,
            by=by,
            version=None,
            data=data,
            files=form.example_files(file.case),
        )

    def may(self, step: str, *, by: Actor) -> bool:
        """Whether the actor could take the step of the file or of the case now."""
        case_id = self.file_id or self.case_id
        return any(
            choice.is_allowed
            for choice in cases.choices(case_id, by=by)
            if choice.step.name == step
        )

    def visit_after(self, days: int) -> datetime:
        """Return when to go to the home: at another time of day than in vain (H-23)."""
        planned = self.rhythm.later(self.clock.now, days=days)
        if self.missed_at is None:
            return planned
        return planned.replace(hour=15 if self.missed_at.hour < 12 else 9)

    def visitors(self) -> dict[str, Any]:
        """Return who goes to the household's home."""
        first, second = (
            each.person.pk for each in (self.reception, self.fellow) if each.person
        )
        return {
            "first_visitor": str(first),
            "second_visitor": str(second),
            "outsider_name": "",
            "outsider_body": "",
        }

    def publication(self, category: str = "") -> dict[str, Any]:
        """Return what is posted, and where; the machine's category unless another is given."""
        category = category or self.category
        employer, street = self.home.said["employer_name"], self.station.unit.short_name
        money = {}
        if self.wish is Wish.FILE_AND_AID:
            money = {
                "aid_item": str(self.home.aid_item),
                "aid_sum": str(self.dice.randrange(*_SUMS[self.home.aid_item], 100)),
                "fund_level": str(self.fund_level),
            }
        return {
            "category": str(category),
            "text": self._posted(category, money.get("aid_item", "")),
            "places": [
                {
                    "place": str(PostingPlace.WORKPLACE),
                    "level": str(Level.COUNTY),
                    "name": f"{employer}公告栏",
                },
                {
                    "place": str(PostingPlace.COMMUNITY),
                    "level": str(Level.STATION),
                    "name": f"{street}公告栏",
                },
            ],
            **money,
        }

    def build_file(self) -> None:
        """Open the household's file at the county; the reviewer keeps it."""
        number = Case.objects.values_list("number", flat=True).get(pk=self.case_id)
        said = {"application": number}
        self.file_id = _opened("hardship_file", said, by=self.reviewer)

    def take_over(self, *, by: Actor) -> int:
        """Open the household's file anew at the union that receives it; return its id."""
        return _opened("hardship_file", {"moved_file": str(self.file_id)}, by=by)

    def end_of(self, target: str) -> datetime:
        """Return when a period of the household's file ends that runs now."""
        sheet = casefile.look(self.file_id, by=SYSTEM).clocks.going(target)
        assert sheet is not None
        assert sheet.clock.due_at is not None
        return sheet.clock.due_at

    def _file(self) -> CaseFile:
        return casefile.look(self.case_id, by=SYSTEM)

    def _posted(self, category: str, item: str) -> str:
        """Return the text that hangs, as the form proposes it."""
        chosen = public.chosen(Category(category), AidItem(item) if item else None)
        line = {**public.line_of(self._file().case), **chosen}
        return public.text_of(line, since=self.today)

    def _hand(self, file: CaseFile, step: str, to: Actor) -> None:
        """Let the actor take the case on when the step is its assignee's."""
        is_assignees = file.kind.steps[step].relation is Relation.ASSIGNEE
        if is_assignees and file.case.assignee_id is None:
            cases.claim(file.case.pk, by=to)


def _opened(kind: str, said: dict[str, Any], *, by: Actor) -> int:
    """Open a case, as on the page: who opens it takes it on."""
    case = cases.open(kind, by=by, data=said)
    cases.claim(case.pk, by=by)
    return case.pk


def _state_of(case_id: int) -> str:
    if not case_id:
        return ""
    return str(Case.objects.values_list("state", flat=True).get(pk=case_id))
