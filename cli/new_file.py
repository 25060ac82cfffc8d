"""A file that a command writes only where none is: somebody may have worked on one that is there."""

from __future__ import annotations

import os
from pathlib import Path

from cli.status import BadInput, Unavailable


def write_new(path: Path, content: bytes) -> None:
    """Write a file that `--out` named. Raises BadInput where one is there, Unavailable where none can be."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise BadInput(
            f"{path} is there already, and is not overwritten; name another file with --out"
        ) from None
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from None


def write_private(path: Path, content: bytes) -> None:
    """Write a file about a patient, for its owner only; refuses as `write_new` does."""
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        raise BadInput(
            f"{path} is there already, and is not overwritten; name another folder with --out"
        ) from None
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from None
