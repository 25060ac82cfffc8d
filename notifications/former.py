"""The ids that a notice had under records that became part of this one: who was told one of them was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from notifications.plan import Effect
from store.parts import Renamed


def former(effect: Effect, parts: Renamed) -> Iterator[str]:
    """Those under each part of the patient's record."""
    for number, names in parts.items():
        anchor = _before(effect.about.anchor, names) if names else None
        if anchor is not None:
            yield _under(number, anchor, effect).id


def _under(number: int, anchor: tuple[str, ...], effect: Effect) -> Effect:
    """The same of another record, with the rung that nobody answered there."""
    about = effect.about.model_copy(update={"anchor": anchor})
    after = _under(number, anchor, effect.after) if effect.after else None
    return replace(effect, patient_id=number, about=about, after=after)


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
