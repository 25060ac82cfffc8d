"""Two records of one patient as one story: what a merge lends to the record that goes on, and what undoing it
takes back (docs/decisions/0020-two-records-of-one-patient.md).

A merge stands in the chain of the record that goes on and names the other one by number, with the entry at
which that chain ended. What the other record told by then is read as recorded at the moment of the merge.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from engine.correction import corrected_fact
from engine.event import CHANGES, FACTS
from store.canonical import canonical, instant
from store.restore import is_known

if TYPE_CHECKING:
    from store.ledger import Line

MERGE: Final = "merge"
UNMERGE: Final = "unmerge"
MERGED_INTO: Final = "merged_into"
UNMERGED: Final = "unmerged"
"""Kinds of lines: two that stand in the record that goes on, two in the one that is part of it."""

_TOLD: Final = ("event", "facts")


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge says: the other record by number, where its chain ended, its ids that are others here."""

    patient: int
    sequence: int
    head: str
    ids: Mapping[str, str]
    reason: str

    def payload(self) -> str:
        """As the ledger keeps it."""
        return canonical(asdict(self))


def merge_of(line: Line) -> Merge:
    """What a line of kind `merge` says."""
    return Merge(**json.loads(line.payload))


def other_of(line: Line) -> int:
    """The number of the other record that a line about a merge names."""
    return named_in(line.payload)


def named_in(payload: str) -> int:
    """The number of the other record that the payload of such a line names."""
    number: int = json.loads(payload)["patient"]
    return number


def lent(merge: Line, others: Iterable[Line], facts: str | None = None) -> Iterator[Line]:
    """What the other record told, as it stands in the story: recorded by the merge, under free ids.

    The order in which it was recorded stays. Where its facts from the beginning were corrected, `facts` are
    lent as they are by now, and none of these corrections: here other facts may have been said.
    """
    said = merge_of(merge)
    there = in_force(others)
    told = (line for line in (there if facts is None else _corrected(there, facts)) if line.kind in _TOLD)
    for number, line in enumerate(told, 1):
        yield line._replace(
            patient_id=said.patient,
            seq=0,
            event_id=said.ids.get(line.event_id or "", line.event_id),
            type=line.type if line.kind == "event" else None,
            recorded=merge.recorded + number * instant,
            recorded_offset=merge.recorded_offset,
            payload=_renamed(line, said.ids),
        )


def _corrected(lines: Sequence[Line], facts: str) -> list[Line]:
    """With these facts told once, and without corrections of facts."""
    first = next(line for line in lines if line.kind == "facts")
    told = [line for line in lines if line.kind != "facts" and not _is_about_facts(line)]
    return _without_astray([first._replace(payload=facts), *told])


def _is_about_facts(line: Line) -> bool:
    return line.type in CHANGES and json.loads(line.payload)["target"] == FACTS


def _renamed(line: Line, ids: Mapping[str, str]) -> str:
    if line.type not in CHANGES:
        return line.payload
    said = json.loads(line.payload)
    return canonical({**said, "target": ids.get(said["target"], said["target"])})


def in_force(lines: Iterable[Line]) -> list[Line]:
    """The lines without what was lent by merges that are undone; nor changes of what is gone with them.

    What has gone stays so: its id may stand for something else later, which it is not about.
    """
    kept: list[Line] = []
    for line in lines:
        if line.kind == UNMERGE:
            kept = _without_astray(_left(kept, other_of(line)))
        kept.append(line)
    return kept


def _left(lines: Sequence[Line], other: int) -> list[Line]:
    """What a record said itself, without corrections, since the other one was merged into it, of facts that
    this one alone had told.
    """
    joined = max(n for n, line in enumerate(lines) if line.kind == MERGE and other_of(line) == other)
    own = [line for line in lines if line.patient_id != other]
    alone = _facts_known(line for line in lines if line.patient_id == other) - _facts_known(own)
    idle = {id(line) for line in lines[joined:] if _is_about_facts(line) and _fact_of(line) in alone}
    return [line for line in own if id(line) not in idle]


def _facts_known(lines: Iterable[Line]) -> set[str]:
    told = (json.loads(line.payload) for line in lines if line.kind == "facts")
    return {name for facts in told for name, value in facts.items() if is_known(value)}


def _fact_of(line: Line) -> str:
    return corrected_fact(json.loads(line.payload)["field"])


def gone(lines: Sequence[Line], there: Sequence[Line]) -> list[Line]:
    """The lines that are in force no more; `there` are those that are."""
    kept = set(map(id, there))
    return [line for line in lines if id(line) not in kept] if len(there) < len(lines) else []


def _without_astray(lines: Sequence[Line]) -> list[Line]:
    """Leaves out corrections and retractions of entries that are not there, and what is about these."""
    there = {FACTS, *(line.event_id for line in lines)}
    found = [
        line for line in lines if line.type not in CHANGES or json.loads(line.payload)["target"] in there
    ]
    return found if len(found) == len(lines) else _without_astray(found)


def before(lines: Sequence[Line], merges: Sequence[Line]) -> list[Line]:
    """What a record told without what these merges lend, and without changes of that."""
    others = {other_of(merge) for merge in merges}
    return _without_astray([line for line in lines if line.patient_id not in others])


def lent_by(merge: Line, lines: Iterable[Line]) -> list[Line]:
    """What a merge lends, of lines that are in force."""
    return [line for line in lines if line.patient_id == other_of(merge)]


def active(lines: Iterable[Line]) -> list[Line]:
    """The merges of a record that are not undone, the latest last."""
    found: list[Line] = []
    for line in lines:
        if line.kind == MERGE:
            found.append(line)
        elif line.kind == UNMERGE:
            found = [one for one in found if other_of(one) != other_of(line)]
    return found
