"""Versions of a patient: who looks again is told that nothing changed, and who writes overwrites nobody.

A version is what was recorded and said about the patient and the site, how deviations and statements were
judged, the day on which the answer stands, and the program that gives it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from store import desk, identities, judgements, ledger, reviews
from store.answered import Answer
from store.errors import MergedAway, UnknownPatient
from store.parts import part_of
from web.api.door import About, Here, answer_of, is_named
from web.api.once import IdempotencyKey, Once, answer_kept, asked_once
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
    about = (desk.last_about(connection, number), judgements.last_about(connection, number))
    site = (*desk.state_of_site(connection), reviews.last(connection))
    who = identities.mark(connection, number)
    there = (head.hash, who, about, site, visit.today, visit.place.version, *asked)
    print_ = hashlib.sha256("|".join(map(str, there)).encode()).hexdigest()
    return f"{head.sequence}-{print_[:16]}"


Doing = Callable[[Connection], Callable[[str], BaseModel]]
"""Does something in a transaction; answers what makes the answer, once the new version is known."""


Making = Callable[[Connection], tuple[int, Callable[[str], BaseModel]]]
"""The same for a patient who is told by number."""


@dataclass(frozen=True, slots=True)
class Upon:
    """A request to do something once, and on the version that was seen."""

    once: Once
    match: str | None

    @property
    def visit(self) -> Visit:
        return self.once.visit


class Write(Upon):
    """The same about a patient, or to make one."""

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

        def doing(connection: Connection) -> Answer:
            number, answer_for = do(connection)
            tag = version_of(connection, self.visit, number)
            return answer_kept(answer_for(tag), tag)

        return self.once.within(doing)

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


async def _write(request: Request, visit: About, match: IfMatch = None, key: IdempotencyKey = None) -> Write:
    return Write(await asked_once(request, visit, key, match), match)


async def _upon(request: Request, visit: Here, match: IfMatch = None, key: IdempotencyKey = None) -> Upon:
    return Upon(await asked_once(request, visit, key, match), match)


async def _write_new(request: Request, visit: Here, key: IdempotencyKey = None) -> Write:
    return Write(await asked_once(request, visit, key), None)


Writing = Annotated[Write, Depends(_write)]
"""A request to do something about the patient in the address."""
Saying = Annotated[Upon, Depends(_upon)]
"""A request to do something about no patient."""
WritingNew = Annotated[Write, Depends(_write_new)]
"""A request to make a patient."""


def has_seen(match: str | None, tag: str) -> bool:
    """Whether the version that stands is one that was seen, or none was named."""
    return match is None or match.strip() == "*" or is_named(tag, match)


def check_version(connection: Connection, visit: Visit, number: int, match: str | None) -> None:
    """Raises Failed where the patient has another version than the one that was seen."""
    if match is None or has_seen(match, version_of(connection, visit, number)):
        return
    first = min((int(one) for one in _sequence.findall(match)), default=0)
    later = [
        Meanwhile(entry=one.event_id, by=one.recorder, at=one.recorded_there)
        for one in ledger.lines(connection, number)
        if one.seq > first
    ]
    told = "Nothing was done. Look again: what was recorded meanwhile is told."
    unseen = "Nothing was done. Look again: something was said at the desk, or it is another day."
    raise Failed("changed", told if later else unseen, meanwhile=later)


_sequence: Final = re.compile(r"\b([0-9]{1,18})-[0-9a-f]{16}\b")
"""Where the record ended, in a version."""
