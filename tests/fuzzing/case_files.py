"""Case files as an input door: made, spoiled, imported and replayed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzzing.door import Door
from tests.fuzzing.line import imported, placed, run
from tests.fuzzing.patients import small_case
from tests.fuzzing.spoiled import noise, recoded, spoiled_bytes, spoiled_tree
from tests.fuzzing.ward import take_in

Write = Callable[[Any, Random], str]


def case_file_door(name: str, ending: str, write: Write) -> Door:
    """A door for the case files of one ending, whose trees `write` writes."""

    def enter(data: bytes) -> None:
        take_in(placed(data, f"case{ending}"))

    def whole(data: bytes) -> None:
        file = placed(data, f"case{ending}")
        imported(file, ".yaml")
        run("replay", str(file), "--as-of", "2025-06-30", "--json")
        run("replay", str(file), "--check", "--jobs", "1")

    return Door(name, lambda chance: written(write, chance), enter, whole)


def written(write: Write, chance: Random) -> bytes:
    """A case file: some right, the others spoiled in their values, their bytes or both; some pure noise."""
    if chance.random() < 0.02:
        return noise(chance)
    tree = case_tree(chance)
    if chance.random() < 0.7:
        tree = spoiled_tree(tree, chance)
    data = write(tree, chance).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        data = spoiled_bytes(data, chance)
    return recoded(data, chance) if chance.random() < 0.02 else data


def case_tree(chance: Random) -> Any:
    """One case, or several in a list."""
    if chance.random() < 0.5:
        return small_case(chance)
    return {"vignettes": [small_case(chance) for _ in range(1 + chance.randrange(2))]}
