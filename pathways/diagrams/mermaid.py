"""The machine as Mermaid text, for documents that draw it themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pathways.diagrams.dot import Way
from pathways.diagrams.moves import MANY, Move, moves
from pathways.pathway import Pathway, State

_CLASSES: Final = """\
  classDef current fill:#1a56a8,stroke:#123f7c,color:#ffffff
  classDef walked fill:#e3f1e4,stroke:#2b7a33
  classDef final fill:#eceff1"""


def flowchart(pathway: Pathway, current: str = "", walked: Sequence[str] = ()) -> str:
    """A flowchart from top to bottom, with the same arrows as the drawing."""
    way = Way.of(current, walked)
    lines = [
        "---",
        f'title: "{_escaped(pathway.title)}"',
        "---",
        "flowchart TB",
        *(_state(state) for state in pathway.states),
        *_arrows(moves(pathway)),
        _CLASSES,
        *_classes(pathway, way),
    ]
    return "\n".join(lines) + "\n"


def _state(state: State) -> str:
    label = f'"{_escaped(state.title)}"'
    return f"  {_id(state.id)}([{label}])" if state.final else f"  {_id(state.id)}[{label}]"


def _arrows(found: list[Move]) -> Iterator[str]:
    if any(not move.sources for move in found):
        yield '  everywhere(["from any state"])'
    points: dict[tuple[str, ...], str] = {}
    for move in found:
        start = [_id(source) for source in move.sources] or ["everywhere"]
        if len(move.sources) >= MANY:
            if move.sources not in points:
                point = points[move.sources] = f"together{len(points)}"
                yield f'  {point}((" "))'
                yield from (f"  {source} --- {point}" for source in start)
            start = [points[move.sources]]
        for source in start:
            yield f"  {source} -->|{_label(move)}| {_id(move.target)}"


def _label(move: Move) -> str:
    proviso = f"<br/>[{_escaped(move.proviso)}]" if move.proviso else ""
    return f'"{_escaped(move.trigger)}{proviso}"'


def _classes(pathway: Pathway, way: Way) -> Iterator[str]:
    for state in pathway.states:
        look = way.look(state)
        if look:
            yield f"  class {_id(state.id)} {look}"


def _id(state: str) -> str:
    """Prefixed, as Mermaid has words of its own, such as `end`."""
    return "state_" + "".join(
        c if c.isascii() and c.isalnum() or c == "_" else f"_{ord(c):x}_" for c in state
    )


def _escaped(text: str) -> str:
    return (
        text.replace("#", "#35;")
        .replace('"', "#quot;")
        .replace("<", "#lt;")
        .replace(">", "#gt;")
        .replace("\n", " ")
    )
