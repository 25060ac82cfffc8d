"""A pathway in words: an expression as a sentence, a guard or a whole pathway as a document to read.

The words come from the operators (`pathways.operators`), the vocabulary and the names authors give;
`pathways.texts` puts them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathways.graph import Node
from pathways.guidelines.statements import Statement
from pathways.pathway import Clause, Guard, Pathway
from pathways.settings import Settings
from pathways.texts.document import Writer
from pathways.texts.speech import say
from pathways.texts.voice import Voice

Statements = Mapping[str, Statement]


def sentence(node: Node, settings: Settings | None = None, pathway: Pathway | None = None) -> str:
    """The expression in one sentence, however long.

    With settings their present values are shown, with a pathway the titles of its guards.
    """
    text = say(voice(settings, pathway), node)
    return f"{text[:1].upper()}{text[1:]}."


def explained(node: Node, settings: Settings | None = None, pathway: Pathway | None = None) -> str:
    """The expression as an outline, then every name in it with what it stands for, once."""
    writer = _writer(pathway, settings, None)
    return _joined(writer.explained(node))


def clause_text(
    clause: Clause,
    settings: Settings | None = None,
    pathway: Pathway | None = None,
    statements: Statements | None = None,
) -> str:
    """A clause with its meaning as an outline and its statements with their grades."""
    return _joined(_writer(pathway, settings, statements).clause(1, clause))


def guard_text(
    guard: Guard,
    settings: Settings | None = None,
    pathway: Pathway | None = None,
    statements: Statements | None = None,
) -> str:
    """A guard: title, force, every clause with its meaning, statements and grades, and what lifts it."""
    return _joined(_writer(pathway, settings, statements).guard(guard))


def pathway_text(
    pathway: Pathway, settings: Settings | None = None, statements: Statements | None = None
) -> str:
    """The whole pathway: states, moves, steps, guards, dates, departures, and what each name stands for."""
    return _joined(_writer(pathway, settings, statements).document())


def voice(settings: Settings | None, pathway: Pathway | None) -> Voice:
    """Who speaks of a pathway: with the values of settings and the titles of its guards."""
    titles: dict[Node, str] = {}
    for guard in pathway.guards if pathway else ():
        titles[guard.hard] = f"{guard.title} (what is hard of it)"
        titles[guard.outcome] = guard.title
    return Voice(settings, titles)


def _writer(pathway: Pathway | None, settings: Settings | None, statements: Statements | None) -> Writer:
    return Writer(pathway or _NONE, voice(settings, pathway), statements or {})


def _joined(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


_NONE = Pathway("", "", "", "", (), ())
