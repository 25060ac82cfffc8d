"""What due items are called, also those of which nothing is due any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coordination.board_duties import MEETING, is_for_board
from coordination.entries import Item
from coordination.site_desk import BOARD_ITEM
from notifications.plan import BEFORE, LOST
from notifications.present import Present
from store.derivation import Derivation


def titles(found: Present | str | None, derive: Derivation) -> Mapping[str, str]:
    """What each timer and step of a patient's pathways is called, by its code."""
    if not isinstance(found, Present) or found.answer is None or found.answer.dossier.enrolment is None:
        return {}
    pathways = [one.pathway for one in derive.enrolled(found.answer.dossier.enrolment)]
    steps = {step.id: step.title for pathway in pathways for step in pathway.steps}
    asked = {f"{BOARD_ITEM}{guard.id}": guard.title for pathway in pathways for guard in pathway.guards}
    asked[MEETING] = "To which meeting a question goes"
    return asked | steps | {timer.id: timer.title for pathway in pathways for timer in pathway.timers}


def title_of(about: Item, known: Mapping[str, str]) -> str:
    """What a due item is called; its code where that is not known."""
    title = known.get(about.item, about.item.removeprefix(BOARD_ITEM))
    return _OF_PATIENT.get(about.item) or (f"For a board: {title}" if is_for_board(about) else title)


_OF_PATIENT: Final[Mapping[str, str]] = {
    LOST: "Lost to follow-up",
    BEFORE: "Overdue from before the patient was recorded here",
}
