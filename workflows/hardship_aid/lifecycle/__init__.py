"""困难职工帮扶: an application from its receipt to the archive (domain.md 4.5).

Each step as the procedure has it: from where to where, who, at which level, what speaks
against it, what it does to the clocks, which paper, on what rule. The bodies keep what
the next steps turn on; everything personal stands in the records of the forms.

    receipt → registered → accepted → home visit → first opinion      station
      → county review ⇄ economic check → publicity → approval         county
          (→ city review) → approved → file built → archived

One module is one part of the procedure, in this order.
"""

from casework.models import Case
from workflows.hardship_aid.lifecycle.county import CountyReview
from workflows.hardship_aid.lifecycle.decision import Deciding
from workflows.hardship_aid.lifecycle.ending import Ending
from workflows.hardship_aid.lifecycle.intake import Intake
from workflows.hardship_aid.lifecycle.publicity import Publicity
from workflows.hardship_aid.lifecycle.rejection import Rejection
from workflows.hardship_aid.lifecycle.station import StationReview
from workflows.hardship_aid.lifecycle.urgent import UrgentRelief


class HardshipAid(
    Intake,
    StationReview,
    CountyReview,
    Publicity,
    Deciding,
    Rejection,
    UrgentRelief,
    Ending,
    Case,
):
    """One household's application: the row of its case, with the procedure's steps."""

    class Meta:
        proxy = True
        app_label = "hardship_aid"
