"""Forms that do something once, though they are sent twice, and only on what was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from store import answered, identities
from store.answered import Answer
from store.errors import MergedAway, Overtaken, UnknownPatient
from store.parts import part_of
from store.record import anew
from web.visit import Stopped, Visit

_FORM: Final = "form "
"""Before the key of a form: no key of a program has a blank."""


def done_once(visit: Visit, do: Callable[[Connection], str]) -> str:
    """Do what the form asks for in one transaction; answers the place to go on to, as `do` does. A form that
    came before, by its field `once`, is not done again. Raises Stopped, and as `do`.
    """
    key = _key(visit)

    def doing() -> str:
        with visit.database.writing() as connection:
            account = visit.account.id
            before = answered.before(connection, account, key, _FORM, visit.now, take=answered.KEPT)
            if before is not None:
                return before.body
            place = do(connection)
            answered.keep(connection, account, key, Answer(place, ""), visit.now)
            return place

    return anew(doing)


def came_before(visit: Visit) -> bool:
    """Whether this form was done before, by its field `once`."""
    key = _key(visit)
    with visit.database.reading() as connection:
        return answered.before(connection, visit.account.id, key, _FORM, visit.now, take=None) is not None


def _key(visit: Visit) -> str:
    """The key of a form as it was filled in: who goes back and fills it in otherwise means another deed.
    Raises Stopped.
    """
    once = visit.field("once", 80)
    if not once:
        raise Stopped(422, "This form is not whole", "Open it again.")
    filled_in = sorted((name, str(value)) for name, value in visit.typed.multi_items())
    return f"{_FORM}{once} {answered.print_of(repr(filled_in).encode())}"


def check_seen(connection: Connection, sequences: Mapping[int, int]) -> None:
    """Keep others off these patients until the end of the transaction.

    Raises Overtaken where the record of one, by number, does not end any more where it did when it was seen;
    UnknownPatient, and MergedAway for one that is part of another by now.
    """
    references = {number: f"{identities.NUMBERED}{number}" for number in sequences}
    identities.lock(connection, list(references.values()))
    for into in part_of(connection, sequences).values():
        raise MergedAway(into)
    for number, seen in sequences.items():
        head = identities.find(connection, references[number], to_write=True)
        if head is None:
            raise UnknownPatient
        if head.sequence != seen:
            raise Overtaken([])


def sequence_typed(visit: Visit, name: str = "sequence") -> int:
    """The end of a record as the form has it. Raises Stopped for a form that is not whole."""
    said = visit.field(name, 12)
    if not (said.isascii() and said.isdigit()):
        raise Stopped(422, "This form is not whole", "Open it again.")
    return int(said)
