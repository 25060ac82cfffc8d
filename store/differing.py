"""What two records say otherwise of one patient, so that a merge of them is refused until it is put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.correction import corrected_fact
from engine.event import Event
from engine.fault import Fault
from engine.history import Ledger, corrects_facts
from store import births, identities
from store.errors import Refused
from store.ledger import Dossier
from store.restore import is_known
from store.settle import Reckoning
from store.vault import Person, plain_number, plain_words


@dataclass(frozen=True, slots=True)
class Differing:
    """A fact of which the record that would go on says something else than the other."""

    fact: str
    here: object
    there: object


class Contradictory(Refused):
    """Two records contradict each other: `facts` say where, the faults the same in words."""

    def __init__(self, facts: Sequence[Differing], others: Sequence[Fault] = ()) -> None:
        told = "the records say different things of it: correct what is wrong"
        super().__init__([*others, *(Fault(None, one.fact, told) for one in facts)])
        self.facts = tuple(facts)
        self.others = tuple(others)

    def __reduce__(self) -> tuple[type[Contradictory], tuple[Any, ...]]:
        return type(self), (self.facts, self.others)


class OtherPerson(Refused):
    """By names or numbers the records are of two persons; the faults tell which of these differ."""


def check_one_person(connection: Connection, first: int, second: int) -> None:
    """Raises OtherPerson where both have a name and the names differ, or numbers that one system gave."""
    here, there = (identities.person_of(connection, one) for one in (first, second))
    if here is None or there is None:
        return
    if found := list(_of_two(here, there)):
        raise OtherPerson(found)


def _of_two(here: Person, there: Person) -> Iterator[Fault]:
    if here.name and there.name and set(plain_words(here.name)) != set(plain_words(there.name)):
        yield Fault(None, "name", "the names differ")
    for system in sorted(here.numbers.keys() & there.numbers.keys()):
        if plain_number(here.numbers[system]) != plain_number(there.numbers[system]):
            yield Fault(None, "number", f"the numbers of {system} differ")


def check_agree(stays: Dossier, goes: Dossier, at: Reckoning) -> None:
    """Raises Contradictory where one record says of the patient what the other says otherwise."""
    others = list(_not_to_be_joined(stays, goes))
    facts = list(_differing(stays, goes, at))
    if facts or others:
        raise Contradictory(facts, others)


def _not_to_be_joined(stays: Dossier, goes: Dossier) -> Iterator[Fault]:
    if stays.head.day_zero != goes.head.day_zero:
        yield Fault(None, None, "the days of the two are not counted from the same day zero")
    if goes.head.birth_date is not None and stays.head.birth_date is None:
        told = "the date of birth is known in the other record only: merge this one into that"
        yield Fault(None, births.FIELD, told)


def _differing(stays: Dossier, goes: Dossier, at: Reckoning) -> Iterator[Differing]:
    born, other = stays.head.birth_date, goes.head.birth_date
    if born is not None and other is not None and born != other:
        yield Differing(births.FIELD, born, other)
    here, there = (_held_true(one, at) for one in (stays, goes))
    corrected = _corrected(stays, at)
    for name in sorted(there.keys() - {births.FIELD}):
        if here.get(name) != there[name] and (name in here or name in corrected):
            yield Differing(name, here.get(name), there[name])


def _corrected(dossier: Dossier, at: Reckoning) -> set[str]:
    """The facts that a correction in force is about: what it says holds, also that one is not known."""
    changes = Ledger(dossier.story, dossier.all_known(at.known_at)).now.changes
    return {corrected_fact(str(one.fields["field"])) for one in changes if corrects_facts(one)}


def _held_true(dossier: Dossier, at: Reckoning) -> Mapping[str, object]:
    """The facts that are known, with the findings by which they were changed."""
    findings: Sequence[Event] = Ledger(dossier.story, dossier.all_known(at.known_at)).now.events
    facts = dict(dossier.facts_in_force)
    for event in findings:
        if event.type == "finding_recorded":
            facts.update({name: value for name, value in event.fields.items() if name in facts})
    return {name: value for name, value in facts.items() if is_known(value)}
