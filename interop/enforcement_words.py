"""What another version or other settings come to for a patient, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store.enforcement import IN_FORCE, NOT_DERIVED, NOT_ON_IT

KINDS: Final[Mapping[str, str]] = {
    NOT_DERIVED: "Needs a person: the answer cannot be derived",
    "needs a person": "Needs a person: a step that may be taken now could not be any more",
    "other state": "Other state",
    "other dates": "Other dates",
    "deviations gained": "Deviations gained",
    "deviations lost": "Deviations lost",
    "deviations altered": "Deviations of another status",
    "other steps": "Other steps may be taken",
    "earlier decisions": "Only earlier decisions would be judged otherwise; they stay as they were judged",
    "unchanged": "Unchanged",
    IN_FORCE: "In force already",
    NOT_ON_IT: "Not on this pathway",
}
"""What it comes to for a patient, the gravest first; each stands under the first that holds."""
