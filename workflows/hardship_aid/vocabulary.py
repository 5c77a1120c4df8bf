"""The words of hardship aid: states, categories, what is found and decided.

Codes are stored and stand in the history: a contract. The terms are those of the
published forms and their filling notes (domain.md 4.1, 4.2, 4.5); what the
困难职工档案表 asks of a household is in `household_vocabulary`.
"""

from casework.domain.vocabulary import Word


class S(Word):
    """Where an application stands (4.5)."""

    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "已提交", "Submitted"
    CORRECTING = "correcting", "待补正", "Waiting for papers"
    NOT_ACCEPTED = "not_accepted", "不予受理", "Not accepted"
    STATION_REVIEW = "station_review", "站点初审", "Station review"
    HOME_VISIT = "home_visit", "入户核查", "Home visit"
    COUNTY_REVIEW = "county_review", "县级复核", "County review"
    INFO_CHECK = "info_check", "经济状况核对中", "Economic check"
    PUBLICITY = "publicity", "公示中", "Publicity"
    OBJECTION = "objection", "公示异议核查", "Objection check"
    APPROVAL = "approval", "待审批", "Awaiting approval"
    CITY_REVIEW = "city_review", "市级审核", "City review"
    APPROVED = "approved", "已批准", "Approved"
    REJECTED = "rejected", "不予批准", "Rejected"
    RECONSIDERATION = "reconsideration", "复核中", "Reconsideration"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"
    TERMINATED = "terminated", "已终止", "Terminated"
    CLOSED = "closed", "已办结", "Closed"
    ARCHIVED = "archived", "已归档", "Archived"


class FileState(Word):
    """Where the file of a household stands (4.5, file machine)."""

    ACTIVE = "active", "在档", "Active"
    REVIEW_DUE = "review_due", "待年度复核", "Yearly review due"
    OBSERVING = "observing", "脱困观察", "Under observation"
    REMOVAL_NOTICED = "removal_noticed", "拟撤档", "Removal announced"
    DEREGISTERED = "deregistered", "已撤档", "Removed"
    MOVING = "moving", "转出中", "Being moved"
    MOVED = "moved", "已转出", "Moved"


class Category(Word):
    """What kind of hardship it is (H-02, H-03, H-04)."""

    DEEP = "deep", "深度困难职工", "Deep hardship"
    RELATIVE = "relative", "相对困难职工", "Relative hardship"
    ACCIDENT = "accident", "意外致困职工", "Hardship by accident"
    NONE = "none", "不符合困难职工条件", "No hardship category"


class AgainstLine(Word):
    """Where a household's income per head lies, without the figure."""

    BELOW = "below", "低于低保标准", "Below the living standard"
    NOT_BELOW = "not_below", "不低于低保标准", "Not below the living standard"


class ExclusionGround(Word):
    """What keeps a household out whatever its income (H-07)."""

    DWELLINGS = "dwellings", "有两套以上住房", "Two or more dwellings"
    BUSINESS = (
        "business",
        "开店办厂、雇工经营或控股公司",
        "Owns or controls a business",
    )
    PRIVATE_SCHOOL = (
        "private_school",
        "子女就读高收费私立学校",
        "A child in a high-fee private school",
    )
    STUDY_ABROAD = (
        "study_abroad",
        "子女自费留学",
        "A child studying abroad at own cost",
    )
    MOTOR_VEHICLE = (
        "motor_vehicle",
        "经常使用非营生必需的机动车",
        "Regular use of a motor vehicle not needed for work",
    )
    HIGH_SPENDING = (
        "high_spending",
        "有政府认定的高消费行为",
        "High spending as listed by the government",
    )
    REFUSES_WORK = (
        "refuses_work",
        "有劳动能力而拒绝就业",
        "Refuses work though able",
    )
    REFUSES_CHECK = "refuses_check", "拒绝配合核查", "Refuses the check"
    ASSETS = "assets", "家庭财产超过规定", "Assets over the cap"


class NotAcceptedGround(Word):
    """Why an application is not accepted (4.5 row 4)."""

    NOT_OURS = "not_ours", "不属于本单位辖区", "Belongs to another unit"
    NOT_A_WORKER = "not_a_worker", "不是工会帮扶的职工", "Not a worker of the union"
    DUPLICATE = "duplicate", "该家庭已有申请或档案", "The household has one already"


class RejectionGround(Word):
    """Why an application is rejected (4.5 row 15)."""

    OVER_THE_LINE = "over_the_line", "月人均收入不低于标准", "Income not below the line"
    EXCLUDED = "excluded", "有排除性情形", "A ground of exclusion"
    NO_ACCIDENT = "no_accident", "意外损失未达到标准", "Loss by accident not enough"
    CHECK_DIFFERS = (
        "check_differs",
        "核对结果与申报不符",
        "The check differs from what was declared",
    )
    OBJECTION_UPHELD = "objection_upheld", "公示异议成立", "An objection was upheld"
    FALSE_PAPERS = "false_papers", "提供虚假材料", "False papers"
    NOT_VERIFIABLE = "not_verifiable", "情况无法核实", "The facts cannot be verified"


class TerminationGround(Word):
    """Why an open application ends without a decision (4.5 row 23)."""

    DEATH = "death", "申请人死亡", "Death of the applicant"
    NOT_FOUND = "not_found", "失去联系", "Not to be found"
    REFUSES_CHECK = "refuses_check", "拒绝核查", "Refuses the check"
    FRAUD = "fraud", "弄虚作假", "Fraud"


class RemovalReason(Word):
    """Why a file is removed (H-37)."""

    OUT_OF_HARDSHIP = "out_of_hardship", "已脱困", "Out of hardship"
    DEATH = "death", "职工死亡", "Death"
    RETIRED = "retired", "已退休", "Retired"
    LEFT_AREA = "left_area", "离开本地", "Left the area"
    MOVED_UNION = "moved_union", "工会关系转出", "Moved to another union"
    NOT_FOUND = "not_found", "多次核查找不到", "Not found after checks"
    MISIDENTIFIED = "misidentified", "识别错误", "Misidentified"
    REFUSES_CHECK = "refuses_check", "拒绝核查", "Refuses the check"
    FRAUD = "fraud", "弄虚作假", "Fraud"
    OWN_REQUEST = "own_request", "本人申请", "At own request"


class ReceiptChannel(Word):
    """How an application arrives (H-20)."""

    VISIT = "visit", "来访", "In person"
    PHONE = "phone", "电话", "By phone"
    LETTER = "letter", "来信", "By letter"
    ONLINE = "online", "网上", "Online"
    HOTLINE = "hotline", "12351 热线", "Hotline 12351"
    BASE_UNION = "base_union", "基层工会代办", "By the base union"
    FOUND = "found", "走访发现", "Found on a visit"
    REFERRED = "referred", "其他单位转来", "Referred by another body"


class VisitOutcome(Word):
    """How a home visit ended (H-23)."""

    DONE = "done", "已核查", "Done"
    NOBODY_HOME = "nobody_home", "家里没人", "Nobody at home"
    REFUSED = "refused", "拒绝核查", "Refused"
    MOVED_AWAY = "moved_away", "已搬离", "Moved away"


class AttemptChannel(Word):
    """By which channel somebody was looked for."""

    PHONE = "phone", "电话", "Phone"
    MESSAGE = "message", "短信", "Text message"
    VISIT = "visit", "上门", "Visit"
    NOTICE = "notice", "张贴通知", "Notice left at the door"
    POST = "post", "邮寄", "Post"
    THIRD_PERSON = "third_person", "单位或社区转告", "Through employer or community"


class AttemptOutcome(Word):
    """What an attempt to reach somebody brought."""

    REACHED = "reached", "已联系上", "Reached"
    NO_ANSWER = "no_answer", "无人应答", "No answer"
    NOT_IN_USE = "not_in_use", "号码或地址有误", "Number or address is wrong"
    LEFT_WORD = "left_word", "已留言", "Word was left"
    RETURNED = "returned", "被退回", "Returned"


class AbsenceDecision(Word):
    """What the supervisor chooses when nobody was met twice (4.5)."""

    THIRD_VISIT = "third_visit", "第三次入户", "A third visit"
    TERMINATE = "terminate", "终止（失联）", "Terminate: not to be found"


class ReminderChannel(Word):
    """By which channel the check centre was reminded (H-26)."""

    LETTER = "letter", "催办函", "Letter"
    PHONE = "phone", "电话", "Phone"
    VISIT = "visit", "上门", "Visit"
    PLATFORM = "platform", "核对平台", "Platform of the check centre"


class CheckSource(Word):
    """What the civil-affairs check centre compares (H-26)."""

    PROPERTY = "property", "不动产登记", "Real estate"
    VEHICLES = "vehicles", "车辆登记", "Vehicles"
    COMPANIES = "companies", "市场主体登记", "Companies"
    SOCIAL_INSURANCE = "social_insurance", "社会保险", "Social insurance"
    TAX = "tax", "税务", "Tax"
    PROVIDENT_FUND = "provident_fund", "住房公积金", "Housing provident fund"
    DEPOSITS = "deposits", "银行存款", "Bank deposits"


class CheckFinding(Word):
    """How what a source reports stands to what was declared."""

    AGREES = "agrees", "相符", "Agrees"
    DIFFERS = "differs", "不符", "Differs"
    NO_ANSWER = "no_answer", "未反馈", "No answer"


class PostingPlace(Word):
    """Where a list is posted (H-27)."""

    WORKPLACE = "workplace", "工作单位", "Workplace"
    COMMUNITY = "community", "社区（村）", "Community"
    STATION = "station", "帮扶站公告栏", "Board of the station"
    WEBSITE = "website", "网站", "Website"


class PaperCondition(Word):
    """When a paper has to be there: always, or in households of which this is true."""

    ALWAYS = "always", "一律", "Always"
    INCOME = "income", "有收入的成员", "A member with income"
    LOW_INCOME_SUPPORT = "low_income_support", "享受低保", "On low-income support"
    ILLNESS = "illness", "患病", "Illness"
    DISABILITY = "disability", "残疾", "Disability"
    STUDENT = "student", "在校学生", "Student"
    ACCIDENT = "accident", "意外或灾害", "Accident or disaster"
    MIGRANT = "migrant", "农民工", "Migrant worker"
    AID = "aid", "申请救助金", "Money is asked for"
    VISITED = "visited", "入户核查后", "After the home visit"
    POSTED = "posted", "公示后", "After publicity"


class Wish(Word):
    """What a household applies for."""

    FILE = "file", "申请建档", "A hardship file"
    FILE_AND_AID = "file_and_aid", "申请建档和救助", "A hardship file and aid"
    URGENT = "urgent", "申请临时救助", "Urgent relief"


class AidItem(Word):
    """What aid is for (F-03); which of them a source pays comes with the funds."""

    LIVING = "living", "生活救助", "Living"
    MEDICAL = "medical", "医疗救助", "Medical"
    SCHOOLING = "schooling", "子女助学", "Schooling"
    OTHER = "other", "其他帮扶", "Other help"


class FundLevel(Word):
    """Whose money aid is to be paid from: the two highest send a case to the city."""

    COUNTY = "county", "县级工会资金", "Money of the county's union"
    CITY = "city", "市级工会资金", "Money of the city's union"
    PROVINCIAL = "provincial", "省级财政或工会资金", "Provincial money"
    CENTRAL = "central", "中央财政帮扶资金", "Central money"


class ConsentKind(Word):
    """What somebody agreed to, each by itself (P-03 to P-06)."""

    NOTICE = "notice", "已阅读个人信息告知书", "Has read the privacy notice"
    SENSITIVE = "sensitive", "同意处理敏感个人信息", "Sensitive data"
    CHILDREN = (
        "children",
        "监护人同意处理未满十四周岁子女的信息",
        "Data of children under 14, by their guardian",
    )
    SHARING = "sharing", "同意向核对机构提供信息", "Giving data to the check centre"
    PUBLICATION = "publication", "同意公示", "Publication"


class ConsentMeans(Word):
    """How a consent or a statement was given."""

    SIGNATURE = "signature", "签名", "Signature"
    FINGERPRINT = "fingerprint", "按指印", "Fingerprint"
    ONLINE = "online", "网上确认", "Confirmed online"


class DeliveryMeans(Word):
    """How a paper was delivered."""

    IN_PERSON = "in_person", "当面送达", "In person"
    POST = "post", "邮寄送达", "By post"
    ELECTRONIC = "electronic", "电子送达", "Electronically"
    LEFT = "left", "留置送达", "Left at the residence"


class Agreement(Word):
    """How what visitors see stands to what was declared."""

    SAME = "same", "一样", "The same"
    DIFFERENT = "different", "不一样", "Different"
    UNKNOWN = "unknown", "看不出", "Cannot be told"


class VehicleUse(Word):
    """What vehicle the visitors find."""

    NONE = "none", "没有", "None"
    LIVELIHOOD = "livelihood", "谋生用", "For work"
    PRIVATE = "private", "自用", "Private"


class CityGround(Word):
    """Why a case goes to the city (H-30)."""

    UPPER_MONEY = "upper_money", "使用中央或省级资金", "Central or provincial money"
    OVER_LIMIT = "over_limit", "金额超过县级上限", "More than a county may approve"
    MOVED = "moved", "跨县转移", "Moved between counties"
    REFILED = "refiled", "撤档一年内再次建档", "A new file within a year of a removal"
    STAFF_RELATIVE = "staff_relative", "工作人员亲属", "A relative of staff"


class StaffConcerned(Word):
    """About whose work an objection complains, in general terms (E-14)."""

    RECEPTION = "reception", "受理人员", "Who accepted"
    VISIT = "visit", "入户核查人员", "Who visited"
    REVIEW = "review", "初审、复核人员", "Who gave the opinion or reviewed"
    OTHER = "other", "其他工作人员", "Other staff"


class DecisionKind(Word):
    """What was decided about an application."""

    OPINION = "opinion", "初审意见", "First opinion"
    REVIEW = "review", "复核意见", "County review"
    APPROVED = "approved", "批准", "Approved"
    REPORTED = "reported", "报市级审核", "Reported to the city"
    RETURNED = "returned", "退回", "Returned"
    REJECTED = "rejected", "不予批准", "Rejected"
    UPHELD = "upheld", "维持不予批准", "Rejection upheld"
    REVERSED = "reversed", "撤销不予批准", "Rejection reversed"
    URGENT = "urgent", "准予临时救助", "Urgent relief granted"
    URGENT_DECLINED = "urgent_declined", "不予临时救助", "Urgent relief declined"
    NOT_ACCEPTED = "not_accepted", "不予受理", "Not accepted"
    OBJECTION_DISMISSED = "objection_dismissed", "异议不成立", "Objection dismissed"
    OBJECTION_UPHELD = "objection_upheld", "异议成立", "Objection upheld"


class PaperCode(Word):
    """The papers that the rules may ask for, by their codes there (4.4)."""

    APPLICATION = "application", "帮扶申请书", "Application"
    ID_CARD = "id_card", "身份证复印件", "Copy of the identity card"
    HOUSEHOLD_BOOK = "household_book", "户口簿复印件", "Copy of the household book"
    AUTHORISATION = (
        "authorisation",
        "核对授权委托书",
        "Authorisation of the economic check",
    )
    UNION_MEMBERSHIP = (
        "union_membership",
        "工会会员证明",
        "Proof of union membership",
    )
    INCOME_PROOF = (
        "income_proof",
        "收入证明或一年银行流水",
        "Proof of income or a year's bank statements",
    )
    LOW_INCOME_CERTIFICATE = (
        "low_income_certificate",
        "低保证",
        "Certificate of low-income support",
    )
    DIAGNOSIS = "diagnosis", "诊断证明", "Medical certificate"
    MEDICAL_RECEIPTS = (
        "medical_receipts",
        "自付医疗费票据",
        "Receipts of medical costs paid oneself",
    )
    DISABILITY_CARD = "disability_card", "残疾人证", "Disability card"
    SCHOOL_PROOF = "school_proof", "在校证明", "Proof of schooling"
    SCHOOL_FEES = "school_fees", "学费票据", "Receipts of school fees"
    ACCIDENT_PROOF = (
        "accident_proof",
        "意外或灾害证明",
        "Proof of the accident or disaster",
    )
    LABOUR_CONTRACT = "labour_contract", "劳动合同", "Labour contract"
    BANK_CARD = "bank_card", "银行卡复印件", "Copy of the bank card"
    VISIT_RECORD = "visit_record", "入户核查记录表", "Record of the home visit"
    PUBLICITY_PROOF = "publicity_proof", "公示证明", "Proof of publicity"
