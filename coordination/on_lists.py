"""How many patients are on the lists of a board, by what was said at the desk alone: nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from coordination.boards import said_of_listed
from coordination.entries import OnBoard, Postponed, read
from coordination.patient_desk import PatientDesk


@dataclass(frozen=True, slots=True)
class OnList:
    """Of one meeting: how many are on its list now, how often that was changed, and when last."""

    number: int = 0
    changes: int = 0
    changed: datetime | None = None


def on_lists(connection: Connection, board: str) -> dict[datetime, OnList]:
    """By the instant of each meeting of a board that anybody was ever listed for."""
    found: dict[datetime, OnList] = {}
    for entries in said_of_listed(connection).values():
        standing = {
            one.meeting for one in PatientDesk.of(entries).listings.values() if one.entry.board == board
        }
        for one in entries:
            for at in _meetings(read(one.kind, one.payload), board):
                before = found.get(at, OnList())
                last = max(one.at, before.changed or one.at)
                found[at] = OnList(before.number, before.changes + 1, last)
        for meeting in standing - {None}:
            assert meeting is not None, "those of no meeting are left out"
            before = found[meeting.astimezone(UTC)]
            found[meeting.astimezone(UTC)] = OnList(before.number + 1, before.changes, before.changed)
    return found


def _meetings(entry: object, board: str) -> set[datetime]:
    """The meetings whose list an entry may have changed."""
    if not isinstance(entry, OnBoard) or entry.board != board:
        return set()
    there = {entry.meeting, entry.to} if isinstance(entry, Postponed) else {entry.meeting}
    return {one.astimezone(UTC) for one in there if one is not None}
