"""How a compile function joins the table of its module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pathways.graph import Node

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program

Compile = Callable[[Node, "Sequence[Meaning]", "Program"], "Meaning"]


def registry() -> tuple[dict[str, Compile], Callable[[str], Callable[[Compile], Compile]]]:
    """A table and the decorator that enters a function under an operator's name."""
    table: dict[str, Compile] = {}

    def means(op: str) -> Callable[[Compile], Compile]:
        def enter(function: Compile) -> Compile:
            table[op] = function
            return function

        return enter

    return table, means
