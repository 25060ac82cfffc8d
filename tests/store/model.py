"""What a site with corrected, moved and merged records must come to, worked out beside the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(eq=False)
class Told:
    """An entry of a story by its word; `about` is the one it changes, `lender` the record that lent it."""

    word: str
    about: Told | None = None
    lender: int | None = None


@dataclass
class Record:
    """One record: its story in order, what it is part of, what is part of it, and which version is in force.

    `change` is the one that put the version in force, None where that was taken back.
    """

    number: int
    name: str
    born: bool
    story: list[Told] = field(default_factory=list)
    into: int | None = None
    parts: list[int] = field(default_factory=list)
    version: str = "1.0.0"
    change: str | None = None
    erased: bool = False

    @property
    def reference(self) -> str:
        return f"#{self.number}" if self.erased else self.name

    @property
    def words(self) -> list[str]:
        return [told.word for told in self.story]

    def take(self, other: Record) -> None:
        """The other is merged into this one."""
        lent = {told: Told(told.word, lender=other.number) for told in other.story}
        for told, copy in lent.items():
            copy.about = lent[told.about] if told.about else None
        self.story += lent.values()
        self.parts.append(other.number)
        other.into = self.number

    def give_back(self, other: Record) -> None:
        """The latest merge is undone: what was lent is gone, and what is about it."""
        assert self.parts.pop() == other.number
        other.into = None
        self._drop(lambda told: told.lender == other.number)

    def _drop(self, goes: Callable[[Told], bool]) -> None:
        left = [told for told in self.story if not goes(told)]
        if len(left) < len(self.story):
            self.story = left
            self._drop(lambda told: told.about is not None and told.about not in left)
