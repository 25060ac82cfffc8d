"""The catalogue: statements, definition profiles and conflicts, joined and checked against one another.

Source: the files in data/. Reading them takes some 0.1 s, so only what shows texts or grades loads the
catalogue; `statement_ids` is enough to check a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pathways.guidelines.conflicts import Conflict, Precedence, read_conflicts
from pathways.guidelines.definitions import Definitions
from pathways.guidelines.definitions_reader import read_definitions
from pathways.guidelines.document import Problem, SourceError, read_document
from pathways.guidelines.seeds import SEEDS, Seed
from pathways.guidelines.statements import Statement, read_statements

shipped = Path(__file__).parent / "data"

_id_line = re.compile(r"^- id: (\S+)$", re.MULTILINE)


class CatalogueError(SourceError):
    """A catalogue that contradicts itself or its schema."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """What the sources say. Statements are known by their id, conflicts by C and two digits."""

    seeds: Mapping[str, Seed]
    statements: Mapping[str, Statement]
    definitions: Definitions
    precedence: Precedence
    conflicts: Mapping[str, Conflict]

    def conflicts_of(self, statement: str) -> tuple[Conflict, ...]:
        """The conflicts in which a statement is one of the competing ones."""
        return tuple(conflict for conflict in self.conflicts.values() if statement in conflict.statements)


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue of one folder. Raises CatalogueError with file and line of everything that is wrong."""
    problems: list[Problem] = []
    try:
        documents = [
            read_document(folder / f"{name}.yaml") for name in ("statements", "definitions", "conflicts")
        ]
    except SourceError as error:
        raise CatalogueError(error.problems) from None
    statements = read_statements(documents[0], problems)
    definitions = read_definitions(documents[1], problems, statements)
    precedence, conflicts = read_conflicts(documents[2], problems, statements, definitions.profiles)
    if problems:
        raise CatalogueError(problems)
    return Catalogue(
        SEEDS, MappingProxyType(statements), definitions, precedence, MappingProxyType(conflicts)
    )


@cache
def load_catalogue() -> Catalogue:
    """The catalogue shipped with the project, read once. Raises CatalogueError when its files are broken."""
    return read_catalogue(shipped)


@cache
def load_definitions() -> Definitions:
    """The definition profiles alone, for pathways: the texts of the statements are not read.

    Raises CatalogueError when the file is broken.
    """
    problems: list[Problem] = []
    try:
        document = read_document(shipped / "definitions.yaml")
    except SourceError as error:
        raise CatalogueError(error.problems) from None
    definitions = read_definitions(document, problems, statement_ids())
    if problems:
        raise CatalogueError(problems)
    return definitions


@cache
def statement_ids() -> frozenset[str]:
    """The ids of all shipped statements, without reading anything else of them."""
    return frozenset(_id_line.findall((shipped / "statements.yaml").read_text(encoding="utf-8")))
