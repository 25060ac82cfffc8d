"""One difference between two versions of a pathway, as a value."""

from __future__ import annotations

from typing import Final, NamedTuple

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
REORDERED: Final = "in another order"


class Change(NamedTuple):
    """`kind` and `id` name the declaration (guard g-tissue), `what` the part of it (clause 2).

    `effect` is added, removed, changed, or what that comes to where it can be told: stricter, looser,
    earlier, later, graver, in more cases. `was` and `now` are the words, empty where nothing stood. `through`
    names the terms that stand for something else now, where the words themselves are the same.
    """

    kind: str
    id: str
    title: str
    what: str
    effect: str
    was: str = ""
    now: str = ""
    through: tuple[str, ...] = ()
