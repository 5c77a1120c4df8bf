"""The words that only the file of a household has (domain.md 4.2 H-33 to H-38)."""

from casework.domain.vocabulary import Word


class FileKind(Word):
    """The second kind of hardship aid: the code of its cases."""

    HARDSHIP_FILE = "hardship_file", "困难职工档案", "Hardship file"


class ReviewOutcome(Word):
    """What a review of a file came to (H-35, H-36)."""

    KEPT = "kept", "保留", "Kept"
    RECATEGORISED = "recategorised", "调整类别", "Category changed"
    PASSED = "passed", "达到脱困标准", "Out of hardship by the figures"
    RELAPSED = "relapsed", "观察期内返困", "Back in hardship while observed"


class ChangeKind(Word):
    """What has changed in a household (H-33, H-35)."""

    MEMBERS = "members", "家庭成员增减", "Members joined or left"
    INCOME = "income", "收入变化", "Income"
    WORK = "work", "工作单位或状态变化", "Employer or work"
    HEALTH = "health", "健康状况变化", "Health"
    ADDRESS = "address", "住址或联系方式变化", "Address or contact"
    OTHER = "other", "其他", "Other"


class Standing(Word):
    """How a household stands elsewhere, in the general terms that others may know."""

    UNDER_WAY = "under_way", "申请正在办理", "application under way"
    FILED = "filed", "已建档", "on file"
    MOVING = "moving", "档案正在转移", "file being moved"
    REMOVED = (
        "removed",
        "档案已撤，返困的办“返困恢复”",
        "file removed; reopen it on return",
    )
