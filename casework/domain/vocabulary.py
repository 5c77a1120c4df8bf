"""The glossary: every word of the field that the system shows, in both languages.

One file, so that a role, a level or an act is called the same on every screen, in
every paper and in the code. A word is its stable code (stored, in URLs and in the
audit trail: a contract) with its term in Chinese and in English.
"""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A term of the field: `Role.MEDIATOR == "mediator"`, `.zh == "调解员"`."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        word = str.__new__(cls, code)
        word._value_ = code
        word.zh = zh
        word.en = en
        return word


class Level(Word):
    """Where a unit stands in the federation, from the top down."""

    NATION = "nation", "全国", "Nation"
    PROVINCE = "province", "省级", "Province"
    CITY = "city", "市级", "City"
    COUNTY = "county", "县级", "County"
    STATION = "station", "站点", "Station"


class UnitKind(Word):
    """What a unit is; a county may have stations of streets and of enterprises."""

    FEDERATION = "federation", "总工会", "Federation"
    CITY_CENTRE = "city_centre", "市级帮扶中心", "City centre"
    COUNTY_CENTRE = "county_centre", "县级帮扶中心", "County centre"
    STREET_STATION = "street_station", "街道（乡镇）帮扶站", "Street station"
    ENTERPRISE_STATION = "enterprise_station", "企业帮扶站", "Enterprise station"


class Role(Word):
    """A hat that a person wears in one unit (design.md 7)."""

    CASEWORKER = "caseworker", "办案员", "Caseworker"
    MEDIATOR = "mediator", "调解员", "Mediator"
    HELPER = "helper", "援助承办人", "Legal aid helper"
    SUPERVISOR = "supervisor", "负责人", "Supervisor"
    FINANCE = "finance", "财务", "Finance officer"
    AUDITOR = "auditor", "审计员", "Auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员", "System administrator"
    SECURITY_ADMINISTRATOR = (
        "security_administrator",
        "安全管理员",
        "Security administrator",
    )
    APPLICANT = "applicant", "当事人", "Applicant"
    SYSTEM = "system", "系统", "System"


class Light(Word):
    """How a clock stands; a screen shows it as shape, word and time together."""

    GREEN = "green", "正常", "On time"
    AMBER = "amber", "临期", "Due soon"
    RED = "red", "超期", "Overdue"
    PAUSED = "paused", "暂停", "Paused"
    PROVISIONAL = "provisional", "暂定", "Provisional"
    MET = "met", "按时", "Met"
    PENDING = "pending", "未起算", "Not started"


class CaseKind(Word):
    """The three procedures of the network; the code is the name of their folder."""

    HARDSHIP_AID = "hardship_aid", "困难职工帮扶", "Hardship aid"
    LEGAL_AID = "legal_aid", "职工法律援助", "Union legal aid"
    MEDIATION = "mediation", "劳动争议调解", "Labour-dispute mediation"


class Sensitivity(Word):
    """How closely a case is kept."""

    NORMAL = "normal", "一般", "Normal"
    RESTRICTED = "restricted", "限制", "Restricted"


class Part(Word):
    """The part somebody takes in a case."""

    APPLICANT = "applicant", "申请人", "Applicant"
    RESPONDENT = "respondent", "被申请人", "Respondent"
    AGENT = "agent", "代理人", "Agent"
    MEMBER = "member", "家庭成员", "Household member"


class Sex(Word):
    """A person's sex, as the ID card states it."""

    MALE = "male", "男", "Male"
    FEMALE = "female", "女", "Female"


class Ownership(Word):
    """Whose an employer is (关于划分企业登记注册类型的规定, in broad classes)."""

    STATE = "state", "国有", "State-owned"
    COLLECTIVE = "collective", "集体", "Collective"
    PRIVATE = "private", "民营", "Private"
    FOREIGN = "foreign", "外商和港澳台商投资", "Foreign, Hong Kong, Macau or Taiwan"
    PUBLIC_BODY = "public_body", "机关和事业单位", "Public body"
    OTHER = "other", "其他", "Other"


class Purpose(Word):
    """What somebody wants to see numbers in full for."""

    CHECK_IDENTITY = "check_identity", "核对身份", "Check who somebody is"
    ENTER_SYSTEM = "enter_system", "录入其他系统", "Enter it in another system"
    ASK_OTHERS = "ask_others", "向其他单位查询核实", "Have another office check it"
    PAY = "pay", "发放款项", "Pay money out"
    MAKE_PAPER = "make_paper", "制作文书", "Make a paper"
    AUDIT = "audit", "审计检查", "Audit"
    OTHER = "other", "其他", "Other"


class Channel(Word):
    """The way by which an act reached the system."""

    WEB = "web", "网页", "Web"
    API = "api", "接口", "API"
    COMMAND = "command", "命令", "Command"
    SWEEP = "sweep", "定时", "Sweep"
    DEMO = "demo", "演示", "Demo"


class ClockState(Word):
    """Where a clock stands (deadlines.md 4.3)."""

    RUNNING = "running", "计时中", "Running"
    PAUSED = "paused", "暂停", "Paused"
    STOPPED = "stopped", "已停止", "Stopped"
    CANCELLED = "cancelled", "已取消", "Cancelled"


class Outcome(Word):
    """How a stopped clock ended."""

    MET = "met", "按时", "Met"
    LATE = "late", "超期", "Late"


class RungState(Word):
    """Whether a rung of the ladder has fired."""

    PENDING = "pending", "未到", "Pending"
    FIRED = "fired", "已触发", "Fired"
    SUPERSEDED = "superseded", "已被后一级取代", "Superseded"


class ClockVerb(Word):
    """What is done to a clock."""

    START = "start", "起算", "Start"
    STOP = "stop", "停止", "Stop"
    PAUSE = "pause", "暂停", "Pause"
    RESUME = "resume", "恢复", "Resume"
    RESTART = "restart", "重新起算", "Restart"
    EXTEND = "extend", "延长", "Extend"
    CANCEL = "cancel", "取消", "Cancel"
    REOPEN = "reopen", "重新开始", "Reopen"


class Relation(Word):
    """How a person stands to a case."""

    ASSIGNEE = "assignee", "承办人", "The case's own caseworker"
    HOLDER = "holder", "案件所在单位的人", "Anyone in the unit that has the case"
    TERRITORY = "territory", "案件所属单位的人", "Anyone in a unit the case belongs to"
    PARTY = "party", "当事人", "A party to the case"


class ClockKind(Word):
    """Whose period it is; only internal targets may be changed by an administrator.

    What is waited for has to pass in full, or is somebody else's time: nobody is late
    when it is over.
    """

    STATUTORY = "statutory", "法定", "Statutory"
    INTERNAL = "internal", "本地设定", "Local setting"
    WAITING = "waiting", "等待期", "Waiting period"


class Whose(Word):
    """Whose time a period is: the office's own, or a party's, who has to be told of it."""

    OFFICE = "office", "办案单位", "The office"
    PARTY = "party", "当事人", "A party"


class Mark(Word):
    """How sure a rule is (domain.md 0); M and P are never shown as law."""

    V = "V", "法规原文", "Read in the law"
    L = "L", "地方规定", "Local rule"
    M = "M", "待核实", "To be verified"
    P = "P", "本地设定", "Local setting"


class Tab(Word):
    """The tabs of a queue, in the order every OA system of the field has them."""

    TODO = "todo", "待办", "To do"
    DECIDE = "decide", "待审批", "To decide"
    UNASSIGNED = "unassigned", "待签收", "Unassigned"
    UPCOMING = "upcoming", "即将到来", "Upcoming"
    DONE = "done", "已办", "Done"
    STARTED = "started", "我发起的", "Started by me"
    COPIED = "copied", "抄送我的", "Copied to me"


class Act(Word):
    """What people do to any case, whatever its kind; a procedure adds its own."""

    CLAIM = "claim", "签收", "Take on"
    RELEASE = "release", "退签", "Give back"
    ASSIGN = "assign", "指派", "Assign"
    HAND_OVER = "hand_over", "转办", "Hand over"
    RETURN = "return", "退回", "Return"
    NUDGE = "nudge", "催办", "Nudge"
    SUPERVISE = "supervise", "督办", "Supervise"
    ESCALATE = "escalate", "上报", "Escalate"
    APPROVE = "approve", "同意", "Approve"
    REFUSE = "refuse", "不同意", "Refuse"
    COSIGN_ALL = "cosign_all", "会签", "Co-sign (all)"
    COSIGN_ANY = "cosign_any", "或签", "Co-sign (any)"
    ADD_SIGNER = "add_signer", "加签", "Add signer"
    DELEGATE = "delegate", "委派", "Delegate"
    TAKE_BACK = "take_back", "取回", "Take back"
    CORRECT = "correct", "更正", "Correct"
    PROPOSE_CORRECTION = "correction_proposed", "提出更正", "Propose a correction"
    CONFIRM_CORRECTION = "confirm_correction", "确认更正", "Confirm a correction"
    RECORD_LATE = "record_late", "补录", "Record late"
    REVERSE_DEEMED = "reverse_deemed", "撤销系统视为", "Reverse a deemed step"
