"""The 困难职工档案表 as a workbook, in the layout of the published form (domain.md 4.4)."""

from typing import Any

from casework.lifecycle import View
from workflows.hardship_aid.dossier import Dossier
from workflows.hardship_aid.spreadsheet import Spreadsheet

Pair = tuple[str, Any]


def workbook(case: Any, view: View) -> bytes:
    """Return the sheet as the bytes of an .xlsx file, as the reader may see it."""
    return spreadsheet(Dossier(case, view)).content()


def spreadsheet(dossier: Dossier) -> Spreadsheet:
    """Return the sheet with the worker and the household; a file goes on below it."""
    sheet = Spreadsheet("困难职工档案表")
    sheet.headline(f"困难职工档案表（{dossier.case.number}）")
    for heading, pairs in sections(dossier):
        sheet.heading(heading)
        sheet.pairs(pairs)
    sheet.table("家庭成员", MEMBER_COLUMNS, dossier.members)
    sheet.table("家庭年收入", INCOME_COLUMNS, dossier.incomes)
    sheet.table("近一年刚性支出", EXPENSE_COLUMNS, dossier.expenses)
    return sheet


def two_in_a_row(dossier: Dossier) -> list[tuple[str, list[list[Pair]]]]:
    """Return the form's fields as the page draws them, below their headings."""
    return [
        (heading, [pairs[place : place + 2] for place in range(0, len(pairs), 2)])
        for heading, pairs in sections(dossier)
    ]


MEMBER_COLUMNS = (
    *(("姓名", "name"), ("关系", "relation"), ("性别", "sex")),
    *(("证件号码", "id_number"), ("月收入（元）", "monthly"), ("健康状况", "health")),
    *(("身份", "status"), ("单位或学校", "place")),
)
INCOME_COLUMNS = (("类别", "kind"), ("谁的", "who"), ("全年（元）", "sum"))
EXPENSE_COLUMNS = (
    *(("类别", "kind"), ("金额（元）", "sum"), ("票据号码", "receipt")),
    ("票据日期", "on"),
)


def sections(dossier: Dossier) -> list[tuple[str, list[Pair]]]:
    """Return the form's fields below their headings: what the page and the file share."""
    worker, me, said = dossier.worker, dossier.me, dossier.applicant
    details, computed = dossier.details, dossier.computed
    category = getattr(details, "category", "")
    return [
        (
            "职工本人",
            [
                ("职工编号", said.get("worker_number")),
                ("困难类别", getattr(category, "zh", "") or "待认定"),
                ("姓名", worker.get("name")),
                ("性别", me.get("sex")),
                ("民族", said.get("ethnicity")),
                ("政治面貌", said.get("political_status")),
                ("出生日期", me.get("birth")),
                ("身份证号", worker.get("id_number")),
                ("健康状况", me.get("health")),
                ("疾病、残疾类别", me.get("disability")),
                ("劳模类型", said.get("model_worker")),
                ("工作状态", me.get("status")),
                ("婚姻状况", me.get("marital_status")),
                ("户口类型", said.get("registration")),
                ("户口所在地", said.get("registered_at")),
                ("手机", worker.get("phone")),
                ("其他联系方式", said.get("other_contact")),
                ("邮编", said.get("postcode")),
                ("家庭住址", worker.get("address")),
                ("住房类型", said.get("housing")),
                ("建筑面积（平方米）", said.get("floor_area")),
                ("医保状况", me.get("insurance")),
                ("是否单亲", said.get("is_single_parent")),
                ("是否零就业家庭", said.get("is_zero_employment")),
                ("是否有自救能力", said.get("can_help_itself")),
            ],
        ),
        (
            "工作单位",
            [
                ("工作单位", said.get("employer_name")),
                ("统一社会信用代码", said.get("employer_code")),
                ("单位性质", said.get("employer_nature")),
                ("企业状况", said.get("employer_condition")),
                ("所属行业", said.get("industry")),
                ("参加工作时间", said.get("works_since")),
                ("合同签订时间", said.get("contract_from")),
                ("合同到期", said.get("contract_until")),
            ],
        ),
        (
            "收入和困难情况",
            [
                ("本人月平均收入（元）", me.get("monthly")),
                ("家庭年度总收入（元）", dossier.income_total),
                ("家庭人口", len(dossier.members)),
                ("刚性支出（元）", dossier.expense_total),
                ("家庭月人均（测算，元）", computed.get("per_head")),
                ("测算建议类别", computed.get("category")),
                ("主要致困原因", said.get("main_cause")),
                ("次要致困原因", said.get("second_cause")),
                ("开户银行", said.get("bank")),
                ("开户支行", said.get("bank_branch")),
                ("银行卡号", said.get("card")),
                ("享受低保", said.get("on_low_income_support")),
            ],
        ),
    ]
