"""What a rehearsal would have kept: names that sources gave to entries belong to one patient each.

Nothing of a rehearsal stays in the database, so that two patients of one import who bear the same name would
not meet there.
"""

from __future__ import annotations

from store.errors import taken_name
from store.recording import NotRecorded, Recorded, Recording


class Rehearsal:
    """Remembers whom names belong to, from answer to answer."""

    def __init__(self) -> None:
        self._bearers: dict[tuple[str, str], str] = {}

    def settled(self, recording: Recording, answer: Recorded | NotRecorded) -> Recorded | NotRecorded:
        """The answer that recording would give: refused where an earlier patient bears a name of this one."""
        if isinstance(answer, NotRecorded):
            return answer
        names = [(recording.source, entry.source_id) for entry in recording.entries if entry.source_id]
        if any(self._bearers.get(name, recording.reference) != recording.reference for name in names):
            return NotRecorded(recording.reference, taken_name())
        self._bearers |= dict.fromkeys(names, recording.reference)
        return answer
