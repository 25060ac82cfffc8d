"""What the sources leave open, for a person: each question with the default taken and the setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from interop.open_points import chosen, default_taken

if TYPE_CHECKING:
    from rich.text import Text


def told(question: str, settings: Mapping[str, object]) -> Text:
    """A question as the answer names it (`C10 start of ...`), and in a second line the default taken.

    A question whose number no conflict has stands alone.
    """
    from rich.text import Text

    text = Text(question)
    taken = default_taken(question.partition(" ")[0], settings)
    return text.append(f"\n{taken}", "dim") if taken else text


def named(question: str, settings: Mapping[str, object]) -> Text:
    """A question as the answer names it, with the setting in force."""
    from rich.text import Text

    in_force = ", ".join(chosen(question.partition(" ")[0], settings))
    return Text(question).append(f"  {in_force}" if in_force else "", "dim")
