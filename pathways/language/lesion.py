"""The lesions of an imaging, one and many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from pathways.language.codes import Code, Codes, Set
from pathways.language.expression import Bool, Expression, Number
from pathways.language.fields import Fields
from pathways.language.variables import body_of, quantified

if TYPE_CHECKING:
    from pathways.language.event import OneEvent


class Row(Fields):
    """One lesion of an imaging."""

    TYPE: ClassVar[str] = "row"

    _READ = "row_field"
    _STATED = "row_stated"

    @property
    def id(self) -> Code:
        return Code.make("row_field", self, name="id")

    @property
    def imaging(self) -> OneEvent:
        """The imaging that lists this lesion."""
        from pathways.language.event import OneEvent

        return OneEvent.make("imaging_of", self)


class Rows(Expression):
    """Lesions, or unknown."""

    TYPE: ClassVar[str] = "rows"

    def where(self, test: Callable[[Row], Bool]) -> Rows:
        """Those that surely pass the test."""
        level, body = body_of(Row, test)
        return Rows.make("select", self, body, binds=(level,), level=level)

    def any(self, test: Callable[[Row], Bool]) -> Bool:
        return quantified("any", self, Row, test)

    def all(self, test: Callable[[Row], Bool]) -> Bool:
        return quantified("all", self, Row, test)

    def sure_count(self, test: Callable[[Row], Bool]) -> Number:
        """How many surely pass: the lower end."""
        level, body = body_of(Row, test)
        return Number.make("sure_count", self, body, binds=(level,), level=level)

    def possible_count(self, test: Callable[[Row], Bool]) -> Number:
        """How many pass or may pass: the upper end."""
        level, body = body_of(Row, test)
        return Number.make("possible_count", self, body, binds=(level,), level=level)

    def values(self, name: str) -> Codes:
        return Codes.make("values", self, name=name)

    def pairs(self, *names: str) -> Set:
        return Set.make("pairs", self, names=names)
