"""What was found when one thing of an installation was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `to_do` is None where all is well."""

    name: str
    found: str
    to_do: str | None = None
