"""What the papers of a case say: its records and acts, read once, as the reader may see.

Names, telephones and addresses stand in clear for the case's team, numbers only by a
leave that lasts; an illness and what somebody wrote about the household stay with the
team (domain.md 6). An objection is read by whoever checks it, too (H-28).
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from casework.domain import masking
from casework.domain.money import in_yuan
from casework.domain.rules import RuleTerms
from casework.domain.vocabulary import Mark, Part, Sex, Word
from casework.lifecycle import View
from casework.models import Act, Clock, Material, Party, Unit
from casework.models.sealing import is_sealed
from casework.services import materials, once, records, rules
from workflows.hardship_aid import category, public, reading
from workflows.hardship_aid.household_vocabulary import (
    DisabilityGrade,
    DisabilityKind,
    Health,
    HouseholdRelation,
)
from workflows.hardship_aid.models import (
    Applicant,
    Authorisation,
    CheckReminder,
    Computation,
    ContactAttempt,
    Decision,
    ExpenseLine,
    HomeVisit,
    HouseholdMember,
    IncomeLine,
    InformationCheck,
    Objection,
    Posting,
    ReceivedPaper,
)
from workflows.hardship_aid.vocabulary import (
    AttemptChannel,
    CheckFinding,
    CheckSource,
    PaperCode,
)

#: What stands where only the team reads.
HIDDEN = "（承办组以外不显示）"
_DEFAULT = "本系统默认值，可由地方调整："
_UNDONE = ("case.take_back", "case.reverse_deemed")
_PLACES = {str(code): place for place, code in enumerate(PaperCode)}
_INSTANT = timedelta(microseconds=1)


def standing_acts(case: Any) -> dict[str, Act]:
    """Return the last act of each step that was not taken back; read once a case."""
    return once.read(case, "acts", lambda: _standing_acts(case))


def _standing_acts(case: Any) -> dict[str, Act]:
    acts = Act.objects.filter(case_id=case.pk).select_related("person", "unit")
    told = list(acts.defer("before").order_by("version"))
    undone = {act.data.get("act") for act in told if act.step in _UNDONE}
    return {
        act.step.removeprefix("step."): act for act in told if act.version not in undone
    }


def posted_text(acts: Mapping[str, Act]) -> str:
    """Return the text that was posted last, for whoever reads it: it hangs in public."""
    posted = [acts[step] for step in ("publish", "repost") if step in acts]
    last = max(posted, key=lambda act: act.version, default=None)
    return str(last.value("text")) if last else ""


def day_of(value: date | datetime | None) -> str:
    """Write a day as an official paper does: 2026年9月28日."""
    if value is None:
        return ""
    on = timezone.localdate(value) if isinstance(value, datetime) else value
    return f"{on.year}年{on.month}月{on.day}日"


def moment_of(value: datetime | None) -> str:
    """Write a moment with its time of day."""
    if value is None:
        return ""
    return f"{day_of(value)}{timezone.localtime(value):%H:%M}"


def yuan(fen: int | None) -> str:
    """Write a sum in yuan; nothing for none."""
    return "" if fen is None else in_yuan(fen)


def zh(term: Any) -> str:
    """Return the Chinese of a word; a paper is Chinese whoever prints it."""
    return term.zh if isinstance(term, Word) else ""


class Said:
    """One act as a paper tells it: who, for which unit, when, and what was filled in."""

    def __init__(self, act: Act, dossier: "Dossier") -> None:
        self._act, self._dossier = act, dossier
        self.version = act.version
        self.unit = act.unit.name if act.unit else ""
        self.person = act.person.name if act.person else "系统"
        self.day, self.moment = day_of(act.at), moment_of(act.at)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The form's fields; what the act keeps sealed is for the team."""
        return {
            name: self._dossier.text(self._act.value(name)) if is_sealed(kept) else kept
            for name, kept in self._act.data.items()
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a paper rests: a rule of the procedure, never dressed up as law."""

    rule: str
    #: For inside use, with the rule's id; and for who gets the paper, without.
    text: str
    told: str


class Dossier:
    """One case as its papers tell it, to one reader."""

    def __init__(self, case: Any, view: View) -> None:
        self.case, self.view = case, view
        self.details = case.details

    # -------------------------------------------------------------- what may be read
    def name(self, text: str) -> str:
        """Return a name as the reader may see it."""
        return text if self.view.in_clear else masking.name(text) if text else ""

    def number(self, text: str) -> str:
        """Return an ID or card number as the reader may see it."""
        return text if self.view.is_revealed else masking.number(text)

    def phone(self, text: str) -> str:
        """Return a telephone as the reader may see it."""
        return text if self.view.in_clear else masking.phone(text)

    def address(self, text: str) -> str:
        """Return an address as the reader may see it."""
        return text if self.view.in_clear else masking.address(text)

    def text(self, text: Any) -> Any:
        """Return what was written about the household: for its team only."""
        return text if self.view.in_clear or not text else HIDDEN

    @cached_property
    def reads_figures(self) -> bool:
        """Whether the reader sees sums of the household's own money (P-02)."""
        return reading.reads_figures(self.case, self.view)

    def figure(self, text: str) -> str:
        """Return a sum of the household's own money as the reader may see it."""
        return text if self.reads_figures or not text else HIDDEN

    # -------------------------------------------------------------- the household
    @cached_property
    def parties(self) -> dict[Any, Party]:
        return {party.pk: party for party in records.of(self.case, Party)}

    @cached_property
    def worker(self) -> dict[str, str]:
        """Who applies: name, telephone, number, address."""
        parties = (p for p in self.parties.values() if p.part is Part.APPLICANT)
        party = next(parties, None)
        if party is None:
            return {}
        return {
            "name": self.name(party.name),
            "phone": self.phone(party.phone),
            "id_number": self.number(party.id_number),
            "address": self.address(party.address),
        }

    @cached_property
    def applicant(self) -> dict[str, Any]:
        """The worker's own part of the 档案表, in words."""
        found = records.one(self.case, Applicant)
        if found is None:
            return {}
        said = _in_words(found)
        hidden = (
            *("other_contact", "statement", "main_cause", "second_cause"),
            "worker_number",
        )
        return {
            **said,
            **{name: self.text(said[name]) for name in hidden},
            "card": self.number(found.card),
            "registered_at": self.address(found.registered_at),
            "written_by": self.name(found.written_by),
            "loss": self.figure(yuan(found.accident_loss_fen)),
            "compensation": self.figure(yuan(found.accident_compensation_fen)),
        }

    @cached_property
    def members(self) -> list[dict[str, Any]]:
        """Everybody of the household, the worker first."""
        found = records.of(self.case, HouseholdMember)
        ordered = sorted(found, key=lambda m: m.relation is not HouseholdRelation.SELF)
        return [self._member(member) for member in ordered]

    def _member(self, member: HouseholdMember) -> dict[str, Any]:
        party = self.parties.get(member.party_id)
        signed = self._signatures.get(member.party_id)
        return {
            **_in_words(member),
            "name": self.name(party.name) if party else "",
            "phone": self.phone(party.phone) if party else "",
            "id_number": self.number(party.id_number) if party else "",
            "birth": self._birth(member),
            "monthly": self.figure(yuan(member.monthly_fen)),
            "status": self.text(zh(member.status)),
            "place": self.text(member.place),
            "health": self._coded(Health, member.health),
            "disability": self._coded(DisabilityKind, member.disability_kind)
            + (
                zh(DisabilityGrade(member.disability_grade))
                if member.disability_grade and self.view.in_clear
                else ""
            ),
            "is_self": member.relation is HouseholdRelation.SELF,
            "sex": _sex(member.sex),
            "signed_on": day_of(signed),
        }

    def _birth(self, member: HouseholdMember) -> str:
        if not member.birth_date:
            return ""
        if not self.view.in_clear:
            return f"{member.birth_date[:4]}年"
        return day_of(date.fromisoformat(member.birth_date))

    def _coded(self, vocabulary: type[Word], code: str) -> str:
        return self.text(zh(vocabulary(code))) if code else ""

    @cached_property
    def me(self) -> dict[str, Any]:
        """The worker as a member of his household."""
        return next((m for m in self.members if m["is_self"]), {})

    @cached_property
    def _signatures(self) -> dict[Any, date]:
        found = records.of(self.case, Authorisation)
        return {each.party_id: each.signed_on for each in found}

    # -------------------------------------------------------------- the money
    @cached_property
    def incomes(self) -> list[dict[str, str]]:
        """Every line of income by the year."""
        return [
            {
                "kind": zh(line.kind),
                "who": self.name(self.parties[line.party_id].name)
                if line.party_id in self.parties
                else "家庭",
                "sum": yuan(line.yearly_fen),
            }
            for line in (self._incomes if self.reads_figures else ())
        ]

    @cached_property
    def income_total(self) -> str:
        return self.figure(yuan(sum(line.yearly_fen for line in self._incomes)))

    @cached_property
    def _incomes(self) -> list[IncomeLine]:
        return records.of(self.case, IncomeLine)

    @cached_property
    def expenses(self) -> list[dict[str, str]]:
        """Every rigid expense with its receipt."""
        shows_kinds = reading.reads_kinds(self.case, self.view)
        return [
            {
                "kind": zh(line.kind) if shows_kinds else HIDDEN,
                "sum": yuan(line.amount_fen),
                "receipt": self.text(line.receipt_number),
                "on": day_of(line.receipt_date),
            }
            for line in (self._expenses if self.reads_figures else ())
        ]

    @cached_property
    def expense_total(self) -> str:
        return self.figure(yuan(sum(line.amount_fen for line in self._expenses)))

    @cached_property
    def _expenses(self) -> list[ExpenseLine]:
        return records.of(self.case, ExpenseLine)

    @cached_property
    def computed(self) -> dict[str, Any]:
        """What the figures speak for, step by step: a proposal (P-11)."""
        newest = records.one(self.case, Computation)
        if newest is None:
            return {}
        data = json.loads(newest.inputs)
        standard = category.read_inputs(data).terms.standard
        proposal = category.replay(data)
        told = reading.told_steps(proposal, self.case, self.view)
        against = zh(reading.against(newest.per_head_fen, standard))
        per_head = yuan(newest.per_head_fen)
        return {
            "category": zh(newest.category),
            "per_head": per_head if self.reads_figures else against,
            "members": data["members"],
            "steps": [said.zh for _rule, said in told] or [against],
        }

    # -------------------------------------------------------------- what was handed in
    @cached_property
    def received(self) -> list[str]:
        """The papers that came in, by name, in the order of the procedure."""
        names_all = reading.reads_kinds(self.case, self.view)
        return [
            _paper_name(paper.code)
            for paper in sorted(records.of(self.case, ReceivedPaper), key=_place)
            if names_all or paper.code not in reading.TELLING
        ]

    @cached_property
    def materials(self) -> list[dict[str, Any]]:
        """What was uploaded: title, pages and the day; what came together, in order."""
        found = sorted(
            records.of(self.case, Material),
            key=lambda each: (each.version, *_place(each)),
        )
        days = {act.version: act.at for act in self.acts_of_all.values()}
        return [
            {
                "title": each.title,
                "pages": each.pages,
                "day": day_of(days.get(each.version)),
            }
            for each in found
        ]

    # -------------------------------------------------------------- what was done
    @cached_property
    def acts_of_all(self) -> dict[str, Act]:
        return standing_acts(self.case)

    @cached_property
    def acts(self) -> dict[str, Said]:
        """The last act of each step that stands, by the step's name."""
        return {step: Said(act, self) for step, act in self.acts_of_all.items()}

    @cached_property
    def visit(self) -> dict[str, Any]:
        """The last visit to the home."""
        last = records.one(self.case, HomeVisit)
        if last is None:
            return {}
        records.name_people([last])
        medical = yuan(last.medical_monthly_fen)
        return {
            **_in_words(last),
            "names": last.names,
            "at": moment_of(last.visited_at),
            "medical": self.text(f"{medical}元" if medical else ""),
            "seen": self.text(last.seen),
            "neighbours": self.text(last.neighbours),
        }

    @cached_property
    def signatures(self) -> list[dict[str, Any]]:
        """The lines of those who sign the record of the visit, with what was drawn."""
        last = records.one(self.case, HomeVisit)
        if last is None:
            return []
        drawn = {
            each.title: each
            for each in records.of(self.case, Material)
            if each.code == "visit_signature" and each.version == last.version
        }
        shown = materials.kept(drawn.values()) if drawn and self.view.in_clear else {}
        return [
            {
                "who": who,
                "picture": _as_picture(drawn[title], shown) if title in drawn else "",
                "is_drawn": title in drawn,
                "is_on_paper": is_signed,
                "day": day_of(last.visited_at),
            }
            for title, who, is_signed in self._signers(last)
        ]

    def _signers(self, visit: HomeVisit) -> list[tuple[str, str, bool]]:
        """Return each line: the title of its picture, whose it is, whether it is signed."""
        first, second = self.visit["names"]
        said = self.acts["record_visit"].values if self.view.in_clear else {}
        return [
            ("核查人签名", f"核查人{first}", visit.is_signed_by_first),
            ("同行人签名", f"同行人{second}", visit.is_signed_by_second),
            (
                "家庭成员签名",
                f"家庭成员{said.get('family_signer') or ''}",
                visit.is_signed_by_family,
            ),
        ]

    @cached_property
    def attempts(self) -> list[dict[str, str]]:
        """Every attempt to reach the household."""
        found = records.of(self.case, ContactAttempt)
        return [
            {
                "at": moment_of(each.at),
                "channel": zh(each.channel),
                "outcome": zh(each.outcome),
                "note": self.text(each.note),
            }
            for each in found
        ]

    @cached_property
    def absence(self) -> dict[str, str]:
        """The last time that nobody was at home, and when they come again (H-23)."""
        found = records.of(self.case, ContactAttempt)
        told = [each for each in found if each.channel is AttemptChannel.NOTICE]
        if not told:
            return {}
        return {"at": moment_of(told[-1].at), "again": moment_of(told[-1].again_at)}

    @cached_property
    def check(self) -> dict[str, Any]:
        """The economic check, asked for and answered."""
        last = records.one(self.case, InformationCheck)
        if last is None:
            return {}
        return {
            "letter": last.letter_number,
            "sent": day_of(last.sent_on),
            "report": last.report_number,
            "received": day_of(last.received_on),
            "result": zh(last.result),
            "note": self.text(last.note),
            "findings": [
                (zh(CheckSource(source)), zh(CheckFinding(finding)))
                for source, finding in last.findings.items()
                if self.view.in_clear
            ],
        }

    @cached_property
    def reminders(self) -> list[dict[str, str]]:
        """Every reminder to the check centre since it was asked last."""
        asked = records.one(self.case, InformationCheck)
        found = records.of(self.case, CheckReminder)
        return [
            {
                "at": moment_of(each.at),
                "day": day_of(each.at),
                "channel": zh(each.channel),
                "answer": self.text(each.answer),
            }
            for each in found
            if asked and timezone.localdate(each.at) >= asked.sent_on
        ]

    @cached_property
    def postings(self) -> list[dict[str, str]]:
        """Where the list hangs or hung."""
        found = records.of(self.case, Posting)
        return [
            {
                "place": zh(each.place),
                "level": zh(each.level),
                "name": each.name,
                "posted": day_of(each.posted_on),
                "down": day_of(each.taken_down_on),
            }
            for each in found
        ]

    @cached_property
    def objections(self) -> list[dict[str, str]]:
        """What was said against the list, by whom; onlookers read nothing of it."""
        found = records.of(self.case, Objection)
        reads = bool(found) and reading.reads_objections(self.case, self.view)
        knows = reads and reading.reads_objectors(self.case, self.view)
        return [
            {
                "at": moment_of(each.received_at),
                "who": "匿名" if each.is_anonymous else _or_hidden(each.name, knows),
                "phone": _or_hidden(each.phone, knows),
                "content": _or_hidden(each.content, reads),
                "about_staff": _or_hidden(
                    zh(each.about_staff) or "不反映工作人员", reads
                ),
            }
            for each in found
        ]

    @cached_property
    def decided(self) -> dict[str, dict[str, Any]]:
        """The last decision of each kind, by its code."""
        found = records.name_people(records.of(self.case, Decision))
        return {str(each.kind): self._decision(each) for each in found}

    def _decision(self, each: Decision) -> dict[str, Any]:
        return {
            "kind": zh(each.kind),
            "level": zh(each.level),
            "person": each.person.name if each.person else "",
            "day": day_of(each.decided_on),
            "category": zh(each.category),
            "sum": yuan(each.aid_fen) if each.aid_fen else "",
            "minutes": each.minutes_number,
            "met": day_of(each.met_on),
            "grounds": [zh(ground) for ground in each.named_grounds],
            "reasons": self.text(each.reasons),
        }

    # -------------------------------------------------------------- time and ground
    @cached_property
    def until(self) -> dict[str, str]:
        """The last day of the newest period of each target, as its clock has it."""
        clocks = Clock.objects.filter(case_id=self.case.pk).order_by("id")
        return {
            clock.target: day_of(clock.due_at - _INSTANT)
            for clock in clocks
            if clock.due_at is not None
        }

    def ground(self, target: str) -> Ground:
        """Return the rule of a period that holds where the case belongs, with its basis."""
        rule = self._rule(target)
        return ground_of(rule.id, rule.basis, rule.mark)

    def period(self, target: str) -> str:
        """Return how long the period of a target is, in words."""
        period = self._rule(target).terms.period
        return f"{period.amount}{'日' if period.unit.is_calendar else '个工作日'}"

    def _rule(self, target: str) -> RuleTerms:
        on = timezone.localdate(self.case.opened_at)
        book, path = rules.newest_book(), self.home.path
        return book.find(self.case.kind, target, unit_path=path, on=on).rule

    @cached_property
    def public(self) -> dict[str, str]:
        """What a posted list says: the same for every reader (P-10)."""
        applicant = records.one(self.case, Applicant)
        posted = [each["posted"] for each in self.postings]
        return {
            **public.said_of(self.details, self.parties.values(), applicant),
            "since": posted[0] if posted else "",
            "until": self.until.get("publicity", ""),
            "down": self.until.get("take_down", ""),
            "text": posted_text(self.acts_of_all),
        }

    @cached_property
    def home(self) -> Unit:
        """The unit whose rules hold: the county, or the city where there is none."""
        unit: Unit = Unit.objects.get(pk=self.case.county_id or self.case.city_id)
        return unit

    @cached_property
    def units(self) -> dict[str, str]:
        """The names of the units of the case's territory and of its holder."""
        places = {
            "station": self.case.station_id,
            "county": self.case.county_id,
            "city": self.case.city_id,
            "holder": self.case.holder_id,
        }
        names = Unit.objects.in_bulk([pk for pk in places.values() if pk])
        return {each: names[pk].name if pk else "" for each, pk in places.items()}


def ground_of(rule: str, basis: str, mark: Mark) -> Ground:
    """Return a basis as a paper may state it: a default of ours is called one."""
    if mark in (Mark.V, Mark.L):
        return Ground(rule, f"{basis}（规则 {rule}）", basis)
    said = basis.removeprefix(_DEFAULT)
    return Ground(rule, f"本地设定（规则 {rule}）：{said}", f"本地设定：{said}")


def unit_named(pk: Any) -> str:
    """Return the name of a unit by its id; nothing for none."""
    unit = Unit.objects.filter(pk=pk).first() if pk else None
    return unit.name if unit else ""


def papers_named(codes: Iterable[str]) -> list[str]:
    """Return papers by their names."""
    return [_paper_name(code) for code in codes]


def _place(paper: ReceivedPaper | Material) -> tuple[int, str]:
    """Return where a paper stands in the order in which the rules ask for papers."""
    return _PLACES.get(paper.code, len(_PLACES)), paper.code


def _paper_name(code: str) -> str:
    return zh(PaperCode(code)) if code in set(PaperCode) else code


def _in_words(row: Any) -> dict[str, Any]:
    """Return a record's columns as a paper writes them: words, days, 是 and 否."""
    said: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.name, None) if not column.is_relation else None
        match value:
            case Word():
                said[column.name] = zh(value)
            case bool():
                said[column.name] = "是" if value else "否"
            case date():
                said[column.name] = day_of(value)
            case None:
                said[column.name] = ""
            case _:
                said[column.name] = value
    return said


def _as_picture(drawn: Material, shown: Mapping[Any, bytes]) -> str:
    """Return a drawn signature as the address of its picture; nothing if not shown."""
    if drawn.pk not in shown:
        return ""
    return f"data:{drawn.content_type};base64,{b64encode(shown[drawn.pk]).decode()}"


def _or_hidden(text: str, is_read: bool) -> str:
    return text if is_read or not text else HIDDEN


def _sex(sex: Any) -> str:
    return zh(sex) if isinstance(sex, Sex) else ""
