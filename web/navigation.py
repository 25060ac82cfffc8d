"""The pages that stand in the header of every page, and for whom."""

from collections.abc import Set
from typing import Final

NAVIGATION: Final = (
    ("/", "Tracking list", ("coordinator", "clinician", "chair", "auditor")),
    ("/inbox", "Inbox", ("coordinator", "clinician", "chair", "auditor")),
    ("/board", "Board", ("coordinator", "clinician", "chair", "auditor")),
    ("/deviations", "Deviations", ("coordinator", "clinician", "chair", "auditor")),
    ("/pathways", "Pathways", ("coordinator", "clinician", "chair", "auditor", "administrator")),
    ("/operations", "Operations", ("administrator",)),
)
"""Address, word, roles."""


def home(roles: Set[str]) -> str:
    """The address where somebody with these roles begins: not everybody has a tracking list."""
    if not roles.isdisjoint(NAVIGATION[0][2]):
        return "/"
    return "/operations" if "administrator" in roles else "/account"
