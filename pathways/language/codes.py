"""Words of closed lists, ids, free text, and records to compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pathways.language.expression import Bool, Expression
from pathways.language.variables import quantified


class Code(Expression):
    """One word of a closed list of the vocabulary, or an id."""

    TYPE: ClassVar[str] = "code"

    def equals(self, other: Code | str) -> Bool:
        return Bool.make("equal", self, code(other))

    def one_of(self, *codes: str) -> Bool:
        return Bool.make("one_of", self, codes=codes)


class Codes(Expression):
    """Several words or ids."""

    TYPE: ClassVar[str] = "codes"

    def contains(self, item: Code | str) -> Bool:
        return Bool.make("contains", self, code(item))

    def overlaps(self, *codes: str) -> Bool:
        """One of `codes` is among them."""
        return Bool.make("overlaps", self, codes=codes)

    def within(self, *codes: str) -> Bool:
        """None is outside `codes`."""
        return Bool.make("within", self, codes=codes)

    def any(self, test: Callable[[Code], Bool]) -> Bool:
        return quantified("any", self, Code, test)

    def all(self, test: Callable[[Code], Bool]) -> Bool:
        return quantified("all", self, Code, test)


class Text(Expression):
    """Free text; rules may only ask whether it is there."""

    TYPE: ClassVar[str] = "text"


class Set(Expression):
    """A set of records for comparison."""

    TYPE: ClassVar[str] = "set"


def code(value: Code | str) -> Code:
    return value if isinstance(value, Code) else Code.make("constant", value=value)
