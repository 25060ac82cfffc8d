"""What the generated sentence of a comparison claims, read from its words alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from pathways.graph import Node, node
from pathways.settings import Settings
from pathways.text import sentence
from tests.boundaries.comparisons import Compared, unnamed
from tests.boundaries.months import months_after

NUMBER: Final = re.compile(r"(?<![\w./-])\d+(?![\w/-])")
"""A number that stands alone: not that of HER2, CDK4/6 or a date."""

_SETTING: Final = r"(?: \(setting \w+\))?"
_COUNTED: Final = rf"\(?(\d+){_SETTING}(?: times (\d+)\))? (day|month)s?{_SETTING} (after|before) "
_DATES: Final = r"on or after|on or before|after|before"
_FORWARD: Final = re.compile(rf"(?:is )?({_DATES}) ((?:{_COUNTED})+)")
_BACKWARD: Final = re.compile(rf"^((?:{_COUNTED})+).* is ({_DATES}) ")
_COMPARED: Final = re.compile(rf"is (at least|at most|more than|less than) (\d+){_SETTING}\.$")
_EQUAL: Final = re.compile(r"is (\d+)\.$")
_DAY: Final = re.compile(rf"is ({_DATES}) (\d{{4}}-\d\d-\d\d)\.$")
_OPPOSITE: Final = {
    "on or after": "on or before",
    "on or before": "on or after",
    "after": "before",
    "before": "after",
}


@dataclass(frozen=True)
class Claim:
    """`at least 3`; `on or after`, 3 months after some day; `on or after` a day."""

    relation: str
    bound: Any
    counted: tuple[tuple[int, str], ...] = ()

    def holds(self, one: Compared) -> bool:
        """What the words say of the values that were compared."""
        subject, bound = one.subject, self.bound
        if self.counted:
            bound = one.base
            for number, unit in reversed(self.counted):
                bound = months_after(bound, number) if unit == "month" else bound + timedelta(number)
        if one.unit == "age":
            subject, bound = one.distance, 0  # days from the birthday that the words name
        said: dict[str, bool] = {
            "at least": subject >= bound,
            "at most": subject <= bound,
            "more than": subject > bound,
            "less than": subject < bound,
            "on or after": subject >= bound,
            "on or before": subject <= bound,
            "after": subject > bound,
            "before": subject < bound,
            "is": subject == bound,
        }
        return said[self.relation]


def claim(text: str) -> Claim:
    """The claim of a sentence. Raises AssertionError where its words are not understood."""
    if found := _BACKWARD.search(text):
        return Claim(_OPPOSITE[found.group(found.lastindex or 0)], None, _chain(found.group(1)))
    if found := _FORWARD.search(text):
        return Claim(found.group(1), None, _chain(found.group(2)))
    if found := _COMPARED.search(text):
        return Claim(found.group(1), int(found.group(2)))
    if found := _DAY.search(text):
        return Claim(found.group(1), date.fromisoformat(found.group(2)))
    found = _EQUAL.search(text)
    assert found, text
    return Claim("is", int(found.group(1)))


def _chain(text: str) -> tuple[tuple[int, str], ...]:
    """`14 days after 1 month after`: outermost first."""
    return tuple(
        (int(number) * int(times or 1) * (1 if side == "after" else -1), unit)
        for number, times, unit, side in re.findall(_COUNTED, text)
    )


def spoken(comparison: Node, settings: Settings) -> str:
    """The comparison as a sentence, with each side spelled out where it has a name."""
    sides = tuple(_spelled_out(side, settings) for side in comparison.args)
    return sentence(node(comparison.op, comparison.type, sides), settings)


def _spelled_out(side: Node, settings: Settings) -> Node:
    """Without its name; of a choice by a setting what is chosen."""
    plain = unnamed(side)
    if plain.op == "case":
        for condition, value in zip(plain.args[:-1:2], plain.args[1::2], strict=True):
            asked = condition.args[0] if condition.op == "equal" else condition
            if asked.op != "setting":
                return side
            if settings[str(asked.param("name"))] == condition.args[1].param("value"):
                return _spelled_out(value, settings)
        return _spelled_out(plain.args[-1], settings)
    if plain.op in ("add_months", "add_days"):
        counted = (_spelled_out(plain.args[0], settings), plain.args[1])
        return node(plain.op, plain.type, counted)
    return plain if plain.op in ("constant", "age") else side
