"""Where entries come from that were first recorded elsewhere: lent by a merge, or moved from a patient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from store import ledger, merged
from store.ledger import Line

_MOVED: Final = re.compile(r"move of (?P<entry>\S+) from patient (?P<patient>\d+)(: (?P<reason>.*))?", re.S)


def moved_from(patient: int, entry: str, reason: str) -> str:
    """The source of an entry that was recorded for the wrong patient; `moved_here` reads it."""
    return f"move of {entry} from patient {patient}: {reason}"


def moved_here(line: Line) -> str | None:
    """`moved here from patient 307: wrong label`; None for an entry that was not moved."""
    found = _MOVED.fullmatch(line.source)
    if found is None:
        return None
    why = f": {found['reason']}" if found["reason"] else ""
    return f"moved here from patient {found['patient']}{why}"


def first_recorded(connection: Connection, lines: Iterable[Line]) -> Mapping[str, datetime]:
    """When the entries that merges lend were recorded in the chain they stand in, by id."""
    lent = [line for line in lines if line.is_lent]
    waiting, read = {line.patient_id for line in lent}, set[int]()
    moments: dict[str, datetime] = {}
    while waiting:
        read.add(number := waiting.pop())
        for line in ledger.chain_of(connection, number):
            moments[line.hash] = line.recorded_there
            if line.kind == merged.MERGE and merged.other_of(line) not in read:
                waiting.add(merged.other_of(line))
    return {line.event_id: moments[line.hash] for line in lent if line.event_id}
