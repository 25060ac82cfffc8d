"""A mistake in a pathway, as a value: every check gives a list of them and none raises."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.graph import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` names the declaration (guard g-tissue, clause 2), `place` the author's file and line."""

    where: str
    message: str
    place: Place | None = None

    def __str__(self) -> str:
        """As a compiler would say it: the file and line first."""
        line = f"{self.place[0]}:{self.place[1]}: " if self.place else ""
        return f"{line}{self.where}: {self.message}"
