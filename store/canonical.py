"""One text for one content: the form in which the ledger keeps and hashes what was said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from engine.event import Moment


def canonical(value: object) -> str:
    """The canonical JSON text of plain data: keys sorted, no blanks, dates in ISO form. NaN is refused."""
    return _encode(value)


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def moment(text: str) -> Moment:
    """A day, or a point of time where the text states one."""
    return date.fromisoformat(text) if len(text) == _day_length else datetime.fromisoformat(text)


SPOILED: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading a text may raise that somebody has put in the place of one of ours."""

instant: Final = timedelta(microseconds=1)
"""The least by which one entry of a patient is recorded after another."""

_day_length = len("2025-01-31")


def _plain(value: object) -> object:
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} has no place in the ledger")


_encode = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_plain,
).encode
