"""Where an author wrote an expression or a declaration."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Final

from pathways.graph import Place

_ROOM: Final = Path(__file__).parent.parent
_OURS: Final = (f"{Path(__file__).parent}/", str(_ROOM / "declare.py"), str(_ROOM / "graph.py"))


def place() -> Place | None:
    """The author's file and line: the first caller outside the words themselves."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _of_the_words(frame.f_code.co_filename):
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame else None


@cache
def _of_the_words(file: str) -> bool:
    return file.startswith(_OURS)
