"""What a board says as it is held: who takes part, which lesions there are, what it may set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coordination.board_graph import BoardStep
from engine.event import Event
from engine.replay import Enrolment
from engine.snapshot import GuardVerdict, Snapshot
from pathways.guidelines.catalogue import load_catalogue
from pathways.outcomes import can_be

DISCIPLINES: Final = "mdtbc-board-disciplines"
"""The statement that names who has to take part."""


@dataclass(frozen=True, slots=True)
class Quorum:
    """The disciplines that the statement asks for, and those of them that took part or wrote.

    It is soft: a board without one of them is held all the same, and that shows.
    """

    statement: str
    asked: tuple[str, ...]
    there: tuple[str, ...]

    @property
    def met(self) -> bool:
        return len(self.there) == len(self.asked)


def quorum(disciplines: Collection[str]) -> Quorum:
    """Who of those that the statement names is among these; who wrote counts as there."""
    (named,) = (one for one in load_catalogue().statements[DISCIPLINES].parameters if one.op == "all")
    asked = tuple(map(str, named.value if isinstance(named.value, tuple) else (named.value,)))
    return Quorum(DISCIPLINES, asked, tuple(one for one in asked if one in disciplines))


def lesions(events: Iterable[Event]) -> tuple[Event | None, tuple[Mapping[str, object], ...]]:
    """The last imaging that lists lesions, and what it says of each that has a name."""
    for event in sorted(events, key=lambda one: one.day, reverse=True):
        listed = event.fields.get("lesions")
        if event.type == "imaging_done" and isinstance(listed, (tuple, list)) and listed:
            found = tuple(one for one in listed if isinstance(one, Mapping) and one.get("id"))
            return event, found
    return None, ()


@dataclass(frozen=True, slots=True)
class MayOverrule:
    """A condition that a board may set aside, with what it says today. `asked`: what is asked rests on it."""

    id: str
    title: str
    verdict: GuardVerdict
    asked: bool

    @property
    def holds_back(self) -> bool:
        """Whether it stands in the way of what is asked, or is not known."""
        return self.asked and self.verdict.result in ("fail", "unknown")


def may_overrule(
    enrolled: Sequence[Enrolment], parts: Sequence[Snapshot], asked: BoardStep | None
) -> tuple[MayOverrule, ...]:
    """The conditions that the pathways let a board set aside; those in the way of what is asked first."""
    needs = {one.guard.id for one in asked.needs} if asked else set()
    found = [
        MayOverrule(guard.id, guard.title, part.guards[guard.id], guard.id in needs)
        for enrolment, part in zip(enrolled, parts, strict=True)
        for guard in enrolment.pathway.guards
        if can_be(guard, "overruled") and guard.id in part.guards
    ]
    applies = [one for one in found if one.verdict.result != "not_applicable"]
    return tuple(sorted(applies, key=lambda one: not one.holds_back))
