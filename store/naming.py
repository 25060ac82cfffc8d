"""Whether a reason names a patient: it is kept in the ledger in clear, and outlives an erased identity."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from engine.fault import Fault
from store import identities
from store.errors import Refused
from store.vault import Person, plain_number, plain_words

shortest_word = 4
"""Letters of a word of a name that is looked for by itself; shorter ones are words of the language, too."""

shortest_number = 4


def check_names_nobody(
    connection: Connection, reason: str, *references: str, field: str = "reason", stays: str = "in the ledger"
) -> None:
    """Raises Refused for a reason with the reference, the name or a number of one of these patients in it."""
    for reference in references:
        head = identities.find(connection, reference)
        person = identities.person_of(connection, head.patient_id) if head else None
        for what in _named(reason, person or Person(reference)):
            told = f"it names a patient ({what}), and stays {stays}: leave that out"
            raise Refused([Fault(None, field, told)])


def check_entry_names_nobody(connection: Connection, entry: Mapping[str, object], *references: str) -> None:
    """Raises Refused for an entry in whose words one of these patients is named, at the field of them."""
    for field, text in _sentences(entry):
        check_names_nobody(connection, text, *references, field=field)


def _sentences(entry: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is written in sentences: names of drugs, places and doctors may well be those of a patient."""
    told = [(str(entry["field"]), entry.get("new"))] if "field" in entry else []
    for field, value in (*entry.items(), *told):
        if field in ("note", "place", "decision_text") or field.endswith("reason"):
            yield field, str(value or "")
        elif field == "uncovered_lesions" and isinstance(value, Mapping):
            yield field, " ".join(map(str, value.values()))


def _named(reason: str, person: Person) -> Iterator[str]:
    """What of a person stands in a text, however it is written."""
    reason = "".join(c for c in reason if unicodedata.category(c) != "Cf")  # such are not seen
    if re.search(rf"(?<!\w){re.escape(_folded(person.reference))}(?!\w)", _folded(reason)):
        yield "reference"
    said, name = set(plain_words(reason)), set(plain_words(person.name or ""))
    if name and (name <= said or any(len(word) >= shortest_word for word in name & said)):
        yield "name"
    numbers = map(plain_number, person.numbers.values())
    if any(len(number) >= shortest_number and number in plain_number(reason) for number in numbers):
        yield "number"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
