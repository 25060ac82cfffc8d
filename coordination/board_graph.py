"""What a pathway itself says about boards: where it asks for one, on which question, and what that rests on.

Read from the graph of any pathway; no state, step or condition is named here. A step that is taken by a board
asks the question whose code its id ends with (`board_mdt`: mdt; docs/writing-a-pathway.md); one that is
offered to everybody at any time asks for none. A condition that only a board can meet asks for one as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pathways.graph import Node, walk
from pathways.pathway import Guard, Pathway, Step
from pathways.vocabulary import load_vocabulary

BOARD: Final = "board_held"
"""The type of the entry that says a board was held."""

ANY_QUESTION: Final = "other"
"""The code of a question that the pathway does not name."""

_BY_THE_WAY: Final = frozenset({"where", "after", "before", "since", "until", "chain", "seen", "hindsight"})
"""Operators of which only the first argument is what is asked about; the others say which, or when."""


@dataclass(frozen=True, slots=True)
class Need:
    """A condition on whose data a decision rests. `met`: the pathway leads to the board only where it is met;
    the others the board decides upon, so that they only have to be known.
    """

    guard: Guard
    met: bool


@dataclass(frozen=True, slots=True)
class BoardStep:
    """A step that a board takes, or that waits for one: then `waits_for` is the condition, and no more."""

    pathway: str
    step: Step
    question: str
    needs: tuple[Need, ...]
    waits_for: Guard | None = None

    @property
    def statements(self) -> tuple[str, ...]:
        """What it rests on."""
        return self.waits_for.statements if self.waits_for else self.step.statements

    @property
    def title(self) -> str:
        """What is asked of the board, in the pathway's words."""
        return self.waits_for.title if self.waits_for else self.step.title


@dataclass(frozen=True, slots=True)
class Boards:
    """Everything a pathway says about boards.

    `carried_out` names, for each state in which a decision waits to be carried out, the steps that do it;
    `may_follow` the same of states to which findings lead as well.
    """

    steps: tuple[BoardStep, ...]
    carried_out: dict[str, tuple[str, ...]]
    may_follow: dict[str, tuple[str, ...]]


def boards(pathway: Pathway) -> Boards:
    """What this pathway says, worked out once."""
    found = _worked_out.get(id(pathway))
    if found is None:
        found = _worked_out[id(pathway)] = (pathway, _boards(pathway))
    return found[1]


def carries_out(key: str, state: str) -> tuple[str, ...]:
    """The steps that carry out a board's decision in a state of a pathway that ships."""
    from pathways.library import all_pathways

    found = (boards(one).carried_out.get(state, ()) for one in all_pathways() if one.key == key)
    return next(found, ())


def decided_states() -> tuple[str, ...]:
    """The states of the main pathway in which a board's decision waits to be carried out."""
    from pathways.library import main_pathway

    return tuple(boards(main_pathway()).carried_out)


_worked_out: dict[int, tuple[Pathway, Boards]] = {}
"""By identity, as hashing takes longer than reading; each is held, so that none takes its place."""


def _boards(pathway: Pathway) -> Boards:
    taken = tuple(
        BoardStep(pathway.key, step, question_of(step), tuple(_needs(pathway, step)))
        for step in pathway.steps
        if asks(step)
    )
    waiting = tuple(_waiting(pathway))
    after = _carried_out(pathway)
    found = {one.target for one in pathway.transitions if _finds(one.event)}
    surely = {state: steps for state, steps in after.items() if state not in found}
    return Boards((*taken, *waiting), surely, {state: after[state] for state in after if state in found})


def asks(step: Step) -> bool:
    """Whether a step is taken by a board and offered only where the pathway asks for one."""
    return BOARD in step.taken_by and all(one.states or one.when is not None for one in step.offers)


def question_of(step: Step) -> str:
    """The code of the question with which the id of a step ends; that of any question where none does."""
    codes = load_vocabulary().code_lists["board_question"]
    return next((code for code in codes if step.id.endswith(f"_{code}")), ANY_QUESTION)


def _waiting(pathway: Pathway) -> Iterator[BoardStep]:
    """The conditions of steps that a board can meet, and on which question where they say so."""
    guards = {one.id: one for one in pathway.guards}
    for step in pathway.steps:
        for guard in (guards[id] for id in step.guards):
            if guard.force == "hard" and any(only_a_board(one.test) for one in guard.clauses):
                needs = tuple(Need(guards[id], False) for id in step.guards if not _brought(guards[id]))
                yield BoardStep(pathway.key, step, _question(guard), needs, guard)


def waits(test: Node) -> bool:
    """Whether a board can make a condition come true."""
    return BOARD in subjects(test)


def only_a_board(test: Node) -> bool:
    """Whether nothing that somebody decides or does makes a condition come true but a board."""
    others = subjects(test) - {BOARD}
    return waits(test) and all(_finds(one) for one in others)


def _question(guard: Guard) -> str:
    """The first question of boards that a condition speaks of."""
    return next(iter(_questions(guard)), ANY_QUESTION)


def _questions(guard: Guard) -> Iterator[str]:
    """Those that a condition says of the boards it asks about."""
    for node in walk(*(one.test for one in guard.clauses)):
        if node.op in ("where", "any", "all") and subjects(node.args[0]) == {BOARD}:
            yield from _said(node.args[1])


def _said(test: Node) -> Iterator[str]:
    """The questions that a board is to have had, as a test of one board says."""
    if test.op in ("and", "or", "sure", "named"):
        for one in test.args:
            yield from _said(one)
    elif test.op == "one_of" and test.args[0].op == "field" and test.args[0].param("name") == "question":
        codes = test.param("codes")
        yield from map(str, codes if isinstance(codes, tuple) else ())


def _needs(pathway: Pathway, step: Step) -> Iterator[Need]:
    """The conditions that lead to a board, and those of what its decision opens.

    Not what the board's own decision has to meet, nor what the board or a later step brings itself, nor what
    only informs.
    """
    here = _states(step)
    moves = pathway.transitions
    own = {g for one in moves if one.source in here and one.event == BOARD for g in one.guards}
    before = [g for one in moves if one.target in here and one.event != BOARD for g in one.guards]
    before += step.guards
    after = _after(pathway, here)
    events = {one.event for one in moves if one.source in after and not _finds(one.event)} - {BOARD}
    opened = [
        g for one in pathway.steps if _states(one) & after and {*one.taken_by} & events for g in one.guards
    ]
    guards = {one.id: one for one in pathway.guards}
    for id in dict.fromkeys((*before, *opened)):
        guard = guards[id]
        if id not in own and not _brought(guard, events):
            yield Need(guard, id in before and guard.force == "hard")


def _brought(guard: Guard, events: Collection[str] = ()) -> bool:
    """Whether a condition only informs, or a board, or what comes after it, can bring all it asks for."""
    counting = [one.test for one in guard.clauses if one.force != "info"]
    asked = subjects(*counting)
    return guard.force == "info" or all(map(waits, counting)) or bool(asked and asked <= {*events})


def _states(step: Step) -> frozenset[str]:
    return frozenset(state for one in step.offers for state in one.states)


def _after(pathway: Pathway, here: Collection[str]) -> frozenset[str]:
    """The states to which a board leads from these, and those in which its decision still waits."""
    moves = pathway.transitions
    found = {one.target for one in moves if one.source in here and one.event == BOARD} - {*here}
    while more := {one.target for one in moves if one.source in found and _waits_on(one.event)} - found:
        found |= more
    return frozenset(found)


def _carried_out(pathway: Pathway) -> dict[str, tuple[str, ...]]:
    """By state: the steps that carry out what a board decided, from its decision to the first treatment."""
    moves = pathway.transitions
    here = {one.source for one in moves if one.event == BOARD}
    waiting = _after(pathway, here) | {one.target for one in moves if one.event == BOARD}
    found = {}
    for state in sorted(waiting):
        out = [one for one in moves if one.source == state]
        events = {one.event for one in out if not _finds(one.event)} - {BOARD}
        steps = [one.id for one in pathway.steps if state in _states(one) and {*one.taken_by} & events]
        if steps and not any(one.event == BOARD for one in out):
            found[state] = tuple(steps)
    return found


def _finds(event: str) -> bool:
    """Whether a type of entry tells of the patient what nobody decided: what overtakes a decision."""
    return load_vocabulary().events[event].order_class in ("finding", "administrative")


def _waits_on(event: str) -> bool:
    """Whether after this type of entry a decision still waits to be carried out."""
    return event != BOARD and load_vocabulary().events[event].order_class == "decision"


def subjects(*tests: Node) -> frozenset[str]:
    """The types of entries that conditions ask about, without those that only say which ones, or when."""
    found: set[str] = set()
    for test in tests:
        found |= _subjects(test)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _subjects(test: Node) -> frozenset[str]:
    if test.op == "events":
        types = dict(test.params)["types"]
        return frozenset(map(str, types)) if isinstance(types, tuple) else frozenset()
    by_the_way = test.op in _BY_THE_WAY or (test.op in ("any", "all") and test.args[0].type == "events")
    asked: Iterable[Node] = test.args[:1] if by_the_way else test.args
    return frozenset[str]().union(*(_subjects(one) for one in asked))
