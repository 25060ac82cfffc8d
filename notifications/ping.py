"""A sign to somebody outside who raises the alarm when none comes: a dead man's switch."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from store.errors import StoreError

WITHIN: Final = timedelta(seconds=10)


class NotHeard(StoreError):
    """The address that is told while the worker works could not be reached; see to CAREPATH_PING_URL."""


def ping(url: str) -> None:
    """Call a URL; nothing of a patient is in it, and what it answers is not read. Raises NotHeard."""
    import httpx

    try:
        httpx.get(url, timeout=WITHIN.total_seconds()).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL):
        raise NotHeard from None  # the error of the library quotes the URL, which may be secret
