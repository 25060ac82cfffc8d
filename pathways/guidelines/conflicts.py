"""Where the sources disagree or stay open, and what this project takes as its default.

Source: data/conflicts.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

from pathways.guidelines.document import Document, Problem
from pathways.guidelines.row import Row
from pathways.guidelines.seeds import PREFIXES

_quoted = re.compile(r"`([^`]+)`")
_number = re.compile(r"C\d{2}")


@dataclass(frozen=True, slots=True)
class Position:
    """What one or more statements say on the matter."""

    text: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A matter on which the sources differ. A default is a project setting, never guideline content.

    `open` holds what no source decides; the answer there is "not determined by sources".
    """

    id: str
    title: str
    section: str
    positions: tuple[Position, ...]
    default: str
    why: str
    open: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """The competing statements, each once, in the order they are named."""
        return tuple(dict.fromkeys(chain.from_iterable(position.statements for position in self.positions)))


@dataclass(frozen=True, slots=True)
class Precedence:
    """The general order used for the defaults, and the ranking of the source documents behind it."""

    rules: tuple[str, ...]
    ranking: str


def read_conflicts(
    document: Document, problems: list[Problem], statements: Collection[str], profiles: Collection[str]
) -> tuple[Precedence, dict[str, Conflict]]:
    """Precedence and the conflicts by id; what is wrong is added to `problems`."""
    conflicts: dict[str, Conflict] = {}
    with Row.top(document, problems) as top:
        precedence = Precedence(top.texts("precedence"), top.text("ranking_of_sources"))
        for row in top.rows("conflicts"):
            with row:
                conflict = _conflict(row, statements)
            _check(conflict, row, statements, profiles)
            if conflict.id in conflicts:
                row.note(f"the id {conflict.id!r} stands twice")
            conflicts[conflict.id] = conflict
    return precedence, conflicts


def _conflict(row: Row, statements: Collection[str]) -> Conflict:
    return Conflict(
        id=row.text("id"),
        title=row.text("title"),
        section=row.text("section"),
        positions=tuple(Position(text, _named(text, statements)) for text in row.texts("positions")),
        default=row.text("default"),
        why=row.text("why"),
        open=row.texts("open"),
        remarks=row.texts("remarks"),
    )


def _named(text: str, statements: Collection[str]) -> tuple[str, ...]:
    """The ids in backticks; `ago-2024-lung-*` stands for every id that begins so."""
    found: list[str] = []
    for name in _quoted.findall(text):
        if name.endswith("*"):
            found += [known for known in statements if known.startswith(name[:-1])] or [name]
        else:
            found.append(name)
    return tuple(found)


def _check(conflict: Conflict, row: Row, statements: Collection[str], profiles: Collection[str]) -> None:
    if not _number.fullmatch(conflict.id):
        row.note(f"the id of a conflict is C and two digits, not {conflict.id!r}", "id")
    for place, position in enumerate(conflict.positions):
        for name in position.statements:
            if name not in statements:
                row.note(
                    f"{conflict.id} names the statement {name!r}, which does not exist", "positions", place
                )
    for key in ("default", "why", "open", "remarks"):
        for name in _quoted.findall(str(row.ask(key))):
            if name.startswith(PREFIXES) and name not in statements and name not in profiles:
                row.note(f"{conflict.id} names {name!r}, which is no statement and no profile", key)
