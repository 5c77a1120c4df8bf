"""A household's file and its way so far, for the tests of files."""

from typing import Any

from casework.access import Actor
from casework.models import Case
from casework.services import cases
from tests.cast import Cast
from tests.engine.conftest import DatabaseClock
from tests.hardship_aid.conftest import KIND
from workflows.hardship_aid.file_lifecycle import HARDSHIP_FILE, HardshipFile
from workflows.hardship_aid.forms.application import ApplicationForm
from workflows.hardship_aid.forms.receipt import ReceiptForm
from workflows.hardship_aid.lifecycle import HardshipAid
from workflows.hardship_aid.models import HardshipAidDetails, HardshipFileDetails
from workflows.hardship_aid.vocabulary import Category, S

FILE_KIND = HARDSHIP_FILE.code
#: Fictional households: a worker's number and his spouse's.
ONE = ("320508198503070027", "320508198312190034")
OTHER = ("320583197601020010", "320583197809150025")


def approved(by: Actor, *, numbers: tuple[str, str] = ONE, **changes: Any) -> Case:
    """Return an application of the actor's unit as if it had just been approved.

    Registered by its own steps; what leads from there to the approval is skipped.
    """
    case = cases.open(KIND, by=by, data=ReceiptForm.example(Case()))
    cases.claim(case.pk, by=by)
    worker, spouse = numbers
    data = {
        **ApplicationForm.example(case),
        "id_number": worker,
        "members": [member(spouse)],
        **changes,
    }
    cases.act(case.pk, "submit", by=by, version=None, data=data)
    Case.objects.filter(pk=case.pk).update(state=str(S.APPROVED))
    HardshipAidDetails.objects.filter(pk=case.pk).update(category=str(Category.DEEP))
    return HardshipAid.objects.get(pk=case.pk)


def member(number: str, name: str = "陆志远", **changes: Any) -> dict[str, Any]:
    """Return the row of a member as a form sends it."""
    return {
        "name": name,
        "relation": "spouse",
        "id_number": number,
        "monthly_income": "0",
        "health": "ordinary",
        "insurance": "resident",
        "status": "unemployed",
        "has_authorised": True,
        **changes,
    }


def opened(by: Actor, application: Case) -> Case:
    """Return the file that the actor opens from the application."""
    return cases.open(FILE_KIND, by=by, data={"application": application.number})


class FileWay:
    """Takes one file along, step by step, each by whose it is."""

    def __init__(self, office: Cast, clock: DatabaseClock) -> None:
        self.office, self.clock = office, clock
        self.application = approved(office.xiaobo)
        self.case = self.read(opened(office.amin, self.application).pk)

    def take(self, step: str, who: str, **changes: Any) -> Case:
        """Take a step with its form's example, changed in these fields."""
        form = HARDSHIP_FILE.steps[step].form
        data = {**form.example(self.case), **changes}
        by = getattr(self.office, who)
        cases.act(self.case.pk, step, by=by, version=None, data=data)
        self.case = self.read(self.case.pk)
        return self.case

    def wait(self, until: str) -> Case:
        """Let it be this time, and let the system do what fell due."""
        self.clock.set(until)
        cases.expire(self.case.pk)
        self.case = self.read(self.case.pk)
        return self.case

    def to(self, state: str) -> Case:
        """Take the file to a state."""
        for each in WAYS[state]:
            if each.startswith("@"):
                self.wait(each.removeprefix("@"))
            elif each == "go_on":
                self.go_on_at_kunshan()
            else:
                step, _colon, who = each.partition(":")
                self.take(step, who, **CHANGES.get(step, lambda way: {})(self))
        return self.case

    def go_on_at_kunshan(self) -> Case:
        """Let the receiving union open its own file from this one."""
        return cases.open(
            FILE_KIND, by=self.office.dinglan, data={"moved_file": self.case.pk}
        )

    def read(self, case_id: int) -> HardshipFile:
        """Return the file as it stands."""
        case: Any = HardshipFile.objects.get(pk=case_id)
        case.details = HardshipFileDetails.objects.get(case=case)
        file: HardshipFile = case
        return file


def _to_kunshan(way: FileWay) -> dict[str, Any]:
    return {"to": way.office.kunshan.pk}


CHANGES = {"move_out": _to_kunshan}

_NOTICED = ("notice_removal:amin",)
#: How a file comes to each state: step:who, moments to wait for, and `go_on`: the
#: receiving union opens its own file.
WAYS: dict[str, tuple[str, ...]] = {
    "active": (),
    "review_due": ("@2027-09-25 00:02",),
    "observing": ("observe:amin",),
    "removal_noticed": _NOTICED,
    "deregistered": (*_NOTICED, "@2026-10-20 09:00", "deregister:chendi"),
    "moving": ("move_out:chendi",),
    "moved": ("move_out:chendi", "go_on", "confirm_move:dinglan"),
}
