"""Putting a patient on the list of a meeting: what speaks against it, and what would be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from coordination.boards import Seen
from coordination.entries import Board
from coordination.fitting import Unfit
from coordination.meetings import Meeting, next_open
from coordination.patient_desk import Listing
from coordination.site_desk import SiteDesk
from pathways.texts.wording import code_name


@dataclass(frozen=True, slots=True)
class Allowing:
    """What somebody allows expressly: to be added after the list was closed, or beyond the places."""

    late: bool = False
    over: bool = False
    reason: str = ""


def check_patient(seen: Seen) -> None:
    """Raises Unfit for a patient who comes before no board."""
    if seen.excluded:
        raise Unfit([f"nobody can be put on the list of a board now: {seen.excluded}"])


def question_for(seen: Seen, board: Board, given: str, allowing: Allowing) -> str:
    """The question to be listed: the one given, or the only one that the pathways ask this board.

    Raises Unfit.
    """
    asked = list(dict.fromkeys(one.question for one in seen.asked if board.takes(one.question)))
    there = f"the pathways ask: {', '.join(asked)}" if asked else "the pathways ask no board anything"
    if not given:
        if len(asked) != 1:
            raise Unfit([f"which question? {there}; --question says it"])
        return asked[0]
    if not board.takes(given):
        raise Unfit([f"{board.name} takes {', '.join(board.questions)}, not {given}"])
    if given not in asked and not allowing.reason:
        raise Unfit(
            [f"{code_name(given)}: {there}; --reason TEXT says why it is put on the list all the same"]
        )
    return given


def check_meeting(
    site: SiteDesk, chosen: Meeting, ahead: Sequence[Meeting], allowing: Allowing, now: datetime, today: date
) -> None:
    """Raises Unfit for a meeting whose list is closed or full, unless that is allowed with a reason; it names
    the next one that is right.
    """
    if faults := list(_faults(site, chosen, ahead, allowing, now, today)):
        raise Unfit(faults)


def _faults(
    site: SiteDesk, chosen: Meeting, ahead: Sequence[Meeting], allowing: Allowing, now: datetime, today: date
) -> Iterator[str]:
    if chosen.at <= now:
        yield f"the meeting of {chosen.day} has begun or is over"
        return
    better = _better(site, next_open(ahead, now, today))
    if chosen.closed(now, today) and not allowing.late:
        yield f"the list of {chosen.day} was closed after {chosen.closes}{better}, or --late adds to this one"
    if chosen.full and not allowing.over:
        yield (
            f"all {chosen.board.capacity} places of {chosen.day} are taken{better}, "
            "or --over adds beyond the places"
        )
    if (allowing.late or allowing.over) and not allowing.reason:
        yield "--late and --over need --reason TEXT, which is kept"


def _better(site: SiteDesk, one: Meeting | None) -> str:
    if one is None:
        return "; no later meeting has room: `carepath desk board NAME --meeting DATE` adds one"
    at = one.at.astimezone(site.site.time_zone)
    places = "" if one.left is None else f", {one.left} places left"
    return f"; the next one with room is {at:%Y-%m-%d %H:%M} (--meeting {at:%Y-%m-%d}{places})"


def standing_at(seen: Seen, board: str, question: str) -> Listing:
    """What is listed of a patient for a board, of the question where one is given. Raises Unfit."""
    found = {key[1]: one for key, one in seen.said.listings.items() if key[0] == board}
    if question in found:
        return found[question]
    if not question and len(found) == 1:
        return next(iter(found.values()))
    there = ", ".join(found) or "nothing"
    told = f"--question {question}: " if question else "which question? " if found else ""
    raise Unfit([f"{told}on the lists of {board} there is: {there}"])
