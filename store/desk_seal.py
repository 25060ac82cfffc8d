"""What was said at the desk, under the seals: owners, comments, boards, what was taken on and put off.

Entries of the desk have no chain of their own, so that many may speak at once. Each seal signs a hash over
all of them, which goes on from the hash in the seal before: whoever alters, deletes or inserts one that was
sealed is found. What was said since the last seal is not protected yet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, bindparam, select, text

from store.canonical import canonical, digest
from store.identities import beginning
from store.work_tables import desk

if TYPE_CHECKING:
    from store.seals import Sealed

End = tuple[int, str]
"""The number of the last entry, and the hash over all up to it."""
START: Final[End] = (0, beginning)


def end(connection: Connection, since: End) -> End:
    """Where what was said ends now, while nobody says anything, counted on from an earlier end."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        connection.execute(_others_wait)
    return next(iter(deque(_ends(connection, since), 1)), since)


def faults(connection: Connection, there: Sequence[Sealed]) -> Iterator[tuple[int, str]]:
    """Whether what was said is what was sealed: the first place where it may be something else."""
    sealed = sorted({(*one.desk_end, one.day) for one in there if one.desk_end})
    wanted = {number for number, _, _ in sealed}
    heads = dict([START, *(end for end in _ends(connection, (_lowest, beginning)) if end[0] in wanted)])
    before = 0
    for number, head, day in sealed:
        if heads.get(number) != head:
            yield before + 1, f"not as it was sealed on {day}, or one after it up to {number}"
            return
        before = number


def _ends(connection: Connection, since: End) -> Iterator[End]:
    number, head = since
    for row in connection.execute(_after, {"number": number}).mappings():
        head = digest(canonical([head, _plain(row)]))
        yield row["number"], head


def _plain(row: Any) -> dict[str, object]:
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return {**row, "at": at}


_lowest: Final = -(2**31)
"""Below every number: somebody may have put one before the first."""
_others_wait = text("LOCK TABLE desk IN SHARE MODE")
_after = select(desk).where(desk.c.number > bindparam("number")).order_by(desk.c.number)
