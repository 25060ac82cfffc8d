"""Pathways as canonical JSON under fire: refused with the place that is wrong, or read as what they say."""

import json
from functools import cache
from random import Random
from typing import Any

import pytest

from pathways.canonical import CanonicalError, from_json, to_json
from pathways.check import check
from pathways.library import all_pathways
from pathways.vocabulary import load_vocabulary
from tests.fuzzing.door import FEW, MANY, Door, fuzz
from tests.fuzzing.line import placed, run
from tests.fuzzing.patients import EXAMPLE
from tests.fuzzing.spoiled import noise, spoiled_bytes, spoiled_tree
from tests.fuzzing.texts import as_json
from tests.pathways.sample import CATALOGUE, CONFLICTS, PATHWAY


@cache
def trees() -> tuple[Any, ...]:
    """The sample most often, and the smallest pathways that ship."""
    small = [one for one in all_pathways() if one.key in ("surveillance", "symptom_local")]
    return tuple(json.loads(to_json(one)) for one in (PATHWAY, PATHWAY, PATHWAY, *small))


def make(chance: Random) -> bytes:
    if chance.random() < 0.02:
        return noise(chance)
    tree = chance.choice(trees())
    data = as_json(spoiled_tree(tree, chance), chance).encode("utf-8", "surrogatepass")
    return spoiled_bytes(data, chance) if chance.random() < 0.3 else data


def enter(data: bytes) -> None:
    try:
        pathway = from_json(data.decode("utf-8", "surrogatepass"))
    except (CanonicalError, UnicodeDecodeError):
        return
    assert from_json(to_json(pathway)) == pathway
    check(pathway, CATALOGUE, load_vocabulary(), CONFLICTS)


def whole(data: bytes) -> None:
    file = str(placed(data, "pathway.json"))
    run("pathway", "check", file)
    run("pathway", "show", file)
    run("replay", str(EXAMPLE), "--pathway", file, "--json")


DOOR = Door("pathway-json", make, enter, whole)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
