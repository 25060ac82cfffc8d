"""A pathway named on the command line: one that ships, or a file or folder of its author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.own_pathway import FILE, own_pathway
from cli.status import BadInput
from pathways.basis import Basis, basis_in, shipped_basis
from pathways.canonical import CanonicalError, from_json
from pathways.guidelines.document import SourceError
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.vocabulary import closest

NAMED = "A pathway by id or key, a .json file, or an author's .py file or folder, which is executed."

Id = Annotated[str, typer.Argument(metavar="PATHWAY", help=NAMED)]


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A pathway that was named, with the words and statements it rests on.

    Another process to which it is handed looks it up by its name again.
    """

    name: str
    pathway: Pathway
    basis: Basis

    def __reduce__(self) -> tuple[Callable[[str], Named], tuple[str]]:
        return with_basis, (self.name,)


def with_basis(name: str) -> Named:
    """A pathway as `find` gives it, with what it rests on. Raises BadInput."""
    return Named(name, find(name), basis_of(name))


def find(name: str) -> Pathway:
    """A pathway by id, key, canonical JSON file, Python file or folder; Python is executed.

    Raises BadInput with the closest name.
    """
    for one in all_pathways():
        if name in (one.id, one.key):
            return one
    file = _file(name)
    if file is not None:
        return own_pathway(file) if file.suffix == ".py" else _from_json(file)
    ids = [one.id for one in all_pathways()]
    known = f"pathways: {', '.join(ids)}; a file ends in .py or .json, and a folder holds a {FILE}"
    raise BadInput(f"there is no pathway {name!r}{closest(name, ids)}; {known}")


def basis_of(name: str) -> Basis:
    """What the pathway of that name rests on: words and statements that ship, and those beside its file.

    Raises BadInput with everything that is wrong in them.
    """
    file = own_file(name)
    if file is None:
        return shipped_basis()
    try:
        return basis_in(file.parent)
    except SourceError as error:
        lines = "\n".join(
            f"{file.parent / problem.file}:{problem.line}: {problem.message}" for problem in error.problems
        )
        raise BadInput(f"the words and statements beside {file} are refused:\n{lines}") from None
    except OSError as error:
        raise BadInput(f"{error.filename} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"a file beside {file} is not UTF-8") from None


def own_file(name: str) -> Path | None:
    """The file of a pathway that does not ship; None for one that does, or for no name."""
    ships = not name or any(name in (one.id, one.key) for one in all_pathways())
    return None if ships else _file(name)


def _file(name: str) -> Path | None:
    """The file that is meant: the one named, or that of a folder."""
    path = Path(name)
    if path.suffix in (".json", ".py"):
        return path
    return path / FILE if path.is_dir() else None


def _from_json(file: Path) -> Pathway:
    try:
        return from_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8") from None
    except CanonicalError as error:
        raise BadInput(f"{file} holds no pathway: {error}") from None
