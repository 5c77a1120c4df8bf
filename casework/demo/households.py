"""Invented households and what they apply with: incomes, costs, papers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casework.demo.fiction import Fiction, Somebody
from casework.models import Case, Unit
from workflows.hardship_aid.completeness import CHILD_UNTIL
from workflows.hardship_aid.forms.application import ApplicationForm
from workflows.hardship_aid.household_vocabulary import (
    Cause,
    DisabilityGrade,
    DisabilityKind,
    Education,
    EmploymentStatus,
    ExpenseKind,
    Health,
    HouseholdRelation,
    Housing,
    Industry,
    InsuranceStatus,
    MaritalStatus,
)
from workflows.hardship_aid.stated import ADULT_FROM
from workflows.hardship_aid.vocabulary import AidItem, PaperCode


@dataclass(slots=True)
class Household:
    """One family: what it says at the window and in the application."""

    worker: Somebody
    phone: str
    station: Unit
    today: date
    said: dict[str, Any] = field(default_factory=dict)
    members: list[dict[str, Any]] = field(default_factory=list)
    expenses: list[dict[str, Any]] = field(default_factory=list)

    def application(self, **otherwise: Any) -> dict[str, Any]:
        """Return the data of the application form."""
        return {
            **ApplicationForm.example(Case(station_id=self.station.pk)),
            **self.said,
            "members": self.members,
            "expenses": self.expenses,
            "papers": [str(code) for code in PaperCode],
            **otherwise,
        }

    @property
    def size(self) -> int:
        """How many they are."""
        return 1 + len(self.members)

    @property
    def aid_item(self) -> AidItem:
        """What aid would be for, after what brought the household into need."""
        return _ITEMS.get(Cause(self.said["main_cause"]), AidItem.LIVING)

    def receipt(self) -> dict[str, Any]:
        """Return what is said at the window in the first minute."""
        return {"name": self.worker.name, "phone": self.phone}


def invent(fiction: Fiction, station: Unit, *, today: date) -> Household:
    """Return a household in the station's street, in one of several kinds of need."""
    kind = fiction.dice.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
    return kind(fiction, station, today)


def well_off(fiction: Fiction, station: Unit, *, today: date) -> Household:
    """Return a household that earns more than twice the living standard."""
    home = _home(fiction, station, today, Cause.LOW_INCOME)
    home.said["monthly_income"] = str(fiction.dice.randrange(5200, 7800, 50))
    _add_spouse(fiction, home, monthly=fiction.dice.randrange(3800, 5200, 50))
    return home


def _low_wage(fiction: Fiction, station: Unit, today: date) -> Household:
    home = _home(fiction, station, today, Cause.LOW_INCOME)
    home.said["monthly_income"] = str(fiction.dice.randrange(600, 1800, 20))
    if fiction.dice.random() < 0.5:
        _add_spouse(fiction, home, monthly=fiction.dice.randrange(0, 1400, 20))
    return home


def _illness(fiction: Fiction, station: Unit, today: date) -> Household:
    home = _home(fiction, station, today, Cause.OWN_ILLNESS)
    home.said["monthly_income"] = str(fiction.dice.randrange(1500, 2600, 20))
    home.said["health"] = str(
        fiction.dice.choice([Health.URAEMIA, Health.CANCER, Health.CARDIOVASCULAR])
    )
    _add_spouse(fiction, home, monthly=fiction.dice.randrange(0, 1200, 20))
    for _bill in range(fiction.dice.randint(1, 4)):
        _add_bill(fiction, home, ExpenseKind.MEDICAL, 4000, 16000)
    return home


def _schooling(fiction: Fiction, station: Unit, today: date) -> Household:
    home = _home(fiction, station, today, Cause.SCHOOLING)
    home.said["monthly_income"] = str(fiction.dice.randrange(1500, 2800, 20))
    spouse = _add_spouse(fiction, home, monthly=fiction.dice.randrange(600, 2000, 20))
    for child in fiction.children_of(home.worker, spouse, most=2, today=home.today):
        _add_child(home, child)
    _add_bill(fiction, home, ExpenseKind.EDUCATION, 5000, 15000)
    return home


def _disability(fiction: Fiction, station: Unit, today: date) -> Household:
    home = _home(fiction, station, today, Cause.DISABILITY)
    home.said |= {
        "monthly_income": str(fiction.dice.randrange(800, 2000, 20)),
        "health": str(Health.DISABLED),
        "disability_kind": str(fiction.dice.choice(list(DisabilityKind))),
        "disability_grade": str(fiction.dice.choice(list(DisabilityGrade))),
    }
    _add_bill(fiction, home, ExpenseKind.DISABILITY, 2000, 8000)
    return home


def _accident(fiction: Fiction, station: Unit, today: date) -> Household:
    home = _home(fiction, station, today, Cause.ACCIDENT)
    loss = fiction.dice.randrange(60_000, 150_000, 500)
    home.said |= {
        "monthly_income": str(fiction.dice.randrange(1800, 2800, 20)),
        "accident_loss": str(loss),
        "accident_compensation": str(loss // 10),
    }
    _add_spouse(fiction, home, monthly=fiction.dice.randrange(0, 800, 20))
    return home


_KINDS: dict[Callable[[Fiction, Unit, date], Household], int] = {
    _low_wage: 5,
    _illness: 6,
    _schooling: 4,
    _disability: 2,
    _accident: 2,
}


def _home(fiction: Fiction, station: Unit, today: date, cause: Cause) -> Household:
    worker = fiction.adult(today=today)
    phone = fiction.phone()
    home = Household(worker, phone, station, today)
    home.said = {
        "name": worker.name,
        "id_number": worker.id_number,
        "phone": phone,
        "main_cause": str(cause),
        "statement": _REASONS[cause],
        "marital_status": str(MaritalStatus.SINGLE),
        "lives_in": str(station.pk),
        "address": fiction.address(station.short_name),
        "registered_at": "江苏省苏州市",
        "housing": str(fiction.dice.choice(list(Housing))),
        "employer_name": fiction.employer(),
        "industry": str(fiction.dice.choice(list(Industry))),
        "works_since": f"{worker.born.year + 20}-07-01",
        "bank": "太湖农商银行",
        "card": fiction.card(),
    }
    return home


_ITEMS = {
    Cause.OWN_ILLNESS: AidItem.MEDICAL,
    Cause.SCHOOLING: AidItem.SCHOOLING,
}
_REASONS = {
    Cause.LOW_INCOME: "单位停产，只发生活费，家庭收入低。",
    Cause.OWN_ILLNESS: "本人患重病，自付费用大，生活困难。",
    Cause.SCHOOLING: "子女上学费用大，家庭收入低。",
    Cause.DISABILITY: "本人残疾，只能打零工，收入低。",
    Cause.ACCIDENT: "家中突遭意外，赔偿和救助以后仍然困难。",
}


def _add_spouse(fiction: Fiction, home: Household, *, monthly: int) -> Somebody:
    spouse = fiction.spouse_of(home.worker, today=home.today)
    home.said["marital_status"] = str(MaritalStatus.MARRIED)
    status = EmploymentStatus.AT_WORK if monthly else EmploymentStatus.UNEMPLOYED
    home.members.append(
        _member(spouse, HouseholdRelation.SPOUSE, status, monthly)
        | {"has_authorised": True}
    )
    return spouse


def _add_child(home: Household, child: Somebody) -> None:
    age = child.age(on=home.today)
    status = (
        EmploymentStatus.STUDENT if age >= SCHOOL_FROM else EmploymentStatus.PRESCHOOL
    )
    row = _member(child, HouseholdRelation.CHILD, status, 0)
    if age < CHILD_UNTIL:
        home.said["consents_children"] = "on"
    if age >= SCHOOL_FROM:
        row |= _school(age)
    if age >= ADULT_FROM:
        row["has_authorised"] = True
    home.members.append(row)


def _school(age: int) -> dict[str, str]:
    place, stage = next(found for until, *found in _SCHOOLS if age < until)
    return {"place": str(place), "education": str(stage)}


SCHOOL_FROM = 6
_SCHOOLS = (
    (12, "实验小学", Education.PRIMARY),
    (15, "第三初级中学", Education.LOWER_SECONDARY),
    (18, "第十中学", Education.UPPER_SECONDARY),
    (23, "江南大学", Education.BACHELOR),
)


def _member(
    one: Somebody, relation: HouseholdRelation, status: EmploymentStatus, monthly: int
) -> dict[str, Any]:
    return {
        "name": one.name,
        "relation": str(relation),
        "id_number": one.id_number,
        "monthly_income": str(monthly),
        "health": str(Health.GOOD),
        "insurance": str(InsuranceStatus.RESIDENT),
        "status": str(status),
    }


def _add_bill(
    fiction: Fiction, home: Household, kind: ExpenseKind, least: int, most: int
) -> None:
    day = home.today - timedelta(days=fiction.dice.randint(10, 300))
    home.expenses.append(
        {
            "kind": str(kind),
            "amount": str(fiction.dice.randrange(least, most, 10)),
            "receipt_number": fiction.receipt(day),
            "receipt_date": day.isoformat(),
        }
    )
