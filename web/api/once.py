"""What is done about no patient, once though it may be asked for again with the same key.

It is no part of the database alone (a message leaves, something long begins): what is answered is kept
afterwards. Of two who ask at the same moment both do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from store import answered
from store.answered import Answer
from store.errors import OtherContent
from store.record import anew
from web.api.door import Answered, Here
from web.api.problems import Failed
from web.api.versions import IdempotencyKey
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Once:
    """A request to do something; `asked` is its hash. What was answered under its key is answered again."""

    visit: Visit
    key: str | None
    asked: str

    def done(self, do: Callable[[], BaseModel]) -> Response:
        """Do it, then keep what is answered. Raises as `do` does; then nothing is kept."""
        answer = Answer(do().model_dump_json(by_alias=True), "")
        if self.key is not None:
            anew(lambda: self._keep(answer))
        return _response(answer)

    def check(self) -> None:
        """Raises Answered where it was done before, and Failed for a key that stands for something else."""
        if self.key is None:
            return
        visit = self.visit
        try:
            with visit.database.reading() as connection:
                before = answered.before(
                    connection, visit.account.id, self.key, self.asked, visit.now, take=False
                )
        except OtherContent:
            raise Failed("key-used", "Make a new key for another request.") from None
        if before:
            raise Answered(_response(before))

    def _keep(self, answer: Answer) -> None:
        account, now = self.visit.account.id, self.visit.now
        assert self.key is not None, "only of a request with a key"
        with self.visit.database.writing() as connection:
            if answered.before(connection, account, self.key, self.asked, now, take=True) is None:
                answered.keep(connection, account, self.key, answer)


def _response(answer: Answer) -> Response:
    return Response(answer.body, media_type="application/json")


async def _once(request: Request, visit: Here, key: IdempotencyKey = None) -> Once:
    body = await request.body()
    once = Once(visit, key, answered.print_of(request.url.path.encode(), body))
    await run_in_threadpool(once.check)
    return once


Doing = Annotated[Once, Depends(_once)]
"""A request to do something that is about no patient."""
