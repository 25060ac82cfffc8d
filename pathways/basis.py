"""What a pathway rests on: the vocabulary its stories are told in, and the statements it may name.

The pathways that ship rest on the shipped vocabulary and catalogue. A pathway of another field brings words
and statements of its own in two files beside its own file; they are added to what ships.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pathways.guidelines.catalogue import CatalogueError, load_catalogue
from pathways.guidelines.conflicts import Conflict
from pathways.guidelines.document import Problem, read_document
from pathways.guidelines.statements import Statement, read_own_statements
from pathways.vocabulary import Vocabulary, load_vocabulary
from pathways.vocabulary_own import read_own_vocabulary

VOCABULARY_FILE: Final = "vocabulary.yaml"
STATEMENTS_FILE: Final = "statements.yaml"


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """A vocabulary, the statements by id, and the conflicts between sources by number."""

    vocabulary: Vocabulary
    statements: Mapping[str, Statement]
    conflicts: Mapping[str, Conflict]


@cache
def shipped_basis() -> Basis:
    """What the pathways that ship rest on. Raises SourceError when a shipped file is broken."""
    catalogue = load_catalogue()
    return Basis(load_vocabulary(), catalogue.statements, catalogue.conflicts)


def basis_in(folder: Path) -> Basis:
    """What a pathway in this folder rests on: what ships, and what the two files add that may stand there.

    Raises SourceError with file and line of everything that is wrong in them, OSError where one cannot be
    read.
    """
    shipped = shipped_basis()
    words, listed = folder / VOCABULARY_FILE, folder / STATEMENTS_FILE
    vocabulary = read_own_vocabulary(words, shipped.vocabulary) if words.is_file() else shipped.vocabulary
    own = _own_statements(listed, shipped.statements) if listed.is_file() else {}
    return Basis(vocabulary, MappingProxyType({**shipped.statements, **own}), shipped.conflicts)


def _own_statements(file: Path, shipped: Mapping[str, Statement]) -> Mapping[str, Statement]:
    document = read_document(file)
    problems: list[Problem] = []
    own = read_own_statements(document, problems)
    problems += [
        Problem(
            document.name, document.line("statements", number, "id"), f"{id!r} is in the shipped catalogue"
        )
        for number, id in enumerate(own)
        if id in shipped
    ]
    if problems:
        raise CatalogueError(problems)
    return own
