"""Where a page of a list ends, so that the next begins there: opaque, and only for the same list."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from web.api.problems import Failed
from web.visit import Visit


def written(visit: Visit, asked: BaseModel, place: tuple[object, ...]) -> str:
    """A place of the list that was asked for, on this day."""
    said = [_list(visit, asked), *(str(one) if isinstance(one, date) else one for one in place)]
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def read(visit: Visit, asked: BaseModel, cursor: str) -> list[Any] | None:
    """The place; None: from the beginning. Raises Failed for one of another list, or of another day."""
    if not cursor:
        return None
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        found = None
    if not isinstance(found, list) or found[:1] != [_list(visit, asked)]:
        raise Failed("cursor", "Begin the list anew, without a cursor.")
    return found[1:]


def _list(visit: Visit, asked: BaseModel) -> str:
    """What the list is of, for whom and on which day, in short."""
    said = asked.model_dump_json(exclude={"cursor", "limit"})
    return sha256(f"{visit.account.id} {visit.today} {said}".encode()).hexdigest()[:12]
