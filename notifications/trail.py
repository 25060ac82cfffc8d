"""What became of a patient's notices, read from the database: when they came up and who was told by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from notifications.decide import Kept
from notifications.sweep import kept
from store import planning, trail
from store.outbox import SENT
from store.planning import Notice
from store.trail import Posted, Tried


@dataclass(frozen=True)
class Trail:
    """Notices by their days, the messages made of each, and the tries to hand those over."""

    notices: tuple[Notice, ...]
    posted: tuple[Posted, ...]
    tries: tuple[Tried, ...]

    @classmethod
    def of(cls, connection: Connection, patient_id: int) -> Trail:
        """The trail of one patient."""
        posted = tuple(trail.posted(connection, patient_id))
        tried = trail.tries(connection, (one.id for one in posted))
        return cls(tuple(planning.of_patient(connection, [patient_id])), posted, tuple(tried))

    @cached_property
    def kept(self) -> Mapping[str, Kept]:
        """The notices as they are decided about, by id."""
        return {one.id: kept(one) for one in self.notices}

    def messages(self, notice_id: str) -> list[Posted]:
        """The messages made of a notice."""
        return [one for one in self.posted if one.notice == notice_id]


def reached(one: Posted) -> bool:
    """Whether a message left, and told the notice."""
    return one.status == SENT and not one.left_out
