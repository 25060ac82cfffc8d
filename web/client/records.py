"""Records by the client: entries, and patients as a whole."""

from __future__ import annotations

from typing import Unpack

from web.api import answers, answers_records, asked
from web.client.asking import Asking, How, place


class Records(Asking):
    """What is recorded, corrected and taken back; patients registered, put right, merged and parted."""

    def record_entry(self, number: int, entry: asked.EntryAsked, **how: Unpack[How]) -> answers.Recorded:
        """Record an event, or tell what it would change."""
        return self._post(answers.Recorded, place("patients", number, "entries"), entry, **how)

    def amend(
        self, number: int, entry: str, changes: asked.AmendAsked, **how: Unpack[How]
    ) -> answers.Recorded:
        """Correct an entry."""
        return self._post(
            answers.Recorded, place("patients", number, "entries", entry, "amend"), changes, **how
        )

    def retract(
        self, number: int, entry: str, why: asked.RetractAsked, **how: Unpack[How]
    ) -> answers.Recorded:
        """Take an entry back."""
        return self._post(
            answers.Recorded, place("patients", number, "entries", entry, "retract"), why, **how
        )

    def move(self, number: int, entry: str, to: asked.MoveAsked, **how: Unpack[How]) -> answers_records.Moved:
        """Take an entry to the patient whom it concerns."""
        return self._post(
            answers_records.Moved, place("patients", number, "entries", entry, "move"), to, **how
        )

    def register_patient(self, new: asked.RegisterAsked, key: str = "") -> answers_records.Registered:
        """Register a patient."""
        return self._post(answers_records.Registered, "/patients", new, key=key)

    def identity(self, number: int) -> answers_records.Identity:
        """Who a patient is."""
        return self._get(answers_records.Identity, place("patients", number, "identity"))

    def put_right(
        self, number: int, who: asked.IdentityAsked, **how: Unpack[How]
    ) -> answers_records.Identified:
        """Put right who a patient is."""
        return self._post(answers_records.Identified, place("patients", number, "identity"), who, **how)

    def merge(self, number: int, other: asked.MergeAsked, **how: Unpack[How]) -> answers_records.Merged:
        """Make another record part of this one."""
        return self._post(answers_records.Merged, place("patients", number, "merge"), other, **how)

    def unmerge(self, number: int, why: asked.UnmergeAsked, **how: Unpack[How]) -> answers_records.Unmerged:
        """Undo the latest merge into a record."""
        return self._post(answers_records.Unmerged, place("patients", number, "unmerge"), why, **how)
