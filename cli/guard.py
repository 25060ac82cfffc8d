"""Nothing that goes wrong reaches a person as a traceback; every kind of trouble has its exit status."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from weakref import WeakSet

from typer.exceptions import Abort, TyperException

from cli.output import complain
from cli.status import CommandError, Interrupted, Status, defect

NOTHING_CHANGED = "nothing was recorded, run it again"


class PipeClosed(Exception):
    """Who read our output has gone."""


def telling_endings(function: Callable[..., Status]) -> Callable[..., Status]:
    """The function with a broken pipe as PipeClosed and an interrupt as Interrupted.

    Typer would end the program on the one, and on the other without a word. A function that tells them
    already, as it was made for a command line before in this process, is answered as it is.
    """
    if function in _telling:
        return function

    @functools.wraps(function)
    def told(*arguments: object, **named: object) -> Status:
        try:
            status = function(*arguments, **named)
            sys.stdout.flush()
        except BrokenPipeError:
            raise PipeClosed from None
        except KeyboardInterrupt:
            raise Interrupted from None
        return status

    _telling.add(told)
    return told


_telling: WeakSet[Callable[..., Status]] = WeakSet()


def guarded(command: Callable[[], object], kept: str = NOTHING_CHANGED) -> int:
    """Run a command; tell what went wrong on standard error, and return the exit status.

    `kept` says what an interrupted command leaves behind, and how to go on.
    """
    try:
        status = command()
    except PipeClosed:
        _forget_output()
        return Status.PIPE_CLOSED
    except Abort:  # at a question, before anything was recorded
        return _interrupted(NOTHING_CHANGED)
    except (KeyboardInterrupt, Interrupted) as error:
        return _interrupted(str(error) or kept)
    except CommandError as error:
        complain(f"carepath: {error}")
        return error.status
    except TyperException as error:
        return _misused(error)
    except Exception as error:
        return _told(error)
    return status if isinstance(status, int) else Status.OK


def _interrupted(kept: str) -> int:
    complain(f"carepath: interrupted; {kept}")
    return Status.INTERRUPTED


def _misused(error: TyperException) -> int:
    """A command line that does not fit: the usage, and what is wrong."""
    from typer.rich_utils import rich_format_error

    rich_format_error(error)  # type: ignore[arg-type]  # all that Typer raises here are of its own kind
    return error.exit_code


def _told(error: Exception) -> int:
    from store.errors import StoreError

    if isinstance(error, StoreError):
        complain(f"carepath: {error}")
        return store_status(error)
    if os.environ.get("CAREPATH_TRACEBACK"):
        raise error
    if reason := _of_the_machine(error):
        complain(f"carepath: {reason}")
        return Status.UNAVAILABLE
    complain(f"carepath: this should not have happened ({defect(error)})")
    complain("Please report it; CAREPATH_TRACEBACK=1 shows where in the program it did.")
    return Status.DEFECT


def _of_the_machine(error: Exception) -> str | None:
    """What a disk, a damaged database or a broken installation reports; None for anything else."""
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError):
        return f"the database cannot be used: {error.orig}"
    if isinstance(error, ImportError):
        return f"the installation is not whole ({error.name}); set carepath up anew"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    if isinstance(error, OSError):
        return ": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error))))
    return None


def store_status(error: Exception) -> Status:
    """Whether the person, the database or the program has to change."""
    from store import errors

    of_the_place = errors.CannotOpen | errors.CannotWrite | errors.Busy | errors.WorkerLost
    if isinstance(error, of_the_place | errors.UnknownPathway):
        return Status.UNAVAILABLE
    return Status.DEFECT if isinstance(error, errors.CannotDerive) else Status.REFUSED


def _forget_output() -> None:
    """Who read our output has gone; the interpreter must not try to send the rest when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
