"""What was said before the command: in whose name, and for what reason; and which command it is."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What `--user` and `--reason` say, and the command after them."""

    user: str | None = None
    reason: str | None = None
    command: str = ""


_asked: ContextVar[Asked] = ContextVar("asked")
nothing = Asked()


def ask(said: Asked) -> None:
    """Keep what was said, for the command that follows."""
    _asked.set(said)


def asked() -> Asked:
    """What was said before this command; nothing where no command line was read."""
    return _asked.get(nothing)
