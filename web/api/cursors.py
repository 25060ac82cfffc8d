"""Where a page of a list ends, so that the next begins there: opaque, and only for the same list."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from hashlib import sha256
from typing import Final, TypeVar

from pydantic import BaseModel, TypeAdapter

from web.api.problems import Failed
from web.visit import Visit

Place = TypeVar("Place")
_beyond: Final = 2**31
"""No number of a place is so large."""


def written(visit: Visit, asked: BaseModel, place: tuple[object, ...]) -> str:
    """A place of the list that was asked for, on this day."""
    said = [_list(visit, asked), *(str(one) if isinstance(one, date) else one for one in place)]
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def read(visit: Visit, asked: BaseModel, cursor: str, kind: type[Place]) -> Place | None:
    """The place; None: from the beginning. Raises Failed for one of another list or of another day, and for
    one that somebody altered.
    """
    if not cursor:
        return None
    try:
        which, *place = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = TypeAdapter(kind).validate_json(json.dumps(place), strict=True)
    except (ValueError, TypeError):
        raise _other_list() from None
    if which != _list(visit, asked) or not all(map(_bounded, place)):
        raise _other_list()
    return found


def _other_list() -> Failed:
    return Failed("cursor", "Begin the list anew, without a cursor.")


def _bounded(one: object) -> bool:
    """Whether databases take it."""
    return 0 <= one < _beyond if isinstance(one, int) else one is None or str(one).isprintable()


def _list(visit: Visit, asked: BaseModel) -> str:
    """What the list is of, for whom and on which day, in short."""
    said = asked.model_dump_json(exclude={"cursor", "limit"})
    return sha256(f"{visit.account.id} {visit.today} {said}".encode()).hexdigest()[:12]
