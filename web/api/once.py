"""What is done once, though it is asked for again with the same key.

The key's row is the lock: of two who ask at the same moment one does it, and both are answered the same. What
is no part of the database alone (a message leaves, something long begins) takes its key before; who asks
meanwhile is told to ask again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from store import answered
from store.answered import Answer
from store.errors import OtherContent
from store.record import anew
from web.api.door import Answered, Here
from web.api.problems import Failed
from web.visit import Visit

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,100}$",
        description="A key of your own: sent again within a day, it is done once and answered the same.",
    ),
]
MEANWHILE: Final = timedelta(minutes=10)
"""For so long a key stays taken where carepath was ended while it did what was asked."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request to do something; `asked` is its hash. What was answered under its key is answered again."""

    visit: Visit
    key: str | None
    asked: str

    def within(self, do: Callable[[Connection], Answer]) -> Response:
        """Do it and keep what is answered, in one transaction: whoever asks at the same moment waits. Raises
        Failed, and as `do` does; then nothing is done.
        """

        def doing() -> Answer:
            with self.visit.database.writing() as connection:
                if before := self._before(connection, answered.KEPT):
                    return before
                answer = do(connection)
                self._keep(connection, answer)
                return answer

        return _response(anew(doing))

    def beside(self, do: Callable[[], BaseModel]) -> Response:
        """The same for what is no part of the database alone. Raises likewise; then the key is free again."""
        if before := anew(self._taken):
            return _response(before)
        try:
            answer = answer_kept(do())
        except Exception:
            anew(self._given_back)
            raise
        anew(lambda: self._kept(answer))
        return _response(answer)

    def check(self) -> None:
        """Raises Answered where it was done before, and Failed for a key that stands for something else."""
        with self.visit.database.reading() as connection:
            before = self._before(connection, None)
        if before:
            raise Answered(_response(before))

    def _before(self, connection: Connection, take: timedelta | None) -> Answer | None:
        """What was answered before; else the key is taken for that long. Raises Failed."""
        if self.key is None:
            return None
        account, now = self.visit.account.id, self.visit.now
        try:
            found = answered.before(connection, account, self.key, self.asked, now, take=take)
        except OtherContent:
            raise Failed("key-used", "Make a new key for another request.") from None
        if found is not None and not found.body:
            raise Failed("under-way", "The same was asked for and is not done yet. Ask again in a moment.")
        return found

    def _keep(self, connection: Connection, answer: Answer) -> None:
        if self.key is not None:
            answered.keep(connection, self.visit.account.id, self.key, answer, self.visit.now)

    def _taken(self) -> Answer | None:
        with self.visit.database.writing() as connection:
            return self._before(connection, MEANWHILE)

    def _kept(self, answer: Answer) -> None:
        with self.visit.database.writing() as connection:
            self._keep(connection, answer)

    def _given_back(self) -> None:
        with self.visit.database.writing() as connection:
            if self.key is not None:
                answered.give_back(connection, self.visit.account.id, self.key)


def answer_kept(model: BaseModel, tag: str = "") -> Answer:
    """An answer as it is kept, with the version of what it is about."""
    return Answer(model.model_dump_json(by_alias=True), tag)


def _response(answer: Answer) -> Response:
    headers = {"etag": f'"{answer.tag}"'} if answer.tag else {}
    return Response(answer.body, headers=headers, media_type="application/json")


async def asked_once(request: Request, visit: Visit, key: str | None, *besides: str | None) -> Once:
    """The request under its key; another one where its address, its body or one of `besides` is another.
    Raises Answered and Failed.
    """
    said = [request.url.path, *(one or "" for one in besides)]
    asked = answered.print_of(await request.body(), *(one.encode() for one in said))
    once = Once(visit, key, asked)
    if key is not None:
        await run_in_threadpool(once.check)
    return once


async def _once(request: Request, visit: Here, key: IdempotencyKey = None) -> Once:
    return await asked_once(request, visit, key)


Doing = Annotated[Once, Depends(_once)]
"""A request to do something that is about no patient."""
