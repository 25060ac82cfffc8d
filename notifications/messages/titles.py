"""What due items and duties for boards are called in the language of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coordination.board_duties import Astray, Duty
from pathways.worded import ENGLISH, in_language

_DAYS: Final = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_ASTRAY: Final[Mapping[Astray, str]] = {
    "cancelled": "Die Sitzung am {day} findet nicht statt; auf welche stattdessen?",
    "none": "Am {day} auf keine Sitzung verschoben; auf welche?",
    "over": "Von der Sitzung am {day} ist keine Entscheidung erfasst; welche war es, oder wann stattdessen?",
}
_STANDING: Final = {"missing": "fehlt", "ask": "ist zu klären", "ready": "ist da"}


def of_duty(duty: Duty, language: str) -> str:
    """What somebody is to provide for a board, in a language."""
    if language == ENGLISH:
        return duty.timer.title
    day = f"{_DAYS[duty.meeting.weekday()]} {duty.meeting:%d.%m.%Y}"
    if isinstance(duty.lacks, str):
        return f"Für {duty.board}: {_ASTRAY[duty.lacks].format(day=day)}"
    title = in_language(duty.lacks.title, language)
    return f"Für {duty.board} am {day}: {title} ({_STANDING[duty.lacks.standing]})"
