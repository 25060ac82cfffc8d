"""Who may ask for what: every page has one rule, and a page without one cannot be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from starlette.responses import Response

from web.visit import Visit

Endpoint = Callable[[Visit], Response]
Method = Literal["GET", "POST"]

ANYBODY: Final[frozenset[str]] = frozenset()
"""No sign-in is needed: it is about nobody, or only who knows a secret address finds it."""
EVERYBODY: Final = frozenset({"coordinator", "clinician", "chair", "auditor", "administrator"})
"""Whoever has signed in; a program does not, it has a token."""
HOLDERS: Final = EVERYBODY | {"integration"}
"""Whoever has an account, also one in whose name only programs work: somebody makes its tokens."""
READS: Final = frozenset({"coordinator", "clinician", "chair", "auditor"})
WORKS: Final = frozenset({"coordinator", "clinician", "chair"})
AUDITS: Final = frozenset({"auditor"})
CHAIRS: Final = frozenset({"chair", "coordinator"})
RUNS: Final = frozenset({"administrator"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page: how it is asked for, who may, and what answers. One `about_patient` has `number` in its path:
    whoever is limited to teams is turned away from the patients of others.
    """

    method: Method
    path: str
    allowed: frozenset[str]
    endpoint: Endpoint
    about_patient: bool


class Pages:
    """The pages of one family."""

    def __init__(self) -> None:
        self._found: list[Page] = []

    def __iter__(self) -> Iterator[Page]:
        return iter(self._found)

    def get(self, path: str, allowed: frozenset[str]) -> Callable[[Endpoint], Endpoint]:
        """What is shown under a path, and changes nothing but the access log."""
        return self._page("GET", path, allowed)

    def post(self, path: str, allowed: frozenset[str]) -> Callable[[Endpoint], Endpoint]:
        """What is done by a form."""
        return self._page("POST", path, allowed)

    def _page(self, method: Method, path: str, allowed: frozenset[str]) -> Callable[[Endpoint], Endpoint]:
        def kept(endpoint: Endpoint) -> Endpoint:
            about_patient = path.startswith("/patients/{number}")
            self._found.append(Page(method, path, allowed, endpoint, about_patient))
            return endpoint

        return kept
