"""What a guard came to."""

from __future__ import annotations

from typing import ClassVar

from pathways.language.expression import Bool, Expression


class Outcome(Expression):
    """The result of a guard."""

    TYPE: ClassVar[str] = "outcome"

    def passing(self) -> Bool:
        """pass, replaced, not_applicable and overruled count as passing (outline 11.8)."""
        return Bool.make("passing", self)

    def is_(self, result: str) -> Bool:
        return Bool.make("is_outcome", self, result=result)
