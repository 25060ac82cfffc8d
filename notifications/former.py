"""The ids that a notice had under records that became part of this one: who was told one of them was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coordination.entries import Step
from notifications.decide import Kept
from notifications.plan import Effect
from store.parts import Renamed


def former(notice: Kept, parts: Renamed) -> Iterator[str]:
    """Those under each part of the patient's record; `unanswered` rungs have none, as they rest on others."""
    for number, names in parts.items():
        anchor = _before(notice.about.anchor, names) if names else None
        if anchor is not None:
            about = notice.about.model_copy(update={"anchor": anchor})
            yield Effect(number, about, Step(rung=notice.rung), notice.day).id


def _before(anchor: tuple[str, ...], names: Sequence[Mapping[str, str]]) -> tuple[str, ...] | None:
    """The events by the ids they had in the part; None where one is not the part's, which has another by that
    id.
    """
    for ids in reversed(names):
        old = {new: before for before, new in ids.items()}
        if any(id in ids and id not in old for id in anchor):
            return None
        anchor = tuple(old.get(id, id) for id in anchor)
    return anchor
