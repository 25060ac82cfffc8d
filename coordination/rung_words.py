"""What the rungs of a ladder are called where people read how things stand; their names are for settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coordination.entries import Rung

RUNG_WORDS: Final[Mapping[Rung, str]] = {
    "before_opening": "may be done soon",
    "opening": "may be done",
    "before_due": "due soon",
    "due": "due",
    "overdue": "overdue",
    "escalated": "escalated",
    "escalated_again": "escalated again",
    "unanswered": "not answered",
    "resumed": "put off no longer",
}
"""Each can stand before `since` and a day."""
