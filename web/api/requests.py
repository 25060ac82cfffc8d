"""Everything that programs send."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from web.api import asked, asked_boards, asked_operations
from web.api.values import Model

REQUESTS: Final[tuple[type[BaseModel], ...]] = tuple(
    one
    for module in (asked, asked_boards, asked_operations)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Model) and one.__module__ == module.__name__
)
