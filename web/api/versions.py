"""Versions of a patient: who looks again is told that nothing changed, and who writes overwrites nobody.

A version is what was recorded and said, the day on which the answer stands, and the program that gives it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from store import answered, desk, identities, ledger
from store.answered import Answer
from store.errors import MergedAway, OtherContent, UnknownPatient
from store.parts import part_of
from store.record import anew
from web.api.door import About, Answered, Here, answer_of
from web.api.problems import Failed, Meanwhile
from web.visit import Visit

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=500,
        description="The version you have seen: where it is another one by now, nothing is done.",
    ),
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=500, description="A version you have already.")
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,100}$",
        description="A key of your own: sent again within a day, it is done once and answered the same.",
    ),
]


def version(connection: Connection, visit: Visit, *asked: object) -> str:
    """The version of the patient in the address, as of what was asked. Raises UnknownPatient, MergedAway."""
    return version_of(connection, visit, visit.number, *asked)


def version_of(connection: Connection, visit: Visit, number: int, *asked: object) -> str:
    """The version of the patient with a number; raises as `version`."""
    head = identities.find(connection, f"{identities.NUMBERED}{number}")
    if head is None:
        raise UnknownPatient
    if into := part_of(connection, [number]).get(number):
        raise MergedAway(into)
    said = (desk.last_about(connection, number), *desk.state_of_site(connection))
    who = identities.mark(connection, number)
    there = (head.hash, who, said, visit.today, visit.place.version, *asked)
    print_ = hashlib.sha256("|".join(map(str, there)).encode()).hexdigest()
    return f"{head.sequence}-{print_[:16]}"


def named(header: str | None) -> set[str]:
    """The versions in a header."""
    return {one.strip().removeprefix("W/").strip('"') for one in (header or "").split(",")} - {""}


def unchanged(tag: str, header: str | None) -> Response | None:
    """The answer to who has this version already."""
    return Response(status_code=304, headers={"etag": f'"{tag}"'}) if tag in named(header) else None


Doing = Callable[[Connection], Callable[[str], BaseModel]]
"""Does something in a transaction; answers what makes the answer, once the new version is known."""


Making = Callable[[Connection], tuple[int, Callable[[str], BaseModel]]]
"""The same for a patient who is told by number."""


@dataclass(frozen=True, slots=True)
class Write:
    """A request to do something about a patient, on the version seen, and once; `asked` is its hash."""

    visit: Visit
    match: str | None
    key: str | None
    asked: str

    def done(self, do: Doing, beside: int | None = None) -> Response:
        """Do it and keep what is answered, all in one transaction; nobody else writes about the patient, or
        the one `beside`, meanwhile. Raises Failed and as `do` does.
        """
        visit = self.visit
        concerned = [visit.number] if beside is None else [visit.number, beside]

        def checked(connection: Connection) -> tuple[int, Callable[[str], BaseModel]]:
            identities.lock(connection, [f"{identities.NUMBERED}{number}" for number in concerned])
            check_version(connection, visit, visit.number, self.match)
            return visit.number, do(connection)

        return self.made(checked)

    def made(self, do: Making) -> Response:
        """The same where `do` tells of which patient the new version is."""
        visit = self.visit

        def doing() -> Answer:
            with visit.database.writing() as connection:
                if self.key and (before := self._before(connection, take=True)):
                    return before
                number, answer_for = do(connection)
                tag = version_of(connection, visit, number)
                answer = Answer(answer_for(tag).model_dump_json(by_alias=True), tag)
                if self.key:
                    answered.keep(connection, visit.account.id, self.key, answer)
                return answer

        return _response(anew(doing))

    def check(self) -> None:
        """Raises Failed where the patient has another version by now than the one seen."""
        with self.visit.database.reading() as connection:
            check_version(connection, self.visit, self.visit.number, self.match)

    def tried(self, make: Callable[[str], BaseModel]) -> Response:
        """The answer to who only tries; nothing is done. Raises Failed."""
        with self.visit.database.reading() as connection:
            check_version(connection, self.visit, self.visit.number, self.match)
            tag = version(connection, self.visit)
        return answer_of(make(tag), tag)

    def check_once(self) -> None:
        """Raises Answered where it was done before, and Failed for a key that stands for something else."""
        if self.key is None:
            return
        with self.visit.database.reading() as connection:
            before = self._before(connection, take=False)
        if before:
            raise Answered(_response(before))

    def _before(self, connection: Connection, *, take: bool) -> Answer | None:
        account, now = self.visit.account.id, self.visit.now
        assert self.key is not None, "only of a request with a key"
        try:
            return answered.before(connection, account, self.key, self.asked, now, take=take)
        except OtherContent:
            raise Failed("key-used", "Make a new key for another request.") from None


async def _write(request: Request, visit: About, match: IfMatch = None, key: IdempotencyKey = None) -> Write:
    body = await request.body()
    asked = answered.print_of(request.url.path.encode(), body, (match or "").encode())
    write = Write(visit, match, key, asked)
    await run_in_threadpool(write.check_once)
    return write


async def _write_new(request: Request, visit: Here, key: IdempotencyKey = None) -> Write:
    asked = answered.print_of(request.url.path.encode(), await request.body(), b"")
    write = Write(visit, None, key, asked)
    await run_in_threadpool(write.check_once)
    return write


Writing = Annotated[Write, Depends(_write)]
"""A request to do something about the patient in the address."""
WritingNew = Annotated[Write, Depends(_write_new)]
"""A request to make a patient."""


def _response(answer: Answer) -> Response:
    headers = {"etag": f'"{answer.tag}"'}
    return Response(answer.body, headers=headers, media_type="application/json")


def check_version(connection: Connection, visit: Visit, number: int, match: str | None) -> None:
    """Raises Failed where the patient has another version than the one that was seen."""
    if match is None or match.strip() == "*":
        return
    seen = named(match)
    if version_of(connection, visit, number) in seen:
        return
    first = min((int(one.partition("-")[0]) for one in seen if one.partition("-")[0].isdecimal()), default=0)
    lines = ledger.lines(connection, number)
    later = [
        Meanwhile(entry=one.event_id, by=one.recorder, at=one.recorded_there)
        for one in lines
        if one.seq > first
    ]
    told = "Nothing was done. Look again: what was recorded meanwhile is told."
    unseen = "Nothing was done. Look again: something was said at the desk, or it is another day."
    raise Failed("changed", told if later else unseen, meanwhile=later)
