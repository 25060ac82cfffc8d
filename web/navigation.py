"""The pages that stand in the header of every page, and for whom."""

from typing import Final

NAVIGATION: Final = (
    ("/", "Tracking list", ("coordinator", "clinician", "chair", "auditor")),
    ("/board", "Board", ("coordinator", "clinician", "chair", "auditor")),
    ("/deviations", "Deviations", ("coordinator", "clinician", "chair", "auditor")),
    ("/pathways", "Pathways", ("coordinator", "clinician", "chair", "auditor", "administrator")),
    ("/operations", "Operations", ("administrator",)),
)
"""Address, word, roles."""
