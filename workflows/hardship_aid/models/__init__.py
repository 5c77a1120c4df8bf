"""The rows of hardship aid: what an application knows and what its acts state."""

from workflows.hardship_aid.models.application import (
    NO_EMPLOYER,
    Applicant,
    Authorisation,
    Computation,
    Consent,
    HardshipAidDetails,
    ReceivedPaper,
)
from workflows.hardship_aid.models.decisions import (
    CheckReminder,
    Decision,
    InformationCheck,
    Objection,
    Posting,
)
from workflows.hardship_aid.models.file import (
    FileChange,
    FiledMember,
    FileReview,
    HardshipFileDetails,
    Removal,
)
from workflows.hardship_aid.models.household import (
    ExpenseLine,
    HouseholdMember,
    IncomeLine,
    ReceiptUse,
)
from workflows.hardship_aid.models.visits import ContactAttempt, HomeVisit, VisitPlan

__all__ = [
    "NO_EMPLOYER",
    "Applicant",
    "Authorisation",
    "CheckReminder",
    "Computation",
    "Consent",
    "ContactAttempt",
    "Decision",
    "ExpenseLine",
    "FileChange",
    "FileReview",
    "FiledMember",
    "HardshipAidDetails",
    "HardshipFileDetails",
    "HomeVisit",
    "HouseholdMember",
    "IncomeLine",
    "InformationCheck",
    "Objection",
    "Posting",
    "ReceiptUse",
    "ReceivedPaper",
    "Removal",
    "VisitPlan",
]
