"""The minutes of a board's meeting: everybody who was ever on its list, with what became of the question.

They are worked out from the ledger and the desk. A chair signs the text as it is: kept are who, when, and the
digest of the text, so that a change after it shows. The text itself is kept nowhere: it names patients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Literal

from sqlalchemy import Connection

from coordination.board_graph import BOARD
from coordination.boards import Seen, said_of_listed, who_is
from coordination.entries import Board, Listed, MinutesSigned, OnBoard, Postponed, Unlisted, read
from coordination.reasons import deferral_words
from engine.event import Event
from pathways.texts.wording import code_name
from store import desk
from store.desk import Said
from store.settle import Reckoning

Became = Literal["decided", "not_decided", "put_off", "taken_off"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of one patient. `said` is what took it off this meeting's list, if anything did."""

    seen: Seen
    listed: Listed
    became: Became
    decided: Event | None = None
    said: Postponed | Unlisted | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of one meeting, in the order in which patients were put on its list. `left_out` are the
    numbers of those whose answer cannot be worked out: they were listed all the same.
    """

    board: Board
    at: datetime
    day: date
    entries: tuple[Entry, ...]
    left_out: tuple[int, ...] = ()

    @property
    def decided(self) -> int:
        return sum(one.became == "decided" for one in self.entries)

    def text(self, name: Callable[[int], str]) -> str:
        """All of it as plain text, the same whenever nothing has changed: this is what is signed."""
        return "\n".join(_lines(self, name)) + "\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed which text, and when."""

    by: str
    at: datetime
    digest: str


def digest(text: str) -> str:
    """The SHA-256 of a text, as anybody can work it out from the file."""
    return sha256(text.encode()).hexdigest()


def minutes(connection: Connection, board: Board, at: datetime, day: date, reckoning: Reckoning) -> Minutes:
    """The minutes as they stand."""
    of_each = said_of_listed(connection).items()
    said = {number: list(_of_meeting(entries, board.name, at)) for number, entries in of_each}
    there = {number: found for number, found in said.items() if found}
    rows = [
        _entry(seen, first, last, day)
        for seen in who_is(connection, there, reckoning)
        for _, first, last in there[seen.patient_id]
    ]
    places = {
        (number, first.question): moment for number, found in there.items() for moment, first, _ in found
    }
    rows.sort(key=lambda one: (places[one.seen.patient_id, one.listed.question], one.seen.patient_id))
    left_out = sorted(set(there) - {one.seen.patient_id for one in rows})
    return Minutes(board, at, day, tuple(rows), tuple(left_out))


def _of_meeting(
    entries: Iterable[Said], board: str, at: datetime
) -> Iterator[tuple[datetime, Listed, Postponed | Unlisted | None]]:
    """What of a patient was ever on the list of a meeting: since when, and what took it off."""
    listings: dict[str, Listed] = {}
    there: dict[str, tuple[datetime, Postponed | Unlisted | None]] = {}
    for one in entries:
        entry = read(one.kind, one.payload)
        if not isinstance(entry, OnBoard) or entry.board != board:
            continue
        if isinstance(entry, Listed):
            listings[entry.question] = entry
        comes = entry.to if isinstance(entry, Postponed) else entry.meeting
        if comes == at and not isinstance(entry, Unlisted):
            there[entry.question] = (one.at, None)
        elif isinstance(entry, (Postponed, Unlisted)) and entry.question in there:
            since, before = there[entry.question]
            there[entry.question] = (since, before or entry)
    for question, (moment, last) in there.items():
        if question in listings:
            yield moment, listings[question], last


def _entry(seen: Seen, first: Listed, last: Postponed | Unlisted | None, day: date) -> Entry:
    held = [one for one in seen.events if one.type == BOARD and one.day == day]
    decided = next((one for one in held if one.fields.get("question") == first.question), None)
    if decided is not None:
        return Entry(seen, first, "decided", decided, last)
    if isinstance(last, Postponed):
        return Entry(seen, first, "put_off", said=last)
    return Entry(seen, first, "taken_off" if last else "not_decided", said=last)


def _lines(of: Minutes, name: Callable[[int], str]) -> Iterator[str]:
    held = "" if of.at in of.board.meetings else " (does not take place)"
    yield f"Board {of.board.name}, {of.at.isoformat()}{held}"
    for number, one in enumerate(of.entries, 1):
        yield f"{number}. {name(one.seen.patient_id)}: {code_name(one.listed.question)}"
        yield f"   {_became(one)}"
    for one_left in of.left_out:
        yield f"- {name(one_left)}: listed; could not be worked out"


def _became(one: Entry) -> str:
    if one.decided is not None:
        fields = one.decided.fields
        told = "; ".join(f"{field}={_plain(fields[field])}" for field in sorted(fields))
        return f"decided ({one.decided.id}): {told}"
    if isinstance(one.said, Postponed):
        to = one.said.to.isoformat() if one.said.to else "no meeting yet"
        return f"put off to {to}: {deferral_words(one.said.code, one.said.text)}"
    return f"taken off: {one.said.reason}" if one.said else "no decision recorded"


def _plain(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict) or hasattr(value, "items"):
        return ", ".join(f"{key}: {_plain(each)}" for key, each in sorted(value.items()))
    return "unknown" if value is None else str(value)


def signatures(connection: Connection, board: str, at: datetime) -> tuple[Signature, ...]:
    """Everybody who signed the minutes of a meeting, the last one last."""
    found = ((read(one.kind, one.payload), one) for one in desk.of_site(connection))
    return tuple(
        Signature(one.recorder, one.at, entry.digest)
        for entry, one in found
        if isinstance(entry, MinutesSigned) and (entry.board, entry.meeting) == (board, at)
    )
