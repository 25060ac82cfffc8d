"""Who looked at a patient and who recorded what, as rows in the order of time."""

from __future__ import annotations

import json as json_
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from pathways.texts.wording import event_noun
from store import access, ledger
from store.access import Access
from store.ledger import Line


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody saw something, or said something about a patient."""

    at: datetime
    who: str
    account: str | None
    kind: str
    what: str
    patient: str | None
    details: dict[str, Any]
    reason: str | None

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "who": self.who,
            "account": self.account,
            "kind": self.kind,
            "what": self.what,
            "patient": self.patient,
            "details": self.details,
            "reason": self.reason,
        }


def of_patient(
    connection: Connection, number: int, reference: str, since: datetime | None = None
) -> list[Row]:
    """Views and entries of one patient in the order of time."""
    views = [view(one, reference) for one in access.entries(connection, number, since)]
    lines = ledger.lines(connection, number)
    own = (line for line in lines if line.seq)  # what a merge lends was recorded about another one
    later = (line for line in own if since is None or line.recorded >= since)
    said = [recorded(list(group), reference) for _, group in groupby(later, key=_together)]
    return sorted([*views, *said], key=lambda row: row.at)


def _together(line: Line) -> tuple[object, ...]:
    """Lines recorded in one go have this in common."""
    return line.recorded.replace(microsecond=0), line.recorder, line.source


def view(one: Access, reference: str | None) -> Row:
    """A view as it is told."""
    details = json_.loads(one.asked)
    return Row(one.at_there, one.who, one.account, "view", one.what, reference, details, one.reason)


def recorded(lines: Sequence[Line], reference: str) -> Row:
    """Lines of the ledger that were recorded in one go: that they were said, not what they say."""
    first = lines[0]
    details = {"entries": [line.event_id or line.kind for line in lines], "source": first.source}
    what = recorded_words(first) if len(lines) == 1 else f"{len(lines)} lines"
    return Row(first.recorded_there, first.recorder, None, "recorded", what, reference, details, None)


def recorded_words(line: Line) -> str:
    """What kind of line of the ledger it is."""
    if line.kind == "event":
        return event_noun([str(line.type)], many=False)
    return _KINDS.get(line.kind, line.kind.replace("_", " "))


_KINDS = {
    "facts": "what was known from the beginning",
    "enrolment": "pathways and settings",
    "erasure": "erasure of the identity",
    "merge": "merging with another record of the patient",
    "unmerge": "taking a merging back",
    "merged_into": "merging into another record of the patient",
    "unmerged": "taking a merging back",
}
