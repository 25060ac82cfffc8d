"""The only reader of the wall clock. Everything else is handed the time, read once per request."""

from __future__ import annotations

from datetime import UTC, datetime
from time import sleep


def now() -> datetime:
    """The present moment with the offset of this machine's time zone, so that its civil day can be told."""
    return datetime.now(UTC).astimezone()


def wait(seconds: float) -> None:
    """Let so much time go by."""
    sleep(seconds)
