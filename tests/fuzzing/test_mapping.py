"""Mappings under fire: read, or refused with every fault."""

from collections import deque
from functools import cache
from pathlib import Path
from random import Random

import pytest

from interop.mapped_join import Joined
from interop.mapped_tables import BadTables, open_tables
from interop.mapping_file import BadMapping, read_mapping
from tests.fuzzing.door import FEW, MANY, Door, fuzz, told_why
from tests.fuzzing.line import placed, room, run
from tests.fuzzing.odd import odd_text
from tests.fuzzing.spoiled import noise, recoded, spoiled_bytes
from tests.fuzzing.test_mapped_tables import FILES, RIGHT

_docs = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
_right = "carepath_mapping = 1" + _docs.split("carepath_mapping = 1", 1)[1].split("```", 1)[0]
"""The mapping that the documentation explains."""

_pieces = (
    "x = 1", "[days]", "[[table]]", "[table.facts]", "[[table.event]]", "when = {}", "when = []",
    "a.b.c = {d = [[]]}",
    "date = 2025-02-29", "date = 07:00:00", "skip_rows = -1", "skip_rows = 999999999999999999999",
    "formats = [[1]]",
    'encoding = "utf-7"', 'delimiter = ""', "patient = 1", "file = '../../etc/passwd'", "file = '**/*'",
    "n = inf",
    "values = nan", "x = " + "[" * 400, "x = " + "{a=" * 400, '"" = ""', "[words]\nunknown = 1",
    "column = '{n}'",
)  # fmt: skip

_values = (
    "1", "true", "[]", "{}", '""', "'x'", "[1, 'a']", "{column = 1}", "1979-05-27", '["D.M.YYYY hh hh"]'
)  # fmt: skip


def make(chance: Random) -> bytes:
    if chance.random() < 0.02:
        return noise(chance)
    lines = _right.splitlines()
    for _ in range(chance.choice((1, 1, 2, 3))):
        _spoil(lines, chance)
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        data = spoiled_bytes(data, chance)
    return recoded(data, chance) if chance.random() < 0.02 else data


def _spoil(lines: list[str], chance: Random) -> None:
    place = chance.randrange(len(lines)) if lines else 0
    match chance.randrange(6):
        case 0:
            lines.insert(place, chance.choice(_pieces))
        case 1 if lines:
            del lines[place]
        case 2 if lines:
            key, equals, _ = lines[place].partition("=")
            value = chance.choice(_values)
            lines[place] = f"{key}{equals} {value}" if equals else lines[place]
        case 3 if lines:
            lines[place] = lines[place].replace('"', chance.choice(("'", "", '"""')), 1)
        case 4 if lines:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
        case 5 if lines:
            words = lines[place].split('"')
            words[chance.randrange(len(words))] = odd_text(chance)
            lines[place] = '"'.join(words)


def enter(data: bytes) -> None:
    """What is accepted is also used, on the tables it is about."""
    try:
        mapping = read_mapping(placed(data, "map.toml"))
        deque(Joined(open_tables(tables(), mapping)).patients(), maxlen=0)
    except (BadMapping, BadTables) as refused:
        told_why(refused)


@cache
def tables() -> Path:
    """The tables that the documentation shows."""
    folder = room() / "tables-of-mapping"
    folder.mkdir()
    for name, text in zip(FILES, RIGHT, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def whole(data: bytes) -> None:
    run("mapping", "check", str(placed(data, "map.toml")))


DOOR = Door("mapping", make, enter, whole)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
