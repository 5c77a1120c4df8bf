"""The application as the 困难职工档案表 asks for it (4.4): all of it, in sections."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import wording
from casework.domain.errors import Invalid
from casework.domain.vocabulary import Level
from casework.models import Case, Party, Record, Unit
from casework.services import employers, reveals, rules
from casework.wording import enumeration, sentence, word
from workflows.hardship_aid import (
    category,
    completeness,
    computation,
    duplicates,
    stated,
)
from workflows.hardship_aid.completeness import CHILD_UNTIL
from workflows.hardship_aid.figures import figure
from workflows.hardship_aid.forms.consents import ConsentForm
from workflows.hardship_aid.forms.fields import (
    CardField,
    ChangesField,
    CountField,
    DayField,
    IdNumberField,
    LongText,
    PhoneField,
    RowChoice,
    StampField,
    WordChoice,
    WordChoices,
    YuanField,
    set_kept,
)
from workflows.hardship_aid.forms.household import (
    WORK_FROM,
    ExpenseRow,
    IncomeRow,
    MemberRow,
    born,
    check_age,
    check_birth,
    check_disability,
    too_old,
)
from workflows.hardship_aid.forms.rows import RowsField
from workflows.hardship_aid.household_vocabulary import (
    Cause,
    DisabilityGrade,
    DisabilityKind,
    EmployerCondition,
    EmployerNature,
    EmploymentStatus,
    ExpenseKind,
    Health,
    HouseholdRegistration,
    HouseholdRelation,
    Housing,
    Industry,
    InsuranceStatus,
    MaritalStatus,
    ModelWorker,
    PoliticalStatus,
)
from workflows.hardship_aid.models import (
    NO_EMPLOYER,
    Applicant,
    Authorisation,
    Computation,
    Consent,
    ExpenseLine,
    HouseholdMember,
    IncomeLine,
    ReceiptUse,
    ReceivedPaper,
)
from workflows.hardship_aid.vocabulary import (
    AidItem,
    ConsentMeans,
    ExclusionGround,
    PaperCode,
    PaperCondition,
    Wish,
)


class ApplicationForm(ConsentForm):
    """The whole application: who, where, the household, the money, the consents.

    The same form takes the first registration (登记申请), states it anew (补充登记) and
    completes what urgent relief owes.
    """

    names_people = True
    told = ("changed", "wish", "aid_item")
    sealed = frozenset(
        {
            *("name", "id_number", "birth_date", "phone", "other_contact", "address"),
            *("health", "disability_kind", "disability_grade", "statement", "card"),
            *("members", "income", "expenses", "monthly_income", "written_by"),
            *("accident_loss", "accident_compensation", "main_cause", "second_cause"),
            *("postcode", "registered_at", "worker_number", "bank", "bank_branch"),
            *("employer_name", "employer_code", "ethnicity", "political_status"),
            *("marital_status", "papers", "exclusions"),
        }
    )
    restates = (
        *(Party, Applicant, HouseholdMember, IncomeLine, ExpenseLine, ReceiptUse),
        *(Consent, Authorisation, ReceivedPaper, Computation),
    )
    groups = (
        (
            gettext_lazy("告知和同意"),
            (
                *("notice_read", "consents_sensitive", "consents_sharing"),
                *("withdraws_sharing", "consents_publication"),
                *("withdraws_publication", "consents_children"),
                "withdraws_children",
            ),
        ),
        (
            gettext_lazy("申请事项"),
            ("wish", "aid_item", "statement", "main_cause", "second_cause"),
        ),
        (
            gettext_lazy("职工本人"),
            (
                *("name", "id_number", "birth_date", "phone", "other_contact"),
                *("ethnicity", "political_status", "marital_status", "health"),
                *("disability_kind", "disability_grade", "status", "model_worker"),
                *("worker_number", "insurance", "monthly_income"),
            ),
        ),
        (
            gettext_lazy("住址和户口"),
            (
                *("lives_in", "address", "postcode", "registration", "registered_at"),
                *("housing", "floor_area"),
            ),
        ),
        (
            gettext_lazy("工作单位"),
            (
                *("employer_name", "employer_code", "works_in", "employer_nature"),
                *("employer_condition", "industry", "works_since", "contract_from"),
                "contract_until",
            ),
        ),
        (
            gettext_lazy("家庭成员"),
            (
                *("members", "is_single_parent", "is_zero_employment"),
                "can_help_itself",
            ),
        ),
        (
            gettext_lazy("收入和支出"),
            (
                *("income", "expenses", "on_low_income_support", "accident_loss"),
                *("accident_compensation", "exclusions"),
            ),
        ),
        (gettext_lazy("银行卡"), ("bank", "bank_branch", "card")),
        (gettext_lazy("材料和授权"), ("papers", "has_authorised", "is_staff_relative")),
        (
            gettext_lazy("签名"),
            ("signature", "is_oral", "written_by", "was_read_back"),
        ),
    )

    wish = WordChoice(Wish, label=gettext_lazy("申请什么"))
    aid_item = WordChoice(AidItem, label=gettext_lazy("救助项目"), required=False)
    statement = LongText(label=gettext_lazy("申请理由"))
    main_cause = WordChoice(Cause, label=gettext_lazy("主要致困原因"))
    second_cause = WordChoice(Cause, label=gettext_lazy("次要致困原因"), required=False)

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    id_number = IdNumberField()
    birth_date = DayField(
        label=gettext_lazy("出生日期"),
        required=False,
        help_text=gettext_lazy("不填就按身份证号。"),
    )
    phone = PhoneField(label=gettext_lazy("手机"))
    other_contact = forms.CharField(
        label=gettext_lazy("其他联系方式"), max_length=100, required=False
    )
    ethnicity = forms.CharField(label=gettext_lazy("民族"), max_length=20)
    political_status = WordChoice(
        PoliticalStatus, label=gettext_lazy("政治面貌"), required=False
    )
    marital_status = WordChoice(MaritalStatus, label=gettext_lazy("婚姻状况"))
    health = WordChoice(Health, label=gettext_lazy("健康状况"))
    disability_kind = WordChoice(
        DisabilityKind, label=gettext_lazy("残疾类别"), required=False
    )
    disability_grade = WordChoice(
        DisabilityGrade, label=gettext_lazy("残疾等级"), required=False
    )
    status = WordChoice(EmploymentStatus, label=gettext_lazy("工作状态"))
    model_worker = WordChoice(ModelWorker, label=gettext_lazy("劳模类型"))
    worker_number = forms.CharField(
        label=gettext_lazy("职工编号"), max_length=40, required=False
    )
    insurance = WordChoice(InsuranceStatus, label=gettext_lazy("医保状况"))
    monthly_income = YuanField(
        label=gettext_lazy("本人月平均收入（元）"),
        help_text=gettext_lazy("没有收入填0。"),
    )

    lives_in = RowChoice(
        label=gettext_lazy("住在哪个街道（乡镇）"),
        required=False,
        help_text=gettext_lazy("按住址选；由住址所在地或者单位所在地的帮扶站受理。"),
    )
    address = forms.CharField(label=gettext_lazy("家庭住址"), max_length=200)
    postcode = forms.RegexField(
        r"^\d{6}$",
        label=gettext_lazy("邮编"),
        required=False,
        error_messages={"invalid": gettext_lazy("邮编是6位数字。")},
    )
    registration = WordChoice(HouseholdRegistration, label=gettext_lazy("户口类型"))
    registered_at = forms.CharField(
        label=gettext_lazy("户口所在地行政区划"), max_length=100
    )
    housing = WordChoice(Housing, label=gettext_lazy("住房类型"))
    floor_area = CountField(
        label=gettext_lazy("建筑面积（平方米）"),
        required=False,
        min_value=1,
        max_value=2000,
    )

    employer_name = forms.CharField(
        label=gettext_lazy("工作单位"),
        max_length=100,
        help_text=gettext_lazy("没有固定单位的填“无”。"),
    )
    employer_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"), max_length=40, required=False
    )
    works_in = RowChoice(
        label=gettext_lazy("单位在哪个街道（乡镇）或县区"),
        required=False,
    )
    employer_nature = WordChoice(
        EmployerNature, label=gettext_lazy("单位性质"), required=False
    )
    employer_condition = WordChoice(
        EmployerCondition, label=gettext_lazy("企业状况"), required=False
    )
    industry = WordChoice(Industry, label=gettext_lazy("所属行业"))
    works_since = DayField(label=gettext_lazy("参加工作时间"))
    contract_from = DayField(label=gettext_lazy("劳动合同签订时间"), required=False)
    contract_until = DayField(
        label=gettext_lazy("劳动合同到期"), required=False, may_be_ahead=True
    )

    members = RowsField(
        MemberRow,
        label=gettext_lazy("其他家庭成员"),
        spare=1,
        help_text=gettext_lazy("职工本人不用再填。独自生活的可以不填。"),
    )
    is_single_parent = forms.BooleanField(label=gettext_lazy("单亲"), required=False)
    is_zero_employment = forms.BooleanField(
        label=gettext_lazy("零就业家庭"), required=False
    )
    can_help_itself = forms.BooleanField(
        label=gettext_lazy("有自救能力"), required=False
    )

    income = RowsField(
        IncomeRow,
        label=gettext_lazy("家庭其他年收入"),
        help_text=gettext_lazy("每个人的月收入已经填过，这里填租金、利息等其他收入。"),
    )
    expenses = RowsField(
        ExpenseRow, label=gettext_lazy("近一年的刚性支出（医疗、教育、残疾、就业）")
    )
    on_low_income_support = forms.BooleanField(
        label=gettext_lazy("享受城市低保"), required=False
    )
    accident_loss = YuanField(
        label=gettext_lazy("意外或突发事件的支出、损失（元）"), required=False
    )
    accident_compensation = YuanField(
        label=gettext_lazy("其中已经赔偿、报销、救助的（元）"), required=False
    )
    exclusions = WordChoices(
        ExclusionGround, label=gettext_lazy("有没有下列情形"), required=False
    )

    bank = forms.CharField(
        label=gettext_lazy("开户银行"), max_length=60, required=False
    )
    bank_branch = forms.CharField(
        label=gettext_lazy("开户支行"), max_length=100, required=False
    )
    card = CardField(required=False)

    papers = WordChoices(
        PaperCode, label=gettext_lazy("已经收到的材料"), required=False
    )
    has_authorised = forms.BooleanField(
        label=gettext_lazy("职工本人已签核对授权书"), required=False
    )
    is_staff_relative = forms.BooleanField(
        label=gettext_lazy("申请人是本系统工作人员的亲属"), required=False
    )

    signature = WordChoice(ConsentMeans, label=gettext_lazy("申请人怎样确认"))
    is_oral = forms.BooleanField(
        label=gettext_lazy("口头申请，由工作人员代填"), required=False
    )
    written_by = forms.CharField(
        label=gettext_lazy("代填人"), max_length=100, required=False
    )
    was_read_back = forms.BooleanField(
        label=gettext_lazy("已向申请人宣读，申请人确认无误"), required=False
    )

    changed = ChangesField(label=gettext_lazy("改了什么"), choices=lambda: _parts())
    proposed_category = StampField()
    inputs_digest = StampField()
    is_authorised = StampField()

    def ask(self, *, case: Any, by: Any, at: datetime) -> None:
        super().ask(case=case, by=by, at=at)
        self.fields["changed"].widget = forms.MultipleHiddenInput()
        places, near = cache(lambda: _places(case)), _places_of(case)
        county = _counties(case, places)
        for field in ("lives_in", "works_in"):
            self.fields[field].offer(places, near=near, group=county)  # type: ignore[attr-defined]
        self._known_employer = stated.employer_of(case)
        numbers = (self.fields["id_number"], self.fields["members"])
        set_kept(numbers, lambda: stated.id_numbers(case))
        set_kept((self.fields["card"],), lambda: stated.cards(case))
        if not self.is_bound:
            leave = reveals.in_force(case, by=by, at=at)
            said = stated.as_form_data(case, is_revealed=leave is not None)
            self.initial = {"lives_in": case.station_id, **said, **self.initial}

    def clean_employer_code(self) -> str:
        try:
            return employers.read_uscc(self.cleaned_data["employer_code"])
        except Invalid as mistake:
            raise forms.ValidationError(sentence(mistake)) from mistake

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_birth(self, cleaned)
        for field in ("works_since", "contract_from"):
            check_age(self, cleaned, field, WORK_FROM)
        check_disability(self, cleaned)
        for field, mistake in self._mistakes(cleaned):
            self.add_error(field, mistake)
        if not self.errors:
            self._compute(cleaned)
            found = stated.changed(self.case, cleaned)
            cleaned["changed"] = [part for part, _label in _parts() if part in found]
        return cleaned

    def records(self) -> list[Record]:
        said = self.cleaned_data
        found = stated.records_of(self.case, said, self.kept(), self._employer_id())
        return [*found, self._computation]

    def _employer_id(self) -> int | None:
        """Return the employer as it is registered; None for who has none."""
        said = self.cleaned_data
        name, code = said["employer_name"], said["employer_code"]
        if name == NO_EMPLOYER:
            return None
        if (name, code) in self._known_employer:
            return self._known_employer[name, code]
        return employers.find_or_register(
            name=name,
            uscc=code,
            unit=said["works_in"],
            industry=str(said["industry"]),
        ).pk

    def _mistakes(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from self._twice(cleaned)
        if not cleaned.get("lives_in") and not cleaned.get("works_in"):
            yield (
                "lives_in",
                _(
                    "住在哪里、单位在哪里至少选一项，才知道由哪个单位受理（规则 H-20）。"
                ),
            )
        begins, ends = cleaned.get("contract_from"), cleaned.get("contract_until")
        if begins and ends and ends < begins:
            yield (
                "contract_until",
                _("劳动合同到期早于签订（%(begins)s），请对照合同核对。")
                % {"begins": wording.day(begins)},
            )
        if cleaned.get("wish") is Wish.FILE_AND_AID and not cleaned.get("aid_item"):
            yield "aid_item", _("申请救助的要选救助项目。")
        if cleaned.get("is_oral"):
            if not cleaned.get("written_by"):
                yield "written_by", _("代填的要写明代填人。")
            if not cleaned.get("was_read_back"):
                yield "was_read_back", _("代填的申请要向申请人宣读并由其确认。")
        young = [
            row["id_number"]
            for row in cleaned.get("members") or []
            if born(row["id_number"]).age(on=self.today) < CHILD_UNTIL
        ]
        if mistake := self.children_mistake(young):
            yield "consents_children", mistake
        yield from self._receipts(cleaned)

    def _twice(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        numbers = Counter(
            [
                cleaned.get("id_number"),
                *(row["id_number"] for row in cleaned.get("members") or []),
            ]
        )
        if any(number and count > 1 for number, count in numbers.items()):
            yield "members", _("同一个身份证号填了两次；每个人只填一行。")

    def _receipts(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        rows = cleaned.get("expenses") or []
        uses = [(row["receipt_number"], row["amount"]) for row in rows]
        counted = Counter(use for use in uses if use[0])
        if any(count > 1 for count in counted.values()):
            yield "expenses", _("同一张票据填了两次；一张票据只能用一次（规则 H-02）。")
        elsewhere = duplicates.receipts_elsewhere(self.case, counted.keys())
        for number, use in enumerate(uses, start=1):
            if other := elsewhere.get(use):
                yield "expenses", _used_elsewhere(number, use[0], other)
        age = timedelta(days=figure(self.case, "receipt_age"))
        for mistake in too_old(rows, self.today - age):
            yield "expenses", mistake

    def _compute(self, cleaned: dict[str, Any]) -> None:
        inputs = computation.inputs_of(self.case, cleaned)
        self._computation = computation.record(inputs, category.propose(inputs))
        cleaned |= computation.stamps(self._computation)
        adults = [
            row for row in cleaned["members"] if is_adult(row["id_number"], self.today)
        ]
        cleaned["is_authorised"] = cleaned["has_authorised"] and all(
            row["has_authorised"] for row in adults
        )

    @classmethod
    def example(cls, case: Case) -> dict[str, Any]:
        home = str(case.station_id or case.county_id or "")
        return {
            **EXAMPLE,
            "lives_in": home,
            "papers": [str(code) for code in ALWAYS_ASKED],
        }


def _parts() -> list[tuple[str, Any]]:
    """Return what of an application can be stated anew, by name, in the form's order."""
    fields = ApplicationForm.base_fields
    return [
        *((name, word(kind)) for name, kind in stated.CONSENTS.items()),
        *((n, field.label) for n, field in fields.items() if n not in stated.CONSENTS),
        ("member_came", _("增加家庭成员")),
        ("member_went", _("减少家庭成员")),
    ]


class OwedPapersForm(ApplicationForm):
    """The application that urgent relief left for later, with its papers (H-32)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = {str(code) for code in cleaned.get("papers") or []}
        required = rules.required_papers(self.case, conditions=_incomes(cleaned))
        missing = [paper for paper in required if paper.code not in given]
        if missing:
            papers = enumeration(completeness.name(paper) for paper in missing)
            self.add_error(
                "papers", _("还缺材料：%(papers)s（规则 H-32）。") % {"papers": papers}
            )
        return cleaned


def _incomes(cleaned: dict[str, Any]) -> list[str]:
    """Return that somebody of the household has an income, for its proof; else nothing."""
    rows = (cleaned, *(cleaned.get("members") or []))
    has_income = any(row.get("monthly_income") for row in rows)
    return [str(PaperCondition.INCOME)] if has_income else []


def _used_elsewhere(number: int, receipt: str, other: Case) -> str:
    return _(
        "%(row)s 票据号码：%(receipt)s（金额也相同）已经用在%(case)s里，"
        "一张票据只能用一次（规则 E-11）。请对照原件核对号码和金额；"
        "确是同一张的，去掉这一行。"
    ) % {
        "row": ExpenseRow.noun % {"number": number},
        "receipt": receipt,
        "case": duplicates.told(other),
    }


def _places(case: Any) -> dict[str, Unit]:
    """Return the counties and streets of the city, by their keys; our county first."""
    places = Unit.objects.within(case.city).filter(
        level__in=[str(Level.STATION), str(Level.COUNTY)]
    )
    ours = case.county.path if case.county else ""
    ordered = sorted(places, key=lambda place: not place.path.startswith(ours))
    return {str(place.pk): place for place in ordered}


def _counties(
    case: Any, places: Callable[[], dict[str, Unit]]
) -> Callable[[Unit], str]:
    """Return how the county of a place is called."""
    depth = len(case.city.path) + Unit.steplen

    @cache
    def names() -> dict[str, str]:
        counties = (p for p in places().values() if p.level is Level.COUNTY)
        return {county.path: county.short_name for county in counties}

    return lambda place: names().get(place.path[:depth], case.city.short_name)


def _places_of(case: Any) -> dict[str, Unit]:
    """Return the places that the case names already, by their keys: read with it."""
    details = case.details
    named = (case.station, case.county, details.lives_in, details.works_in)
    return {str(place.pk): place for place in named if place}


def is_adult(number: str, day: date) -> bool:
    """Whether somebody with this ID number is of age on the day."""
    return born(number).age(on=day) >= stated.ADULT_FROM


#: The papers of the example: those that the rules ask of everybody who earns a wage.
ALWAYS_ASKED = (
    *(PaperCode.APPLICATION, PaperCode.ID_CARD, PaperCode.HOUSEHOLD_BOOK),
    *(PaperCode.AUTHORISATION, PaperCode.UNION_MEMBERSHIP, PaperCode.INCOME_PROOF),
)

#: A worker who lives alone, with a low wage; fictional (P-17).
EXAMPLE: dict[str, Any] = {
    "notice_read": "on",
    "consents_sensitive": "on",
    "consents_sharing": "on",
    "consents_publication": "on",
    "wish": str(Wish.FILE),
    "statement": "单位停产半年，本人收入低，生活困难。",
    "main_cause": str(Cause.LOW_INCOME),
    "name": "周雅琴",
    "id_number": "320508198503070027",
    "phone": "129 0000 6204",
    "ethnicity": "汉族",
    "marital_status": str(MaritalStatus.SINGLE),
    "health": str(Health.GOOD),
    "status": str(EmploymentStatus.AT_WORK),
    "model_worker": str(ModelWorker.NONE),
    "insurance": str(InsuranceStatus.EMPLOYEE),
    "monthly_income": "900",
    "address": "平江街道云溪新村12幢104室",
    "registration": str(HouseholdRegistration.URBAN),
    "registered_at": "江苏省苏州市姑苏区",
    "housing": str(Housing.PUBLIC_RENTAL),
    "employer_name": "云溪丝织厂",
    "industry": str(Industry.C),
    "works_since": "2008-07-01",
    "members": [],
    "income": [],
    "expenses": [],
    "has_authorised": "on",
    "signature": str(ConsentMeans.SIGNATURE),
}
#: A spouse without income, for tests and the demo to add to the household.
SPOUSE: dict[str, Any] = {
    "name": "陆志远",
    "relation": str(HouseholdRelation.SPOUSE),
    "monthly_income": "0",
    "health": str(Health.ORDINARY),
    "insurance": str(InsuranceStatus.RESIDENT),
    "status": str(EmploymentStatus.UNEMPLOYED),
    "has_authorised": True,
}
#: An illness's cost with its receipt.
RECEIPT: dict[str, Any] = {
    "kind": str(ExpenseKind.MEDICAL),
    "amount": "3600",
    "receipt_number": "YL20260001",
}
