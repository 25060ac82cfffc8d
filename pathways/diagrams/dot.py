"""The machine as DOT text for Graphviz: states as boxes, by-the-book moves as arrows, from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Final

from pathways.diagrams.moves import MANY, Move, moves
from pathways.pathway import Pathway, State

_GRAPH: Final = """\
  graph [rankdir=TB, nodesep=0.35, ranksep=0.55, fontname="Arial", bgcolor="transparent"]
  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#52616f", fontcolor="#16202a",
        fontname="Arial", fontsize=13, margin="0.16,0.09", penwidth=1.2]
  edge [color="#6b7884", fontcolor="#33404c", fontname="Arial", fontsize=10.5,
        arrowsize=0.75, penwidth=1.1]"""

_LOOKS: Final = {
    "current": 'fillcolor="#1a56a8", color="#123f7c", fontcolor="#ffffff", penwidth=2.2',
    "walked": 'fillcolor="#e3f1e4", color="#2b7a33", penwidth=1.8',
    "final": 'fillcolor="#eceff1", peripheries=2',
    "": "",
}
_WALKED: Final = 'color="#2b7a33", penwidth=2.4'
_OFF: Final = 'color="#b3541e", style=dashed, penwidth=2, fontcolor="#8a3f14"'


def dot(pathway: Pathway, current: str = "", walked: Sequence[str] = ()) -> str:
    """The DOT text. `walked` are the states a patient went through, in order, `current` is where the patient is.

    Steps of the way that no move leads are drawn as dashed arrows off the pathway.
    """
    steps = set(zip(walked, walked[1:], strict=False))
    found = moves(pathway)
    lines = [
        f"digraph {_quoted(pathway.id)} {{",
        _GRAPH,
        *(_state(state, _look(state, current, walked)) for state in pathway.states),
        *(line for n, move in enumerate(found) for line in _move(n, move, steps)),
        *_off_pathway(found, steps),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _look(state: State, current: str, walked: Sequence[str]) -> str:
    if state.id == current:
        return "current"
    if state.id in walked:
        return "walked"
    return "final" if state.final else ""


def _state(state: State, look: str) -> str:
    classes = " ".join(name for name in ("state", look, "final" if state.final else "") if name)
    title = "<br/>".join(escape(line) for line in wrap(state.title, 26))
    colour = "#dbe7f7" if look == "current" else "#5d6b78"
    label = f'<{title}<br/><font point-size="9.5" color="{colour}">{escape(state.id)}</font>>'
    ends = _LOOKS["final"] if state.final and look else ""
    looks = ", ".join(part for part in (ends, _LOOKS[look]) if part)
    given = f"id={_quoted(f'state-{state.id}')}, class={_quoted(classes)}, tooltip={_quoted(state.title)}"
    return f"  {_quoted(state.id)} [label={label}, {given}{', ' if looks else ''}{looks}]"


def _move(number: int, move: Move, steps: set[tuple[str, str]]) -> Iterator[str]:
    if not move.sources:
        yield from _from_everywhere(number, move)
    elif len(move.sources) >= MANY:
        yield from _together(number, move, steps)
    else:
        for source in move.sources:
            taken = (source, move.target) in steps
            yield _edge(source, move.target, f"move-{source}-{move.target}-{number}", _label(move), taken)


def _from_everywhere(number: int, move: Move) -> Iterator[str]:
    start = f"from-everywhere-{number}"
    style = 'shape=plain, style="", fontsize=11, fontcolor="#5d6b78"'
    yield f"  {_quoted(start)} [label=\"from any state\", {style}, class=\"everywhere\"]"
    yield _edge(start, move.target, f"move-any-{move.target}-{number}", _label(move), False)


def _together(number: int, move: Move, steps: set[tuple[str, str]]) -> Iterator[str]:
    """Arrows from many states that meet in a point, from which one goes on."""
    point = f"together-{number}"
    yield f'  {_quoted(point)} [shape=point, width=0.07, color="#6b7884", fillcolor="#6b7884", label=""]'
    for source in move.sources:
        taken = (source, move.target) in steps
        yield _edge(source, point, f"move-{source}-{move.target}-{number}", "arrowhead=none", taken, move.told)
    taken = any((source, move.target) in steps for source in move.sources)
    yield _edge(point, move.target, f"move-together-{move.target}-{number}", _label(move), taken)


def _label(move: Move) -> str:
    lines = [escape(line) for line in wrap(move.trigger, 28)]
    lines += [f"<i>{escape(line)}</i>" for line in wrap(move.proviso, 30)]
    return f"label=<{'<br/>'.join(lines)}>, tooltip={_quoted(move.told)}, labeltooltip={_quoted(move.told)}"


def _edge(source: str, target: str, id: str, looks: str, taken: bool, told: str = "") -> str:
    classes = "move walked" if taken else "move"
    more = [f"tooltip={_quoted(told)}"] if told else []
    more += [_WALKED] if taken else []
    given = ", ".join([f"id={_quoted(id)}, class={_quoted(classes)}", looks, *more])
    return f"  {_quoted(source)} -> {_quoted(target)} [{given}]"


def _off_pathway(found: list[Move], steps: set[tuple[str, str]]) -> Iterator[str]:
    by_the_book = {(source, move.target) for move in found for source in move.sources}
    anywhere = {move.target for move in found if not move.sources}
    for source, target in sorted(steps - by_the_book):
        if target not in anywhere and source != target:
            given = f'id={_quoted(f"off-{source}-{target}")}, class="move off-pathway"'
            yield f'  {_quoted(source)} -> {_quoted(target)} [{given}, label="off the pathway", {_OFF}]'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
