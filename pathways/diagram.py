"""The machine of a pathway as a picture, made from the graph and never drawn by hand.

`dot` is the text Graphviz draws, `svg` the drawing for a page, `mermaid` a text for documents.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathways.diagrams.dot import Say
from pathways.diagrams.dot import dot as _dot
from pathways.diagrams.mermaid import flowchart
from pathways.diagrams.svg import DiagramError, drawn
from pathways.pathway import Pathway
from pathways.vocabulary import closest
from pathways.worded import worded

__all__ = ["DiagramError", "dot", "mermaid", "svg"]


def dot(pathway: Pathway, current: str = "", walked: Sequence[str] = (), say: Say = str) -> str:
    """DOT text, from top to bottom; every state has the id `state-<id>`.

    `walked` are the states a patient went through, in order, `current` is where the patient is. Raises
    DiagramError for a state that the pathway does not have.
    """
    _known(pathway, current, walked)
    return _dot(pathway, current, walked, say)


def svg(pathway: Pathway, current: str = "", walked: Sequence[str] = (), say: Say = str) -> str:
    """The drawing, accessible and without fixed size, its words as `say` tells them. Raises DiagramError,
    also when there is no Graphviz.
    """
    text = dot(pathway, current, walked, say)
    return drawn(text, say(pathway.title), say(_description(pathway, current)), f"diagram-{pathway.id}")


def mermaid(pathway: Pathway, current: str = "", walked: Sequence[str] = ()) -> str:
    """A Mermaid flowchart. Raises DiagramError for a state that the pathway does not have."""
    _known(pathway, current, walked)
    return flowchart(pathway, current, walked)


def _known(pathway: Pathway, current: str, walked: Sequence[str]) -> None:
    states = [state.id for state in pathway.states]
    for state in (*([current] if current else []), *walked):
        if state not in states:
            raise DiagramError(f"{pathway.id} has no state {state!r}{closest(state, states)}")


def _description(pathway: Pathway, current: str) -> str:
    titles = {state.id: state.title for state in pathway.states}
    told = worded("{n} states and the by-the-book moves between them.", n=len(pathway.states))
    if not current:
        return told
    return worded("{told} The present state is: {state}.", told=told, state=worded(titles[current]))
