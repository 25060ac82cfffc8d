"""How a command ends: its exit status, and the errors that are told to a person without a traceback."""

from __future__ import annotations

from enum import IntEnum
from pathlib import PurePath


class Status(IntEnum):
    """Exit statuses; docs/command-line.md explains them."""

    OK = 0
    FOUND = 1
    REFUSED = 2
    UNAVAILABLE = 3
    DEFECT = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class Interrupted(Exception):
    """Somebody interrupted a command; the message says what was kept and how to go on, where it is known."""


class CommandError(Exception):
    """A command cannot do what was asked; the message says what is wrong, where, and what would be right."""

    status = Status.REFUSED


class BadInput(CommandError):
    """What was typed or handed in is not right."""


class Unavailable(CommandError):
    """The database, a file or the installation does not let us."""

    status = Status.UNAVAILABLE


def defect(error: Exception) -> str:
    """The kind of an error nobody foresaw, and its place in the program; its message may quote a story."""
    from traceback import extract_tb

    kind, frames = type(error).__name__, extract_tb(error.__traceback__)
    if not frames:
        return kind
    place = "/".join(PurePath(frames[-1].filename).parts[-2:])
    return f"{kind} in {place}, line {frames[-1].lineno}"
