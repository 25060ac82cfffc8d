"""The arguments of `carepath record` under fire: one more entry, or a reason and nothing at all."""

import json
from random import Random
from unittest.mock import patch

import pytest
from sqlalchemy import select

from store import tables
from store.record import record
from store.recording import Entry, Recording
from store.verify import verify
from tests.fuzzing.door import FEW, MANY, Door, fuzz
from tests.fuzzing.line import run
from tests.fuzzing.odd import odd_text
from tests.fuzzing.patients import made_day, made_event
from tests.fuzzing.spoiled import spoiled_bytes
from tests.fuzzing.ward import NOW, discharge, here, ward

_known = Recording(
    "P1",
    (Entry({"id": "e01", "type": "metastasis_suspected", "date": "2025-01-07"}),),
    facts={"sex": "female"},
)


def make(chance: Random) -> bytes:
    """The words as a JSON list."""
    event = made_event(chance, "e09")
    words = [chance.choice(("P1", "P1", "P1", "P2", odd_text(chance))), event.pop("type")]
    words += ["--date", chance.choice((made_day(chance), made_day(chance), odd_text(chance)))]
    for name, value in event.items():
        if name != "date" and chance.random() < 0.9:
            text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
            words += ["--field", f"{name}={text if chance.random() < 0.8 else odd_text(chance)}"]
    if chance.random() < 0.3:
        words += [
            "--new",
            "--fact",
            chance.choice(("sex=female", "birth_date=1970-04-12", f"sex={odd_text(chance)}")),
        ]
    if chance.random() < 0.3:
        words.insert(
            chance.randrange(len(words) + 1), chance.choice((odd_text(chance), "--json", "--new", "--", "-"))
        )
    if chance.random() < 0.2:
        del words[chance.randrange(len(words))]
    said = json.dumps(words).encode()
    return spoiled_bytes(said, chance) if chance.random() < 0.05 else said


def ledger() -> list[tuple[int, int, str]]:
    with ward().database.reading() as connection:
        columns = (tables.ledger.c.patient_id, tables.ledger.c.seq, tables.ledger.c.hash)
        return [(*row,) for row in connection.execute(select(*columns).order_by(*columns))]


def enter(data: bytes) -> None:
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        return
    database, derive = ward().database, ward().derive
    record(database, _known, recorder="anna", now=NOW, derive=derive)
    try:
        before = ledger()
        with patch("cli.record.workplace", here):
            status = run("record", *words)
        after = ledger()
        if status == 0 and "--help" not in words:
            assert before == [row for row in after if row in before], "an entry was lost or altered"
        else:
            assert before == after, "refused, and something was recorded"
        assert verify(database) == [], "a ledger that is not as it was written"
    finally:
        discharge()


DOOR = Door("record", make, enter)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
