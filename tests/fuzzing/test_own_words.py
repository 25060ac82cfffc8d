"""The words and statements beside an author's own pathway under fire: read, or refused with file and line."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from cli.pathway_find import basis_of
from cli.status import BadInput
from tests.fuzzing.door import FEW, MANY, Door, fuzz, told_why
from tests.fuzzing.line import room, run
from tests.fuzzing.spoiled import noise, recoded, spoiled_bytes, spoiled_tree
from tests.fuzzing.texts import as_yaml

_files = ("vocabulary.yaml", "statements.yaml")


@cache
def folder() -> Path:
    """A pathway as `carepath pathway new` makes it, with both files."""
    own = room() / "wound-care"
    run("pathway", "new", "wound-care", "--out", str(own))
    return own


@cache
def texts() -> tuple[str, ...]:
    return tuple((folder() / name).read_text(encoding="utf-8") for name in _files)


@cache
def trees() -> tuple[Any, ...]:
    return tuple(yaml.safe_load(text) for text in texts())


def make(chance: Random) -> bytes:
    """The first byte says which of the two files follows."""
    number = chance.randrange(2)
    tree = trees()[number]
    if chance.random() < 0.02:
        data = noise(chance)
    else:
        data = as_yaml(spoiled_tree(tree, chance), chance).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        data = spoiled_bytes(data, chance)
    return b"%d" % number + (recoded(data, chance) if chance.random() < 0.02 else data)


def placed(data: bytes) -> None:
    for name, text in zip(_files, texts(), strict=True):
        (folder() / name).write_text(text, encoding="utf-8")
    (folder() / _files[data[:1] == b"1"]).write_bytes(data[1:])


def enter(data: bytes) -> None:
    placed(data)
    try:
        basis_of(str(folder()))
    except BadInput as refused:
        told_why(refused)


def whole(data: bytes) -> None:
    placed(data)
    run("pathway", "check", str(folder()))
    run("pathway", "test", str(folder()))


DOOR = Door("own-words", make, enter, whole)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
