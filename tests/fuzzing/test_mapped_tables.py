"""Own tables under fire: read by the mapping of the documentation, and a mapping proposed for them."""

from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from store.verify import verify
from tests.fuzzing.door import FEW, MANY, Door, fuzz
from tests.fuzzing.line import room, run
from tests.fuzzing.odd import odd_text
from tests.fuzzing.spoiled import noise, recoded, spoiled_bytes
from tests.fuzzing.ward import discharge, here, ward

_docs = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
FILES = ("patients.csv", "course.csv")


def _shown(after: str) -> str:
    """The next text between fences behind some words of the documentation."""
    return _docs.split(after, 1)[1].split("```", 2)[1].split("\n", 1)[1]


RIGHT = tuple(_shown(f"`{name}`") for name in FILES)


@cache
def folder() -> Path:
    """The tables of the documentation, and beside their folder the mapping."""
    made = room() / "tables"
    made.mkdir()
    (room() / "clinic.toml").write_text(_shown("`clinic.toml`"), encoding="utf-8")
    return made


def make(chance: Random) -> bytes:
    """The first byte says which of the two tables follows; the other one is right."""
    number = chance.randrange(2)
    if chance.random() < 0.02:
        return b"%d" % number + noise(chance)
    rows = [line.split(";") for line in RIGHT[number].splitlines()]
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        _spoil(rows, chance)
    data = "\n".join(";".join(row) for row in rows).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        data = spoiled_bytes(data, chance)
    return b"%d" % number + (recoded(data, chance) if chance.random() < 0.02 else data)


def _spoil(rows: list[list[str]], chance: Random) -> None:
    row = chance.choice(rows)
    place = chance.randrange(len(row))
    match chance.randrange(5):
        case 0 | 1:
            row[place] = odd_text(chance)
        case 2:
            row.insert(place, odd_text(chance))
        case 3 if len(row) > 1:
            del row[place]
        case 4:
            rows.extend(list(row) for _ in range(chance.choice((1, 2, 100))))


def placed(data: bytes) -> str:
    for name, text in zip(FILES, RIGHT, strict=True):
        (folder() / name).write_text(text, encoding="utf-8")
    (folder() / FILES[data[:1] == b"1"]).write_bytes(data[1:])
    return str(folder())


def enter(data: bytes) -> None:
    tables = placed(data)
    try:
        with patch("cli.import_mapped.workplace", here):
            run("import", tables, "--mapping", str(room() / "clinic.toml"), "--json")
        assert verify(ward().database) == [], "a ledger that is not as it was written"
    finally:
        discharge()


def whole(data: bytes) -> None:
    run("mapping", "suggest", placed(data))


DOOR = Door("mapped-tables", make, enter, whole, one_in=20)


def test_what_the_documentation_shows_is_taken_in() -> None:
    enter(b"0" + RIGHT[0].encode())
    with patch("cli.import_mapped.workplace", here):
        assert run("import", placed(b"1" + RIGHT[1].encode()), "--mapping", str(room() / "clinic.toml")) == 0
    discharge()


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
