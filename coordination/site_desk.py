"""Who works at this site and how, folded from everything said about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Connection

from coordination.entries import (
    Absence,
    Board,
    BoardItem,
    CalendarAddress,
    Entry,
    Ladder,
    Person,
    Phrase,
    Provider,
    Site,
    Step,
    Team,
    read,
)
from store import desk
from store.desk import Said

USUAL = (
    Step(rung="opening"),
    Step(rung="due"),
    Step(rung="overdue", answer_days=3),
    Step(rung="escalated", to=("lead", "clinician"), answer_days=3),
    Step(rung="escalated_again", days=7, to=("lead",)),
)
"""Where a site says nothing: the project's own choice, no guideline prints one."""

BOARD_ITEM = "board:"
"""Begins the name of what a board still needs to know (`coordination.board_duties`)."""

FOR_BOARDS = (
    Step(rung="opening", to=("clinician",)),
    Step(rung="before_due", days=1, to=("clinician",)),
    Step(rung="due", to=("clinician",)),
    Step(rung="overdue", to=("clinician", "owner"), answer_days=3),
)
"""Of that: `clinician` stands for whoever can provide it. A site's ladders are for what pathways ask for."""


@dataclass(frozen=True, slots=True)
class SiteDesk:
    """What stands at the site: people, teams and boards by name, absences, ladders, how it works."""

    site: Site = field(default_factory=Site)
    people: Mapping[str, Person] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    ladders: Mapping[tuple[str, str], tuple[Step, ...]] = field(default_factory=dict)
    boards: Mapping[str, Board] = field(default_factory=dict)
    board_items: Mapping[tuple[str, str], BoardItem] = field(default_factory=dict)
    """By name and question: what this site wants known before a board, or does not."""
    providers: Mapping[str, str] = field(default_factory=dict)
    """Who can provide a kind of data for boards."""
    phrases: Mapping[str, str] = field(default_factory=dict)
    calendar_addresses: Mapping[str, str] = field(default_factory=dict)
    """By the name of a person, a team or a board: the hash of the secret address of the calendar."""
    left: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """When somebody last left a team, by its name and theirs; by theirs twice: when they last left."""

    @classmethod
    def read(cls, connection: Connection, by: datetime | None = None) -> SiteDesk:
        """What stands now, or stood after what was said by a moment."""
        return cls.of(desk.of_site(connection), by)

    @classmethod
    def of(cls, entries: Iterable[Said], by: datetime | None = None) -> SiteDesk:
        """What stands after these entries, or after those said by a moment."""
        said = [(read(one.kind, one.payload), one.at) for one in entries if by is None or one.at <= by]
        found = [entry for entry, _ in said]
        away = {(one.person, one.first): one for one in found if isinstance(one, Absence)}
        sites = [one for one in found if isinstance(one, Site)]
        ladders = {(one.pathway, one.item): one.steps for one in found if isinstance(one, Ladder)}
        return cls(
            site=sites[-1] if sites else Site(),
            people=_by_name(found, Person),
            teams=_by_name(found, Team),
            absences=tuple(one for one in away.values() if one.first <= one.last),
            ladders={key: steps for key, steps in ladders.items() if steps is not None},
            boards=_by_name(found, Board),
            board_items={(one.name, one.question): one for one in found if isinstance(one, BoardItem)},
            providers={name: one.by for name, one in _by_name(found, Provider).items() if one.by},
            calendar_addresses={
                name: one.secret for name, one in _by_name(found, CalendarAddress).items() if one.secret
            },
            left=_left(said),
            phrases={name: one.text for name, one in _by_name(found, Phrase).items() if one.text},
        )

    def ladder(self, pathway: str, item: str) -> tuple[Step, ...]:
        """The rungs of a due item: its own, else those of its pathway, of the site, the usual ones."""
        if item.startswith(BOARD_ITEM):
            return FOR_BOARDS
        key = self.ladder_key(pathway, item)
        return self.ladders[key] if key is not None else USUAL

    def ladder_key(self, pathway: str, item: str) -> tuple[str, str] | None:
        """The pathway and the item for which the rungs of a due item are said; None: the usual ones hold."""
        keys = ((pathway, item), (pathway, ""), ("", item), ("", ""))
        return next((key for key in keys if key in self.ladders), None)

    def absence(self, person: str, day: date) -> Absence | None:
        """The absence of a person on a day."""
        away = (one for one in self.absences if one.person == person and one.first <= day <= one.last)
        return next(away, None)


def _left(said: Iterable[tuple[Entry, datetime]]) -> dict[tuple[str, str], datetime]:
    """When people were last taken out of a team, or left: a person is a team of one."""
    there: dict[str, set[str]] = {}
    left: dict[tuple[str, str], datetime] = {}
    for one, at in said:
        if isinstance(one, (Person, Team)):
            members = {one.name} if isinstance(one, Person) else set(one.members)
            now = members if one.active else set()
            left.update({(one.name, name): at for name in there.get(one.name, set()) - now})
            there[one.name] = now
    return left


_Named = TypeVar("_Named", Person, Team, Board, CalendarAddress, Phrase, Provider)


def _by_name(entries: Iterable[Entry], kind: type[_Named]) -> dict[str, _Named]:
    return {one.name: one for one in entries if isinstance(one, kind)}
