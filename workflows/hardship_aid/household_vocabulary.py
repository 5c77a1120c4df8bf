"""The words of the 困难职工档案表: who lives in a household, and what it lives on.

Codes are stored and stand in the history: a contract. The terms are those of the
published form and its filling notes (domain.md 4.1, 4.4).
"""

from casework.domain.vocabulary import Word


class HouseholdRelation(Word):
    """How a member of the household stands to the worker."""

    SELF = "self", "本人", "The worker"
    SPOUSE = "spouse", "配偶", "Spouse"
    CHILD = "child", "子女", "Child"
    PARENT = "parent", "父母", "Parent"
    PARENT_IN_LAW = "parent_in_law", "配偶父母", "Parent-in-law"
    GRANDPARENT = "grandparent", "祖父母、外祖父母", "Grandparent"
    GRANDCHILD = "grandchild", "孙子女、外孙子女", "Grandchild"
    SIBLING = "sibling", "兄弟姐妹", "Sibling"
    CHILD_IN_LAW = "child_in_law", "儿媳、女婿", "Son- or daughter-in-law"
    OTHER = "other", "其他", "Other"


class EmploymentStatus(Word):
    """人员身份、工作状态: of the worker and of each member."""

    AT_WORK = "at_work", "在岗", "At work"
    LAID_OFF = "laid_off", "下岗", "Laid off"
    UNEMPLOYED = "unemployed", "失业", "Unemployed"
    RETIRED = "retired", "退休", "Retired"
    SICK_LEAVE = "sick_leave", "病休", "On sick leave"
    EARLY_RETIRED = "early_retired", "内退", "Retired early within the employer"
    MIGRANT = "migrant", "农民工", "Migrant worker"
    FLEXIBLE = "flexible", "灵活就业", "In flexible employment"
    NEW_FORM = "new_form", "新就业形态劳动者", "In a new form of employment"
    STUDENT = "student", "学生", "Student"
    PRESCHOOL = "preschool", "学龄前儿童", "Child below school age"
    FARMING = "farming", "务农", "Farming"
    UNABLE = "unable", "无劳动能力", "Unable to work"


class Health(Word):
    """健康状况: the list of the filling notes (4.4)."""

    GOOD = "good", "良好", "Good"
    CANCER = "cancer", "癌症", "Cancer"
    CARDIOVASCULAR = "cardiovascular", "心血管病", "Cardiovascular disease"
    CEREBROVASCULAR = "cerebrovascular", "脑血管病", "Cerebrovascular disease"
    URAEMIA = "uraemia", "尿毒症", "Uraemia"
    MENTAL = "mental", "精神病", "Mental illness"
    LIVER = "liver", "肝病", "Liver disease"
    BLOOD = "blood", "血液病", "Blood disease"
    DIABETES = "diabetes", "糖尿病", "Diabetes"
    TUMOUR = "tumour", "肿瘤病", "Tumour"
    SPINE = "spine", "腰颈椎病", "Disease of the spine"
    HYPERTENSION = "hypertension", "高血压病", "High blood pressure"
    LUNG = "lung", "肺病", "Lung disease"
    ORDINARY = "ordinary", "一般疾病", "Ordinary illness"
    DISABLED = "disabled", "残疾", "Disabled"


class DisabilityKind(Word):
    """残疾类别, as the disability card names them (GB/T 26341)."""

    VISION = "vision", "视力残疾", "Vision"
    HEARING = "hearing", "听力残疾", "Hearing"
    SPEECH = "speech", "言语残疾", "Speech"
    PHYSICAL = "physical", "肢体残疾", "Physical"
    INTELLECTUAL = "intellectual", "智力残疾", "Intellectual"
    MENTAL = "mental", "精神残疾", "Mental"
    MULTIPLE = "multiple", "多重残疾", "Multiple"


class DisabilityGrade(Word):
    """残疾等级: the first is the gravest."""

    FIRST = "first", "一级", "Grade 1"
    SECOND = "second", "二级", "Grade 2"
    THIRD = "third", "三级", "Grade 3"
    FOURTH = "fourth", "四级", "Grade 4"


class HouseholdRegistration(Word):
    """户口类型."""

    URBAN = "urban", "城镇户口", "Urban"
    RURAL = "rural", "农村户口", "Rural"
    UNIFIED = "unified", "居民户口（不分城乡）", "Resident (no distinction)"


class InsuranceStatus(Word):
    """医保状况."""

    EMPLOYEE = "employee", "职工基本医疗保险", "Employees' basic medical insurance"
    RESIDENT = "resident", "城乡居民基本医疗保险", "Residents' basic medical insurance"
    OTHER = "other", "其他医疗保障", "Other medical cover"
    NONE = "none", "未参保", "Not insured"


class Housing(Word):
    """住房类型."""

    OWNED = "owned", "自有住房", "Owned"
    PUBLIC_RENTAL = "public_rental", "公租房、廉租房", "Public rental"
    PRIVATE_RENTAL = "private_rental", "租住私房", "Private rental"
    DORMITORY = "dormitory", "单位宿舍", "Employer's dormitory"
    RURAL_HOUSE = "rural_house", "农村自建房", "Own house in the country"
    BORROWED = "borrowed", "借住", "Living with others"
    OTHER = "other", "其他", "Other"


class MaritalStatus(Word):
    """婚姻状况."""

    SINGLE = "single", "未婚", "Single"
    MARRIED = "married", "已婚", "Married"
    DIVORCED = "divorced", "离异", "Divorced"
    WIDOWED = "widowed", "丧偶", "Widowed"


class PoliticalStatus(Word):
    """政治面貌."""

    PARTY_MEMBER = "party_member", "中共党员", "Member of the CPC"
    LEAGUE_MEMBER = "league_member", "共青团员", "Member of the Youth League"
    OTHER_PARTY = "other_party", "民主党派", "Member of a democratic party"
    NO_PARTY = "no_party", "无党派人士", "Public figure without party"
    MASSES = "masses", "群众", "None"


class ModelWorker(Word):
    """劳模类型."""

    NONE = "none", "非劳模", "None"
    NATIONAL = "national", "全国劳模", "National"
    PROVINCIAL = "provincial", "省部级劳模", "Provincial or ministerial"
    CITY = "city", "市级劳模", "City"


class Education(Word):
    """学历; of a student, the stage he is at."""

    PRIMARY = "primary", "小学及以下", "Primary or below"
    LOWER_SECONDARY = "lower_secondary", "初中", "Lower secondary"
    UPPER_SECONDARY = (
        "upper_secondary",
        "高中、中专、技校",
        "Upper secondary or vocational",
    )
    COLLEGE = "college", "大专", "College"
    BACHELOR = "bachelor", "本科", "Bachelor"
    POSTGRADUATE = "postgraduate", "研究生", "Postgraduate"


class EmployerNature(Word):
    """单位性质."""

    STATE = "state", "国有企业", "State enterprise"
    COLLECTIVE = "collective", "集体企业", "Collective enterprise"
    PRIVATE = "private", "私营企业", "Private enterprise"
    FOREIGN = "foreign", "外商及港澳台投资企业", "Foreign-invested enterprise"
    GOVERNMENT = "government", "机关", "Government body"
    INSTITUTION = "institution", "事业单位", "Public institution"
    SOCIAL = "social", "社会组织", "Social organisation"
    SELF_EMPLOYED = "self_employed", "个体工商户", "Individual business"
    OTHER = "other", "其他", "Other"


class EmployerCondition(Word):
    """企业状况."""

    NORMAL = "normal", "正常经营", "Operating"
    LOSS = "loss", "亏损", "Making losses"
    STOPPED = "stopped", "停产半停产", "Wholly or partly stopped"
    BANKRUPT = "bankrupt", "破产", "Bankrupt"
    CLOSED = "closed", "关闭、注销", "Closed"
    RESTRUCTURED = "restructured", "改制", "Restructured"


class Industry(Word):
    """所属行业: the sections of GB/T 4754—2017."""

    A = "A", "农、林、牧、渔业", "Agriculture, forestry and fishing"
    B = "B", "采矿业", "Mining"
    C = "C", "制造业", "Manufacturing"
    D = "D", "电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water"
    E = "E", "建筑业", "Construction"
    F = "F", "批发和零售业", "Wholesale and retail"
    G = "G", "交通运输、仓储和邮政业", "Transport, storage and post"
    H = "H", "住宿和餐饮业", "Hotels and catering"
    I = "I", "信息传输、软件和信息技术服务业", "Information and software"  # noqa: E741  (the standard's letter)
    J = "J", "金融业", "Finance"
    K = "K", "房地产业", "Real estate"
    L = "L", "租赁和商务服务业", "Leasing and business services"
    M = "M", "科学研究和技术服务业", "Research and technical services"
    N = "N", "水利、环境和公共设施管理业", "Water, environment, public facilities"
    O = "O", "居民服务、修理和其他服务业", "Household and repair services"  # noqa: E741  (the standard's letter)
    P = "P", "教育", "Education"
    Q = "Q", "卫生和社会工作", "Health and social work"
    R = "R", "文化、体育和娱乐业", "Culture, sports and entertainment"
    S = "S", "公共管理、社会保障和社会组织", "Public administration"
    T = "T", "国际组织", "International organisations"


class Cause(Word):
    """主要致困原因、次要致困原因."""

    OWN_ILLNESS = "own_illness", "本人患病", "Own illness"
    FAMILY_ILLNESS = "family_illness", "家属患病", "Illness in the family"
    DISABILITY = "disability", "本人或家属残疾", "Disability"
    SCHOOLING = "schooling", "子女上学", "Children's schooling"
    LOW_INCOME = "low_income", "收入低", "Low income"
    UNEMPLOYMENT = "unemployment", "下岗失业", "Unemployment"
    EMPLOYER = "employer", "单位停产、欠薪", "Employer stopped or owing wages"
    ACCIDENT = "accident", "意外事故", "Accident"
    DISASTER = "disaster", "自然灾害", "Natural disaster"
    LONG_TERM_CARE = "long_term_care", "家中有人需长期照料", "Long-term care at home"
    OTHER = "other", "其他", "Other"


class IncomeKind(Word):
    """Where a line of family income comes from."""

    WAGES = "wages", "工资性收入", "Wages"
    PENSION = "pension", "养老金", "Pension"
    UNEMPLOYMENT = "unemployment", "失业保险金", "Unemployment benefit"
    BUSINESS = "business", "经营性收入", "Business"
    PROPERTY = "property", "财产性收入", "Property"
    MAINTENANCE = "maintenance", "赡养费、抚养费", "Maintenance"
    RELIEF = "relief", "社会救助金", "Social relief"
    OTHER = "other", "其他收入", "Other"


class ExpenseKind(Word):
    """Rigid expenses: what is deducted before the line is drawn (H-02, H-03)."""

    MEDICAL = "medical", "医疗支出", "Medical"
    EDUCATION = "education", "教育支出", "Education"
    DISABILITY = "disability", "残疾支出", "Disability"
    EMPLOYMENT = "employment", "必要就业成本", "Necessary cost of employment"
