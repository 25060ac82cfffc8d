"""Patients who may be the same person as somebody: by one of their numbers, or by name and date of birth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import Connection

from store import identities
from store.parts import outermost
from store.vault import Person, plain_number, plain_words


def alike(
    connection: Connection, name: str | None, birth_date: date | None, numbers: Mapping[str, str]
) -> dict[int, tuple[str, ...]]:
    """Who has one of these numbers, or the same words in the name and no other date of birth: by the number
    of the record that goes on, with what is alike (`name`, `number`).
    """
    candidates = identities.with_name(connection, name) if name else set[int]()
    for number in numbers.values():
        candidates |= identities.with_number(connection, number)
    found: dict[int, tuple[str, ...]] = {}
    for candidate in sorted(candidates):
        person = identities.person_of(connection, candidate)
        what = tuple(_alike(person, name, birth_date, numbers)) if person else ()
        if what:
            into = outermost(connection, candidate)
            found[into] = tuple(dict.fromkeys((*found.get(into, ()), *what)))
    return found


def _alike(
    person: Person, name: str | None, birth_date: date | None, numbers: Mapping[str, str]
) -> Iterator[str]:
    same_day = None in (birth_date, person.birth_date) or birth_date == person.birth_date
    if name and same_day and sorted(plain_words(name)) == sorted(plain_words(person.name or "")):
        yield "name"
    known = {plain_number(one) for one in person.numbers.values()}
    if any(plain_number(one) in known for one in numbers.values() if one):
        yield "number"
