"""What a source said earlier and says no longer: its row was altered or taken out.

Recording the altered row beside the old one would tell of two things where there was one. So nothing is
recorded about the patient until somebody has taken back what is no longer said.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.fault import Fault
from engine.history import retracted
from pathways.day_zero import in_days
from store.errors import Refused
from store.ledger import Dossier, Line
from store.recording import Recording, Retelling


class Unsaid:
    """The entries that a retelling must say again and has not said yet; none for other recordings."""

    def __init__(self, recording: Recording, kept: Dossier, there: Sequence[Line], said: set[str]) -> None:
        """`said` are the ids that the recording gives."""
        self._source = recording.source
        self._left: list[Line] = []
        self._retracted: set[str] = set()
        if (retelling := recording.retelling) is not None:
            self._retracted = retracted(kept.entries)
            gone = self._retracted | said
            self._left = [line for line in there if _is_retold(line, retelling) and line.event_id not in gone]

    def take(self, line: Line) -> str | None:
        """The id of an entry that says what this new line says, and so is said again; None: there is none.

        Names change when a mapping does; what was said stays the same.
        """
        same = next((one for one in self._left if one.said == line.said), None)
        if same is None:
            return None
        self._left.remove(same)
        return same.event_id

    def retracted(self, repeated: Sequence[str]) -> tuple[str, ...]:
        """Which of these, said again, somebody has taken back: they stay so, and must be told."""
        return tuple(id for id in repeated if id in self._retracted)

    def check(self) -> None:
        """Raises Refused where something was not said again."""
        if self._left:
            raise Refused([Fault(line.event_id, None, self._told(line)) for line in self._left])

    def _told(self, line: Line) -> str:
        entry = in_days(f"{line.type} of {line.day}")
        told = "these tables, which say it no longer"
        if line.source != self._source:
            told = f"other tables, which these do not repeat ({line.source})"
        return f"{entry}: recorded earlier from {told}; {_advice}"


_advice = "retract it, or put the row back"


def _is_retold(line: Line, retelling: Retelling) -> bool:
    return (
        line.event_id is not None
        and line.source.startswith(retelling.sources)
        and line.source not in retelling.beside
        and retelling.ids.fullmatch(line.event_id) is not None
    )
