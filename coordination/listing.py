"""Putting a patient on the list of a meeting: what speaks against it, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from coordination.boards import Seen
from coordination.entries import Board
from coordination.fitting import Unfit
from coordination.meetings import Meeting, next_open
from coordination.patient_desk import Listing
from coordination.site_desk import SiteDesk
from pathways.texts.wording import code_name


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What speaks against it, at what was said of `about`: `text` with its `values`, what would be right with
    it; `option` is what a command adds.
    """

    about: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    option: str = ""

    @property
    def told(self) -> str:
        return self.text.format(**self.values)


class NotListed(Unfit):
    """A patient cannot be put on a list so."""

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__(f"{one.told}{one.option}" for one in self.obstacles)


@dataclass(frozen=True, slots=True)
class Allowing:
    """What somebody allows expressly: to be added after the list was closed, or beyond the places."""

    late: bool = False
    over: bool = False
    reason: str = ""


def check_patient(seen: Seen) -> None:
    """Raises NotListed for a patient who comes before no board."""
    if seen.excluded:
        told = "nobody can be put on the list of a board now: {why}"
        raise NotListed([Obstacle("question", told, {"why": seen.excluded})])


def question_for(seen: Seen, board: Board, given: str, allowing: Allowing) -> str:
    """The question to be listed: the one given, or the only one that the pathways ask this board.

    Raises NotListed.
    """
    asked = list(dict.fromkeys(one.question for one in seen.asked if board.takes(one.question)))
    there = f"the pathways ask: {', '.join(asked)}" if asked else "the pathways ask no board anything"
    if not given:
        if len(asked) != 1:
            told = "which question? {there}"
            raise NotListed([Obstacle("question", told, {"there": there}, "; --question says it")])
        return asked[0]
    if not board.takes(given):
        values = {"board": board.name, "questions": ", ".join(board.questions), "given": given}
        raise NotListed([Obstacle("question", "{board} takes {questions}, not {given}", values)])
    if given not in asked and not allowing.reason:
        values = {"question": code_name(given), "there": there}
        option = "; --reason TEXT says why it is put on the list all the same"
        raise NotListed([Obstacle("reason", "{question}: {there}", values, option)])
    return given


def check_meeting(
    site: SiteDesk, chosen: Meeting, ahead: Sequence[Meeting], allowing: Allowing, now: datetime, today: date
) -> None:
    """Raises NotListed for a meeting whose list is closed or full, unless that is allowed with a reason; it
    names the next one that is right.
    """
    if found := list(_obstacles(site, chosen, ahead, allowing, now, today)):
        raise NotListed(found)


def _obstacles(
    site: SiteDesk, chosen: Meeting, ahead: Sequence[Meeting], allowing: Allowing, now: datetime, today: date
) -> Iterator[Obstacle]:
    if chosen.at <= now:
        yield Obstacle("meeting", "the meeting of {day} has begun or is over", {"day": chosen.day})
        return
    better, option = _better(site, next_open(ahead, now, today))
    if chosen.closed(now, today) and not allowing.late:
        told = "the list of {day} was closed after {closes}{better}"
        values = {"day": chosen.day, "closes": chosen.closes, "better": better}
        yield Obstacle("late", told, values, f"{option}, or --late adds to this one")
    if chosen.full and not allowing.over:
        told = "all {places} places of {day} are taken{better}"
        values = {"places": chosen.board.capacity, "day": chosen.day, "better": better}
        yield Obstacle("over", told, values, f"{option}, or --over adds beyond the places")
    if (allowing.late or allowing.over) and not allowing.reason:
        told = "what is added late or beyond the places needs a reason, which is kept"
        yield Obstacle("reason", told, option=" (--reason TEXT)")


def _better(site: SiteDesk, one: Meeting | None) -> tuple[str, str]:
    if one is None:
        return "; no later meeting has room", ": `carepath desk board NAME --meeting DATE` adds one"
    at = one.at.astimezone(site.site.time_zone)
    places = "" if one.left is None else f", {one.left} places left"
    return f"; the next one with room is {at:%Y-%m-%d %H:%M}", f" (--meeting {at:%Y-%m-%d}{places})"


def standing_at(seen: Seen, board: str, question: str) -> Listing:
    """What is listed of a patient for a board, of the question where one is given. Raises NotListed."""
    found = {key[1]: one for key, one in seen.said.listings.items() if key[0] == board}
    if question in found:
        return found[question]
    if not question and len(found) == 1:
        return next(iter(found.values()))
    there = ", ".join(found) or "nothing"
    option = f"--question {question}: " if question else "which question? " if found else ""
    told = f"{option}on the lists of {{board}} there is: {{there}}"
    raise NotListed([Obstacle("question", told, {"board": board, "there": there})])
