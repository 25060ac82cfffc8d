"""An author's own pathway: a Python file, or the folder that holds it, executed to get what it defines."""

from __future__ import annotations

import runpy
import traceback
from pathlib import Path
from typing import Final

from cli.status import BadInput
from pathways.pathway import Pathway

FILE: Final = "pathway.py"
"""The file of a folder that defines the pathway."""
_NAME: Final = "PATHWAY"


def own_pathway(file: Path) -> Pathway:
    """The pathway that a Python file defines; the file is executed.

    It is the one bound to PATHWAY, or the only one there is. Raises BadInput with the author's file and line.
    """
    try:
        found = runpy.run_path(str(file), run_name="carepath_own_pathway")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    except (Exception, SystemExit) as error:
        raise BadInput(f"{_place(error, file)}: {type(error).__name__}: {_message(error)}") from None
    return _defined(found, file)


def _defined(found: dict[str, object], file: Path) -> Pathway:
    named = found.get(_NAME)
    if isinstance(named, Pathway):
        return named
    defined = {id(value): value for value in found.values() if isinstance(value, Pathway)}
    if len(defined) == 1:
        return next(iter(defined.values()))
    told = "defines no pathway" if not defined else f"defines {len(defined)} pathways"
    raise BadInput(f"{file} {told}; give the one that is meant the name {_NAME}")


def _place(error: BaseException, file: Path) -> str:
    """The author's line that failed: the last one of the file on the way to the error."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f"{file}:{error.lineno}"
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == str(file)]
    return f"{file}:{lines[-1]}" if lines else str(file)


def _message(error: BaseException) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)
