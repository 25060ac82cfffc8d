"""What an event and a lesion have in common: fields of the vocabulary."""

from __future__ import annotations

from pathways.language.codes import Code, Codes, Text
from pathways.language.expression import Bool, Date, Expression, Number


class Fields(Expression):
    """Something with vocabulary fields: an event or a lesion."""

    _READ = "field"
    _STATED = "stated"

    def code(self, name: str) -> Code:
        return Code.make(self._READ, self, name=name)

    def codes(self, name: str) -> Codes:
        return Codes.make(self._READ, self, name=name)

    def flag(self, name: str) -> Bool:
        return Bool.make(self._READ, self, name=name)

    def number(self, name: str) -> Number:
        return Number.make(self._READ, self, name=name)

    def date(self, name: str) -> Date:
        return Date.make(self._READ, self, name=name)

    def text(self, name: str) -> Text:
        return Text.make(self._READ, self, name=name)

    def stated(self, name: str) -> Bool:
        """The field was given a known value, or (for findings) is present at all."""
        return Bool.make(self._STATED, self, name=name)
