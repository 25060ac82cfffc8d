"""Whether what a board needs to know about a patient is there, and what is missing.

By default these are the data on which the conditions rest that lead to the board or that its decision opens
(`coordination.board_graph`); a site may ask for more, or not ask for some of it. What is unknown is never
ready. What is known and speaks against the treatment is there, for the board to decide upon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from coordination.board_graph import BoardStep, Need, subjects, waits
from coordination.entries import BoardItem
from engine.event import Event
from engine.snapshot import ClauseVerdict, GuardVerdict, Snapshot
from pathways.pathway import Clause
from pathways.vocabulary import load_vocabulary

FACTS: Final = "facts"
"""The kind of data that no entry carries."""

_LIFTED: Final = frozenset({"not_applicable", "replaced"})
_UNKNOWN: Final = frozenset({None, "unknown", "not_stated"})

Standing = Literal["ready", "ask", "missing"]
"""There; somebody has to say what it is; it has not been done or recorded."""


@dataclass(frozen=True, slots=True)
class Datum:
    """One of the data. `unknown` are names as verdicts have them, `absent` types of entries of which there is
    none; `against` are the conditions that are known not to be met. `by_site`: the site asks for it.
    """

    id: str
    title: str
    standing: Standing
    statements: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    by_site: bool = False

    @property
    def ready(self) -> bool:
        return self.standing == "ready"


@dataclass(frozen=True, slots=True)
class Readiness:
    """All the data that a question needs of a patient, in the order of the pathway, the site's own last."""

    data: tuple[Datum, ...]

    @property
    def missing(self) -> tuple[Datum, ...]:
        return tuple(one for one in self.data if not one.ready)

    @property
    def whole(self) -> bool:
        return not self.missing

    @property
    def words(self) -> str:
        """`6 of 7 ready`."""
        if not self.data:
            return "nothing is asked for"
        return f"{len(self.data) - len(self.missing)} of {len(self.data)} ready"


def readiness(
    asked: BoardStep | None,
    question: str,
    pathways: Sequence[Snapshot],
    events: Iterable[Event],
    facts: Mapping[str, object],
    items: Mapping[tuple[str, str], BoardItem],
) -> Readiness:
    """The data of one patient for one question; `asked` is the step of a pathway that asks it, if any."""
    there = list(events)
    own = {name: one for (name, of), one in items.items() if of in ("", question)}
    own.update({name: one for (name, of), one in items.items() if of == question})
    part = next((one for one in pathways if asked and one.key == asked.pathway), None)
    found = _of_pathway(asked, part, {one.type for one in there}) if asked and part else ()
    data = [one for one in found if one.id not in own]
    data += [_of_site(one, there, facts) for one in own.values() if one.wanted]
    return Readiness(tuple(data))


def _of_pathway(asked: BoardStep, part: Snapshot, types: frozenset[str] | set[str]) -> Iterator[Datum]:
    for need in asked.needs:
        verdict = part.guards[need.guard.id]
        if verdict.result not in _LIFTED:
            yield _datum(need, verdict, types)


def _datum(need: Need, verdict: GuardVerdict, types: Iterable[str]) -> Datum:
    unknown: dict[str, None] = {}
    absent: dict[str, None] = {}
    unmet: list[str] = []
    against: list[str] = []
    for said, clause in zip(verdict.clauses, need.guard.clauses, strict=True):
        if said.result == "pass" or clause.force == "info" or verdict.result == "overruled":
            continue
        if said.result == "unknown":
            unknown.update(dict.fromkeys(said.missing or (said.text,)))
        elif waits(clause.test):
            continue  # the board itself can meet it
        elif lacking := _absent(said, clause, types):
            absent.update(dict.fromkeys(lacking))
        else:
            (unmet if need.met else against).append(said.text)
    standing: Standing = "missing" if absent or unmet else "ask" if unknown else "ready"
    return Datum(
        need.guard.id,
        need.guard.title,
        standing,
        verdict.statements,
        tuple(unknown),
        tuple(absent),
        tuple(unmet),
        tuple(against),
    )


def _absent(said: ClauseVerdict, clause: Clause, types: Iterable[str]) -> tuple[str, ...]:
    """The types of entries that a condition asks about, where there is none of any of them."""
    asked = subjects(clause.test)
    return tuple(sorted(asked)) if asked and asked.isdisjoint(types) and not said.because else ()


def _of_site(item: BoardItem, events: Sequence[Event], facts: Mapping[str, object]) -> Datum:
    if item.needs in load_vocabulary().events:
        there = any(one.type == item.needs for one in events)
        absent = () if there else (item.needs,)
        standing: Standing = "ready" if there else "missing"
        return Datum(item.name, item.title, standing, absent=absent, by_site=True)
    known = facts.get(item.needs) not in _UNKNOWN
    unknown = () if known else (item.needs,)
    return Datum(item.name, item.title, "ready" if known else "ask", unknown=unknown, by_site=True)


def kinds(one: Datum, events: Mapping[str, Event]) -> tuple[str, ...]:
    """The kinds of data of which something is missing: types of entries, or what no entry carries."""
    named = (name.partition(".") for name in one.unknown)
    of_names = (events[event].type if event in events else FACTS for event, _, _ in named)
    return tuple(dict.fromkeys((*one.absent, *of_names)))
