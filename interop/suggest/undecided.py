"""What stands in a proposal where a person has to decide."""

from __future__ import annotations

from typing import Final

UNDECIDED: Final = "TO BE DECIDED BY YOU"
"""In a comment, or as the name of a column that no table has: nothing is imported before one is named."""
