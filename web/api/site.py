"""How the site works, for programs of an administrator: people, teams, absences, phrases, ladders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import Path
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from coordination import addresses
from coordination.entries import Entry, Ladder, Person, Phrase
from coordination.site_desk import SiteDesk
from store.answered import Answer
from web.api import answers_operations as answers
from web.api.asked_operations import EntryOfSite
from web.api.door import Here, answer_of
from web.api.once import answer_kept
from web.api.problems import Failed, Fault, silent
from web.api.rules import Operations
from web.api.versions import Saying, has_seen
from web.shown.site_kinds import KINDS, Kind
from web.shown.site_said import arranged, key_of, mark

OPERATIONS = Operations()
SCOPE = "operations"
KindName = Annotated[
    Literal["person", "team", "absence", "site", "phrase", "ladder"],
    Path(description="What kind of entry.", examples=["absence"]),
]


@OPERATIONS.get("/site", SCOPE, answers.SiteEntries)
def site(visit: Here) -> Response:
    """What stands about the site, entry by entry, each with its version."""
    found = (_standing(name, entry) for name, entry in _all(visit.site))
    return answer_of(answers.SiteEntries(entries=tuple(found)))


def _all(site: SiteDesk) -> Iterator[tuple[str, Entry]]:
    yield "site", site.site
    yield from (("person", one) for one in site.people.values())
    yield from (("team", one) for one in site.teams.values())
    yield from (("absence", one) for one in site.absences)
    yield from (("phrase", Phrase(name=name, text=text)) for name, text in site.phrases.items())
    for (pathway, item), steps in site.ladders.items():
        yield "ladder", Ladder(pathway=pathway, item=item, steps=steps)


def _standing(name: str, entry: Entry) -> answers.Standing:
    key = dict(key_of(KINDS[name], entry))
    return answers.Standing(kind=name, key=key, version=mark(entry), entry=entry.payload())


@OPERATIONS.post("/site/{kind}", SCOPE, answers.Standing, 412)
def say_of_site(upon: Saying, kind: KindName, asked: EntryOfSite) -> Response:
    """Say it: the entry takes the place of the one of the same name; all of them are kept."""
    after = _entry(KINDS[kind], asked)

    def check(there: Entry | None) -> None:
        if not has_seen(upon.match, mark(there)):
            raise Failed("changed", "Nothing was said: look at it as it is now.")

    def do(connection: Connection) -> Answer:
        arranged(connection, upon.visit, KINDS[kind], after, check)
        return answer_kept(_standing(kind, after), mark(after))

    return upon.once.within(do)


def _entry(kind: Kind, asked: EntryOfSite) -> Entry:
    """What is said, as it is kept. Raises Failed."""
    try:
        found = kind.entry.model_validate(asked.entry)
    except ValidationError as error:
        faults = [_fault(kind, one["loc"], one["msg"]) for one in error.errors()]
        raise Failed("invalid", "Nothing was said. See the faults.", faults) from None
    wrong = [
        told
        for channel, one in (found.addresses.items() if isinstance(found, Person) else ())
        for told in addresses.faults(channel, one)
    ]
    if wrong:
        faults = [Fault(pointer="/entry/addresses", detail=silent(one)) for one in wrong]
        raise Failed("invalid", "Nothing was said. See the faults.", faults)
    return found


def _fault(kind: Kind, place: tuple[int | str, ...], told: str) -> Fault:
    """What is wrong with a field; of names that were made up nothing is told."""
    known = [str(one) for one in place[:1] if one in kind.entry.model_fields]
    return Fault(pointer="/".join(["/entry", *known]), detail=silent(told.removeprefix("Value error, ")))
