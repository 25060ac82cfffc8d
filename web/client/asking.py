"""How the client asks: requests, typed answers, pages that follow one another, problems as exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Self, TypedDict, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from web.api.problems import PROBLEM, Problem

_Answer = TypeVar("_Answer", bound=BaseModel)


class How(TypedDict, total=False):
    """What may be said with whatever writes: `version`, the one that was seen, and `key`, by which the same
    request sent again is done once.
    """

    version: str
    key: str


class ApiError(Exception):
    """The API could not do what was asked; `problem` tells why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}")
        self.problem = problem

    @property
    def kind(self) -> str:
        """The last part of the problem's type, such as `changed`."""
        return self.problem.type.rpartition("#")[2]


class Asking:
    """The API at an address. Raises ApiError, and what httpx raises where nothing answers."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    @classmethod
    def at(cls, address: str, token: str, timeout: float = 30) -> Self:
        """The API of the desk at an address."""
        headers = {"authorization": f"Bearer {token}"}
        return cls(httpx.Client(base_url=f"{address.rstrip('/')}/api/v1", headers=headers, timeout=timeout))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _get(self, kind: type[_Answer], path: str, /, **query: object) -> _Answer:
        said = {
            name: list(map(_plain, value)) if isinstance(value, list) else _plain(value)
            for name, value in query.items()
            if value is not None
        }
        return kind.model_validate_json(self._checked(self._http.get(path, params=said)))

    def _pages(self, kind: type[_Answer], path: str, wanted: BaseModel) -> Iterator[_Answer]:
        query = wanted.model_dump(mode="json", exclude_defaults=True)
        while True:
            page = kind.model_validate_json(self._checked(self._http.get(path, params=query)))
            yield page
            cursor = getattr(page, "next", None)
            if cursor is None:
                return
            query["cursor"] = cursor

    def _post(
        self, kind: type[_Answer], path: str, body: BaseModel | None, version: str = "", key: str = ""
    ) -> _Answer:
        headers = {"if-match": f'"{version}"'} if version else {}
        headers |= {"idempotency-key": key} if key else {}
        said = body.model_dump(mode="json") if body else None
        answer = self._http.post(path, json=said, headers=headers)
        return kind.model_validate_json(self._checked(answer))

    def _checked(self, answer: httpx.Response) -> bytes:
        """What was answered. Raises ApiError."""
        if answer.is_success:
            return answer.content
        if answer.headers.get("content-type", "").startswith(PROBLEM):
            with suppress(ValidationError):
                raise ApiError(Problem.model_validate_json(answer.content))
        told = Problem(type="about:blank", title=answer.reason_phrase, status=answer.status_code)
        raise ApiError(told)


def place(*parts: object) -> str:
    """A path of these parts, each written so that it is one."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
