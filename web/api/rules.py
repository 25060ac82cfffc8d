"""Which token may ask for what: every operation has one rule, and one without cannot be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel

Method = Literal["GET", "POST"]
Endpoint = Callable[..., Any]

ANYBODY: Final = ""
"""No token is needed: what is answered there is about nobody."""
HOLDERS: Final = "token"
"""Whoever has a token, whatever it is for."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: how it is asked for, the scope a token needs, what it answers and what answers it.

    One `about_patient` has `number` in its path: a token of an account that is limited to teams is turned
    away from the patients of others.
    """

    method: Method
    path: str
    scope: str
    endpoint: Endpoint
    answer: type[BaseModel]
    also: tuple[int, ...] = ()
    """Statuses with which it may be refused, beside those of all of its kind."""

    @property
    def writes(self) -> bool:
        """Whether it does something, so that it takes a key under which it is done once."""
        return self.method == "POST" and self.path != "/patients/search"

    @property
    def takes_body(self) -> bool:
        """Whether something is sent with it: `asked`, in each endpoint."""
        return self.method == "POST" and "asked" in self.endpoint.__annotations__

    @property
    def about_patient(self) -> bool:
        return self.path.startswith("/patients/{number}")

    @property
    def has_version(self) -> bool:
        """Whether its answer stands for a version of a patient."""
        return self.about_patient and not self.path.endswith(("/access", "/evidence"))


class Operations:
    """The operations of one family."""

    def __init__(self) -> None:
        self._found: list[Operation] = []

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._found)

    def get(
        self, path: str, scope: str, answer: type[BaseModel], *also: int
    ) -> Callable[[Endpoint], Endpoint]:
        """What is answered, and changes nothing but the access log."""
        return self._operation("GET", path, scope, answer, also)

    def post(
        self, path: str, scope: str, answer: type[BaseModel], *also: int
    ) -> Callable[[Endpoint], Endpoint]:
        """What is done, or looked for by words that belong into no address."""
        return self._operation("POST", path, scope, answer, also)

    def _operation(
        self, method: Method, path: str, scope: str, answer: type[BaseModel], also: tuple[int, ...]
    ) -> Callable[[Endpoint], Endpoint]:
        def kept(endpoint: Endpoint) -> Endpoint:
            self._found.append(Operation(method, path, scope, endpoint, answer, also))
            return endpoint

        return kept
