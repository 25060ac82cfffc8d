"""A pathway named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.status import BadInput
from pathways.canonical import CanonicalError, from_json
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.vocabulary import closest

Id = Annotated[
    str, typer.Argument(metavar="ID", help="A pathway by id or key, or a .json file that holds one.")
]


def find(name: str) -> Pathway:
    """A pathway by id, key or canonical JSON file. Raises BadInput with the closest name."""
    if name.endswith(".json"):
        return _from_file(Path(name))
    for one in all_pathways():
        if name in (one.id, one.key):
            return one
    ids = [one.id for one in all_pathways()]
    raise BadInput(f"there is no pathway {name!r}{closest(name, ids)}; pathways: {', '.join(ids)}")


def _from_file(file: Path) -> Pathway:
    try:
        return from_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8") from None
    except CanonicalError as error:
        raise BadInput(f"{file} holds no pathway: {error}") from None
