"""The machine as DOT text for Graphviz: states as boxes, by-the-book moves as arrows, from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Final

from pathways.diagrams.moves import MANY, Move, moves
from pathways.pathway import Pathway, State

Say = Callable[[str], str]
"""How a text is told: in which language."""

_GRAPH: Final = """\
  graph [rankdir=TB, nodesep=0.45, ranksep=0.5, pad=0.3, bgcolor="transparent"]
  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#52616f", fontcolor="#16202a",
        fontname="Arial", fontsize=13, margin="0.26,0.1", penwidth=1.2]
  edge [color="#6b7884", fontcolor="#33404c", fontname="Arial", fontsize=10.5,
        arrowsize=0.75, penwidth=1.1]"""

_LOOKS: Final = {
    "current": 'fillcolor="#1a56a8", color="#123f7c", fontcolor="#ffffff", penwidth=2.2',
    "walked": 'fillcolor="#e3f1e4", color="#2b7a33", penwidth=1.8',
    "final": 'fillcolor="#eceff1", peripheries=2',
    "": "",
}
_WALKED: Final = ', color="#2b7a33", penwidth=2.4'
_EVERYWHERE: Final = 'shape=plain, style="", fontsize=11, fontcolor="#5d6b78"'
_POINT: Final = 'shape=point, width=0.07, color="#6b7884", fillcolor="#6b7884", label="", class="together"'
_OFF: Final = 'color="#b3541e", style=dashed, penwidth=2, fontcolor="#8a3f14"'


def dot(pathway: Pathway, current: str = "", walked: Sequence[str] = (), say: Say = str) -> str:
    """The DOT text, with the states a patient went through, in order, and where the patient is; its words as
    `say` tells them.

    Steps of the way that no move leads are drawn as dashed arrows off the pathway.
    """
    way = Way.of(current, walked, say)
    found = moves(pathway)
    lines = [
        f"digraph {_quoted(pathway.id)} {{",
        _GRAPH,
        *(_state(state, way) for state in pathway.states),
        *_arrows(found, way),
        *_off_pathway(found, way),
        "}",
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Way:
    """The way a patient went: the states, the steps from one to the next, the present state; and how words
    are told.
    """

    current: str
    states: frozenset[str]
    steps: frozenset[tuple[str, str]]
    say: Say = str

    @classmethod
    def of(cls, current: str, walked: Sequence[str], say: Say = str) -> Way:
        return cls(current, frozenset(walked), frozenset(pairwise(walked)), say)

    def look(self, state: State) -> str:
        if state.id == self.current:
            return "current"
        if state.id in self.states:
            return "walked"
        return "final" if state.final else ""

    def took(self, move: Move, source: str = "") -> bool:
        """Whether the patient went this way, from this state or from any it starts in."""
        sources = (source,) if source else move.sources or self.states
        return any((one, move.target) in self.steps for one in sources)


def _state(state: State, way: Way) -> str:
    look = way.look(state)
    classes = " ".join(
        dict.fromkeys(name for name in ("state", look, "final" if state.final else "") if name)
    )
    ends = "peripheries=2" if state.final and look != "final" else ""
    title = way.say(state.title)
    given = [
        f"label={_lines([*_wrapped(title, 26), state.id])}",
        f"id={_quoted(f'state-{state.id}')}",
        f"class={_quoted(classes)}",
        f"tooltip={_quoted(title)}",
        *(part for part in (ends, _LOOKS[look]) if part),
    ]
    return f"  {_quoted(state.id)} [{', '.join(given)}]"


def _arrows(found: list[Move], way: Way) -> Iterator[str]:
    """Moves from everywhere start in one place; like moves from many states meet in a point."""
    if any(not move.sources for move in found):
        label = _quoted(way.say("from any state"))
        yield f'  "everywhere" [label={label}, class="everywhere", {_EVERYWHERE}]'
    points: dict[tuple[str, ...], str] = {}
    for number, move in enumerate(found):
        if not move.sources:
            yield _edge(
                "everywhere", move.target, f"any-{move.target}-{number}", _label(move, way), way.took(move)
            )
        elif len(move.sources) < MANY:
            for source in move.sources:
                id = f"{source}-{move.target}-{number}"
                yield _edge(source, move.target, id, _label(move, way), way.took(move, source))
        else:
            if move.sources not in points:
                points[move.sources] = f"together-{len(points)}"
                alike = [other for other in found if other.sources == move.sources]
                yield from _gathered(points[move.sources], alike, way)
            point = points[move.sources]
            yield _edge(
                point, move.target, f"{point}-{move.target}-{number}", _label(move, way), way.took(move)
            )


def _gathered(point: str, alike: list[Move], way: Way) -> Iterator[str]:
    """A point and the arrows that lead to it."""
    yield f"  {_quoted(point)} [{_POINT}]"
    told = "; or ".join(way.say(move.told) for move in alike)
    for source in alike[0].sources:
        taken = any(way.took(move, source) for move in alike)
        yield _edge(source, point, f"{source}-{point}", f"arrowhead=none, tooltip={_quoted(told)}", taken)


def _label(move: Move, way: Way) -> str:
    proviso = _wrapped(f"[{way.say(move.proviso)}]", 32) if move.proviso else []
    lines = [f" {line} " for line in [*_wrapped(way.say(move.trigger), 28), *proviso]]
    told = _quoted(way.say(move.told))
    return f"label={_lines(lines)}, tooltip={told}, labeltooltip={told}"


def _edge(source: str, target: str, id: str, looks: str, taken: bool) -> str:
    given = f"id={_quoted(f'move-{id}')}, class={_quoted('move walked' if taken else 'move')}"
    return f"  {_quoted(source)} -> {_quoted(target)} [{given}, {looks}{_WALKED if taken else ''}]"


def _off_pathway(found: list[Move], way: Way) -> Iterator[str]:
    by_the_book = {(source, move.target) for move in found for source in move.sources}
    anywhere = {move.target for move in found if not move.sources}
    for source, target in sorted(way.steps - by_the_book):
        if target not in anywhere and source != target:
            given = f'id={_quoted(f"off-{source}-{target}")}, class="move off-pathway"'
            label = _quoted(f" {way.say('off the pathway')} ")
            yield f"  {_quoted(source)} -> {_quoted(target)} [{given}, label={label}, {_OFF}]"


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of about equal length, as few as `width` allows."""
    lines = wrap(text, width)
    longest = max((len(word) for word in text.replace("-", "- ").split()), default=0)
    while width > longest and len(narrower := wrap(text, width - 1)) == len(lines):
        lines, width = narrower, width - 1
    return lines


def _lines(lines: Sequence[str]) -> str:
    return _quoted("\n".join(lines))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
